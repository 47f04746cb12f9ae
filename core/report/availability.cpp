// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/availability.h"

#include "report/html_words.h"
#include "report/outages.h"

#include <QDateTime>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace mha {

namespace {

/// The parts of `spans` within `whole`, found without reading all the others. `spans` are as joined() returns them.
QList<Span> within(const QList<Span>& spans, const Span& whole) {
    auto first = std::ranges::upper_bound(spans, whole.first, {}, &Span::second);
    QList<Span> part;
    for (; first != spans.end() && first->first < whole.second; ++first)
        part.append({std::max(first->first, whole.first), std::min(first->second, whole.second)});
    return part;
}

AvailabilitySpan measured(const Outages& outages, const Span& whole, double target) {
    AvailabilitySpan span{.from = whole.first, .until = whole.second};
    const QList<Span> covered = within(outages.covered, whole);
    span.covered = length(covered);
    span.outage = length(common(within(outages.all, whole), covered));
    span.plannedOutage = span.outage - length(common(within(outages.unplanned, whole), covered));
    span.budget = fromSeconds(toSeconds(span.covered) * (1.0 - target));
    if (span.covered > Duration::zero())
        span.availability = 1.0 - toSeconds(span.outage) / toSeconds(span.covered);
    return span;
}

QDate dayOf(Instant at, const QTimeZone& zone) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
    return QDateTime::fromMSecsSinceEpoch(ms, zone).date();
}

Instant beginOf(QDate day, const QTimeZone& zone) {
    return Instant(std::chrono::milliseconds(day.startOfDay(zone).toMSecsSinceEpoch()));
}

QDate begun(QDate day, CalendarUnit unit) {
    switch (unit) {
    case CalendarUnit::Day:
        return day;
    case CalendarUnit::Week:
        return day.addDays(1 - day.dayOfWeek());
    case CalendarUnit::Month:
        return {day.year(), day.month(), 1};
    }
    return day;
}

QDate next(QDate day, CalendarUnit unit) {
    switch (unit) {
    case CalendarUnit::Day:
        return day.addDays(1);
    case CalendarUnit::Week:
        return day.addDays(7);
    case CalendarUnit::Month:
        return day.addMonths(1);
    }
    return day.addDays(1);
}

} // namespace

QList<AvailabilitySpan> availabilityBy(const ReportModel& report, CalendarUnit unit, const QTimeZone& zone) {
    const Outages outages = outagesOf(report);
    QList<AvailabilitySpan> spans;
    for (QDate day = begun(dayOf(report.from, zone), unit); beginOf(day, zone) < report.until; day = next(day, unit)) {
        const Span whole{std::max(beginOf(day, zone), report.from),
                         std::min(beginOf(next(day, unit), zone), report.until)};
        if (whole.first < whole.second)
            spans.append(measured(outages, whole, report.target));
    }
    return spans;
}

AvailabilitySpan availabilityOf(const ReportModel& report) {
    return measured(outagesOf(report), {report.from, report.until}, report.target);
}

CalendarUnit unitFor(Duration period) {
    using std::chrono::days;
    return period <= days(32) ? CalendarUnit::Day : period <= days(200) ? CalendarUnit::Week : CalendarUnit::Month;
}

QString spanName(const AvailabilitySpan& span, CalendarUnit unit, const QTimeZone& zone) {
    const QDate day = dayOf(span.from, zone);
    switch (unit) {
    case CalendarUnit::Day:
        return day.toString(Qt::ISODate);
    case CalendarUnit::Week:
        return u"week of %1"_s.arg(begun(day, unit).toString(Qt::ISODate));
    case CalendarUnit::Month:
        return day.toString(u"yyyy-MM"_s);
    }
    return {};
}

QString budgetText(const ReportModel& report, const AvailabilitySpan& whole) {
    return u"The target of %1 allows %2 without service in the %3 that were watched; %4."_s.arg(
        percentText(report.target), lengthText(whole.budget), lengthText(whole.covered),
        whole.kept()
            ? u"%1 were used, %2 are left"_s.arg(lengthText(whole.outage), lengthText(whole.budget - whole.outage))
            : u"%1 were used, %2 too many"_s.arg(lengthText(whole.outage), lengthText(whole.outage - whole.budget)));
}

QByteArray toCsv(const QList<AvailabilitySpan>& spans) {
    QString csv = u"from,until,covered_s,outage_s,planned_outage_s,availability,budget_s,budget_left_s\r\n"_s;
    const auto seconds = [](Duration duration) { return QString::number(toSeconds(duration), 'f', 3); };
    for (const AvailabilitySpan& span : spans) {
        const QStringList row{toIso(span.from),
                              toIso(span.until),
                              seconds(span.covered),
                              seconds(span.outage),
                              seconds(span.plannedOutage),
                              span.availability ? QString::number(*span.availability, 'f', 9) : QString(),
                              seconds(span.budget),
                              seconds(span.budget - span.outage)};
        csv += row.join(u',') + u"\r\n"_s;
    }
    return csv.toUtf8();
}

} // namespace mha
