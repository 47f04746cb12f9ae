// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QByteArray>

#include <optional>

namespace mha {

/// What a node says of its own Milvus.
enum class MilvusSaid : quint8 {
    Stopped = 0,  ///< proved by the kernel or by Docker
    Claiming = 1, ///< stopped, and about to be started unless the other node objects
    Running = 2,  ///< runs, starts, stops, or it is not known: the other must not start its own
};

/// The word that two node programs exchange beside VRRP, which tells nothing of Milvus: a datagram of UDP over the same
/// LAN. Its rule is in node/agreement.h.
struct Hello {
    int vrid = 0;
    VrrpState vrrp = VrrpState::Unknown;
    MilvusSaid milvus = MilvusSaid::Running;
    int priority = 0;
    quint64 session = 0; ///< drawn at each start of the program
    quint64 stamp = 0;   ///< the sender's CLOCK_MONOTONIC in microseconds when it was sent; never twice the same
    quint64 echoSession = 0;
    quint64 echoStamp = 0; ///< of the receiver's hello that the sender heard last; 0: none
    /// Within which the sender's Milvus is stopped once it is cut off; milliseconds on the wire, as the next.
    Duration stopDeadline{};
    Duration silent{}; ///< for how long the sender has been able to hear the receiver, and has not
    bool operator==(const Hello&) const = default;
};

inline constexpr qsizetype kHelloSize = 48;

/// Pure. Big-endian, kHelloSize bytes, begins with "MHA1".
QByteArray encodeHello(const Hello& hello);
/// Nothing for what is none.
std::optional<Hello> decodeHello(const QByteArray& bytes);

} // namespace mha
