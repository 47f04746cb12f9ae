// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/action.h"
#include "model/event.h"
#include "model/failover.h"
#include "model/pair.h"

#include <QByteArray>
#include <QList>
#include <QPair>

namespace mha {

/// Everything a report says, computed once; each format only prints it.
struct ReportModel {
    QString pair;
    QString vip;
    Instant from;
    Instant until;
    Instant madeAt;
    Duration rto{};
    Duration covered{};            ///< time in the period in which a recorder saw the pair
    Duration outage{};             ///< sum of the outages within the covered time
    std::optional<double> availability; ///< 0..1 of the covered time; nothing when nothing was covered
    int unplanned = 0;
    int planned = 0;
    int rtoMissed = 0;
    std::optional<Duration> median;
    std::optional<Duration> worst;
    QList<Failover> failovers;  ///< oldest first
    QList<ActionRecord> actions; ///< oldest first
    QList<Event> events;        ///< oldest first
    QList<QPair<Instant, Instant>> gaps; ///< parts of the period that nothing covers
};

struct ReportInput {
    Pair pair;
    Instant from;
    Instant until;
    Instant now;
    QList<Failover> failovers;
    QList<ActionRecord> actions;
    QList<Event> events;
    QList<QPair<Instant, Instant>> covered;
};

/// Pure.
ReportModel makeReport(const ReportInput& input);

/// One self-contained HTML file: no script, no outside reference; the chart is inline SVG; light and dark.
QByteArray toHtml(const ReportModel& report);
/// RFC 4180, one row a failover.
QByteArray toCsv(const ReportModel& report);
QByteArray toJson(const ReportModel& report);

} // namespace mha
