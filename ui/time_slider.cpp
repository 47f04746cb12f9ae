// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/time_slider.h"

#include "ui/theme.h"
#include "ui/wording.h"

#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>

#include <algorithm>

using namespace std::chrono_literals;

namespace mha {

namespace {

constexpr int kHeight = 24;
constexpr int kHandleWidth = 10;
constexpr int kGroove = 4;
/// So near the right end the pointer means live.
constexpr double kLiveWithin = 4;

} // namespace

TimeSlider::TimeSlider(QWidget* parent) : QSlider(Qt::Horizontal, parent) {
    setAccessibleName(tr("Moment to look at"));
    setToolTip(
        tr("Drag to look at an earlier moment; Left and Right go picture by picture, Home to the beginning, Escape "
           "back to live"));
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    showSpan({}, Instant{} + 5min, std::nullopt);
}

void TimeSlider::showSpan(Instant begin, Instant end, std::optional<Instant> moment) {
    begin_ = begin;
    end_ = std::max(end, begin + 1s);
    moment_ = moment;
    const auto milliseconds = [](Duration span) {
        return static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(span).count());
    };
    const QSignalBlocker quiet(this);
    setRange(0, milliseconds(end_ - begin_));
    setValue(milliseconds(std::clamp(moment.value_or(end_), begin_, end_) - begin_));
    setAccessibleDescription(moment ? tr("As it was at %1, not live").arg(Wording::clock(*moment)) : tr("Live"));
    update();
}

QSize TimeSlider::sizeHint() const {
    return {200, kHeight};
}

QSize TimeSlider::minimumSizeHint() const {
    return {100, kHeight};
}

double TimeSlider::xOf(Instant at) const {
    return toSeconds(at - begin_) / toSeconds(end_ - begin_) * width();
}

void TimeSlider::wantAt(double x) {
    if (x >= width() - kLiveWithin) {
        Q_EMIT liveWanted();
    } else {
        Q_EMIT momentWanted(begin_ + fromSeconds(std::max(x, 0.0) / width() * toSeconds(end_ - begin_)));
    }
}

void TimeSlider::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        wantAt(event->position().x());
}

void TimeSlider::mouseMoveEvent(QMouseEvent* event) {
    if (event->buttons().testFlag(Qt::LeftButton))
        wantAt(event->position().x());
}

void TimeSlider::mouseReleaseEvent(QMouseEvent*) {}

void TimeSlider::wheelEvent(QWheelEvent* event) {
    event->ignore(); // the page scrolls; nobody travels in time by accident
}

void TimeSlider::keyPressEvent(QKeyEvent* event) {
    const Instant at = moment_.value_or(end_);
    switch (event->key()) {
    case Qt::Key_Left:
        Q_EMIT stepWanted(-1);
        return;
    case Qt::Key_Right:
        Q_EMIT stepWanted(1);
        return;
    case Qt::Key_PageUp:
        Q_EMIT momentWanted(at - 1min);
        return;
    case Qt::Key_PageDown:
        Q_EMIT momentWanted(at + 1min);
        return;
    case Qt::Key_Home:
        Q_EMIT beginWanted();
        return;
    case Qt::Key_End:
    case Qt::Key_Escape:
        Q_EMIT liveWanted();
        return;
    default:
        QAbstractSlider::keyPressEvent(event);
    }
}

void TimeSlider::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double middle = height() / 2.0;
    const double x = std::clamp(xOf(moment_.value_or(end_)), kHandleWidth / 2.0, width() - kHandleWidth / 2.0);
    painter.setPen(Qt::NoPen);
    painter.setBrush(t.border);
    painter.drawRoundedRect(QRectF(0, middle - kGroove / 2.0, width(), kGroove), 2, 2);
    painter.setBrush(moment_ ? t.warn : t.accent);
    painter.drawRoundedRect(QRectF(0, middle - kGroove / 2.0, x, kGroove), 2, 2);
    painter.setPen(QPen(hasFocus() ? t.text : t.surface, hasFocus() ? 2 : 1));
    painter.drawRoundedRect(QRectF(x - kHandleWidth / 2.0, 2, kHandleWidth, height() - 4), 3, 3);
}

} // namespace mha
