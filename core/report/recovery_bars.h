// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/drawing.h"
#include "report/statistics.h"

#include <QTimeZone>

namespace mha {

/// What is seen of a long row of bars.
struct BarView {
    double first = 0;  ///< index of the failover at the left edge, fractions for what is half out
    double pitch = 14; ///< pixels from one failover to the next
    bool operator==(const BarView&) const = default;
};

/// Recovery times as bars of stacked phases over the RTO line, oldest first, with lines at p50, p95 and p99 of all of
/// them. Works out only what is in sight, so that ten thousand cost what one screen of them costs; where they are
/// closer together than bars can be, several in a row share one that is as high as the worst of them. Pure.
class RecoveryBars {
public:
    RecoveryBars() = default;
    /// In any order. All of them are expected to be planned, or all unplanned.
    RecoveryBars(QList<Failover> failovers, Duration rto, const QTimeZone& zone);

    const QList<Failover>& failovers() const { return failovers_; } ///< oldest first

    const std::optional<Percentiles>& percentiles() const { return percentiles_; }

    Duration rto() const { return rto_; }

    /// Nothing is left empty that could show a bar, and no bar is wider than can be read.
    BarView fitted(BarView view, double width) const;
    /// The newest at the right edge.
    BarView newest(double pitch, double width) const;
    BarView all(double width) const;
    BarView zoomed(BarView view, double factor, double anchorX, double width) const;
    /// Moved as little as brings the failover into sight.
    BarView showing(BarView view, qsizetype index, double width) const;

    Drawing draw(const BarView& view, double width, double height, qint64 selected) const;
    /// Index of the failover under x, of a group the worst; -1: none.
    qsizetype indexAt(const BarView& view, double width, double x) const;
    /// The figures of the bar under x.
    QString tipAt(const BarView& view, double width, double x) const;

private:
    struct Group {
        qsizetype begin = 0;
        qsizetype end = 0;   ///< one past the last
        qsizetype worst = 0; ///< the failover that is drawn
    };

    qsizetype groupSize(const BarView& view) const;
    Group groupAt(qsizetype begin, qsizetype size) const;
    double yOf(Duration duration, double height) const;
    void drawScale(Drawing& drawing) const;
    void drawBar(Drawing& drawing, const Group& group, double x, double width, qint64 selected) const;
    void drawLines(Drawing& drawing) const;

    QList<Failover> failovers_;
    Duration rto_{};
    QTimeZone zone_ = QTimeZone::utc(); ///< of the labels
    std::optional<Percentiles> percentiles_;
    double top_ = 1; ///< seconds at the upper end of the axis
    double step_ = 1;
};

} // namespace mha
