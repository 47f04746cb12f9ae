// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/legend.h"

#include "ui/theme.h"

#include <QPainter>

namespace mha {

namespace {

constexpr int kPattern = 22;
constexpr int kHeight = 18;

} // namespace

LegendKey::LegendKey(Paint paint, const QString& text, QWidget* parent) : QWidget(parent), paint_(std::move(paint)) {
    setFont(typeFont(TypeSize::Caption));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setText(text);
}

void LegendKey::setText(const QString& text) {
    text_ = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize LegendKey::sizeHint() const {
    return {kPattern + 6 + fontMetrics().horizontalAdvance(text_) + 2, kHeight};
}

void LegendKey::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paint_(painter, QRectF(0, 3, kPattern, 12));
    painter.setPen(theme().muted);
    painter.drawText(QRect(kPattern + 6, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter, text_);
}

} // namespace mha
