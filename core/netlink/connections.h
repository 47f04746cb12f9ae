// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/ip_address.h"

namespace mha {

/// Ends this host's TCP connections at `local`, listeners excepted: each far end gets an RST at once, where it would
/// else wait for answers from an address that has moved. Gives how many. To be called while the address is still here:
/// the RST goes out from it. Only this network namespace's: those that Docker forwards end with their container.
/// SOCK_DESTROY of sock_diag(7): needs CAP_NET_ADMIN and a kernel with CONFIG_INET_DIAG_DESTROY, as Debian's. Waits for
/// the kernel's answers, which come from within the calls.
Result<int> endConnections(const IpAddress& local);

} // namespace mha
