// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QJsonObject>

namespace mha {

/// What milvus-ha-node's status says (milvus-ha-node(8)). Times are the node's own.
struct NodeStatusSeen {
    NodeProgramSeen program;
    std::optional<VrrpSeen> vrrp;         ///< of the engine native; with the other, keepalived itself is asked
    std::optional<VrrpConfigSeen> config; ///< the same
};

/// Pure. Protocol where it is no status.
Result<NodeStatusSeen> parseNodeStatus(const QJsonObject& status);

} // namespace mha
