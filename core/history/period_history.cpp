// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/period_history.h"

#include <algorithm>

namespace mha {

Result<PeriodHistory> readPeriod(const History& history, const QString& pair, std::optional<Instant> since,
                                 std::optional<Instant> until) {
    EventQuery query;
    query.pair = pair;
    query.since = since;
    query.until = until;
    query.limit = PeriodHistory::kMostEvents;
    auto failovers = history.failovers(pair, since, until);
    if (!failovers)
        return std::unexpected(failovers.error());
    auto actions = history.actions(pair, since, until);
    if (!actions)
        return std::unexpected(actions.error());
    auto events = history.events(query);
    if (!events)
        return std::unexpected(events.error());
    auto coverage = history.coverage(pair, since, until);
    if (!coverage)
        return std::unexpected(coverage.error());
    std::ranges::reverse(*failovers);
    std::ranges::reverse(*actions);
    std::ranges::reverse(*events);
    std::ranges::reverse(*coverage);
    return PeriodHistory{std::move(*failovers), std::move(*actions), std::move(*events), std::move(*coverage)};
}

} // namespace mha
