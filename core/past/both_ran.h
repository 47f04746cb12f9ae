// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "past/story.h"

namespace mha {

/// Milvus ran on both nodes, over the same data.
struct BothRan {
    Instant from;
    Instant until; ///< it still does: Instant::max()
    bool operator==(const BothRan&) const = default;
};

/// Pure: when the containers of both nodes ran for certain, by the records of both; shorter than `doubt`, the error of
/// the two clocks against each other, it is not told. A container whose end was not recorded, as of a host that lost
/// its power, counts up to the last sign of the host.
QList<BothRan> bothRan(const Story& story, Duration doubt);

} // namespace mha
