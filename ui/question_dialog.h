// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

class QLineEdit;

namespace mha {

/// One question of a connection: is this host key the node's, or a secret that opens the way. "No" is what Return and
/// Escape mean for a host key; a secret is typed unseen and kept nowhere.
class QuestionDialog : public QDialog {
    Q_OBJECT

public:
    static QuestionDialog* hostKey(const QString& node, const QString& host, const QString& fingerprint,
                                   QWidget* parent);
    static QuestionDialog* passphrase(const QString& node, const QString& file, QWidget* parent);
    static QuestionDialog* password(const QString& node, const QString& user, QWidget* parent);

    /// What was typed; empty for a host key.
    QString secret() const;

private:
    QuestionDialog(const QString& title, const QString& text, QWidget* parent);
    void addCode(const QString& caption, const QString& code);
    void addSecret(const QString& caption);
    void addButtons(const QString& accept, const QString& reject, bool acceptIsDefault);

    QLineEdit* secret_ = nullptr;
};

} // namespace mha
