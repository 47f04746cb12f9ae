// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/netlink_socket.h"

#include <cerrno>
#include <sys/socket.h>
#include <sys/time.h>

namespace mha {

namespace {

constexpr timeval kPatience{1, 0};

} // namespace

std::expected<NetlinkSocket, int> openNetlink(int protocol) {
    NetlinkSocket socket(mnl_socket_open2(protocol, SOCK_CLOEXEC));
    if (!socket || mnl_socket_bind(socket.get(), 0, MNL_SOCKET_AUTOPID) < 0 ||
        ::setsockopt(mnl_socket_get_fd(socket.get()), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience) < 0)
        return std::unexpected(errno);
    return socket;
}

} // namespace mha
