// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/failover.h"

#include <optional>

namespace mha {

/// Of some durations; between two of them in proportion, as spreadsheets do (PERCENTILE.INC), so that p50 is the
/// median. With few of them the high ones say little: whoever shows them shows the count as well.
struct Percentiles {
    qsizetype count = 0;
    Duration p50{};
    Duration p95{};
    Duration p99{};
    Duration worst{};
    bool operator==(const Percentiles&) const = default;
};

/// Pure. `share` is 0..1; `sorted` rises and is not empty.
Duration percentile(const QList<Duration>& sorted, double share);
/// Nothing of nothing.
std::optional<Percentiles> percentilesOf(QList<Duration> durations);
/// Of the recovery times of the planned or the unplanned ones; a move that no client noticed has none.
std::optional<Percentiles> recoveryPercentiles(const QList<Failover>& failovers, bool planned);

} // namespace mha
