// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/host_world.h"

#include "netlink/connections.h"

namespace mha {

Result<void> HostWorld::open(const VrrpInstance& instance, const NetInterface& interface) {
    instance_ = instance;
    interface_ = interface;
    auto route = RouteSocket::open();
    if (!route)
        return std::unexpected(route.error());
    route_ = std::move(*route);
    if (auto opened = announcer_.open(); !opened)
        return opened;
    return socket_.open(instance, interface.index);
}

Result<void> HostWorld::send(const VrrpAdvert& advert) {
    if (advert.priority != 0)
        beforeAdvert_();
    return socket_.send(advert);
}

Result<void> HostWorld::addAddresses() {
    Result<void> all;
    for (const IpPrefix& vip : instance_.addresses) {
        if (auto added = route_->addAddress(interface_, vip); !added && all)
            all = added;
    }
    return all;
}

Result<void> HostWorld::removeAddresses() {
    announcer_.stop();
    Result<void> all;
    const auto keep = [&all](const auto& done) {
        if (!done && all)
            all = std::unexpected(done.error());
    };
    for (const IpPrefix& vip : instance_.addresses) {
        if (endsConnections_)
            keep(endConnections(vip.address));
        keep(route_->removeAddress(interface_, vip));
    }
    return all;
}

Result<void> HostWorld::announce(int packets) {
    QList<IpAddress> addresses;
    for (const IpPrefix& vip : instance_.addresses)
        addresses.append(vip.address);
    return announcer_.announce(interface_, addresses, packets, instance_.announcing.gap);
}

} // namespace mha
