// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vrrp/machine.h"

#include <QList>

namespace mha {

/// What may happen to the active router, or be done to it.
enum class VrrpFault {
    ActiveDies,    ///< power cut, hang, VRRP program killed: nothing is sent any more
    LinkCut,       ///< its cable: the same for the standby, while the active one sees its link go down
    Fault,         ///< a tracked thing with weight 0, or a planned switchover: priority 0 is sent
    Shutdown,      ///< VRRP is stopped orderly: priority 0 is sent
    PriorityFalls, ///< a tracked thing with a negative weight: adverts go on, with a lower priority
};
inline constexpr int kVrrpFaults = static_cast<int>(VrrpFault::PriorityFalls) + 1;

/// From the fault to the moment at which the standby has the VIP. Timers only: the network, the kernel and the
/// container's start come on top.
struct VrrpTakeover {
    VrrpFault fault = VrrpFault::ActiveDies;
    bool moves = false; ///< does the VIP move at all?
    Duration min{};     ///< the fault comes just before an advert
    Duration max{};     ///< just after one
    QString reason;     ///< why it does not move
    bool operator==(const VrrpTakeover&) const = default;
};

/// Pure: runs the two state machines against each other, `active` being MASTER and `standby` BACKUP, with the fault
/// just before and just after an advert. `weight` is what PriorityFalls adds to the priority of the active one.
VrrpTakeover predictTakeover(const VrrpInstance& active, const VrrpInstance& standby, VrrpFault fault,
                             int weight = -20);

/// Pure: every fault, in the order of the enum.
QList<VrrpTakeover> predictTakeovers(const VrrpInstance& active, const VrrpInstance& standby, int weight = -20);

/// Pure: once all of these routers run without a fault and hear each other within `delay`, one of them alone is MASTER
/// after this time at the latest.
Duration settlesWithin(const QList<VrrpInstance>& instances, Duration delay);

/// Stable name, "active-dies", and the same in words.
QString vrrpFaultName(VrrpFault fault);
QString vrrpFaultText(VrrpFault fault);

} // namespace mha
