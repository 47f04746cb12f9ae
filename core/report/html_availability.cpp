// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_availability.h"

#include "report/availability.h"
#include "report/html_words.h"
#include "report/svg.h"

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr double kWidth = 960;
constexpr double kHeight = 240;
/// More rows than this are folded away.
constexpr qsizetype kFoldedFrom = 12;

Markup cell(const QString& text, Literal type = "num") {
    return Markup().raw("<td class=\"").raw(type).raw("\">").text(text).raw("</td>");
}

Markup spanRow(const AvailabilitySpan& span, CalendarUnit unit) {
    Markup row;
    row.raw("<tr>").add(cell(spanName(span, unit, QTimeZone::utc()), "nowrap"));
    if (!span.availability)
        return row.raw("<td class=\"muted\" colspan=\"5\">not watched</td></tr>\n");
    row.add(cell(percentText(*span.availability))).add(cell(lengthText(span.outage)));
    row.add(cell(lengthText(span.plannedOutage))).add(cell(lengthText(span.budget)));
    if (span.kept()) {
        row.add(cell(lengthText(span.budget - span.outage) + u" left"_s));
    } else {
        row.raw("<td class=\"num\"><span class=\"badge bad\">")
            .text(u"over by %1"_s.arg(lengthText(span.outage - span.budget)))
            .raw("</span></td>");
    }
    return row.raw("</tr>\n");
}

Markup spanTable(const QList<AvailabilitySpan>& spans, CalendarUnit unit) {
    Markup table;
    table.raw("<table><thead><tr><th>When (UTC)</th><th class=\"num\">Available</th><th class=\"num\">Without "
              "service</th><th class=\"num\">of it planned</th><th class=\"num\">Error budget</th><th "
              "class=\"num\">Budget left</th></tr></thead><tbody>\n");
    for (const AvailabilitySpan& span : spans)
        table.add(spanRow(span, unit));
    return table.raw("</tbody></table>");
}

Markup percentileRow(const QString& name, const std::optional<Percentiles>& figures) {
    Markup row;
    if (!figures)
        return row;
    row.raw("<tr>").add(cell(name, "nowrap")).add(cell(QString::number(figures->count)));
    for (const Duration each : {figures->p50, figures->p95, figures->p99, figures->worst})
        row.add(cell(lengthText(each)));
    return row.raw("</tr>\n");
}

} // namespace

Markup availabilitySection(const ReportModel& report) {
    const AvailabilitySpan whole = availabilityOf(report);
    Markup out;
    if (!whole.availability)
        return out;
    const CalendarUnit unit = unitFor(report.until - report.from);
    const QList<AvailabilitySpan> spans = availabilityBy(report, unit, QTimeZone::utc());
    out.raw("<section><h2>Availability and error budget</h2><p class=\"lead\">");
    out.text(budgetText(report, whole));
    out.raw("</p><div class=\"scroll\">").add(toSvg(availabilityChart(spans, unit, QTimeZone::utc(), kWidth, kHeight)));
    out.raw("</div>");
    if (spans.size() <= kFoldedFrom)
        return out.add(spanTable(spans, unit)).raw("</section>\n");
    return out.raw("<details><summary>The figures</summary>").add(spanTable(spans, unit)).raw("</details></section>\n");
}

Markup percentileTable(const ReportModel& report) {
    Markup table;
    if (!report.unplannedRecovery && !report.plannedRecovery)
        return table;
    table.raw("<table class=\"percentiles\"><thead><tr><th>Recovery time</th><th class=\"num\">Outages</th><th "
              "class=\"num\">p50</th><th class=\"num\">p95</th><th class=\"num\">p99</th><th "
              "class=\"num\">Worst</th></tr></thead><tbody>\n");
    table.add(percentileRow(u"Unplanned"_s, report.unplannedRecovery));
    return table.add(percentileRow(u"Planned"_s, report.plannedRecovery)).raw("</tbody></table>");
}

} // namespace mha
