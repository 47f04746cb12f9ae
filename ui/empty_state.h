// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QPushButton;

namespace mha {

class IconView;
class Label;

/// What a page says when it has nothing to show, and what would fill it.
class EmptyState : public QWidget {
    Q_OBJECT

public:
    explicit EmptyState(const QString& icon, QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& text);
    /// Adds a button under the text; the first one is the primary one.
    QPushButton* addButton(const QString& text);
    QString title() const;

private:
    Label* title_;
    Label* text_;
    QWidget* buttons_;
};

} // namespace mha
