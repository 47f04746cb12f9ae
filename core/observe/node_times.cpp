// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/node_times.h"

#include <algorithm>

namespace mha {

Instant NodeTimes::toDesktop(Instant nodeTime, const ClockOffset& clock) {
    const auto earlier = std::ranges::find(known_, nodeTime, &Known::node);
    const Known known = earlier == known_.end() ? Known{nodeTime, clock.toDesktop(nodeTime)} : *earlier;
    if (earlier != known_.end()) {
        known_.erase(earlier);
    } else if (known_.size() >= kKept) {
        known_.removeFirst();
    }
    known_.append(known);
    return known.desktop;
}

} // namespace mha
