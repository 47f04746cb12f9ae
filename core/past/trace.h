// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QList>
#include <QString>

#include <optional>

namespace mha {

/// One thing that a node's own records say happened there.
struct Trace {
    enum class Kind {
        ContainerKilled,  ///< a signal was sent to it; `number` is the signal
        ContainerDied,    ///< `number` is the exit code, -1: not known
        ContainerStopped, ///< by docker stop; follows ContainerDied
        ContainerStarted,
        MilvusReady, ///< Milvus said in its own log that it serves
        BecameMaster,
        BecameBackup, ///< also at keepalived's start, then `number` is 0
        EnteredFault,
        PriorityChanged, ///< `number` is the one in force since
        KeepalivedStarted,
        KeepalivedStopped, ///< in order: the VIP was taken off
        KeepalivedKilled,  ///< the VIP stays on the interface
        LinkDown,
        LinkUp,
        Thawed,   ///< keepalived ran on after having been held up for `earlier`
        LastSign, ///< the last line before a boot
        ShutDown, ///< in order
        Booted,
        DockerStopped,
        DockerStarted,
        Operation, ///< of ours, see `operation`
        Silent,    ///< inferred: from here on nothing came from the node
    };

    Kind kind = Kind::Booted;
    Instant at;
    Duration earlier{}; ///< it may have been so much earlier
    Duration later{};   ///< or later
    int number = -1;
    std::optional<OperationSeen> operation{};
    bool operator==(const Trace&) const = default;
};

/// All that one look at a node's records gave. Times are node clock until rebuild() has converted them.
struct NodePast {
    QList<Trace> traces;                  ///< by time
    std::optional<Instant> reachesBackTo; ///< from then on nothing is missing; nothing: no log can be read
    std::optional<VrrpState> stateBefore; ///< before the first trace
    std::optional<bool> containerRuns;    ///< now
    QString problem;                      ///< why the records are not whole, a sentence; empty: they are
    bool operator==(const NodePast&) const = default;
};

/// Pure: the VRRP state at an instant, `before` being that before the first of the traces, which are by time.
std::optional<VrrpState> stateAt(std::optional<VrrpState> before, const QList<Trace>& traces, Instant at);

} // namespace mha
