// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/outage_meter.h"
#include "act/runner.h"
#include "link/link.h"

#include <array>
#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>

namespace mha {

/// The real world of a run: two nodes over their links, and the pictures that a monitor makes of them. The functions of
/// World block and belong to the runner's thread; updatePicture and cancel may be called from any. The links must
/// outlive it.
class NodeWorld final : public World {
public:
    NodeWorld(Pair pair, std::array<Link*, 2> links);
    ~NodeWorld() override; ///< ends its Docker channels in the links' threads

    void updatePicture(const Picture& picture);
    void cancel();
    /// Keeps the locks that are held from ending, without waiting for an answer. Call it each kOperationLockRenewal.
    void renewLocks();

    Instant now() override;
    Result<void> stopMilvus(int node, std::chrono::seconds grace, std::chrono::milliseconds deadline) override;
    Result<QString> takeLock(int node, const QString& owner, const QString& what,
                             std::chrono::milliseconds deadline) override;
    void releaseLocks() override;
    Result<QString> shareNonce(int from, int to, std::chrono::milliseconds deadline) override;
    Result<void> startMilvus(int node, std::chrono::milliseconds deadline) override;
    Result<void> startMilvusWithoutProof(int node, std::chrono::milliseconds deadline) override;
    Result<void> armFaultFlag(int node, std::chrono::seconds expiry, std::chrono::milliseconds deadline) override;
    std::function<Result<void>()> raiseFaultFlag(int node, std::chrono::milliseconds deadline) override;
    Result<void> clearFaultFlag(int node, std::chrono::milliseconds deadline) override;
    Result<void> handOver(int node, const QString& reason, std::chrono::milliseconds deadline) override;
    Result<void> letTakePart(int node, std::chrono::milliseconds deadline) override;
    /// Docker says that the container does not run, and `ss` that nothing listens on the client port.
    Result<void> proveStopped(int node, std::chrono::milliseconds deadline) override;
    Result<bool> containerRuns(int node, std::chrono::milliseconds deadline) override;
    Picture waitUntil(const std::function<bool(const Picture&)>& condition,
                      std::chrono::milliseconds deadline) override;
    bool cancelled() override;
    std::optional<Duration> outage() override;

private:
    struct Docker;
    /// Begins the command; what is given back waits for its result.
    std::function<Result<ExecResult>()> begin(int node, const Command& command, std::chrono::milliseconds deadline);
    std::function<Result<void>()> beginFlag(int node, const Command& command, std::chrono::milliseconds deadline);
    Result<void> startContainer(int node, std::chrono::milliseconds deadline);
    /// A request to milvus-ha-node's control socket; its answer.
    Result<QJsonObject> askProgram(int node, const QJsonObject& request, std::chrono::milliseconds deadline);
    Result<void> orderProgram(int node, const QJsonObject& request, std::chrono::milliseconds deadline);
    Result<void> portClosed(int node, std::chrono::milliseconds deadline);

    const QString& name(int node) const { return pair_.nodes[static_cast<std::size_t>(node)].name; }

    const QString& container(int node) const { return pair_.containerOn(pair_.nodes[static_cast<std::size_t>(node)]); }

    Pair pair_;
    std::array<Link*, 2> links_;
    std::array<std::shared_ptr<Docker>, 2> docker_;
    std::atomic<bool> cancelled_ = false;
    std::mutex mutex_; ///< of what follows
    std::condition_variable changed_;
    Picture picture_;
    OutageMeter meter_;
    QList<int> locked_; ///< the nodes whose operation lock is ours
};

} // namespace mha
