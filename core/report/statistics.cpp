// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/statistics.h"

#include <algorithm>
#include <cmath>

namespace mha {

Duration percentile(const QList<Duration>& sorted, double share) {
    const double place = std::clamp(share, 0.0, 1.0) * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<qsizetype>(std::floor(place));
    const qsizetype above = std::min(below + 1, sorted.size() - 1);
    const double between = static_cast<double>((sorted[above] - sorted[below]).count());
    return sorted[below] + Duration(std::llround(between * (place - std::floor(place))));
}

std::optional<Percentiles> percentilesOf(QList<Duration> durations) {
    if (durations.isEmpty())
        return std::nullopt;
    std::ranges::sort(durations);
    return Percentiles{durations.size(), percentile(durations, 0.5), percentile(durations, 0.95),
                       percentile(durations, 0.99), durations.last()};
}

std::optional<Percentiles> recoveryPercentiles(const QList<Failover>& failovers, bool planned) {
    QList<Duration> recoveries;
    for (const Failover& failover : failovers) {
        if (failover.planned() == planned && failover.recovery() > Duration::zero())
            recoveries.append(failover.recovery());
    }
    return percentilesOf(std::move(recoveries));
}

} // namespace mha
