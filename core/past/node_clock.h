// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/picture.h"

namespace mha {

/// Pure: how much a node's clock is ahead of the desktop's: what a time out of its records is shifted by, which is
/// nothing where the clocks are alike within the error (as ClockOffset::toDesktop does it) or where that is not known.
inline Duration aheadOf(const Fact<ClockSeen>& clock) {
    const bool shifted = clock && std::chrono::abs(clock->offset) > clock->error;
    return shifted ? clock->offset : Duration{};
}

} // namespace mha
