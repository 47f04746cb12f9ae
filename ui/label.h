// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme.h"

#include <QLabel>

#include <functional>

namespace mha {

/// A QLabel in a type size of the theme, in a colour that follows light and dark.
class Label : public QLabel {
    Q_OBJECT

public:
    explicit Label(TypeSize size, QWidget* parent = nullptr);
    Label(const QString& text, TypeSize size, QWidget* parent = nullptr);

    /// Colour as a function of the theme; asked again when light turns dark.
    void setInk(std::function<QColor(const Theme&)> ink);
    void setTone(Tone tone);
    void setMuted();
    /// Lets the text wrap and be selected: for sentences that are read or copied.
    void setSentence();
    /// Type and size of the text, and hidden while there is none.
    void showText(const QString& text);
    /// For a text that changes all the time: as wide as the widest from now on, so that no change of it lays the window
    /// out anew.
    void setSteady(const QString& widest);

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyInk();

    std::function<QColor(const Theme&)> ink_;
    QString widest_;
};

/// One line that ends in "…" where it does not fit; the whole text is its tool tip then.
class ElidedLabel : public QWidget {
    Q_OBJECT

public:
    explicit ElidedLabel(TypeSize size, QWidget* parent = nullptr);
    void setText(const QString& text, const QString& whole = {});
    void setTone(Tone tone);
    void setAlignment(Qt::Alignment alignment);
    /// A name rather than a remark: in the colour of text, not muted.
    void setStrong();

    const QString& text() const { return text_; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString text_;
    Tone tone_ = Tone::Plain;
    bool strong_ = false;
    Qt::Alignment alignment_ = Qt::AlignLeft;
};

/// A caption in a rounded frame: role, VIP, link state. Filled for what must be seen first.
class Badge : public QWidget {
    Q_OBJECT

public:
    explicit Badge(QWidget* parent = nullptr);
    void showBadge(const QString& icon, const QString& text, Tone tone, bool filled = false);

    const QString& text() const { return text_; }

    QSize sizeHint() const override;

    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString icon_;
    QString text_;
    Tone tone_ = Tone::Plain;
    bool filled_ = false;
};

} // namespace mha
