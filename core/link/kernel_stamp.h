// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstring>
#include <ctime>
#include <optional>
#include <sys/socket.h>

namespace mha {

/// When the kernel took the bytes in, by its wall clock, where `message` is that (SO_TIMESTAMPNS, socket(7)).
inline std::optional<timespec> kernelStamp(const cmsghdr& message) {
    if (message.cmsg_level != SOL_SOCKET || message.cmsg_type != SCM_TIMESTAMPNS)
        return std::nullopt;
    timespec came{};
    std::memcpy(&came, CMSG_DATA(&message), sizeof came);
    return came;
}

} // namespace mha
