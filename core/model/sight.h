// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/time.h"

namespace mha {

/// A node that was silent for less than this was busy, not lost. What is longer is taken for a failover's cause, and,
/// where nothing of the pair is seen, for a gap of the history: one bound, so that no failover falls between both.
inline constexpr Duration kBlink = std::chrono::milliseconds(1500);

} // namespace mha
