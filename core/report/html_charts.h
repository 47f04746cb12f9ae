// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/markup.h"
#include "report/report.h"

namespace mha {

// The pictures of the HTML report, inline SVG, coloured by the page's style sheet. All pure. Planned and unplanned
// differ by pattern as well as by colour; each mark has its figures as a tool tip.

/// The patterns that the others refer to; once in a page, before them.
Markup chartPatterns();
/// The period from its begin to its end: watched, gaps, outages.
Markup periodStrip(const ReportModel& report);
/// Recovery times as bars over the RTO line, oldest first. Past kMostBars each bar stands for several in a row: its
/// height is the worst of them, a line across it their median, so that no miss of the RTO gets lost.
Markup recoveryChart(const ReportModel& report);
/// The median of each phase, planned and unplanned; empty where no failover has phases.
Markup phaseChart(const ReportModel& report);
/// The phases of one failover as one stacked bar.
Markup phaseBar(const Failover& failover);

/// More bars than this are no longer told apart.
inline constexpr qsizetype kMostBars = 100;

/// Index of a phase's colour, 0..4 in the order of the phases, 5 for a name that is not known.
int phaseColour(const QString& name);

} // namespace mha
