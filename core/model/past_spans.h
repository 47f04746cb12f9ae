// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/coverage.h"
#include "model/failover.h"

#include <QList>

#include <algorithm>

namespace mha {

// What belongs to spans that were rebuilt: the same for who rebuilds them and for who keeps them. All pure.

/// A recorder that ends has not told the failovers of its last moments: they were not yet over.
inline constexpr std::chrono::seconds kUntold{6};

inline bool touches(const QList<Coverage>& spans, const Failover& failover) {
    return std::ranges::any_of(spans, [&](const Coverage& span) {
        return failover.endedAt >= span.from - kUntold && failover.startedAt < span.until;
    });
}

inline bool within(const QList<Coverage>& spans, Instant at) {
    return std::ranges::any_of(spans, [&](const Coverage& span) { return at >= span.from && at < span.until; });
}

} // namespace mha
