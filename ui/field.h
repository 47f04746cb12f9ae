// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLineEdit;

namespace mha {

class Label;

/// A line of text to fill in, its caption above and what is wrong with it below.
class Field : public QWidget {
    Q_OBJECT

public:
    /// `caption` may carry a mnemonic; `key` is the pair file's.
    Field(const QString& caption, const QString& key, const QString& hint, QWidget* parent = nullptr);

    QString text() const;
    void setText(const QString& text);

    const QString& key() const { return key_; }

    /// Empty: nothing is wrong.
    void setWrong(const QString& sentence);
    QString wrong() const;

    QLineEdit* edit() const { return edit_; }

    /// A widget beside the line, such as a Browse button.
    void addBeside(QWidget* widget);

Q_SIGNALS:
    void edited();

private:
    QString key_;
    QLineEdit* edit_;
    QHBoxLayout* line_;
    Label* wrong_;
};

} // namespace mha
