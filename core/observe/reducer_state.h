// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/recovery.h"
#include "observe/reducer.h"
#include "observe/reducer_changes.h"
#include "observe/rules_view.h"

#include <QSet>

#include <array>

namespace mha {

/// The VIP's own time of moving is taken for the time of the move if it is no older than this.
inline constexpr std::chrono::seconds kMoveIsRecentFor{5};

/// A note of an operation that has just ended is an echo of it.
inline constexpr std::chrono::seconds kEchoFor{5};

/// What is kept of a node beside its picture: values outlive the session and times in which they cannot be seen.
struct NodeMemory {
    std::optional<VipSeen> vip;
    std::optional<VrrpSeen> vrrp;
    std::optional<VrrpConfigSeen> vrrpConfig;
    std::optional<ContainerSeen> container;
    std::optional<MilvusSeen> milvus;
    std::optional<StorageSeen> storage;
    std::optional<ClockSeen> clock;
    std::optional<NodeProgramSeen> program;
    QSet<int> toldUnseen; ///< subjects
    bool everUp = false;
    std::optional<Instant> lostAt;             ///< out of sight, after having been in sight
    bool served = false;                       ///< Milvus answered on its own address in this session
    QList<ContainerEventSeen> containerEvents; ///< the newest, to know a repeated one
    Instant containerEventAt;                  ///< when the newest was heard
};

/// The inside of the reducer. seeNode and seePair take one sighting each (reducer_sightings.cpp).
struct Reducer::State {
    explicit State(Pair itsPair);

    void begin(Instant at);
    Reduced finish();

    void seeNode(int node, const LinkSeen& seen);
    void seeNode(int node, const VipSeen& seen);
    void seeNode(int node, const VrrpSeen& seen);
    void seeNode(int node, const VrrpConfigSeen& seen);
    void seeNode(int node, const ContainerSeen& seen);
    void seeNode(int node, const ContainerEventSeen& seen);
    void seeNode(int node, const MilvusSeen& seen);
    void seeNode(int node, const StorageSeen& seen);
    void seeNode(int node, const ClockSeen& seen);
    void seeNode(int node, const NodeProgramSeen& seen);
    void seeNode(int node, const VipFromNodeSeen& seen);
    void seeNode(int node, const VipNeighbourSeen& seen);
    void seeNode(int node, const Unseen& seen);

    void seeNode(int, const VipProbeSeen& seen) { seePair(seen); }

    /// Of another program, by its note in a node's log.
    void seeNode(int, const OperationSeen& seen) { hearOperation(seen); }

    void seePair(const VipProbeSeen& seen);
    void seePair(const OperationSeen& seen); // this, and the two below: reducer_operations.cpp
    void hearOperation(const OperationSeen& seen);
    void forgetOperation();
    void seePair(const VipNeighbourSeen& seen);
    void seePair(const Unseen& seen);

    template <typename T> void seePair(const T&) {} // says nothing without a node

    /// Takes a value over into its fact and tells what changed; true if it is a change within this session, live.
    template <typename T> bool take(int node, Subject subject, Fact<T>& fact, std::optional<T>& known, const T& value);
    void takeContainer(int node, const ContainerSeen& seen, bool live);
    void markContainer(int node, const ContainerSeen& was, const ContainerSeen& is);
    void lose(int node, const LinkSeen& seen);
    void mark(Mark::Kind kind, int node, std::optional<Instant> at = {});

    int findActive() const;
    void tellFailovers();
    void tellSilence();
    void tellMismatches();
    void tellFindings();
    void judgeNow();
    void tell(int node, const Change& change);

    NodePicture& nodeAt(int node) { return picture.nodes[static_cast<std::size_t>(node)]; }

    NodeMemory& memoryOf(int node) { return memory[static_cast<std::size_t>(node)]; }

    Pair pair;
    Picture picture;
    Instant observedAt; ///< of the sighting at hand: a little before picture.at where threads overtook each other
    std::array<NodeMemory, 2> memory;
    RecoveryTimeline timeline;
    Reduced reduced;
    std::optional<Picture> told; ///< the last picture that was told as changed
    bool watching = false;
    bool toldBegin = false;
    VerdictLevel toldLevel = VerdictLevel::Unknown;
    bool toldSilent = false;
    std::optional<OperationSeen> endedOperation; ///< the last one
    Instant operationEndedAt;
    QSet<QString> toldMismatches;
    QSet<QString> toldFindings; ///< "code node" of those that hold, and of all of the setup
    QSet<QString> toldSetup;
};

} // namespace mha
