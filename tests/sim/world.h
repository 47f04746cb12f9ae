// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "schedule.h"
#include "vrrp/machine.h"

#include <QString>

#include <optional>
#include <vector>

namespace mha::sim {

/// What a run came to.
struct Outcome {
    std::optional<QString> broken; ///< the invariant that did not hold, and where
    long steps = 0;
    Duration settled{}; ///< from the healing to the last change of state
};

/// Pure: routers, network and clocks of one schedule, from its start to well after its healing. The invariants:
/// - every change of state is in the RFC's table, with FAULT, and with the effects that belong to it;
/// - a router that is not MASTER has no addresses and sends nothing but one priority 0;
/// - after the healing, within the predicted time, one router alone is MASTER, and stays it;
/// - where all preempt, it is the one of the highest priority.
Outcome run(const Schedule& schedule);

} // namespace mha::sim
