// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/past.h"
#include "model/picture.h"
#include "past/story.h"

namespace mha {

/// How the story is told: names, clocks and VRRP's times as they are now.
struct RebuildInput {
    Pair pair;
    PastWanted wanted;
    Picture picture;
    std::array<std::optional<NodePast>, 2> nodes; ///< nothing: cannot be reached
    Instant until;                                ///< no gap reaches beyond
};

/// Pure: the nodes' records as events, failovers and what they cover. With one node alone, or where the log of one
/// cannot be read, failovers only: nothing is covered then, and a later look may tell more.
RebuiltPast rebuild(const RebuildInput& input);

} // namespace mha
