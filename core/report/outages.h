// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/report.h"
#include "report/spans.h"

namespace mha {

/// A period cut into what counts; each as joined() returns it.
struct Outages {
    QList<Span> covered;
    QList<Span> unplanned; ///< without service, also where nobody watched
    QList<Span> all;       ///< the planned ones with them
};

/// Of the report's failovers, unended outages and gaps. Pure.
Outages outagesOf(const ReportModel& report);

} // namespace mha
