// SPDX-License-Identifier: GPL-3.0-or-later

// The bar chart of recovery times.

#include "report/html_charts.h"
#include "report/html_words.h"

#include <algorithm>
#include <cmath>
#include <span>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr double kWidth = 960;
constexpr double kHeight = 300;
constexpr double kLeft = 44;
constexpr double kRight = 62;
constexpr double kTop = 26;
constexpr double kBottom = 40;
constexpr double kPlotWidth = kWidth - kLeft - kRight;
constexpr double kPlotHeight = kHeight - kTop - kBottom;
constexpr double kWidestBar = 40;
/// An axis stretched by an outlier this many times the usual would flatten all the rest.
constexpr double kOutlier = 4;
constexpr qsizetype kMostGroups = 50;

struct Bar {
    double seconds = 0;
    std::optional<double> median; ///< of a group
    bool planned = false;
    QString tip;
};

/// One place on the time axis, with one bar, or two where a group has planned and unplanned ones.
struct Place {
    Instant at;
    QList<Bar> bars;
};

struct Axis {
    double max = 1;
    double step = 1;

    double y(double seconds) const { return kTop + kPlotHeight * (1 - std::min(seconds, max) / max); }

    /// A move without an outage has a bar too, of the least height that is seen.
    double top(const Bar& bar) const { return std::min(y(bar.seconds), kTop + kPlotHeight - 2); }

    bool cuts(const Bar& bar) const { return bar.seconds > max; }
};

double secondsOf(const Failover& failover) {
    return toSeconds(failover.recovery());
}

Bar barOf(const Failover& failover, qsizetype number) {
    const QString recovery = hadOutage(failover)
                                 ? u"%1 %2"_s.arg(lengthText(failover.recovery()), errorText(failover.error))
                                 : u"no outage"_s;
    return {secondsOf(failover), std::nullopt, failover.planned(),
            u"No. %1, %2 UTC: %3 %4%5, %6"_s.arg(QString::number(number), momentText(failover.startedAt),
                                                 kindText(failover), wayText(failover.from, failover.to),
                                                 failover.planned() ? u", planned"_s : QString(), recovery)};
}

std::optional<Bar> groupBar(std::span<const Failover> group, bool planned, qsizetype first) {
    QList<Duration> recoveries;
    for (const Failover& failover : group) {
        if (failover.planned() == planned)
            recoveries.append(failover.recovery());
    }
    if (recoveries.isEmpty())
        return std::nullopt;
    std::ranges::sort(recoveries);
    const Duration median = recoveries[recoveries.size() / 2];
    const QString tip = u"No. %1 to %2, %3 UTC to %4 UTC: %5 %6, worst %7, median %8"_s.arg(
        QString::number(first), QString::number(first + static_cast<qsizetype>(group.size()) - 1),
        momentText(group.front().startedAt), momentText(group.back().startedAt), QString::number(recoveries.size()),
        planned ? u"planned"_s : u"unplanned"_s, lengthText(recoveries.last()), lengthText(median));
    return Bar{toSeconds(recoveries.last()), toSeconds(median), planned, tip};
}

QList<Place> placesOf(const QList<Failover>& failovers) {
    QList<Place> places;
    if (failovers.size() <= kMostBars) {
        for (const Failover& failover : failovers)
            places.append({failover.startedAt, {barOf(failover, places.size() + 1)}});
        return places;
    }
    const qsizetype each = (failovers.size() + kMostGroups - 1) / kMostGroups;
    for (qsizetype first = 0; first < failovers.size(); first += each) {
        const auto count = static_cast<std::size_t>(std::min(each, failovers.size() - first));
        const std::span group(&failovers[first], count);
        Place place{group.front().startedAt, {}};
        for (const bool planned : {false, true}) {
            if (const auto bar = groupBar(group, planned, first + 1))
                place.bars.append(*bar);
        }
        places.append(place);
    }
    return places;
}

/// 1, 2 or 5 times a power of ten, so that four to eight lines make up the height.
double niceStep(double max) {
    const double power = std::pow(10, std::floor(std::log10(max / 4)));
    for (const double factor : {1.0, 2.0, 5.0}) {
        if (max / (factor * power) <= 6)
            return factor * power;
    }
    return 10 * power;
}

Axis axisFor(const ReportModel& report) {
    QList<double> sorted;
    for (const Failover& failover : report.failovers)
        sorted.append(secondsOf(failover));
    std::ranges::sort(sorted);
    const double rto = toSeconds(report.rto);
    const double worst = sorted.isEmpty() ? 0 : sorted.last();
    const double most = sorted.isEmpty() ? 0 : sorted[(sorted.size() - 1) * 8 / 10];
    const double usual = std::max(rto * 1.5, most * 1.2);
    const double top = std::max({worst > kOutlier * usual ? usual * 1.3 : worst * 1.05, rto * 1.2, 0.01});
    const double step = niceStep(top);
    return {std::ceil(top / step) * step, step};
}

void drawGrid(Markup& svg, const Axis& axis) {
    for (int line = 0; line * axis.step <= axis.max * 1.0001; ++line) {
        const double y = axis.y(line * axis.step);
        svg.raw("<line class=\"")
            .raw(line == 0 ? Literal("base") : "grid")
            .raw("\" x1=\"")
            .number(kLeft)
            .raw("\" x2=\"");
        svg.number(kWidth - kRight).raw("\" y1=\"").number(y).raw("\" y2=\"").number(y).raw("\"/>");
        svg.raw("<text class=\"tick end\" x=\"").number(kLeft - 8).raw("\" y=\"").number(y + 4).raw("\">");
        svg.number(line * axis.step, 3).raw("</text>");
    }
    svg.raw("<text class=\"tick end\" x=\"").number(kLeft - 8).raw("\" y=\"").number(kTop - 12).raw("\">s</text>");
}

void drawRto(Markup& svg, const Axis& axis, Duration rto) {
    if (rto <= Duration::zero())
        return;
    const double y = axis.y(toSeconds(rto));
    svg.raw("<line class=\"rto\" x1=\"").number(kLeft).raw("\" x2=\"").number(kWidth - kRight);
    svg.raw("\" y1=\"").number(y).raw("\" y2=\"").number(y).raw("\"/>");
    svg.raw("<text class=\"rto-text\" x=\"").number(kWidth - kRight + 6).raw("\" y=\"").number(y + 4);
    svg.raw("\">RTO ").text(objectiveText(rto)).raw("</text>");
}

void drawBar(Markup& svg, const Axis& axis, const Bar& bar, double x, double width) {
    const double top = axis.top(bar);
    svg.raw("<g><title>").text(bar.tip).raw("</title>");
    svg.raw("<rect class=\"bar ").raw(bar.planned ? Literal("planned") : "unplanned").raw("\" data-seconds=\"");
    svg.number(bar.seconds, 3).raw("\" x=\"").number(x).raw("\" y=\"").number(top).raw("\" width=\"").number(width);
    svg.raw("\" height=\"").number(kTop + kPlotHeight - top).raw("\"/>");
    if (axis.cuts(bar)) {
        // Two slanted strokes in the colour of the ground: the bar goes on beyond the axis.
        for (const double y : {kTop + 16, kTop + 23}) {
            svg.raw("<line class=\"break\" x1=\"").number(x - 3).raw("\" x2=\"").number(x + width + 3);
            svg.raw("\" y1=\"").number(y + 4).raw("\" y2=\"").number(y - 4).raw("\"/>");
        }
    }
    if (bar.median) {
        const double y = axis.y(*bar.median);
        svg.raw("<line class=\"median\" x1=\"").number(x - 1).raw("\" x2=\"").number(x + width + 1);
        svg.raw("\" y1=\"").number(y).raw("\" y2=\"").number(y).raw("\"/>");
    }
    svg.raw("</g>");
}

void drawValue(Markup& svg, const Axis& axis, const Bar& bar, double middle, double rtoY) {
    const double y = axis.top(bar) - 6;
    const bool onLine = y > rtoY - 3 && y < rtoY + 14; // stand above the line then
    svg.raw("<text class=\"value\" x=\"").number(middle).raw("\" y=\"").number(onLine ? rtoY - 5 : y).raw("\">");
    svg.text(lengthText(fromSeconds(bar.seconds))).raw("</text>");
}

void drawTime(Markup& svg, Instant at, double x) {
    svg.raw("<text class=\"tick mid\" x=\"").number(x).raw("\" y=\"").number(kHeight - kBottom + 18).raw("\">");
    svg.text(dayText(at).mid(5)).raw("</text><text class=\"tick mid\" x=\"").number(x).raw("\" y=\"");
    svg.number(kHeight - kBottom + 33).raw("\">").text(clockText(at).left(5)).raw("</text>");
}

} // namespace

Markup recoveryChart(const ReportModel& report) {
    const QList<Place> places = placesOf(report.failovers);
    const Axis axis = axisFor(report);
    const double band = kPlotWidth / static_cast<double>(std::max<qsizetype>(places.size(), 1));
    const bool labelled = band >= 44;
    const auto everyTime = static_cast<qsizetype>(std::max(1.0, std::ceil(58 / band)));

    Markup svg;
    svg.raw("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ").number(kWidth).raw(" ").number(kHeight);
    svg.raw("\" aria-label=\"Recovery times in seconds, oldest first; the figures are in the table of failovers\">");
    drawGrid(svg, axis);
    Markup values;
    for (qsizetype i = 0; i < places.size(); ++i) {
        const Place& place = places[i];
        const double middle = kLeft + (static_cast<double>(i) + 0.5) * band;
        const auto bars = static_cast<double>(place.bars.size());
        const double width = std::min(kWidestBar, band * (bars > 1 ? 0.84 : 0.7) / bars);
        double x = middle - width * bars / 2;
        for (const Bar& bar : place.bars) {
            drawBar(svg, axis, bar, x, width - (bars > 1 ? 1 : 0));
            if (labelled || axis.cuts(bar))
                drawValue(values, axis, bar, x + width / 2, axis.y(toSeconds(report.rto)));
            x += width;
        }
        if (i % everyTime == 0)
            drawTime(svg, place.at, middle);
    }
    drawRto(svg, axis, report.rto);
    return svg.add(values).raw("</svg>");
}

} // namespace mha
