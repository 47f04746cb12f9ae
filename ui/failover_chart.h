// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/failover.h"

#include <QChartView>

class QBarCategoryAxis;
class QBarSet;
class QLineSeries;
class QStackedBarSeries;
class QValueAxis;

namespace mha {

/// Recovery time of each failover as a bar, oldest at the left, with the RTO as a line. Planned bars are hatched, so
/// that they differ from unplanned ones without colour. Shows the newest kMostBars. GUI thread.
class FailoverChart : public QChartView {
    Q_OBJECT

public:
    static constexpr qsizetype kMostBars = 40;

    explicit FailoverChart(QWidget* parent = nullptr);

    /// In any order.
    void showFailovers(const QList<Failover>& failovers, Duration rto);
    /// Highlights the bar of a failover; 0: none.
    void select(qint64 id);

    qint64 selected() const { return selected_; }

    qsizetype barCount() const { return shown_.size(); }

Q_SIGNALS:
    void barClicked(qint64 id);

protected:
    void changeEvent(QEvent* event) override;

private:
    void applyTheme();
    void applySelection();
    void clicked(int bar);

    QList<Failover> shown_; ///< oldest first
    Duration rto_{};
    qint64 selected_ = 0;
    QStackedBarSeries* bars_;
    QBarSet* unplanned_;
    QBarSet* planned_;
    QLineSeries* rtoLine_;
    QBarCategoryAxis* times_;
    QValueAxis* seconds_;
};

} // namespace mha
