// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html_waterfalls.h"

#include "report/html_words.h"
#include "report/svg.h"
#include "report/waterfall.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

constexpr double kWidth = 960;

bool canFall(const Failover& failover) {
    return hadOutage(failover) && !failover.phases.isEmpty();
}

Markup figure(const ReportModel& report, qsizetype index) {
    const Failover& failover = report.failovers[index];
    Markup out;
    out.raw("<figure class=\"whole\"><figcaption>").text(waterfallTitle(report, index));
    out.raw(missedRto(failover, report.rto) ? Literal(" <span class=\"badge bad\">over RTO</span>")
                                            : " <span class=\"badge good\">within RTO</span>");
    if (failover.source != u"observed"_s)
        out.raw(" <span class=\"badge\">").text(failover.source).raw("</span>");
    out.raw("</figcaption><div class=\"scroll\">");
    out.add(toSvg(waterfall(failover, eventsAround(report, failover), report.rto, QTimeZone::utc(), kWidth)));
    return out.raw("</div></figure>\n");
}

} // namespace

QString waterfallTitle(const ReportModel& report, qsizetype index) {
    const Failover& failover = report.failovers[index];
    return u"No. %1, %2 UTC: %3 %4, %5, %6 %7"_s.arg(QString::number(index + 1), momentText(failover.startedAt),
                                                     kindText(failover), wayText(failover.from, failover.to),
                                                     failover.planned() ? u"planned"_s : triggerWords(failover.trigger),
                                                     lengthText(failover.recovery()), errorText(failover.error));
}

QList<qsizetype> frontWaterfalls(const ReportModel& report) {
    QList<qsizetype> all;
    for (qsizetype i = 0; i < report.failovers.size(); ++i) {
        if (canFall(report.failovers[i]))
            all.append(i);
    }
    QList<qsizetype> worst = all;
    std::ranges::stable_sort(worst, std::ranges::greater{},
                             [&](qsizetype i) { return report.failovers[i].recovery(); });
    QList<qsizetype> front = worst.first(std::min(kFrontWorst, worst.size()));
    qsizetype latest = 0;
    for (auto i = all.crbegin(); i != all.crend() && latest < kFrontLatest; ++i, ++latest) {
        if (!front.contains(*i))
            front.append(*i);
    }
    return front;
}

QList<qsizetype> appendixWaterfalls(const ReportModel& report) {
    QList<qsizetype> all;
    for (qsizetype i = report.failovers.size() - 1; i >= 0 && all.size() < kMostWaterfalls; --i) {
        if (canFall(report.failovers[i]))
            all.append(i);
    }
    return all;
}

QList<Event> eventsAround(const ReportModel& report, const Failover& failover) {
    const auto first = std::ranges::lower_bound(report.events, failover.startedAt - kMomentBefore, {}, &Event::at);
    const auto last = std::ranges::upper_bound(report.events, failover.endedAt + kMomentAfter, {}, &Event::at);
    return first < last ? QList<Event>(first, last) : QList<Event>();
}

Markup waterfallSection(const ReportModel& report) {
    Markup out;
    const QList<qsizetype> front = frontWaterfalls(report);
    if (front.isEmpty())
        return out;
    out.raw(
        "<section><h2>The worst and the latest, phase by phase</h2><p class=\"lead\">Each bar is a phase on one time "
        "axis for both nodes, the thin line at its end its error. Hollow bars ran beside the others. Diamonds are "
        "moves of the VIP and events; pointing at a mark tells it.</p>");
    for (const qsizetype index : front)
        out.add(figure(report, index));
    return out.raw("</section>\n");
}

Markup waterfallAppendix(const ReportModel& report) {
    Markup out;
    const QList<qsizetype> all = appendixWaterfalls(report);
    if (all.isEmpty())
        return out;
    out.raw("<section><h2>Appendix: every outage, phase by phase</h2>");
    const auto possible = std::ranges::count_if(report.failovers, canFall);
    if (possible > all.size()) {
        out.raw("<p class=\"lead\">")
            .text(u"The newest %1 of %2. The report in JSON has the phases of all."_s.arg(all.size()).arg(possible))
            .raw("</p>");
    }
    out.raw("<details><summary>").text(counted(all.size(), u"outage"_s, u"outages"_s)).raw("</summary>");
    for (const qsizetype index : all)
        out.add(figure(report, index));
    return out.raw("</details></section>\n");
}

} // namespace mha
