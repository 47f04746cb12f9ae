// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

#include <chrono>

namespace mha {

/// The protocol version on the wire. A router speaks one: the two do not understand each other.
enum class VrrpVersion { V2 = 2, V3 = 3 };

/// Pure. Skew_Time in microseconds: what keeps routers of unequal priority from answering a silence at once.
/// V2 (RFC 3768, 6.1): (256 - Priority) / 256 seconds, whatever the interval.
/// V3 (RFC 9568, 6.1): ((256 - Priority) * Active_Adver_Interval) / 256, the interval being the active router's.
/// keepalived rounds neither to centiseconds.
Duration skewTime(VrrpVersion version, int priority, Duration activeAdverInterval);

/// Pure. Active_Down_Interval in microseconds (Master_Down_Interval in RFC 3768): how long a backup waits for a sign of
/// life before it takes over. (3 * Active_Adver_Interval) + Skew_Time.
Duration activeDownInterval(VrrpVersion version, int priority, Duration activeAdverInterval);

} // namespace mha
