// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/verdict.h"
#include "ui/theme.h"

#include <QIcon>
#include <QPixmap>
#include <QSize>
#include <QString>
#include <QWidget>

namespace mha {

/// A drawing of resources/icons (its name without ".svg") in one colour. Kept in QPixmapCache.
QPixmap iconPixmap(const QString& name, int size, const QColor& color, qreal ratio);
/// The same for buttons and menus, in the theme's text colour, and pale where disabled.
QIcon themedIcon(const QString& name);
QIcon themedIcon(const QString& name, const QColor& color);
/// A drawing with room at its right, for a button with text: set kButtonIcon as its icon size.
QIcon buttonIcon(const QString& name, const QColor& color);
inline constexpr QSize kButtonIcon{24, 18};

/// The shape that stands for a verdict: told apart without colour.
QString verdictIcon(VerdictLevel level);
/// The shape that stands for a tone.
QString toneIcon(Tone tone);

/// Shows one icon, crisp at every scale factor, in a colour that follows the theme or is fixed.
class IconView : public QWidget {
    Q_OBJECT

public:
    explicit IconView(int size, QWidget* parent = nullptr);
    void setIcon(const QString& name, Tone tone);
    void setIcon(const QString& name, const QColor& color);

    const QString& iconName() const { return name_; }

    QSize sizeHint() const override { return {size_, size_}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int size_;
    QString name_;
    Tone tone_ = Tone::Plain;
    QColor color_; ///< invalid: by tone_
};

} // namespace mha
