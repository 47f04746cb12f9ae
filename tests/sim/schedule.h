// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vrrp/instance.h"

#include <random>
#include <vector>

namespace mha::sim {

using Random = std::mt19937_64;

/// One thing that happens to a router or to the network while it is troubled.
struct Trouble {
    enum class Kind {
        Crash,      ///< the program dies without a word; its addresses go (ExecStopPost)
        Restart,    ///< of one that has crashed or was shut down
        Shutdown,   ///< orderly
        Freeze,     ///< SIGSTOP: time goes on, packets queue up
        Pause,      ///< the whole machine: packets are lost, its clock stands still
        Thaw,       ///< ends Freeze and Pause
        Fault,      ///< a tracked thing breaks
        Weigh,      ///< the priority falls by 20
        Recover,    ///< all that is tracked is well
        CutOff,     ///< the router's link, both ways
        CutInwards, ///< it sends but does not hear
        Connect,
    } kind = Kind::Crash;
    int router = 0;
    Duration at{};
};

/// A whole run as a value: the same seed always gives the same one.
struct Schedule {
    quint64 seed = 0;
    QList<VrrpInstance> instances; ///< two or three
    Duration delay{};              ///< of a packet, at most
    double loss = 0;               ///< shares of packets, while the network is troubled
    double duplication = 0;
    std::vector<Trouble> troubles; ///< by time
    Duration healsAt{};            ///< all troubles end: routers run, packets arrive
};

Schedule scheduleOf(quint64 seed);

} // namespace mha::sim
