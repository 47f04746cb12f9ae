// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "ui/theme.h"

#include <QFrame>

class QPushButton;

namespace mha {

class IconView;
class Label;

/// Something the operator must be told where it happened: a shape, a sentence, what to do, and at most one button.
class Notice : public QFrame {
    Q_OBJECT

public:
    explicit Notice(QWidget* parent = nullptr);

    void showNotice(Tone tone, const QString& text, const QString& remedy = {});
    void showError(const Error& error);
    /// The button's text; empty: no button.
    void setButton(const QString& text, const QString& toolTip = {});
    QString text() const;

    QPushButton* button() const { return button_; }

Q_SIGNALS:
    void pressed();

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    Tone tone_ = Tone::Plain;
    IconView* icon_;
    Label* text_;
    Label* remedy_;
    QPushButton* button_;
};

} // namespace mha
