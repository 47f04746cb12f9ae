// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/recovery_bars.h"
#include "ui/chart_view.h"

namespace mha {

/// The phases of many failovers as stacked bars, of which the wheel shows fewer or more and a drag others. Left and
/// right choose the one before or after, Home and End the oldest and the newest, + and - show fewer and more. GUI
/// thread.
class PhaseChart : public ChartView {
    Q_OBJECT

public:
    explicit PhaseChart(QWidget* parent = nullptr);

    /// All planned or all unplanned, in any order. The place that is looked at stays, unless it was the newest end.
    void showFailovers(const QList<Failover>& failovers, Duration rto);
    /// Brings it into sight; 0, or one that is not here: none.
    void select(qint64 id);

    qint64 selected() const { return selected_; }

    const RecoveryBars& bars() const { return bars_; }

    const BarView& view() const { return view_; }

Q_SIGNALS:
    void barClicked(qint64 id);

protected:
    QString tipAt(const QPointF& place) const override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    void look(const BarView& view);
    void choose(qsizetype index);
    qsizetype indexOf(qint64 id) const;

    RecoveryBars bars_;
    BarView view_;
    qint64 selected_ = 0;
    std::optional<double> dragFrom_; ///< x of the pointer
    BarView dragView_;               ///< and what was seen when it was pressed
    bool dragged_ = false;
};

} // namespace mha
