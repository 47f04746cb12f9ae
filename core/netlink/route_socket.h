// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "netlink/rtnetlink.h"

#include <memory>

namespace mha {

/// Asks the kernel for its interfaces and addresses and has it add and remove addresses. Each call waits for the
/// kernel's answer, which comes from within the call: no network is involved. Changing needs CAP_NET_ADMIN, looking
/// nothing. One thread.
class RouteSocket {
public:
    static Result<RouteSocket> open();
    RouteSocket(RouteSocket&&) noexcept;
    RouteSocket& operator=(RouteSocket&&) noexcept;
    ~RouteSocket();

    Result<QList<NetInterface>> interfaces();
    Result<QList<NetAddress>> addresses();

    /// Success also where it is there already.
    Result<void> addAddress(const NetInterface& interface, const IpPrefix& address);
    /// Success also where it is gone already, with its interface too.
    Result<void> removeAddress(const NetInterface& interface, const IpPrefix& address);

private:
    struct State;
    explicit RouteSocket(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

} // namespace mha
