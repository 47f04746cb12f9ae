// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/ssh_link.h"

#include <QDialog>
#include <QHash>
#include <QList>
#include <QObject>
#include <QPointer>
#include <QSet>

#include <memory>

namespace mha {

/// Questions of connections, put to the operator one at a time. The functions it gives are called in link threads and
/// wait there for the answer; this object lives in the GUI thread, which never waits. Ending it, or close(), answers
/// "no" to all that wait and all that come, so stopping a link afterwards cannot deadlock.
class Prompts : public QObject {
    Q_OBJECT

public:
    explicit Prompts(QWidget* window);
    ~Prompts() override;

    SshPrompts functions();
    void close();

    /// The dialog that is open, or nullptr.
    QDialog* dialog() const { return dialog_; }

private:
    struct Question;
    struct Door;

    void showNext();
    void answer(const std::optional<QString>& text);
    QDialog* makeDialog(const Question& question) const;

    std::shared_ptr<Door> door_;
    QWidget* window_;
    QPointer<QDialog> dialog_;
    std::shared_ptr<Question> current_;
    /// Both nodes often share a key file: its passphrase is asked once. In memory only, for as long as this object.
    QHash<QString, QString> passphrases_;
    QSet<QString> given_; ///< node and file that had the remembered one: asked again, it was wrong
};

} // namespace mha
