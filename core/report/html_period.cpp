// SPDX-License-Identifier: GPL-3.0-or-later

// The strip of the period and the pictures of phases.

#include "report/html_charts.h"
#include "report/html_words.h"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr const char* kPhases[] = {"detection", "election", "address", "container", "serving"};
constexpr int kUnknownPhase = static_cast<int>(std::size(kPhases));

constexpr double kStripWidth = 960;
constexpr double kStripHeight = 34;
/// An outage of seconds in a month would not be seen at its true width; the many of a bad month must not fill the
/// strip.
constexpr double kThickTick = 2;
constexpr double kThinTick = 0.3;
constexpr double kTicksTogether = 240;

double shareOf(Instant at, const ReportModel& report) {
    const double whole = toSeconds(report.until - report.from);
    return whole <= 0 ? 0 : std::clamp(toSeconds(at - report.from) / whole, 0.0, 1.0);
}

double leastWidth(const ReportModel& report) {
    const auto count = static_cast<double>(std::max<qsizetype>(report.failovers.size(), 1));
    return std::clamp(kTicksTogether / count, kThinTick, kThickTick);
}

void mark(Markup& svg, const ReportModel& report, Instant from, Instant until, double top, double height, Literal type,
          const QString& tip) {
    const double left = shareOf(from, report) * kStripWidth;
    const double width = std::max(shareOf(until, report) * kStripWidth - left, leastWidth(report));
    svg.raw("<rect class=\"").raw(type).raw("\" x=\"").number(std::min(left, kStripWidth - width)).raw("\" y=\"");
    svg.number(top).raw("\" width=\"").number(width).raw("\" height=\"").number(height).raw("\"><title>").text(tip);
    svg.raw("</title></rect>");
}

std::optional<Duration> medianOf(const QList<Failover>& failovers, const char* name, bool planned) {
    QList<Duration> durations;
    for (const Failover& failover : failovers) {
        if (failover.planned() != planned)
            continue;
        for (const Phase& phase : failover.phases) {
            if (phase.name == QLatin1String(name))
                durations.append(phase.duration);
        }
    }
    if (durations.isEmpty())
        return std::nullopt;
    std::ranges::sort(durations);
    return durations[durations.size() / 2];
}

} // namespace

int phaseColour(const QString& name) {
    const auto found = std::ranges::find_if(kPhases, [&](const char* phase) { return name == QLatin1String(phase); });
    return found == std::end(kPhases) ? kUnknownPhase : static_cast<int>(found - std::begin(kPhases));
}

Markup chartPatterns() {
    Markup svg;
    svg.raw(
        "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
        "<pattern id=\"hatch\" patternUnits=\"userSpaceOnUse\" width=\"6\" height=\"6\" "
        "patternTransform=\"rotate(45)\">"
        "<rect class=\"hatch-ground\" width=\"6\" height=\"6\"/><rect class=\"hatch-line\" width=\"2.4\" height=\"6\"/>"
        "</pattern>"
        "<pattern id=\"nothing\" patternUnits=\"userSpaceOnUse\" width=\"7\" height=\"7\" "
        "patternTransform=\"rotate(-45)\">"
        "<rect class=\"gap-ground\" width=\"7\" height=\"7\"/><rect class=\"gap-line\" width=\"1.5\" height=\"7\"/>"
        "</pattern></defs></svg>\n");
    return svg;
}

Markup periodStrip(const ReportModel& report) {
    Markup svg;
    svg.raw("<svg class=\"strip\" role=\"img\" preserveAspectRatio=\"none\" viewBox=\"0 0 ").number(kStripWidth);
    svg.raw(" ").number(kStripHeight).raw("\" aria-label=\"The period: watched, gaps and outages\">");
    svg.raw("<rect class=\"watched\" width=\"")
        .number(kStripWidth)
        .raw("\" height=\"")
        .number(kStripHeight)
        .raw("\"/>");
    for (const auto& [from, until] : report.gaps) {
        mark(svg, report, from, until, 0, kStripHeight, "gap",
             u"Not watched: %1 UTC, for %2"_s.arg(momentText(from), lengthText(until - from)));
    }
    for (const Failover& failover : report.failovers) {
        const QString tip = u"%1 UTC: %2, %3"_s.arg(momentText(failover.startedAt), kindText(failover),
                                                    lengthText(failover.recovery()));
        if (failover.planned()) {
            mark(svg, report, failover.startedAt, failover.endedAt, kStripHeight / 2, kStripHeight / 2, "tick-planned",
                 tip);
        } else {
            mark(svg, report, failover.startedAt, failover.endedAt, 0, kStripHeight, "tick-unplanned", tip);
        }
    }
    for (const auto& [from, until] : report.unended) {
        mark(svg, report, from, until, 0, kStripHeight, "tick-unplanned",
             u"No answer through the VIP since %1 UTC"_s.arg(momentText(from)));
    }
    return svg.raw("</svg>");
}

Markup phaseChart(const ReportModel& report) {
    Duration most{};
    for (const char* phase : kPhases) {
        for (const bool planned : {false, true})
            most = std::max(most, medianOf(report.failovers, phase, planned).value_or(Duration::zero()));
    }
    if (most == Duration::zero())
        return {};
    constexpr double kLabel = 96;
    constexpr double kBars = 700;
    Markup svg;
    double y = 4;
    Markup rows;
    for (const char* phase : kPhases) {
        const double begin = y;
        for (const bool planned : {false, true}) {
            const auto median = medianOf(report.failovers, phase, planned);
            if (!median)
                continue;
            const double width = std::max(1.5, toSeconds(*median) / toSeconds(most) * kBars);
            rows.raw("<rect class=\"bar ")
                .raw(planned ? Literal("planned") : "unplanned")
                .raw("\" x=\"")
                .number(kLabel);
            rows.raw("\" y=\"").number(y).raw("\" width=\"").number(width).raw("\" height=\"12\"/>");
            rows.raw("<text class=\"value begin\" x=\"").number(kLabel + width + 8).raw("\" y=\"").number(y + 10);
            rows.raw("\">").text(lengthText(*median)).raw("</text>");
            y += 16;
        }
        if (y == begin)
            continue;
        rows.raw("<text class=\"label end\" x=\"").number(kLabel - 12).raw("\" y=\"").number((begin + y) / 2 + 2);
        rows.raw("\">").text(QString::fromLatin1(phase)).raw("</text>");
        y += 10;
    }
    svg.raw("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ").number(kStripWidth).raw(" ").number(y);
    return svg.raw("\" aria-label=\"Median duration of each phase\">").add(rows).raw("</svg>");
}

Markup phaseBar(const Failover& failover) {
    const double whole = toSeconds(failover.recovery());
    if (failover.phases.isEmpty() || whole <= 0)
        return {};
    Markup svg;
    svg.raw("<svg class=\"phases\" preserveAspectRatio=\"none\" viewBox=\"0 0 100 8\" aria-hidden=\"true\">");
    for (const Phase& phase : failover.phases) {
        const double left = std::clamp(toSeconds(phase.start) / whole, 0.0, 1.0) * 100;
        const double width = std::clamp(toSeconds(phase.duration) / whole * 100, 0.0, 100 - left);
        svg.raw("<rect class=\"phase").number(qint64{phaseColour(phase.name)}).raw("\" x=\"").number(left);
        svg.raw("\" width=\"").number(width).raw("\" height=\"8\"/>");
    }
    return svg.raw("</svg>");
}

} // namespace mha
