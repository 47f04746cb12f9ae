// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/markup.h"
#include "report/report.h"

namespace mha {

/// Waterfalls in the front part: the worst outages and the latest ones.
inline constexpr qsizetype kFrontWorst = 3;
inline constexpr qsizetype kFrontLatest = 2;
/// Those of the appendix, the newest ones: a year's thousand would make a file that no mail takes.
inline constexpr qsizetype kMostWaterfalls = 100;

/// Indices into report.failovers of outages with phases: the worst first, then the latest that are not among them.
/// Pure.
QList<qsizetype> frontWaterfalls(const ReportModel& report);
/// Of the appendix, newest first. Pure.
QList<qsizetype> appendixWaterfalls(const ReportModel& report);
/// The report's events around one outage. Pure.
QList<Event> eventsAround(const ReportModel& report, const Failover& failover);
/// "No. 3, 2026-03-01 12:00:05 UTC: Failover master → backup, container died, 4.4 s ± 30 ms". Pure.
QString waterfallTitle(const ReportModel& report, qsizetype index);

/// Sections of the HTML report; empty where no outage has phases.
Markup waterfallSection(const ReportModel& report);
Markup waterfallAppendix(const ReportModel& report);

} // namespace mha
