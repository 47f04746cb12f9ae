// SPDX-License-Identifier: GPL-3.0-or-later
#include "vrrp/timers.h"

namespace mha {

Duration skewTime(VrrpVersion version, int priority, Duration activeAdverInterval) {
    const Duration unit = version == VrrpVersion::V2 ? Duration(std::chrono::seconds(1)) : activeAdverInterval;
    return unit * (256 - priority) / 256;
}

Duration activeDownInterval(VrrpVersion version, int priority, Duration activeAdverInterval) {
    return 3 * activeAdverInterval + skewTime(version, priority, activeAdverInterval);
}

} // namespace mha
