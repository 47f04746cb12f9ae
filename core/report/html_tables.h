// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/markup.h"
#include "report/report.h"

namespace mha {

// The tables of the HTML report. All pure.

Markup failoverTable(const ReportModel& report);
Markup actionList(const ReportModel& report);
Markup gapTable(const ReportModel& report);
/// The newest kMostEvents of them.
Markup eventTable(const ReportModel& report);

inline constexpr qsizetype kMostEvents = 500;

} // namespace mha
