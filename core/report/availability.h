// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/drawing.h"
#include "report/report.h"

#include <QTimeZone>

namespace mha {

enum class CalendarUnit { Day, Week, Month };

/// A day, week or month as far as it lies in the period. What was not watched counts neither as up nor as down, so the
/// budget is of the watched time too: half a day watched has half a day's budget.
struct AvailabilitySpan {
    Instant from;
    Instant until;
    Duration covered{};
    Duration outage{};                  ///< within the covered time
    Duration plannedOutage{};           ///< the part of it that only planned moves account for
    Duration budget{};                  ///< what the target allows of the covered time
    std::optional<double> availability; ///< 0..1; nothing where nothing was watched

    bool kept() const { return outage <= budget; }

    bool operator==(const AvailabilitySpan&) const = default;
};

/// The period cut at midnight, on Mondays or on the first of the month in `zone`; oldest first. Pure.
QList<AvailabilitySpan> availabilityBy(const ReportModel& report, CalendarUnit unit, const QTimeZone& zone);
/// The whole period as one.
AvailabilitySpan availabilityOf(const ReportModel& report);
/// The unit in which a period of this length is read: some 7 to 50 of them.
CalendarUnit unitFor(Duration period);

/// Time without service for each span, unplanned and planned apart, over the line of its budget; hatched where nobody
/// watched. Shows the newest that have room. Pure.
Drawing availabilityChart(const QList<AvailabilitySpan>& spans, CalendarUnit unit, const QTimeZone& zone, double width,
                          double height);
/// What the target allows in the watched time, and what is left of it, in a sentence.
QString budgetText(const ReportModel& report, const AvailabilitySpan& whole);
/// "2026-03-01", "week of 2026-03-02", "2026-03".
QString spanName(const AvailabilitySpan& span, CalendarUnit unit, const QTimeZone& zone);
/// All its figures in a line.
QString spanText(const AvailabilitySpan& span, CalendarUnit unit, const QTimeZone& zone);
/// RFC 4180, a row for each.
QByteArray toCsv(const QList<AvailabilitySpan>& spans);

} // namespace mha
