// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "model/action.h"

#include <functional>

namespace mha {

/// What a runner needs of the world; the real one drives the nodes, a test's simulates a pair.
class World {
public:
    virtual ~World() = default;
    virtual Instant now() = 0;
    virtual Result<void> stopMilvus(int node, std::chrono::seconds grace, std::chrono::milliseconds deadline) = 0;
    virtual Result<void> startMilvus(int node, std::chrono::milliseconds deadline) = 0;
    /// Asks the node itself, not the picture: container not running, its port closed.
    virtual Result<void> proveStopped(int node, std::chrono::milliseconds deadline) = 0;
    /// Waits until the picture satisfies `condition` or the deadline passes; the picture it ended with, in both cases.
    virtual Picture waitUntil(const std::function<bool(const Picture&)>& condition, std::chrono::milliseconds deadline) = 0;
    virtual bool cancelled() = 0;
};

/// Carries a plan out, step after step; on failure or cancel undoes in reverse until the old node serves again. Never
/// starts Milvus on a node before the other node's is proved stopped. Tells each change of the record through `progress`
/// before and after each step. Blocking: runs in a thread of its own.
ActionRecord runPlan(const Plan& plan, const Pair& pair, ActionRecord record, World& world,
                     const std::function<void(const ActionRecord&)>& progress);

} // namespace mha
