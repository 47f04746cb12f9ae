// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/ip_address.h"
#include "model/time.h"

#include <QByteArray>
#include <QList>

#include <optional>
#include <span>
#include <variant>

namespace mha {

/// The messages of rtnetlink(7) that a VIP needs, as values. Pure: bytes in and out, by libmnl. RouteSocket asks the
/// kernel with them, InterfaceWatch listens.

/// A network interface of this machine.
struct NetInterface {
    int index = 0;
    QString name;
    QByteArray mac;       ///< 6 bytes; others where the link is no Ethernet
    bool up = false;      ///< set up by the administrator
    bool carrier = false; ///< and its cable carries: up and running (IFF_LOWER_UP, no IFF_DORMANT)
    bool loopback = false;
    bool operator==(const NetInterface&) const = default;
};

/// An address on an interface.
struct NetAddress {
    int index = 0; ///< of the interface
    IpPrefix prefix;
    bool secondary = false; ///< IPv4: goes when the first address of its network goes, unless promote_secondaries
    bool tentative = false; ///< IPv6: not in use until its uniqueness is known
    /// When the kernel set or last changed it, in hundredths of a second by its ticks since boot: the only time that
    /// rtnetlink tells. A fixed time (0.27 s on one machine) apart from CLOCK_MONOTONIC, so good for differences; of a
    /// removed address it is the last change, not the removal.
    std::optional<Duration> changedAfterBoot{};
    bool operator==(const NetAddress&) const = default;
};

/// One message of the kernel's.
struct NetLinkChanged {
    NetInterface interface;
    bool gone = false;
    bool operator==(const NetLinkChanged&) const = default;
};

struct NetAddressChanged {
    NetAddress address;
    bool gone = false;
    bool operator==(const NetAddressChanged&) const = default;
};

/// The end of a list, or the answer to a request: 0, or errno.
struct NetAnswer {
    quint32 sequence = 0;
    int error = 0;
    bool operator==(const NetAnswer&) const = default;
};

using NetMessage = std::variant<NetLinkChanged, NetAddressChanged, NetAnswer>;

/// RTM_NEWADDR that must not be there yet. An IPv6 address is used at once (no duplicate detection: the other node held
/// it a moment ago), and one of a single host is never chosen as the source of what this machine sends by itself.
QByteArray addAddressMessage(int interfaceIndex, const IpPrefix& address, quint32 sequence);
QByteArray removeAddressMessage(int interfaceIndex, const IpPrefix& address, quint32 sequence);
QByteArray listInterfacesMessage(quint32 sequence);
QByteArray listAddressesMessage(quint32 sequence);

/// A datagram of the kernel's; messages of other kinds and broken ones are left out. `bytes` begins as malloc aligns.
QList<NetMessage> readNetMessages(std::span<const quint8> bytes);

/// Nothing where there is none of this name.
std::optional<NetInterface> interfaceNamed(const QList<NetInterface>& interfaces, const QString& name);
/// The interface in whose network the address lies (the longest prefix wins), itself on no loopback.
std::optional<NetInterface> interfaceReaching(const QList<NetInterface>& interfaces, const QList<NetAddress>& addresses,
                                              const IpAddress& target);
/// The node's own address on an interface, from which it speaks VRRP for `vip`: of IPv4 the first one, best one in the
/// network of the VIP; of IPv6 the link-local one. Never a VIP itself, nor one that is still tentative.
IpAddress ownAddressFor(const QList<NetAddress>& addresses, int interfaceIndex, const QList<IpPrefix>& vips);

} // namespace mha
