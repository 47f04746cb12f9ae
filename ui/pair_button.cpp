// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pair_button.h"

#include "ui/icon.h"

#include <QPainter>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr int kHeight = 64;
constexpr int kIcon = 24;

} // namespace

PairButton::PairButton(const QString& name, const QString& detail, QWidget* parent)
    : QAbstractButton(parent), detail_(detail) {
    setText(name);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setFixedHeight(kHeight);
}

QSize PairButton::sizeHint() const {
    return {320, kHeight};
}

void PairButton::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(underMouse() || isDown() ? t.hover : t.surface);
    painter.setPen(hasFocus() ? QPen(t.accent, 2) : QPen(t.border, 1));
    const double inset = hasFocus() ? 1.0 : 0.5;
    painter.drawRoundedRect(QRectF(rect()).adjusted(inset, inset, -inset, -inset), kRadius, kRadius);
    const int middle = (height() - kIcon) / 2;
    painter.drawPixmap(20, middle, iconPixmap(u"server"_s, kIcon, t.muted, devicePixelRatioF()));
    painter.drawPixmap(width() - 20 - kIcon, middle,
                       iconPixmap(u"arrow-right"_s, kIcon, t.accent, devicePixelRatioF()));
    const QRect words(20 + kIcon + kGap, 12, width() - 2 * (20 + kIcon + kGap), height() - 24);
    painter.setPen(t.text);
    painter.setFont(typeFont(TypeSize::Strong));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignTop,
                     painter.fontMetrics().elidedText(text(), Qt::ElideRight, words.width()));
    painter.setPen(t.muted);
    painter.setFont(typeFont(TypeSize::Caption));
    painter.drawText(words, Qt::AlignLeft | Qt::AlignBottom,
                     painter.fontMetrics().elidedText(detail_, Qt::ElideRight, words.width()));
}

} // namespace mha
