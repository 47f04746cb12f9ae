// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/plan.h"
#include "model/action.h"
#include "model/error.h"

#include <chrono>
#include <functional>
#include <optional>

namespace mha {

/// What a runner needs of the world; the real one drives the nodes, a test's simulates a pair. All calls block the
/// runner's thread for `deadline` at most (and a moment more); errors say what the node answered.
class World {
public:
    World() = default;
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    virtual ~World() = default;
    virtual Instant now() = 0;
    virtual Result<void> stopMilvus(int node, std::chrono::seconds grace, std::chrono::milliseconds deadline) = 0;
    /// Takes the operation lock on the node; refused with the holder's name where another program has it. Gives what
    /// the operator should know of it, mostly nothing: a node where we are not root takes no lock and holds nobody up.
    virtual Result<QString> takeLock(int node, const QString& owner, const QString& what,
                                     std::chrono::milliseconds deadline) = 0;
    /// Writes a file of its own into the shared folder on `from` and reads it on `to`. Refused where it is not there;
    /// what the operator should know where it could not be tried.
    virtual Result<QString> shareNonce(int from, int to, std::chrono::milliseconds deadline) = 0;
    /// Gives back what takeLock took.
    virtual void releaseLocks() = 0;
    /// Asks the other node's Docker right before, and refuses unless it says that Milvus does not run there. Where
    /// milvus-ha-node runs it is told so, and starts Milvus once it has the VIP.
    virtual Result<void> startMilvus(int node, std::chrono::milliseconds deadline) = 0;
    /// Starts it though nobody can say what runs on the other node: refused where that one does answer.
    virtual Result<void> startMilvusWithoutProof(int node, std::chrono::milliseconds deadline) = 0;
    /// Sets the timer on the node that clears its FAULT flag after `expiry`.
    virtual Result<void> armFaultFlag(int node, std::chrono::seconds expiry, std::chrono::milliseconds deadline) = 0;
    /// Begins to raise the flag and does not wait; what is given back waits for the node's answer. Refused by the node
    /// where the timer does not run.
    virtual std::function<Result<void>()> raiseFaultFlag(int node, std::chrono::milliseconds deadline) = 0;
    /// Clears the flag and stops the timer; good where there was none.
    virtual Result<void> clearFaultFlag(int node, std::chrono::milliseconds deadline) = 0;
    /// Tells milvus-ha-node on `node` to give service to the other one, and waits until that serves. Refused: nothing
    /// was done; any other error: it was tried, and this node has service back or is about to.
    virtual Result<void> handOver(int node, const QString& reason, std::chrono::milliseconds deadline) = 0;
    /// Lets milvus-ha-node there take part again.
    virtual Result<void> letTakePart(int node, std::chrono::milliseconds deadline) = 0;
    /// Asks the node itself, not the picture: container not running, its port closed.
    virtual Result<void> proveStopped(int node, std::chrono::milliseconds deadline) = 0;
    /// Asks the node's Docker, not the picture: may the container write (running, paused or restarting)?
    virtual Result<bool> containerRuns(int node, std::chrono::milliseconds deadline) = 0;
    /// Waits until the picture satisfies `condition` or the deadline passes; the picture it ended with, in both cases.
    /// The condition is evaluated at each new picture, at a cancel, and now and then as time passes.
    virtual Picture waitUntil(const std::function<bool(const Picture&)>& condition,
                              std::chrono::milliseconds deadline) = 0;

    /// What is so now.
    Picture look() {
        return waitUntil([](const Picture&) { return true; }, std::chrono::milliseconds(0));
    }

    virtual bool cancelled() = 0;
    /// How long clients of the VIP were without an answer since the run began; nothing while nobody asked.
    virtual std::optional<Duration> outage() = 0;
};

/// How long a notify script of keepalived may still be at work after its transition: within it, a container that has
/// been stopped may be started again by the script, so nothing is taken as settled before.
inline constexpr std::chrono::milliseconds kNotifySettle{3000};

/// Carries a plan out, step after step; on failure or cancel undoes in reverse until the old node serves again. Never
/// starts Milvus on a node before the other node's is proved stopped, nor while the other node's keepalived is about to
/// start it by itself; with a plan without proof, only as long as the other node is out of sight. Tells each change of
/// the record through `progress` before and after each step; what undo does is appended to the record as steps of its
/// own. The checks are made anew first, since the pair may have changed since the plan was shown. Blocking: runs in a
/// thread of its own.
ActionRecord runPlan(const Plan& plan, const Pair& pair, ActionRecord record, World& world,
                     const std::function<void(const ActionRecord&)>& progress);

} // namespace mha
