// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/outage_meter.h"
#include "act/runner.h"

#include <array>
#include <functional>
#include <map>
#include <optional>

namespace mha {

/// How one simulated node's keepalived is configured.
struct SimulatedConfig {
    int priority = 100;
    int scriptWeight = 0;
    bool scriptFaults = false;
    bool nopreempt = false;
    bool notifyMaster = false; ///< runs start_docker.sh
    bool notifyBackup = false; ///< runs stop_docker.sh
    bool faultFlag = false;    ///< tracks the FAULT flag
    bool program = false;      ///< milvus-ha-node starts and stops Milvus
    bool checksPort = false;   ///< its check fails as soon as Milvus begins to stop

    bool tracksContainer() const { return scriptWeight != 0 || scriptFaults; }
};

/// A node: its keepalived (RFC 3768 with adverts every second, check every 2 s) and its one container.
struct SimulatedNode {
    SimulatedConfig config;

    bool linkUp = true;        ///< SSH, not the LAN
    bool dockerFrozen = false; ///< its Engine does not answer; what runs goes on
    bool keepalivedRuns = true;
    VrrpState state = VrrpState::Backup;
    Instant stateSince;
    bool checkPasses = true;
    bool checkStuck = false; ///< its result does not change any more
    Instant nextCheck;
    bool flagUp = false;
    QString lockedBy;                   ///< the owner in its operation lock
    bool flagRefused = false;           ///< root is not to be had on it any more
    std::optional<Instant> flagExpires; ///< the timer, where it runs
    Instant nextAdvert;
    Instant masterDown;

    bool runs = false;
    bool stopping = false;
    Instant stopEnds;
    Instant serves;
    Duration stopTakes = std::chrono::milliseconds(1500);
    bool ignoresStop = false; ///< goes on serving, whatever Docker sends
    bool hangsInStop = false; ///< does not serve any more, but does not end
    bool startRefused = false;
    bool storageLost = false; ///< Milvus cannot start, and ends where it runs
    bool neverServes = false;
    bool diesAtStart = false;
};

/// A deterministic pair with its own clock, in steps of 10 ms: each call of the runner lets its time pass. What the
/// guide's recipe does on its own goes on meanwhile. At each step it is looked whether two containers run.
class SimulatedPair final : public World {
public:
    explicit SimulatedPair(std::array<SimulatedConfig, 2> configs);
    static std::array<SimulatedConfig, 2> guide();         ///< 110 with the check, 91 with the notify scripts
    static std::array<SimulatedConfig, 2> symmetric();     ///< check and notify scripts on both
    static std::array<SimulatedConfig, 2> flagged();       ///< the guide's, with the FAULT flag tracked on both
    static std::array<SimulatedConfig, 2> checkingPorts(); ///< symmetric, flagged, its checks do not ask Docker
    static std::array<SimulatedConfig, 2> programs();      ///< milvus-ha-node on both
    static std::array<SimulatedConfig, 2> faulting();      ///< check of weight 0 and nopreempt on both

    const Pair& pair() const { return pair_; }

    const Picture& picture() const { return picture_; }

    SimulatedNode& node(int index) { return nodes_[static_cast<std::size_t>(index)]; }

    void advance(Duration time);
    void after(Duration time, std::function<void()> what);

    void forgetOutage() { meter_ = {}; }

    void requestCancel() { cancelled_ = true; }

    void dockerStart(int node);
    void dockerStop(int node);
    void stopKeepalived(int node);

    int firstStepWithTwoWriters() const { return twoWritersAt_; } ///< milliseconds since the begin, -1: never

    bool startedBesideTheOther() const { return startedBesideTheOther_; }

    int runningCount() const { return int(nodes_[0].runs) + int(nodes_[1].runs); }

    int servingNode() const; ///< through the VIP; -1: none

    Instant now() override { return now_; }

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
    Result<void> proveStopped(int node, std::chrono::milliseconds deadline) override;
    Result<bool> containerRuns(int node, std::chrono::milliseconds deadline) override;
    Picture waitUntil(const std::function<bool(const Picture&)>& condition,
                      std::chrono::milliseconds deadline) override;

    bool cancelled() override { return cancelled_; }

    std::optional<Duration> outage() override { return meter_.total(); }

private:
    void step();
    void stepKeepalived(int index);
    void check(int index);
    void becomeMaster(int index);
    void becomeBackup(int index);
    void leave(int index, VrrpState state);
    void advert(int index, int priority);
    int effectivePriority(int index) const;
    Duration masterDownTime(int index) const;
    bool faulted(int index) const;

    bool holds(int index) const { return nodes_[static_cast<std::size_t>(index)].state == VrrpState::Master; }

    void notifyMaster(int index);
    void notifyBackup(int index);
    void look();
    NodePicture seen(int index) const;
    Result<void> reach(int node);
    Result<void> startContainer(int node);
    Result<void> rootOn(int node);

    Pair pair_;
    std::array<SimulatedNode, 2> nodes_;
    Instant start_;
    Instant now_;
    std::multimap<Instant, std::function<void()>> later_;
    Picture picture_;
    OutageMeter meter_;
    bool cancelled_ = false;
    QString locked_; ///< the owner of this run's locks
    int twoWritersAt_ = -1;
    bool startedBesideTheOther_ = false;
};

} // namespace mha
