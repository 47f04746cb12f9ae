// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"

#include <chrono>

namespace mha {

// What is run on a node, as root, to move the VIP by its FAULT flag (keepalived/fault_flag.h).

/// The name of the systemd timer that clears the flag where nobody else does.
inline const QString kFaultFlagTimer = QStringLiteral("milvus-ha-fault");

/// Sets the timer anew: the flag is cleared `expiry` from now, whatever becomes of the desktop (systemd-run(1)).
Command armFaultFlagCommand(std::chrono::seconds expiry);
/// Puts the instance into FAULT; fails where the timer is not set.
Command raiseFaultFlagCommand();
/// Takes it out of FAULT and stops the timer; what is clear already stays so.
Command clearFaultFlagCommand();

} // namespace mha
