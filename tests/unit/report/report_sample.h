// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"

namespace mha::sample {

/// Seconds after the beginning of the period that all samples are of, 2026-03-01T00:00:00Z.
Instant at(double seconds);
Pair pair();

/// An unplanned failover from master to backup, its phases being shares of its recovery time.
Failover failover(double atSeconds, double recoverySeconds);
/// A planned switchover by ann@desk.
Failover switchover(double atSeconds, double recoverySeconds);
ActionRecord action(double atSeconds, Outcome outcome);
Event event(double atSeconds, const QString& code, Severity severity = Severity::Info);

/// A day that is watched from its first to its last second, in which nothing happens; `now` is its end.
ReportInput quietDay();
/// A week with failovers, switchovers, a rolled-back one, gaps and events.
ReportInput busyWeek();
/// `count` failovers, each fourth planned, over 30 days.
ReportInput many(int count);

} // namespace mha::sample
