// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "netlink/announcer.h"
#include "netlink/route_socket.h"
#include "vrrp/router.h"
#include "vrrp/vrrp_socket.h"

#include <functional>

namespace mha {

/// The real world of a virtual router: the machine's clock, a raw socket, the kernel's addresses. One thread, with an
/// event loop.
class HostWorld : public VrrpWorld {
public:
    /// `beforeAdvert` is called before each advert that is not of priority 0: what must not be younger than it.
    /// `endsConnections`: of the clients, at the VIP, as it leaves.
    HostWorld(std::function<void()> beforeAdvert, bool endsConnections)
        : beforeAdvert_(std::move(beforeAdvert)), endsConnections_(endsConnections) {}

    Result<void> open(const VrrpInstance& instance, const NetInterface& interface);

    MonotonicTime now() const override { return monotonicNow(); }

    Result<void> send(const VrrpAdvert& advert) override;
    Result<void> addAddresses() override;
    Result<void> removeAddresses() override;
    Result<void> announce(int packets) override;

    VrrpSocket& socket() { return socket_; }

    const NetInterface& interface() const { return interface_; }

private:
    std::function<void()> beforeAdvert_;
    bool endsConnections_;
    VrrpInstance instance_;
    NetInterface interface_;
    std::optional<RouteSocket> route_;
    VrrpSocket socket_;
    Announcer announcer_;
};

} // namespace mha
