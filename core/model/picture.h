// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"
#include "model/verdict.h"

#include <array>

namespace mha {

/// A fact with its age. Without a value it is unknown, and `unknownBecause` says why where that is known.
template <typename T> struct Fact {
    std::optional<T> value;
    Instant seenAt;
    std::optional<Error> unknownBecause;
    Instant since{}; ///< when this value was first seen, or when it became unknown

    explicit operator bool() const { return value.has_value(); }

    const T* operator->() const { return &*value; }

    bool operator==(const Fact&) const = default;
};

/// One node as last seen. When the link is not Up the facts stay, old, with their seenAt; a rule that needs the
/// present must look at `link` and at the age.
struct NodePicture {
    QString name;
    LinkSeen link;
    Instant linkSince; ///< when `link.state` was entered
    Instant heardAt;   ///< last sign of life
    Fact<VipSeen> vip;
    Fact<VrrpSeen> vrrp;
    Fact<VrrpConfigSeen> vrrpConfig;
    Fact<ContainerSeen> container;
    Fact<MilvusSeen> milvus;
    Fact<StorageSeen> storage;
    Fact<ClockSeen> clock;
    Fact<NodeProgramSeen> program{};       ///< milvus-ha-node there
    Fact<VipFromNodeSeen> vipFromHere{};   ///< does the VIP answer for this node?
    Fact<VipNeighbourSeen> vipNeighbour{}; ///< whom this node takes for the VIP
    Instant upSince{};                     ///< begin of the session: what was seen before it says nothing about now
    std::optional<bool> milvusRan{};       ///< Milvus ran when it was last seen, however long ago; nothing: never seen

    bool reachable() const { return link.state == LinkState::Up; }

    /// milvus-ha-node starts and stops Milvus there, whoever moves the VIP.
    bool hasProgram() const { return program && program->running; }

    bool operator==(const NodePicture&) const = default;
};

/// The pair at one instant: what every view shows and every plan starts from. A value; made by the reducer only.
struct Picture {
    QString pair;
    QString vip;
    Instant at;
    std::array<NodePicture, 2> nodes;
    Fact<VipProbeSeen> vipProbe;
    std::optional<OperationSeen> operation;
    Instant operationSince;
    bool operationHeard = false; ///< of another program, by its note in a node's log

    int active = -1; ///< index of the node that serves, or last did while nothing says otherwise; -1: none
    Verdict verdict;
    Instant verdictSince;

    Instant watchingSince{};               ///< first observation
    std::optional<Instant> vipGoodAt{};    ///< last good answer through the VIP
    Fact<VipNeighbourSeen> vipNeighbour{}; ///< whom this computer takes for the VIP
    std::optional<Instant> vipBadSince{};  ///< while it does not answer: when the first unanswered question was asked
    QList<Instant> unplannedMoves{};       ///< when service last moved by itself, oldest first; of the last hour

    /// Indices of the nodes that are seen now to hold the VIP.
    QList<int> holders() const;
    /// Nothing of the pair is seen from this computer: no node's link is up, and the VIP does not answer. From when on:
    /// the last sign of either.
    std::optional<Instant> outOfSightSince() const;
    bool operator==(const Picture&) const = default;
};

} // namespace mha

Q_DECLARE_METATYPE(mha::Picture)
