// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"
#include "model/observation.h"
#include "model/pair.h"

#include <chrono>
#include <functional>
#include <memory>

namespace mha {

/// What the sensors of one node share. All of it, and all of them, live in the thread of the node's link.
struct SensorContext {
    std::shared_ptr<Link> link;
    Pair pair;
    int node = 0;
    bool streams = true;                ///< false: one look of each, then nothing
    bool rootAllowed = true;            ///< until sudo has refused
    std::function<void(Sighting)> tell; ///< stamps and hands on; node times in it are still in node clock
    std::function<void()> happened;     ///< something that may end or move the service

    const NodeConfig& config() const { return pair.nodes[std::size_t(node)]; }

    bool isRoot() const { return link->userIsRoot() || rootAllowed; }
};

/// Every call to a node ends by then.
inline constexpr std::chrono::milliseconds kLookDeadline{2000};
/// What has to be asked for is asked for in one go, so that the node and the desktop wake up once for all of it.
inline constexpr std::chrono::milliseconds kBeatEvery{1500};
/// The streams tell changes; this reconciles what they may have missed.
inline constexpr std::chrono::milliseconds kReconcileEvery{5000};
/// While the stream that tells changes is open, what it has not changed still holds, and is looked up only so seldom:
/// each look starts processes on the node.
inline constexpr std::chrono::milliseconds kTrustStreamFor{60'000};

/// Pure: sudo would not run it, or is not there.
bool sudoRefused(const ExecResult& result);
/// Runs a command as root where that is possible; where sudo refuses, as the user, and so from then on.
void execAsRoot(const std::shared_ptr<SensorContext>& context, Command command, std::chrono::milliseconds deadline,
                Link::ExecCallback done);

} // namespace mha
