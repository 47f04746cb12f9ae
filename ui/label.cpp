// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/label.h"

#include "ui/icon.h"

#include <QEvent>
#include <QPainter>

#include <tuple>

namespace mha {

namespace {

constexpr int kBadgeHeight = 24;
constexpr int kBadgeIcon = 14;

} // namespace

Label::Label(TypeSize size, QWidget* parent) : QLabel(parent) {
    setFont(typeFont(size));
    setTextFormat(Qt::PlainText);
}

Label::Label(const QString& text, TypeSize size, QWidget* parent) : Label(size, parent) {
    setText(text);
}

void Label::setInk(std::function<QColor(const Theme&)> ink) {
    ink_ = std::move(ink);
    applyInk();
}

void Label::setTone(Tone tone) {
    setInk([tone](const Theme& t) { return toneColor(t, tone); });
}

void Label::setMuted() {
    setInk([](const Theme& t) { return t.muted; });
}

void Label::setSentence() {
    setWordWrap(true);
    setTextInteractionFlags(Qt::TextSelectableByMouse);
}

void Label::showText(const QString& text) {
    if (QLabel::text() != text)
        setText(text);
    setVisible(!text.isEmpty());
}

void Label::setSteady(const QString& widest) {
    widest_ = widest;
    setFixedSize(fontMetrics().horizontalAdvance(widest) + 1, fontMetrics().height());
}

void Label::changeEvent(QEvent* event) {
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange && !widest_.isEmpty())
        setSteady(widest_);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::StyleChange)
        applyInk();
}

void Label::applyInk() {
    if (!ink_)
        return;
    const QColor color = ink_(theme());
    if (palette().color(foregroundRole()) == color)
        return;
    QPalette p = palette();
    p.setColor(foregroundRole(), color);
    setPalette(p);
}

ElidedLabel::ElidedLabel(TypeSize size, QWidget* parent) : QWidget(parent) {
    setFont(typeFont(size));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void ElidedLabel::setText(const QString& text, const QString& whole) {
    if (const QString& tip = whole.isEmpty() ? text : whole; tip != toolTip())
        setToolTip(tip);
    if (text_ == text)
        return;
    text_ = text;
    setAccessibleName(text);
    updateGeometry();
    update();
}

void ElidedLabel::setTone(Tone tone) {
    if (tone_ == tone)
        return;
    tone_ = tone;
    update();
}

void ElidedLabel::setAlignment(Qt::Alignment alignment) {
    alignment_ = alignment;
    update();
}

void ElidedLabel::setStrong() {
    strong_ = true;
    update();
}

QSize ElidedLabel::sizeHint() const {
    return {fontMetrics().horizontalAdvance(text_) + 1, fontMetrics().height()};
}

QSize ElidedLabel::minimumSizeHint() const {
    return {fontMetrics().averageCharWidth() * 6, fontMetrics().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(strong_ ? theme().text : toneColor(theme(), tone_));
    const auto flags = static_cast<int>((alignment_ | Qt::AlignVCenter).toInt());
    painter.drawText(rect(), flags, fontMetrics().elidedText(text_, Qt::ElideRight, width()));
}

Badge::Badge(QWidget* parent) : QWidget(parent) {
    QFont font = typeFont(TypeSize::Caption);
    font.setBold(true);
    setFont(font);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Badge::showBadge(const QString& icon, const QString& text, Tone tone, bool filled) {
    setVisible(!text.isEmpty());
    if (std::tie(icon_, text_, tone_, filled_) == std::tie(icon, text, tone, filled))
        return;
    icon_ = icon;
    text_ = text;
    tone_ = tone;
    filled_ = filled;
    setAccessibleName(text);
    updateGeometry();
    update();
}

QSize Badge::sizeHint() const {
    const int icon = icon_.isEmpty() ? 0 : kBadgeIcon + 6;
    return {fontMetrics().horizontalAdvance(text_) + icon + 2 * 10, kBadgeHeight};
}

void Badge::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor strong = tone_ == Tone::Plain && filled_ ? t.accent : toneColor(t, tone_);
    painter.setPen(Qt::NoPen);
    painter.setBrush(filled_ ? strong : tone_ == Tone::Plain ? t.hover : toneGround(t, tone_));
    painter.drawRoundedRect(QRectF(rect()), kBadgeHeight / 2.0, kBadgeHeight / 2.0);
    const QColor ink = filled_ ? (t.dark ? t.onAccent : t.surface) : strong;
    int x = 10;
    if (!icon_.isEmpty()) {
        painter.drawPixmap(x, (height() - kBadgeIcon) / 2, iconPixmap(icon_, kBadgeIcon, ink, devicePixelRatioF()));
        x += kBadgeIcon + 6;
    }
    painter.setPen(ink);
    painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignLeft | Qt::AlignVCenter, text_);
}

} // namespace mha
