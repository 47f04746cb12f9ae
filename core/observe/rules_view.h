// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/rules.h"

namespace mha {

/// What can be said about Milvus's process on a node.
enum class Writer {
    Runs,
    Stopped,
    RanLast,     ///< not to be seen now; ran when last seen
    StoppedLast, ///< not to be seen now; was stopped when last seen, or its port is closed
    NeverSeen,
};

/// One node of a picture as far as it can be relied on at `at`. Refers to the picture; pure.
class NodeView {
public:
    NodeView(const NodePicture& node, Instant at) : node_(node), at_(at) {}

    const NodePicture& node() const { return node_; }

    /// The link is up, or has been silent for so short a time that what was seen still counts.
    bool inSight() const;

    /// The fact if it was seen in this session and lately; else nullptr.
    template <typename T> const T* now(const Fact<T>& fact) const {
        return usable(fact) && at_ - fact.seenAt <= kStaleAfter ? &*fact.value : nullptr;
    }

    /// Seen in this session, but too long ago.
    template <typename T> bool stale(const Fact<T>& fact) const {
        return usable(fact) && node_.reachable() && at_ - fact.seenAt > kStaleAfter;
    }

    /// Neither seen in this session nor known to be unseeable.
    template <typename T> bool awaited(const Fact<T>& fact) const {
        return inSight() && (fact.seenAt < node_.upSince || (!fact.value && !fact.unknownBecause));
    }

    bool holdsVip() const;
    bool knownWithoutVip() const;
    Writer writer() const;
    /// Docker says so, now.
    bool containerSeenStopped() const;

private:
    template <typename T> bool usable(const Fact<T>& fact) const {
        return inSight() && fact.value && fact.seenAt >= node_.upSince;
    }

    const NodePicture& node_;
    Instant at_;
};

} // namespace mha
