// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "keepalived/fault_flag.h"
#include "link/link.h"
#include "model/picture.h"

#include <QString>

#include <chrono>
#include <optional>

namespace mha {

// Maintenance of a node: a file in its /run says who works there, why and until when, and where keepalived tracks the
// FAULT flag the flag is up, so that service does not move there. The one exception to "who raises the flag clears it":
// an operation's clearing leaves it up (act/fault_flag_commands.h). A timer on the node ends both; so does a restart.

/// The name of the systemd timer that ends it.
inline const QString kMaintenanceTimer = QStringLiteral("milvus-ha-maintenance");
inline constexpr std::chrono::minutes kShortestMaintenance{1};
inline constexpr std::chrono::hours kLongestMaintenance{24 * 7};

struct MaintenanceRequest {
    int node = -1;
    QString owner;
    QString reason;
    std::chrono::seconds duration{};
    bool byFlag = false; ///< keepalived there tracks the FAULT flag
};

/// Pure: why maintenance of the node may not begin now; nothing: it may. It must leave the pair with a node that
/// serves, and begin while nobody else is at work.
std::optional<Error> maintenanceRefusal(const Picture& picture, const MaintenanceRequest& request);

/// Run as root on the node. To begin what has begun renews it; refused while an operation holds the node's lock. To end
/// what has ended does nothing.
Command beginMaintenanceCommand(const MaintenanceRequest& request);
Command endMaintenanceCommand();
inline constexpr std::chrono::seconds kMaintenanceDeadline{15}; ///< of both
/// Pure: what became of one of them on `node`.
Result<void> maintenanceResult(const Result<ExecResult>& result, const QString& node);

} // namespace mha
