// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/coverage.h"
#include "model/event.h"
#include "model/failover.h"
#include "model/pair.h"
#include "report/statistics.h"

#include <QByteArray>
#include <QList>
#include <QPair>

#include <optional>

namespace mha {

/// The availability that is asked for where nobody says another one: 43 min without service in a month.
inline constexpr double kAvailabilityTarget = 0.999;

/// Everything a report says, computed once; each format only prints it. Holds no address, key or login of a node, and
/// what looks like a secret in a text is gone from it (model/redaction.h).
struct ReportModel {
    QString pair;
    QString vip;
    Instant from;
    Instant until;
    Instant madeAt;
    Duration rto{};
    Duration covered{};                 ///< time in the period of which is known what happened
    Duration reconstructed{};           ///< the part of `covered` that was rebuilt out of the nodes' logs afterwards
    Duration outage{};                  ///< time without service within the covered time, each moment counted once
    Duration plannedOutage{};           ///< the part of `outage` that only planned moves account for
    std::optional<double> availability; ///< 0..1 of the covered time; nothing when nothing was covered
    int unplanned = 0;
    int planned = 0;
    int rtoMissed = 0;              ///< of all, planned ones included
    std::optional<Duration> median; ///< of those with an outage: a move that no client noticed has no recovery time
    std::optional<Duration> worst;  ///< likewise
    double target = kAvailabilityTarget;
    std::optional<Percentiles> unplannedRecovery;
    std::optional<Percentiles> plannedRecovery;
    QList<Failover> failovers;              ///< oldest first; those that touch the period
    QList<ActionRecord> actions;            ///< oldest first
    QList<Event> events;                    ///< oldest first
    QList<QPair<Instant, Instant>> gaps;    ///< parts of the period that nothing covers, in order
    QList<QPair<Instant, Instant>> unended; ///< outages that were not seen to end, as far as they were seen
};

/// As read from the history, in any order. What belongs to another pair or lies outside the period is left out.
struct ReportInput {
    Pair pair;
    Instant from;
    Instant until; ///< the period ends there or at `now`, whichever is earlier
    Instant now;
    QList<Failover> failovers;
    QList<ActionRecord> actions;
    QList<Event> events;
    QList<QPair<Instant, Instant>> covered;
    double target = kAvailabilityTarget;            ///< 0..1, of the error budget
    QList<QPair<Instant, Instant>> reconstructed{}; ///< those of `covered` that no recorder saw
};

/// Takes over what is known of the time: what is lost covers nothing. Pure.
void setCoverage(ReportInput& input, const QList<Coverage>& spans);

/// Pure.
ReportModel makeReport(const ReportInput& input);

/// One self-contained HTML file, UTF-8: no script, no outside reference; the chart is inline SVG; light, dark and
/// print.
QByteArray toHtml(const ReportModel& report);
/// RFC 4180, UTF-8, one row a failover; a text that a spreadsheet would take for a formula begins with an apostrophe.
QByteArray toCsv(const ReportModel& report);
/// The model as one JSON object, in the forms of report/json.h.
QByteArray toJson(const ReportModel& report);

} // namespace mha
