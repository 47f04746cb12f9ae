// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "act/lever.h"
#include "vrrp/prediction.h"

#include <QStringList>

namespace mha {

/// Pure: how long VRRP itself takes to bring the VIP from one node to the other after a fault, out of both
/// keepalived.conf alone (vrrp/prediction.h); nothing where one of them is not seen.
std::optional<VrrpTakeover> predictVip(const NodePicture& from, const NodePicture& to, VrrpFault fault);

/// Pure: the same of a planned move by this lever, as a sentence; empty where it cannot be told.
QString vipPrediction(const NodePicture& from, const NodePicture& to, const Lever& lever);

/// Pure: what a failover away from `from` takes, as a sentence; empty where it cannot be told.
QString failoverPrediction(const NodePicture& from, const NodePicture& to);

/// Pure: for each fault of the active node how long the VIP takes, a sentence each, the node of the higher priority
/// being the active one; empty where it cannot be told.
QStringList vipPredictions(const NodePicture& one, const NodePicture& other);

} // namespace mha
