// SPDX-License-Identifier: GPL-3.0-or-later

// The HTML report: one page, made of the tables and pictures of its neighbours.

#include "report/html_availability.h"
#include "report/html_charts.h"
#include "report/html_style.h"
#include "report/html_tables.h"
#include "report/html_waterfalls.h"
#include "report/html_words.h"
#include "report/key_figures.h"
#include "report/method.h"
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

Literal toneClass(KeyFigure::Tone tone) {
    switch (tone) {
    case KeyFigure::Tone::Plain:
        return "";
    case KeyFigure::Tone::Good:
        return "good";
    case KeyFigure::Tone::Bad:
        return "bad";
    }
    return "";
}

Markup tiles(const ReportModel& report) {
    Markup out;
    out.raw("<dl class=\"tiles\">\n");
    for (const KeyFigure& tile : keyFigures(report)) {
        out.raw("<div class=\"tile\"><dt>").text(tile.label).raw("</dt><dd><div class=\"figure ");
        out.raw(toneClass(tile.tone)).raw("\">").text(tile.figure).raw("</div><div class=\"note\">").text(tile.note);
        out.raw("</div></dd></div>\n");
    }
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
    out.raw("<p class=\"lead\">How long the VIP gave no good answer, in seconds, oldest first.");
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

Markup methodSection(const ReportModel& report) {
    Markup out;
    out.raw("<section class=\"method\"><h2>How this was measured</h2><dl>");
    for (const auto& [term, text] : methodOf(report))
        out.raw("<dt>").text(term).raw("</dt><dd>").text(text).raw("</dd>");
    return out.raw("</dl></section>\n");
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
