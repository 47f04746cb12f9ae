// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/phase_chart.h"

#include <QApplication>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace mha {

namespace {

constexpr double kZoomStep = 1.25;
/// Of a wheel: eighths of a degree, as Qt counts them.
constexpr double kWheelStep = 120;

} // namespace

PhaseChart::PhaseChart(QWidget* parent) : ChartView(parent) {
    setChart([this](const QSizeF& size) { return bars_.draw(view_, size.width(), size.height(), selected_); });
}

void PhaseChart::showFailovers(const QList<Failover>& failovers, Duration rto) {
    const auto seen = [this] { return bars_.newest(view_.pitch, width()); };
    const bool atTheEnd = bars_.failovers().isEmpty() || view_.first >= seen().first - 0.5;
    bars_ = RecoveryBars(failovers, rto, QTimeZone::systemTimeZone());
    look(atTheEnd ? seen() : view_);
}

void PhaseChart::look(const BarView& view) {
    view_ = bars_.fitted(view, width());
    refresh();
}

qsizetype PhaseChart::indexOf(qint64 id) const {
    const auto found = std::ranges::find(bars_.failovers(), id, &Failover::id);
    return id == 0 || found == bars_.failovers().end() ? -1 : found - bars_.failovers().begin();
}

void PhaseChart::select(qint64 id) {
    const qsizetype index = indexOf(id);
    selected_ = index < 0 ? 0 : id;
    if (index >= 0)
        view_ = bars_.showing(view_, index, width());
    refresh();
}

void PhaseChart::choose(qsizetype index) {
    if (bars_.failovers().isEmpty())
        return;
    const qint64 id = bars_.failovers().at(std::clamp<qsizetype>(index, 0, bars_.failovers().size() - 1)).id;
    select(id);
    Q_EMIT barClicked(id);
}

QString PhaseChart::tipAt(const QPointF& place) const {
    return bars_.tipAt(view_, width(), place.x());
}

void PhaseChart::resizeEvent(QResizeEvent* event) {
    view_ = bars_.fitted(view_, width());
    ChartView::resizeEvent(event);
}

void PhaseChart::wheelEvent(QWheelEvent* event) {
    const QPoint turned = event->angleDelta();
    if (std::abs(turned.x()) > std::abs(turned.y())) {
        look({view_.first - turned.x() / view_.pitch, view_.pitch});
    } else {
        look(bars_.zoomed(view_, std::pow(kZoomStep, turned.y() / kWheelStep), event->position().x(), width()));
    }
    event->accept();
}

void PhaseChart::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton) {
        ChartView::mousePressEvent(event);
        return;
    }
    dragFrom_ = event->position().x();
    dragView_ = view_;
    dragged_ = false;
}

void PhaseChart::mouseMoveEvent(QMouseEvent* event) {
    if (!dragFrom_) {
        ChartView::mouseMoveEvent(event);
        return;
    }
    const double moved = event->position().x() - *dragFrom_;
    dragged_ = dragged_ || std::abs(moved) >= QApplication::startDragDistance();
    if (dragged_)
        look({dragView_.first - moved / dragView_.pitch, dragView_.pitch});
}

void PhaseChart::mouseReleaseEvent(QMouseEvent* event) {
    if (!dragFrom_ || event->button() != Qt::LeftButton)
        return;
    dragFrom_.reset();
    if (dragged_)
        return;
    const qsizetype index = bars_.indexAt(view_, width(), event->position().x());
    if (index >= 0)
        choose(index);
}

void PhaseChart::keyPressEvent(QKeyEvent* event) {
    const qsizetype newest = bars_.failovers().size() - 1;
    const qsizetype index = indexOf(selected_);
    switch (event->key()) {
    case Qt::Key_Left:
        return choose(index < 0 ? newest : index - 1);
    case Qt::Key_Right:
        return choose(index < 0 ? newest : index + 1);
    case Qt::Key_Home:
        return choose(0);
    case Qt::Key_End:
        return choose(newest);
    case Qt::Key_Plus:
        return look(bars_.zoomed(view_, kZoomStep, width() / 2.0, width()));
    case Qt::Key_Minus:
        return look(bars_.zoomed(view_, 1 / kZoomStep, width() / 2.0, width()));
    default:
        ChartView::keyPressEvent(event);
    }
}

} // namespace mha
