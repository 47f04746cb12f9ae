// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/chart_view.h"

#include "ui/chart_paint.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace mha {

namespace {

constexpr int kLeastHeight = 90;

} // namespace

ChartView::ChartView(QWidget* parent) : QWidget(parent) {
    setMouseTracking(true);
    setFocusPolicy(Qt::StrongFocus);
    setMinimumHeight(kLeastHeight);
}

void ChartView::setChart(const Draw& draw, Height height) {
    draw_ = draw;
    height_ = height;
    setMinimumHeight(kLeastHeight);
    refresh();
}

void ChartView::refresh() {
    mark_ = -1;
    layOut();
    update();
}

void ChartView::layOut() {
    drawing_ = draw_ ? draw_(QSizeF(size())) : Drawing();
    setAccessibleDescription(drawing_.text);
    if (height_ == Height::OfContent)
        setMinimumHeight(std::max(kLeastHeight, static_cast<int>(std::ceil(drawing_.height))));
}

QString ChartView::tipAt(const QPointF& place) const {
    const qsizetype mark = tellingMarkAt(drawing_, place);
    return mark < 0 ? QString() : tipOf(drawing_.marks.at(mark));
}

void ChartView::tell(const QString& text, const QPoint& where) {
    told_ = text;
    setAccessibleDescription(text.isEmpty() ? drawing_.text : text);
    if (text.isEmpty()) {
        QToolTip::hideText();
    } else {
        QToolTip::showText(mapToGlobal(where), text, this);
    }
}

void ChartView::step(int direction) {
    const QList<qsizetype> telling = tellingMarks(drawing_);
    if (telling.isEmpty())
        return;
    const qsizetype at = telling.indexOf(mark_);
    const qsizetype next = at >= 0 ? at + direction : direction > 0 ? 0 : telling.size() - 1;
    mark_ = telling.at(std::clamp<qsizetype>(next, 0, telling.size() - 1));
    const Mark& mark = drawing_.marks.at(mark_);
    tell(tipOf(mark), boundsOf(mark).bottomRight().toPoint());
    update();
}

void ChartView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintDrawing(painter, drawing_, inksOf(theme()));
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(theme().accent, 2));
    if (mark_ >= 0) {
        painter.drawRoundedRect(boundsOf(drawing_.marks.at(mark_)).adjusted(-3, -3, 3, 3), 3, 3);
    } else if (hasFocus()) {
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadius, kRadius);
    }
}

void ChartView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    refresh();
}

void ChartView::mouseMoveEvent(QMouseEvent* event) {
    const QString tip = tipAt(event->position());
    if (tip != told_)
        tell(tip, event->position().toPoint());
}

void ChartView::leaveEvent(QEvent* event) {
    tell({}, {});
    QWidget::leaveEvent(event);
}

void ChartView::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Right || event->key() == Qt::Key_Left) {
        step(event->key() == Qt::Key_Right ? 1 : -1);
    } else if (event->key() == Qt::Key_Escape && mark_ >= 0) {
        mark_ = -1;
        tell({}, {});
        update();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void ChartView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    update();
}

void ChartView::focusOutEvent(QFocusEvent* event) {
    mark_ = -1;
    tell({}, {});
    QWidget::focusOutEvent(event);
    update();
}

} // namespace mha
