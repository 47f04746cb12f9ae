// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "history/history.h"

namespace mha {

/// What was recorded of a pair in a period, oldest first.
struct PeriodHistory {
    /// Of the events the newest: a report of a year has more than anybody reads.
    static constexpr int kMostEvents = 10000;

    QList<Failover> failovers;
    QList<ActionRecord> actions;
    QList<Event> events;
    QList<Coverage> coverage;
};

/// Nothing for `since` or `until`: no bound. Errors: the history's.
Result<PeriodHistory> readPeriod(const History& history, const QString& pair, std::optional<Instant> since,
                                 std::optional<Instant> until);

} // namespace mha
