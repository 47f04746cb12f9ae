// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/recovery.h"
#include "past/trace.h"

#include <array>

namespace mha {

/// How long Milvus needs from the start of its container until it answers: it lies in typical +- error.
struct ServingTime {
    Duration typical{};
    Duration error{};
    bool operator==(const ServingTime&) const = default;
};

/// Pure: learnt from the serving phases of failovers that were observed; without any, Milvus is taken to need up to
/// kServingUnknown.
ServingTime servingTimeOf(const QList<Failover>& observed);
inline constexpr std::chrono::seconds kServingUnknown{2};

struct StoryNode {
    QList<Trace> traces; ///< by time, desktop clock
    Instant since{};     ///< from then on none is missing
    std::optional<VrrpState> stateBefore;
    std::optional<bool> containerRuns; ///< at the end of the story
    Duration advertInterval = std::chrono::seconds(1);
    int priority = 100;
    bool read = false; ///< false: nothing is known of this node, it cannot be reached
};

struct Story {
    std::array<StoryNode, 2> nodes;
    ServingTime serving;
};

/// One interruption of service as the two nodes' records tell it.
struct PastOutage {
    Outage outage; ///< its four moments are the bounds of those two:
    Instant startedAt;
    Instant endedAt;
    int startNode = -1; ///< whose clock tells the start, -1: both or none
    int endNode = -1;
};

/// Pure: what the records do not say themselves but what follows from both: a node that fell silent (its peer took over
/// though it had not given up), and which link loss was the end of the host.
void inferSilence(Story& story);
/// Pure: who served when, and what was between. Service is given by the node that last became VRRP master and still
/// holds the VIP, as long as its Milvus runs, from when it serves.
QList<PastOutage> outagesOf(const Story& story);
/// Pure: since when nobody has served, where the story ends without service; an outage that ended is not this one.
std::optional<Instant> silentSince(const Story& story);

} // namespace mha
