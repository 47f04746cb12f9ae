// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/markup.h"
#include "report/report.h"

namespace mha {

/// Availability against the error budget, by day, week or month as the period is long. Pure.
Markup availabilitySection(const ReportModel& report);
/// p50, p95 and p99 of the recovery times, planned and unplanned apart; empty where there are none. Pure.
Markup percentileTable(const ReportModel& report);

} // namespace mha
