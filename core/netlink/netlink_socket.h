// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <expected>
#include <libmnl/libmnl.h>
#include <memory>

namespace mha {

struct NetlinkClosing {
    void operator()(mnl_socket* socket) const { mnl_socket_close(socket); }
};

/// Of this folder's own: libmnl is nothing that the others know of.
using NetlinkSocket = std::unique_ptr<mnl_socket, NetlinkClosing>;

/// To ask the kernel by, which answers from within the call; a read gives up after a second, against a kernel that has
/// no memory for it. Else errno.
std::expected<NetlinkSocket, int> openNetlink(int protocol);

} // namespace mha
