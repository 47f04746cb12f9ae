// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/outages.h"

namespace mha {

namespace {

QList<Span> spansOf(const QList<Failover>& failovers, bool planned) {
    QList<Span> spans;
    for (const Failover& failover : failovers) {
        if (failover.planned() == planned)
            spans.append({failover.startedAt, failover.endedAt});
    }
    return spans;
}

} // namespace

Outages outagesOf(const ReportModel& report) {
    const Span period{report.from, report.until};
    Outages outages;
    outages.covered = rest(report.gaps, period);
    outages.unplanned = joined(spansOf(report.failovers, false) + report.unended, period);
    outages.all = joined(spansOf(report.failovers, true) + outages.unplanned, period);
    return outages;
}

} // namespace mha
