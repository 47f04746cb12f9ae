// SPDX-License-Identifier: GPL-3.0-or-later
#include "print/report_pdf.h"

#include "print/paper.h"
#include "report/availability.h"
#include "report/html_tables.h"
#include "report/html_waterfalls.h"
#include "report/html_words.h"
#include "report/key_figures.h"
#include "report/method.h"
#include "report/recovery_bars.h"
#include "report/waterfall.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr double kChartHeight = 190;
/// Spans of the availability that are told in a table; the chart has them all.
constexpr qsizetype kMostSpans = 60;

void addHead(Paper& paper, const ReportModel& report) {
    paper.add(Paper::Text::Eyebrow, u"MILVUS FAILOVER REPORT"_s);
    paper.add(Paper::Text::Title, report.pair);
    paper.add(Paper::Text::Muted, u"%1 to %2 UTC (%3) · VIP %4 · RTO %5"_s.arg(
                                      momentText(report.from), momentText(report.until),
                                      lengthText(report.until - report.from), report.vip, objectiveText(report.rto)));
    paper.add(Paper::Text::Body, summaryText(report));
    QList<QStringList> figures;
    for (const KeyFigure& each : keyFigures(report))
        figures.append({each.label, each.figure, each.note});
    paper.addFigures(figures);
}

void addRecovery(Paper& paper, const ReportModel& report) {
    paper.add(Paper::Text::Heading, u"Recovery times"_s);
    if (report.failovers.isEmpty()) {
        paper.add(Paper::Text::Muted, u"No failover and no switchover was seen in this period."_s);
        return;
    }
    paper.add(Paper::Text::Muted,
              u"From the last good answer through the VIP to the next, by phase, oldest first. Where they are many, "
              "neighbours share a bar that is as high as the worst of them."_s);
    const QList<QPair<Ink, QString>> keys{{Ink::Detection, u"detection"_s}, {Ink::Election, u"election"_s},
                                          {Ink::Address, u"address"_s},     {Ink::Container, u"container"_s},
                                          {Ink::Serving, u"serving"_s},     {Ink::Rto, u"recovery time objective"_s}};
    QList<QStringList> percentiles;
    for (const bool planned : {false, true}) {
        QList<Failover> part;
        std::ranges::copy_if(report.failovers, std::back_inserter(part),
                             [&](const Failover& failover) { return failover.planned() == planned; });
        if (part.isEmpty())
            continue;
        const QString name = planned ? u"Planned"_s : u"Unplanned"_s;
        const RecoveryBars bars(part, report.rto, QTimeZone::utc());
        paper.add(bars.draw(bars.all(paper.width()), paper.width(), kChartHeight, 0), name, keys);
        if (const auto& of = bars.percentiles()) {
            percentiles.append({name, QString::number(of->count), lengthText(of->p50), lengthText(of->p95),
                                lengthText(of->p99), lengthText(of->worst)});
        }
    }
    if (!percentiles.isEmpty()) {
        paper.add({{u"Recovery time"_s, 2},
                   {u"Outages"_s, 1, true},
                   {u"p50"_s, 1, true},
                   {u"p95"_s, 1, true},
                   {u"p99"_s, 1, true},
                   {u"Worst"_s, 1, true}},
                  percentiles);
    }
}

void addAvailability(Paper& paper, const ReportModel& report) {
    const AvailabilitySpan whole = availabilityOf(report);
    if (!whole.availability)
        return;
    const CalendarUnit unit = unitFor(report.until - report.from);
    const QList<AvailabilitySpan> spans = availabilityBy(report, unit, QTimeZone::utc());
    paper.add(Paper::Text::Heading, u"Availability and error budget"_s);
    paper.add(Paper::Text::Muted, budgetText(report, whole));
    paper.add(availabilityChart(spans, unit, QTimeZone::utc(), paper.width(), kChartHeight), {},
              {{Ink::Unplanned, u"unplanned"_s},
               {Ink::Planned, u"planned"_s},
               {Ink::Budget, u"error budget"_s},
               {Ink::Gap, u"not watched"_s}});
    QList<QStringList> rows;
    for (const AvailabilitySpan& span : spans.last(std::min(spans.size(), kMostSpans))) {
        const QString name = spanName(span, unit, QTimeZone::utc());
        if (!span.availability)
            continue; // the chart and the list of gaps have them
        rows.append({name, percentText(*span.availability), lengthText(span.outage), lengthText(span.plannedOutage),
                     lengthText(span.budget),
                     span.kept() ? u"%1 left"_s.arg(lengthText(span.budget - span.outage))
                                 : u"over by %1"_s.arg(lengthText(span.outage - span.budget))});
    }
    paper.add({{u"When (UTC)"_s, 2},
               {u"Available"_s, 2, true},
               {u"Without service"_s, 2, true},
               {u"of it planned"_s, 2, true},
               {u"Error budget"_s, 2, true},
               {u"Budget left"_s, 2, true}},
              rows);
}

void addWaterfalls(Paper& paper, const ReportModel& report) {
    const QList<qsizetype> front = frontWaterfalls(report);
    if (front.isEmpty())
        return;
    paper.add(Paper::Text::Heading, u"The worst and the latest, phase by phase"_s);
    paper.add(Paper::Text::Muted, u"Each bar is a phase on one time axis for both nodes, the thin line at its end its "
                                  "error. Hollow bars ran beside the others. Diamonds are moves of the VIP and "
                                  "events."_s);
    for (const qsizetype index : front) {
        const Failover& failover = report.failovers.at(index);
        paper.add(waterfall(failover, eventsAround(report, failover), report.rto, QTimeZone::utc(), paper.width()),
                  waterfallTitle(report, index));
    }
}

QString byText(const Failover& failover) {
    if (!failover.planned())
        return triggerWords(failover.trigger);
    const QString by = failover.operatorName.isEmpty() ? u"operator not known"_s : failover.operatorName;
    return failover.reason.isEmpty() ? by : by + u'\n' + failover.reason;
}

void addFailovers(Paper& paper, const ReportModel& report) {
    if (report.failovers.isEmpty())
        return;
    QList<QStringList> rows;
    for (const Failover& failover : report.failovers) {
        QString kind = kindText(failover) + (failover.planned() ? u", planned"_s : QString());
        if (failover.source != u"observed"_s)
            kind += u'\n' + failover.source;
        QString recovery = u"no outage"_s;
        if (hadOutage(failover)) {
            recovery = lengthText(failover.recovery()) + u'\n' + errorText(failover.error);
            if (missedRto(failover, report.rto))
                recovery += u"\nover RTO"_s;
        }
        rows.append({QString::number(rows.size() + 1), momentText(failover.startedAt), kind,
                     wayText(failover.from, failover.to), byText(failover), recovery});
    }
    paper.add(Paper::Text::Heading, u"Failovers and switchovers"_s);
    paper.add({{u"No."_s, 1, true},
               {u"Begin (UTC)"_s, 4},
               {u"Kind"_s, 4},
               {u"Way"_s, 4},
               {u"Why"_s, 6},
               {u"Recovery"_s, 2, true}},
              rows);
}

void addActions(Paper& paper, const ReportModel& report) {
    paper.add(Paper::Text::Heading, u"Operator actions"_s);
    if (report.actions.isEmpty()) {
        paper.add(Paper::Text::Muted, u"No operator acted on the pair through milvus-ha in this period."_s);
        return;
    }
    QList<QStringList> rows;
    for (const ActionRecord& action : report.actions) {
        QString what = action.kind;
        if (!action.text.isEmpty())
            what += u'\n' + action.text;
        QString by = action.owner;
        if (!action.reason.isEmpty())
            by += u'\n' + action.reason;
        rows.append({momentText(action.startedAt), what, wayText(action.from, action.to), by,
                     outcomeName(action.outcome), action.outage ? lengthText(*action.outage) : u"–"_s});
    }
    paper.add({{u"Begin (UTC)"_s, 4},
               {u"Action"_s, 6},
               {u"Way"_s, 4},
               {u"By, and why"_s, 4},
               {u"Outcome"_s, 3},
               {u"Outage"_s, 2, true}},
              rows);
}

void addGaps(Paper& paper, const ReportModel& report) {
    paper.add(Paper::Text::Heading, u"Gaps"_s);
    if (report.gaps.isEmpty()) {
        paper.add(Paper::Text::Muted, u"None: the whole period was watched."_s);
        return;
    }
    paper.add(Paper::Text::Muted, u"In these times no recorder saw the pair, nor do the logs of both nodes tell. They "
                                  "count neither as available nor as an outage."_s);
    QList<QStringList> rows;
    for (const auto& [from, until] : report.gaps)
        rows.append({momentText(from), momentText(until), lengthText(until - from)});
    paper.add({{u"From (UTC)"_s, 2}, {u"Until (UTC)"_s, 2}, {u"Length"_s, 1, true}}, rows);
}

void addEvents(Paper& paper, const ReportModel& report) {
    paper.add(Paper::Text::Heading, u"Events"_s);
    if (report.events.isEmpty()) {
        paper.add(Paper::Text::Muted, u"None."_s);
        return;
    }
    if (report.events.size() > kMostEvents) {
        paper.add(
            Paper::Text::Muted,
            u"The newest %1 of %2. The report in JSON has them all."_s.arg(kMostEvents).arg(report.events.size()));
    }
    QList<QStringList> rows;
    for (const Event& event : report.events.last(std::min(report.events.size(), kMostEvents))) {
        rows.append({dayText(event.at) + u' ' + toIso(event.at).mid(11, 12), severityName(event.severity),
                     event.node.isEmpty() ? u"the pair"_s : event.node, event.text});
    }
    paper.add({{u"When (UTC)"_s, 5}, {u"Severity"_s, 2}, {u"Of"_s, 2}, {u"What"_s, 12}}, rows);
}

} // namespace

void writeReport(Paper& paper, const ReportModel& report) {
    addHead(paper, report);
    addRecovery(paper, report);
    addAvailability(paper, report);
    addWaterfalls(paper, report);
    addFailovers(paper, report);
    addActions(paper, report);
    addGaps(paper, report);
    addEvents(paper, report);
    paper.add(Paper::Text::Heading, u"How this was measured"_s);
    for (const auto& [term, text] : methodOf(report)) {
        paper.add(Paper::Text::Strong, term);
        paper.add(Paper::Text::Muted, text);
    }
}

QByteArray toPdf(const ReportModel& report) {
    Paper paper(u"%1 · made %2 UTC by milvus-ha %3 · all times are UTC"_s.arg(report.pair, momentText(report.madeAt),
                                                                              QStringLiteral(MILVUS_HA_VERSION)));
    writeReport(paper, report);
    return paper.pdf();
}

} // namespace mha
