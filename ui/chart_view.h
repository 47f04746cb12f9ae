// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/drawing.h"

#include <QWidget>

#include <functional>

namespace mha {

/// Shows a chart (report/drawing.h), laid out anew for each size. What a mark has to say appears where the pointer is
/// on it, and for the keyboard: left and right go from mark to mark, Escape ends that. GUI thread.
class ChartView : public QWidget {
    Q_OBJECT

public:
    /// For a size; the height of the result may be another one, see Height.
    using Draw = std::function<Drawing(const QSizeF& size)>;
    enum class Height {
        OfView,   ///< the chart fills what there is
        OfContent ///< the chart has its own height, and the view asks for it
    };

    explicit ChartView(QWidget* parent = nullptr);

    /// nullptr: nothing to show.
    void setChart(const Draw& draw, Height height = Height::OfView);
    /// Lays it out again, since what `draw` draws has changed.
    void refresh();

    const Drawing& drawing() const { return drawing_; }

    /// What the pointer or the keyboard is on says; empty: nothing.
    const QString& told() const { return told_; }

protected:
    /// What is said of a place; the marks' own tips unless a view knows better.
    virtual QString tipAt(const QPointF& place) const;

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void layOut();
    void tell(const QString& text, const QPoint& where);
    void step(int direction);

    Draw draw_;
    Height height_ = Height::OfView;
    Drawing drawing_;
    qsizetype mark_ = -1; ///< that the keyboard is on
    QString told_;
};

} // namespace mha
