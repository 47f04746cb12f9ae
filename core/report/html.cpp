// SPDX-License-Identifier: GPL-3.0-or-later

// The HTML report: one page, made of the tables and pictures of its neighbours.

#include "report/html_availability.h"
#include "report/html_charts.h"
#include "report/html_style.h"
#include "report/html_tables.h"
#include "report/html_waterfalls.h"
#include "report/html_words.h"
#include "report/report.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

/// More gaps or events than this are folded away.
constexpr qsizetype kFoldedFrom = 25;

Markup head(const ReportModel& report) {
    Markup out;
    out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
            "<meta name=\"color-scheme\" content=\"light dark\">\n"
            // Nothing may be fetched and nothing run, whatever a name in the report may hold.
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
            "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    out.text(u"Failover report: %1, %2 to %3"_s.arg(report.pair, dayText(report.from), dayText(report.until)));
    return out.raw("</title>\n<style>").raw(htmlStyle()).raw("</style>\n</head>\n");
}

Literal summaryTone(const ReportModel& report) {
    if (!report.unended.isEmpty())
        return "bad";
    if (report.covered == Duration::zero())
        return "unknown";
    return report.rtoMissed > 0 || report.unplanned > 0 ? Literal("warn") : "good";
}

Markup banner(const ReportModel& report) {
    Markup out;
    out.raw("<header><p class=\"eyebrow\">Milvus failover report</p><h1>")
        .text(report.pair)
        .raw("</h1><p class=\"facts\">");
    out.text(u"%1 to %2 UTC (%3)"_s.arg(momentText(report.from), momentText(report.until),
                                        lengthText(report.until - report.from)));
    out.raw(" &#183; VIP ").text(report.vip).raw(" &#183; RTO ").text(objectiveText(report.rto)).raw("</p></header>\n");
    out.raw("<p class=\"summary ").raw(summaryTone(report)).raw("\">").text(summaryText(report)).raw("</p>\n");
    return out;
}

Markup tile(Literal label, const QString& figure, const QString& note, Literal tone = "") {
    Markup out;
    out.raw("<div class=\"tile\"><dt>")
        .raw(label)
        .raw("</dt><dd><div class=\"figure ")
        .raw(tone)
        .raw("\">")
        .text(figure);
    return out.raw("</div><div class=\"note\">").text(note).raw("</div></dd></div>\n");
}

QString shareOfPeriod(const ReportModel& report) {
    const Duration period = report.until - report.from;
    if (report.gaps.isEmpty() || period <= Duration::zero())
        return u"of the whole period"_s;
    return u"of the %1 that were watched, %2 of the period"_s.arg(
        lengthText(report.covered), percentText(toSeconds(report.covered) / toSeconds(period)));
}

QString outageNote(const ReportModel& report) {
    const auto quiet =
        std::ranges::count_if(report.failovers, [](const Failover& failover) { return !hadOutage(failover); });
    const auto planned = std::ranges::count_if(
        report.failovers, [](const Failover& failover) { return hadOutage(failover) && failover.planned(); });
    QString note = u"%1 unplanned, %2 planned"_s.arg(outageCount(report) - planned).arg(planned);
    if (outageCount(report) > 0)
        note += u"; %1 without service"_s.arg(lengthText(report.outage));
    return quiet > 0 ? note + u". %1 without an outage"_s.arg(counted(quiet, u"move"_s, u"moves"_s)) : note;
}

Markup tiles(const ReportModel& report) {
    const auto measured = std::ranges::count_if(report.failovers, hadOutage);
    const QString rto = objectiveText(report.rto);
    Markup out;
    out.raw("<dl class=\"tiles\">\n");
    out.add(tile("Availability", report.availability ? percentText(*report.availability) : u"not known"_s,
                 report.availability ? shareOfPeriod(report) : u"nobody watched"_s));
    const bool unseen = report.covered == Duration::zero() && report.failovers.isEmpty();
    out.add(unseen ? tile("Outages", u"not known"_s, u"nobody watched"_s)
                   : tile("Outages", QString::number(outageCount(report)), outageNote(report)));
    if (measured > 0) {
        out.add(tile("RTO met", u"%1 of %2"_s.arg(measured - report.rtoMissed).arg(measured),
                     report.rtoMissed > 0 ? u"%1 took longer than %2"_s.arg(QString::number(report.rtoMissed), rto)
                                          : u"within %1"_s.arg(rto),
                     report.rtoMissed > 0 ? Literal("bad") : "good"));
    } else {
        out.add(tile("RTO met", u"–"_s, u"no outage to measure; the RTO is %1"_s.arg(rto)));
    }
    const auto recovery = [](const std::optional<Duration>& value) { return value ? lengthText(*value) : u"–"_s; };
    out.add(tile("Median recovery", recovery(report.median),
                 measured > 0 ? u"of %1"_s.arg(counted(measured, u"outage"_s, u"outages"_s)) : u"no outage"_s));
    out.add(tile("Worst recovery", recovery(report.worst),
                 !report.worst                ? u"no outage"_s
                 : *report.worst > report.rto ? u"longer than the RTO of %1"_s.arg(rto)
                                              : u"within the RTO of %1"_s.arg(rto),
                 report.worst && *report.worst > report.rto ? Literal("bad") : ""));
    return out.raw("</dl>\n");
}

Markup legendOfKinds() {
    return Markup().raw("<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><rect class=\"unplanned\" x=\"1\" y=\"1\" "
                        "width=\"16\" height=\"10\"/>"
                        "</svg>unplanned</li><li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><rect "
                        "class=\"planned\" x=\"1\" y=\"1\" "
                        "width=\"16\" height=\"10\"/></svg>planned</li>");
}

Markup periodSection(const ReportModel& report) {
    Markup out;
    out.raw(
        "<section class=\"whole\"><h2>The period</h2><ul class=\"legend\">"
        "<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><rect class=\"watched\" width=\"18\" "
        "height=\"12\"/></svg>watched</li>"
        "<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><rect class=\"gap\" width=\"18\" height=\"12\"/></svg>not "
        "watched</li>"
        "<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><rect class=\"tick-unplanned\" x=\"8\" width=\"3\" "
        "height=\"12\"/>"
        "</svg>unplanned</li>"
        "<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><rect class=\"tick-planned\" x=\"8\" y=\"6\" width=\"3\" "
        "height=\"6\"/></svg>planned (lower half)</li></ul>");
    out.add(periodStrip(report)).raw("<p class=\"ends\"><span>").text(momentText(report.from)).raw("</span><span>");
    return out.text(momentText(report.until)).raw("</span></p></section>\n");
}

Markup recoverySection(const ReportModel& report) {
    Markup out;
    out.raw("<section class=\"whole\"><h2>Recovery times</h2>");
    if (report.failovers.isEmpty())
        return out.raw("<p class=\"lead\">No failover and no switchover was seen in this period.</p></section>\n");
    const bool grouped = report.failovers.size() > kMostBars;
    out.raw("<p class=\"lead\">From the last good answer through the VIP to the next, in seconds, oldest first.");
    if (grouped) {
        out.text(
            u" Of the %1 failovers, neighbours share a bar: its height is the worst of them, the line across it their "
            "median."_s.arg(report.failovers.size()));
    }
    out.raw("</p><ul class=\"legend\">").add(legendOfKinds());
    out.raw(
        "<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><line class=\"rto\" x2=\"18\" y1=\"6\" y2=\"6\"/></svg>");
    out.raw("recovery time objective (RTO)</li>");
    if (grouped) {
        out.raw("<li><svg viewBox=\"0 0 18 12\" aria-hidden=\"true\"><line class=\"median\" x2=\"18\" y1=\"6\" "
                "y2=\"6\"/></svg>"
                "median</li>");
    }
    out.raw("</ul><div class=\"scroll\">").add(recoveryChart(report)).raw("</div>");
    return out.add(percentileTable(report)).raw("</section>\n");
}

Markup phaseSection(const ReportModel& report) {
    const Markup chart = phaseChart(report);
    Markup out;
    if (chart.isEmpty())
        return out;
    out.raw("<section class=\"whole\"><h2>Where the time goes</h2><p class=\"lead\">The median of each phase of an "
            "outage.</p>"
            "<ul class=\"legend\">");
    return out.add(legendOfKinds()).raw("</ul><div class=\"scroll\">").add(chart).raw("</div></section>\n");
}

Markup folded(const Markup& table, bool fold, const QString& label) {
    if (!fold)
        return table;
    return Markup().raw("<details><summary>").text(label).raw("</summary>").add(table).raw("</details>");
}

Markup tableSections(const ReportModel& report) {
    Markup out;
    if (!report.failovers.isEmpty()) {
        out.raw("<section><h2>Failovers and switchovers</h2>").add(failoverTable(report)).raw("</section>\n");
    }
    out.raw("<section><h2>Operator actions</h2>");
    if (report.actions.isEmpty())
        out.raw("<p class=\"lead\">No operator acted on the pair through milvus-ha in this period.</p>");
    out.add(actionList(report)).raw("</section>\n<section><h2>Gaps</h2>");
    if (report.gaps.isEmpty()) {
        out.raw("<p class=\"lead\">None: the whole period was watched.</p>");
    } else {
        out.raw("<p class=\"lead\">In these times no recorder saw the pair, nor do the logs of both nodes tell. They "
                "count neither as available nor as an "
                "outage.</p>");
        out.add(folded(gapTable(report), report.gaps.size() > kFoldedFrom, u"%1 gaps"_s.arg(report.gaps.size())));
    }
    out.raw("</section>\n<section><h2>Events</h2>");
    if (report.events.isEmpty())
        return out.raw("<p class=\"lead\">None.</p></section>\n");
    if (report.events.size() > kMostEvents) {
        out.raw("<p class=\"lead\">")
            .text(
                u"The newest %1 of %2. The report in JSON has them all."_s.arg(kMostEvents).arg(report.events.size()));
        out.raw("</p>");
    }
    out.add(folded(eventTable(report), report.events.size() > kFoldedFrom,
                   counted(std::min(report.events.size(), kMostEvents), u"event"_s, u"events"_s)));
    return out.raw("</section>\n");
}

QString errorFigures(const ReportModel& report) {
    QList<Duration> errors;
    for (const Failover& failover : report.failovers) {
        if (hadOutage(failover))
            errors.append(failover.error);
    }
    if (errors.isEmpty())
        return {};
    std::ranges::sort(errors);
    return u" In this period it was %1 in the median and %2 at worst."_s.arg(errorText(errors[errors.size() / 2]),
                                                                             errorText(errors.last()));
}

Markup methodSection(const ReportModel& report) {
    Markup out;
    out.raw(
        "<section class=\"method\"><h2>How this was measured</h2><dl>"
        "<dt>Recovery time</dt><dd>milvus-ha asks Milvus through the virtual IP many times a second, as a client "
        "would. "
        "An outage lasts from the last good answer to the next good one. A single lost packet is no outage. It is seen "
        "from where the recorder runs: a client elsewhere in the network may have seen a little more or less.</dd>"
        "<dt>Error</dt><dd>The true outage began after the last good answer and before the first question that stayed "
        "unanswered, and it ended after the last such question; the figure behind ± is how far apart these are.");
    out.text(errorFigures(report));
    out.raw(
        "</dd><dt>Phases</dt><dd>Detection: until keepalived gives the virtual IP up, or the loss is known. Election: "
        "until "
        "the other node is master. Address: until it has the virtual IP. Container: until Milvus is started. Serving: "
        "until Milvus answers. Times of the nodes are converted to the recorder's clock. Where a phase could not be "
        "seen, "
        "its time is part of the next.</dd>"
        "<dt>Availability</dt><dd>Time with service, as a share of the time in which a recorder watched or which was "
        "rebuilt from the logs of both nodes; gaps are left out, not guessed. Planned and unplanned outages both "
        "count, a moment in two outages counts once. An outage "
        "that was not seen to end counts for as long as it was watched.</dd>"
        "<dt>Error budget</dt><dd>What the target of availability allows of the time that was watched; a day that was "
        "watched by half has half a day's budget.</dd>"
        "<dt>Median, worst, RTO</dt><dd>Over all outages that touch the period, planned ones included, each with its "
        "whole "
        "length. A move of the virtual IP that no client noticed has no recovery time and is not among them.</dd>"
        "<dt>Reconstructed</dt><dd>Nobody watched; the times were read afterwards from what the nodes had logged, and "
        "are "
        "less exact. The time around them counts towards availability as far as the logs of both nodes "
        "reach.</dd></dl></section>\n");
    return out;
}

} // namespace

QByteArray toHtml(const ReportModel& report) {
    Markup out;
    out.add(head(report)).raw("<body>\n").add(chartPatterns()).raw("<main>\n").add(banner(report)).add(tiles(report));
    out.add(periodSection(report)).add(recoverySection(report)).add(availabilitySection(report));
    out.add(phaseSection(report)).add(waterfallSection(report)).add(tableSections(report));
    out.add(methodSection(report)).add(waterfallAppendix(report)).raw("<footer>Made ").text(momentText(report.madeAt));
    out.raw(" UTC by milvus-ha ").text(QStringLiteral(MILVUS_HA_VERSION)).raw(". All times are UTC.</footer>\n");
    return out.raw("</main>\n</body>\n</html>\n").toUtf8();
}

} // namespace mha
