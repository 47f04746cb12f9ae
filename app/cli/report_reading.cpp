// SPDX-License-Identifier: GPL-3.0-or-later
#include "report_reading.h"

#include "history/period_history.h"
#include "period.h"
#include "watching.h"

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// Without --since a report covers this long.
constexpr std::chrono::days kDefaultPeriod{30};

} // namespace

Result<ReportModel> reportOf(const Arguments& arguments, const Pair& pair) {
    const Instant now = wallClockNow();
    const Result<Period> period = parsePeriod(arguments.since, arguments.until, now);
    if (!period)
        return std::unexpected(period.error());
    const Result<std::unique_ptr<History>> history = openHistory(arguments);
    if (!history)
        return std::unexpected(history.error());
    ReportInput input;
    input.pair = pair;
    input.now = now;
    input.until = period->until.value_or(now);
    input.from = period->since.value_or(input.until - kDefaultPeriod);
    const Result<PeriodHistory> recorded = readPeriod(**history, pair.name, input.from, input.until);
    if (!recorded)
        return std::unexpected(recorded.error());
    input.failovers = recorded->failovers;
    input.actions = recorded->actions;
    input.events = recorded->events;
    setCoverage(input, recorded->coverage);
    return makeReport(input);
}

} // namespace mha::cli
