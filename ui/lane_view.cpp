// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lane_view.h"

#include "ui/theme.h"
#include "ui/wording.h"

#include <QDateTime>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <cmath>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace mha {

namespace {

/// The lanes move on in so many steps a window's width: each second where it is a minute's or two's.
constexpr int kStepsOfWindow = 150;
constexpr int kNodeColumn = 96;
constexpr int kWidestNodeColumn = 200;
constexpr int kTitleColumn = 80;
constexpr int kAxisHeight = 22;
constexpr int kGroupGap = 8;
constexpr int kLeastLane = 11;
constexpr int kLaneGap = 3;

/// Time between the axis's ticks, so that some six to ten fit.
std::chrono::seconds tickStep(std::chrono::minutes window) {
    if (window <= 1min)
        return 10s;
    if (window <= 5min)
        return 60s;
    if (window <= 15min)
        return 120s;
    return 600s;
}

int groupOf(int lane) {
    return lane == 0 ? 0 : 1 + (lane - 1) / LaneModel::kLanesPerNode;
}

} // namespace

LaneView::LaneView(QWidget* parent) : QWidget(parent) {
    // It paints its own ground, the card's: else all that is behind it would be painted with it each time.
    setAttribute(Qt::WA_OpaquePaintEvent);
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("The last minutes"));
    setToolTipDuration(0);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void LaneView::setNodeNames(const QString& first, const QString& second) {
    if (names_[0] == first && names_[1] == second)
        return;
    names_ = {first, second};
    update();
}

void LaneView::setWindow(std::chrono::minutes window) {
    window_ = window;
    setMoment(moment_);
}

bool LaneView::refresh() {
    // Time alone moves the lanes by few pixels: to paint them anew each second would be most of what this window costs.
    const Duration moved = end() - paintedEnd_;
    const bool asPainted = !cursorAt_ && paintedRevision_ == model_.revision() && moved >= Duration::zero() &&
                           moved < Duration(window_) / kStepsOfWindow;
    if (asPainted)
        return false;
    if (cursorAt_)
        moveCursor(cursorLane_, cursorAt_);
    paintedRevision_ = model_.revision();
    paintedEnd_ = end();
    update();
    return true;
}

QSize LaneView::sizeHint() const {
    // What room there is it takes; to want more would only make the page scroll.
    return {640, minimumSizeHint().height()};
}

QSize LaneView::minimumSizeHint() const {
    return {400, LaneModel::kLanes * (kLeastLane + kLaneGap) + 2 * kGroupGap + kAxisHeight};
}

LaneView::Geometry LaneView::layout() const {
    Geometry g;
    g.titles = nodeColumn();
    g.left = axisLeft();
    g.right = axisRight();
    const int room = height() - kAxisHeight - 2 * kGroupGap;
    g.laneHeight = std::max(kLeastLane, std::min(24, room / LaneModel::kLanes - kLaneGap));
    g.bottom = laneRect(g, LaneModel::kLanes - 1).bottom();
    return g;
}

QRect LaneView::laneRect(const Geometry& g, int lane) const {
    const int top = lane * (g.laneHeight + kLaneGap) + groupOf(lane) * kGroupGap;
    return {g.left, top, g.right - g.left, g.laneHeight};
}

Instant LaneView::begin() const {
    return end() - window_;
}

Instant LaneView::end() const {
    return moment_ ? stoodStillAt_ : model_.end();
}

int LaneView::nodeColumn() const {
    const QFontMetrics metrics(typeFont(TypeSize::Strong));
    const int widest = std::max(metrics.horizontalAdvance(names_[0]), metrics.horizontalAdvance(names_[1]));
    return std::clamp(widest + kGap, kNodeColumn, kWidestNodeColumn);
}

int LaneView::axisLeft() const {
    return nodeColumn() + kTitleColumn;
}

int LaneView::axisRight() const {
    return width() - 2;
}

void LaneView::setMoment(std::optional<Instant> moment) {
    if (moment && !moment_)
        stoodStillAt_ = model_.end();
    moment_ = moment;
    // What is looked at is in sight, with what came after it.
    if (moment_ && (*moment_ < begin() || *moment_ > end()))
        stoodStillAt_ = std::min(model_.end(), *moment_ + Duration(window_) / 2);
    update();
}

double LaneView::xOf(const Geometry& g, Instant at) const {
    const double share = toSeconds(at - begin()) / toSeconds(Duration(window_));
    return g.left + share * (g.right - g.left);
}

Instant LaneView::timeAt(const Geometry& g, double x) const {
    const double share = (x - g.left) / std::max(1, g.right - g.left);
    return begin() + fromSeconds(share * toSeconds(Duration(window_)));
}

int LaneView::laneAt(const QPoint& point) const {
    const Geometry g = layout();
    for (int lane = 0; lane < LaneModel::kLanes; ++lane) {
        if (laneRect(g, lane).adjusted(0, -kLaneGap, 0, 0).contains(point))
            return lane;
    }
    return -1;
}

QString LaneView::laneName(int lane) const {
    const Lane& row = model_.lanes().at(static_cast<std::size_t>(lane));
    return row.node < 0 ? row.title : tr("%1 %2").arg(names_.at(static_cast<std::size_t>(row.node)), row.title);
}

QColor LaneView::markColor(LaneMark mark) {
    const Theme& t = theme();
    switch (mark) {
    case LaneMark::Good:
        return t.good;
    case LaneMark::Idle:
        return t.controlBorder;
    case LaneMark::Busy:
        return t.warn;
    case LaneMark::Bad:
        return t.bad;
    case LaneMark::Unknown:
        return t.unknown;
    }
    return t.unknown;
}

void LaneView::paintMark(QPainter& painter, const QRectF& box, LaneMark mark) {
    const Theme& t = theme();
    const QColor color = markColor(mark);
    painter.setPen(Qt::NoPen);
    switch (mark) {
    case LaneMark::Good:
        painter.fillRect(box, t.dark ? color.darker(145) : color);
        break;
    case LaneMark::Idle:
        painter.fillRect(box, t.hover);
        break;
    case LaneMark::Busy:
        painter.fillRect(box, t.warnSoft);
        painter.fillRect(box, QBrush(color, Qt::BDiagPattern));
        break;
    case LaneMark::Bad:
        painter.fillRect(box, t.badSoft);
        painter.fillRect(box, QBrush(color, Qt::DiagCrossPattern));
        break;
    case LaneMark::Unknown:
        painter.fillRect(box, t.surface);
        painter.fillRect(box, QBrush(color, Qt::Dense6Pattern));
        break;
    }
    if (mark == LaneMark::Good || box.width() < 3)
        return;
    painter.setPen(QPen(mark == LaneMark::Idle ? t.border : color, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5));
}

void LaneView::paintEvent(QPaintEvent*) {
    const Theme& t = theme();
    QPainter painter(this);
    const Geometry g = layout();
    painter.fillRect(rect(), t.surface);
    for (int lane = 0; lane < LaneModel::kLanes; ++lane)
        painter.fillRect(laneRect(g, lane), t.sunken);
    paintAxis(painter, g);
    for (int lane = 0; lane < LaneModel::kLanes; ++lane)
        paintLane(painter, g, lane);
    paintLabels(painter, g);
    paintMoment(painter, g);
    paintCursor(painter, g);
}

void LaneView::paintLabels(QPainter& painter, const Geometry& g) const {
    const Theme& t = theme();
    for (int lane = 0; lane < LaneModel::kLanes; ++lane) {
        const Lane& row = model_.lanes().at(static_cast<std::size_t>(lane));
        const QRect box = laneRect(g, lane);
        const bool first = row.node >= 0 && (lane - 1) % LaneModel::kLanesPerNode == 0;
        if (row.node < 0 || first) {
            painter.setFont(typeFont(TypeSize::Strong));
            painter.setPen(t.text);
            const QRect place(0, box.top(), row.node < 0 ? g.left - kUnit : g.titles - kUnit, box.height());
            const QString name = row.node < 0 ? row.title : names_.at(static_cast<std::size_t>(row.node));
            painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip,
                             painter.fontMetrics().elidedText(name, Qt::ElideMiddle, place.width()));
        }
        if (row.node >= 0) {
            painter.setFont(typeFont(TypeSize::Caption));
            painter.setPen(t.muted);
            painter.drawText(QRect(g.titles, box.top(), kTitleColumn - kUnit, box.height()),
                             Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, row.title);
        }
    }
}

void LaneView::paintLane(QPainter& painter, const Geometry& g, int lane) const {
    const Theme& t = theme();
    const QRect box = laneRect(g, lane);
    painter.save();
    painter.setClipRect(box);
    painter.setFont(typeFont(TypeSize::Caption));
    for (const LaneSpan& span : model_.lanes().at(static_cast<std::size_t>(lane)).spans) {
        const double from = std::max(xOf(g, span.from), static_cast<double>(g.left));
        // The shortest outage must be seen: nothing is narrower than two pixels.
        const double until = std::max(xOf(g, span.until), from + 2);
        if (until < g.left)
            continue;
        const QRectF part(from, box.top(), until - from, box.height());
        paintMark(painter, part, span.mark);
        QString text = span.text;
        if (span.mark == LaneMark::Bad && lane == LaneModel::ThroughVip)
            text = tr("%1, %2").arg(text, toText(span.until - span.from));
        const int width = painter.fontMetrics().horizontalAdvance(text);
        if (part.width() < width + 12)
            continue;
        const QRectF words(part.left() + 4, part.top() + 1, width + 6, part.height() - 2);
        if (span.mark != LaneMark::Good && span.mark != LaneMark::Idle)
            painter.fillRect(words, t.surface);
        painter.setPen(span.mark == LaneMark::Good   ? QColor(Qt::white)
                       : span.mark == LaneMark::Idle ? t.muted
                                                     : t.text);
        painter.drawText(words, Qt::AlignCenter | Qt::TextDontClip, text);
    }
    painter.restore();
}

void LaneView::paintAxis(QPainter& painter, const Geometry& g) const {
    const Theme& t = theme();
    painter.setFont(typeFont(TypeSize::Caption));
    const auto step = tickStep(window_);
    // Ticks stand on round local times.
    const qint64 offset =
        QDateTime::fromSecsSinceEpoch(std::chrono::floor<std::chrono::seconds>(model_.end()).time_since_epoch().count())
            .offsetFromUtc();
    const qint64 first = std::chrono::ceil<std::chrono::seconds>(begin()).time_since_epoch().count() + offset;
    qint64 second = (first + step.count() - 1) / step.count() * step.count() - offset;
    const qint64 last = std::chrono::floor<std::chrono::seconds>(model_.end()).time_since_epoch().count();
    for (; second <= last; second += step.count()) {
        const Instant at{std::chrono::seconds(second)};
        const int x = qRound(xOf(g, at));
        painter.setPen(QPen(t.border, 1));
        painter.drawLine(x, 0, x, g.bottom + 4);
        const QString text = QDateTime::fromSecsSinceEpoch(second).toString(step < 60s ? u"HH:mm:ss"_s : u"HH:mm"_s);
        const int width = painter.fontMetrics().horizontalAdvance(text);
        if (x - width / 2 < g.left || x + width / 2 > g.right - 40)
            continue;
        painter.setPen(t.muted);
        painter.drawText(QRect(x - width / 2 - 2, g.bottom + 4, width + 4, kAxisHeight - 4), Qt::AlignCenter, text);
    }
    painter.setPen(t.text);
    painter.drawText(QRect(g.right - 60, g.bottom + 4, 60, kAxisHeight - 4), Qt::AlignRight | Qt::AlignVCenter,
                     moment_ ? Wording::clock(end()) : tr("now"));
}

void LaneView::paintCursor(QPainter& painter, const Geometry& g) const {
    if (!cursorAt_ || cursorLane_ < 0)
        return;
    const int x = qRound(xOf(g, *cursorAt_));
    if (x < g.left || x > g.right)
        return;
    painter.setPen(QPen(theme().text, 1));
    painter.drawLine(x, 0, x, g.bottom);
    painter.setPen(QPen(theme().accent, 2));
    painter.setBrush(Qt::NoBrush);
    if (hasFocus())
        painter.drawRect(laneRect(g, cursorLane_).adjusted(1, 1, -1, -1));
}

void LaneView::paintMoment(QPainter& painter, const Geometry& g) const {
    if (!moment_)
        return;
    const double x = xOf(g, *moment_);
    // What came later is there, but not what is looked at.
    QColor veil = theme().surface;
    veil.setAlphaF(0.55F);
    painter.fillRect(QRectF(x, 0, g.right - x, g.bottom + 1), veil);
    painter.setPen(QPen(theme().warn, 2));
    painter.drawLine(QPointF(x, 0), QPointF(x, g.bottom));
}

void LaneView::moveCursor(int lane, std::optional<Instant> at) {
    cursorLane_ = lane;
    cursorAt_ = lane < 0 ? std::nullopt : at;
    QString text;
    if (cursorAt_) {
        const LaneSpan* span = model_.at(lane, *cursorAt_);
        if (span == nullptr) {
            text = tr("%1 at %2: not watched").arg(laneName(lane), Wording::clockWithMilliseconds(*cursorAt_));
        } else if (span->until == model_.end()) {
            text = tr("%1: %2 since %3 (%4)")
                       .arg(laneName(lane), span->text, Wording::clockWithMilliseconds(span->from),
                            Wording::exact(span->until - span->from));
        } else {
            text = tr("%1: %2 from %3 to %4 (%5)")
                       .arg(laneName(lane), span->text, Wording::clockWithMilliseconds(span->from),
                            Wording::clockWithMilliseconds(span->until), Wording::exact(span->until - span->from));
        }
    }
    if (text != readout_) {
        readout_ = text;
        setAccessibleDescription(text);
        Q_EMIT readoutChanged(text);
    }
    update();
}

void LaneView::mouseMoveEvent(QMouseEvent* event) {
    const int lane = laneAt(event->position().toPoint());
    moveCursor(lane, timeAt(layout(), event->position().x()));
}

void LaneView::mousePressEvent(QMouseEvent* event) {
    const Geometry g = layout();
    const double x = event->position().x();
    if (event->button() == Qt::LeftButton && x >= g.left && x <= g.right && laneAt(event->position().toPoint()) >= 0)
        Q_EMIT momentWanted(timeAt(g, x));
}

void LaneView::leaveEvent(QEvent*) {
    if (!hasFocus())
        moveCursor(-1, std::nullopt);
}

void LaneView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    if (!cursorAt_)
        moveCursor(0, model_.end());
    update();
}

void LaneView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    moveCursor(-1, std::nullopt);
}

void LaneView::keyPressEvent(QKeyEvent* event) {
    const int lane = std::max(cursorLane_, 0);
    const Instant at = cursorAt_.value_or(model_.end());
    switch (event->key()) {
    case Qt::Key_Up:
        return moveCursor(std::max(lane - 1, 0), at);
    case Qt::Key_Down:
        return moveCursor(std::min(lane + 1, LaneModel::kLanes - 1), at);
    case Qt::Key_Left:
        return moveCursor(lane, std::max(model_.neighbour(lane, at, -1), begin()));
    case Qt::Key_Right:
        return moveCursor(lane, model_.neighbour(lane, at, 1));
    case Qt::Key_Home:
        return moveCursor(lane, begin());
    case Qt::Key_End:
        return moveCursor(lane, model_.end());
    case Qt::Key_Return:
    case Qt::Key_Enter:
        Q_EMIT momentWanted(at);
        return;
    case Qt::Key_Escape:
        Q_EMIT liveWanted();
        return;
    case Qt::Key_Plus:
        Q_EMIT zoomWanted(-1);
        return;
    case Qt::Key_Minus:
        Q_EMIT zoomWanted(1);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

} // namespace mha
