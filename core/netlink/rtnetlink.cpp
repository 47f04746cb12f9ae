// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/rtnetlink.h"

#include <algorithm>
#include <array>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

namespace mha {

namespace {

constexpr quint32 kForever = 0xffffffff;
constexpr int kHost6 = 128;

/// A message as it is built; libmnl writes into it without asking for room, and ours are far shorter.
class Building {
public:
    Building(quint16 type, quint16 flags, quint32 sequence) : header_(mnl_nlmsg_put_header(buffer_.data())) {
        header_->nlmsg_type = type;
        header_->nlmsg_flags = static_cast<quint16>(NLM_F_REQUEST | flags);
        header_->nlmsg_seq = sequence;
    }

    template <typename Extra> Extra* extra() {
        return static_cast<Extra*>(mnl_nlmsg_put_extra_header(header_, sizeof(Extra)));
    }

    void put(quint16 type, std::span<const quint8> bytes) { mnl_attr_put(header_, type, bytes.size(), bytes.data()); }

    void put(quint16 type, const ifa_cacheinfo& info) { mnl_attr_put(header_, type, sizeof info, &info); }

    QByteArray take() const { return {buffer_.data(), static_cast<qsizetype>(header_->nlmsg_len)}; }

private:
    alignas(nlmsghdr) std::array<char, 256> buffer_{};
    nlmsghdr* header_;
};

Building address(quint16 type, quint16 flags, int index, const IpPrefix& prefix, quint32 sequence) {
    Building message(type, flags, sequence);
    auto* const body = message.extra<ifaddrmsg>();
    const bool v6 = prefix.address.isV6();
    body->ifa_family = v6 ? AF_INET6 : AF_INET;
    body->ifa_prefixlen = static_cast<quint8>(prefix.length);
    body->ifa_scope = RT_SCOPE_UNIVERSE;
    body->ifa_index = static_cast<quint32>(index);
    if (v6 && type == RTM_NEWADDR)
        body->ifa_flags = IFA_F_NODAD;
    message.put(IFA_LOCAL, prefix.address.bytes());
    if (v6 && type == RTM_NEWADDR && prefix.length == kHost6)
        message.put(IFA_CACHEINFO, ifa_cacheinfo{0, kForever, 0, 0});
    return message;
}

QByteArray list(quint16 type, quint32 sequence) {
    Building message(type, NLM_F_DUMP, sequence);
    message.extra<rtgenmsg>()->rtgen_family = AF_UNSPEC;
    return message.take();
}

std::span<const quint8> payload(const nlattr* attribute) {
    return {static_cast<const quint8*>(mnl_attr_get_payload(attribute)), mnl_attr_get_payload_len(attribute)};
}

/// libmnl hands the attributes of a message to a C function.
template <typename Take> void eachAttribute(const nlmsghdr* message, size_t offset, Take take) {
    mnl_attr_parse(
        message, static_cast<unsigned>(offset),
        [](const nlattr* attribute, void* data) {
            (*static_cast<Take*>(data))(mnl_attr_get_type(attribute), payload(attribute));
            return MNL_CB_OK;
        },
        &take);
}

QByteArray bytesOf(std::span<const quint8> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

template <typename Value> std::optional<Value> valueIn(std::span<const quint8> bytes) {
    if (bytes.size() < sizeof(Value))
        return std::nullopt;
    Value value;
    std::ranges::copy(bytes.first(sizeof value), reinterpret_cast<quint8*>(&value));
    return value;
}

std::optional<NetMessage> readLink(const nlmsghdr* message) {
    if (mnl_nlmsg_get_payload_len(message) < sizeof(ifinfomsg))
        return std::nullopt;
    const auto* const body = static_cast<const ifinfomsg*>(mnl_nlmsg_get_payload(message));
    if (body->ifi_family != AF_UNSPEC)
        return std::nullopt; // what a bridge says of its ports
    NetLinkChanged change;
    change.gone = message->nlmsg_type == RTM_DELLINK;
    change.interface.index = body->ifi_index;
    change.interface.loopback = (body->ifi_flags & IFF_LOOPBACK) != 0;
    change.interface.up = !change.gone && (body->ifi_flags & IFF_UP) != 0;
    change.interface.carrier =
        change.interface.up && (body->ifi_flags & IFF_LOWER_UP) != 0 && (body->ifi_flags & IFF_DORMANT) == 0;
    eachAttribute(message, sizeof(ifinfomsg), [&](quint16 type, std::span<const quint8> bytes) {
        if (type == IFLA_IFNAME) {
            const QByteArray name = bytesOf(bytes);
            change.interface.name = QString::fromUtf8(name.left(name.indexOf('\0')));
        } else if (type == IFLA_ADDRESS) {
            change.interface.mac = bytesOf(bytes);
        }
    });
    return change;
}

std::optional<NetMessage> readAddress(const nlmsghdr* message) {
    if (mnl_nlmsg_get_payload_len(message) < sizeof(ifaddrmsg))
        return std::nullopt;
    const auto* const body = static_cast<const ifaddrmsg*>(mnl_nlmsg_get_payload(message));
    NetAddressChanged change;
    change.gone = message->nlmsg_type == RTM_DELADDR;
    change.address.index = static_cast<int>(body->ifa_index);
    IpAddress local;
    IpAddress other; // of a point-to-point link IFA_ADDRESS is the far end; IPv6 often has it alone
    quint32 flags = body->ifa_flags;
    eachAttribute(message, sizeof(ifaddrmsg), [&](quint16 type, std::span<const quint8> bytes) {
        if (type == IFA_LOCAL) {
            local = IpAddress(bytes);
        } else if (type == IFA_ADDRESS) {
            other = IpAddress(bytes);
        } else if (type == IFA_FLAGS) {
            flags = valueIn<quint32>(bytes).value_or(flags);
        } else if (type == IFA_CACHEINFO) {
            if (const auto info = valueIn<ifa_cacheinfo>(bytes))
                change.address.changedAfterBoot = std::chrono::milliseconds(10) * qint64{info->tstamp};
        }
    });
    change.address.prefix = {local.isSet() ? local : other, body->ifa_prefixlen};
    if (!change.address.prefix.address.isSet())
        return std::nullopt;
    const bool v6 = body->ifa_family == AF_INET6;
    change.address.secondary = !v6 && (flags & IFA_F_SECONDARY) != 0;
    change.address.tentative = v6 && (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) != 0;
    return change;
}

std::optional<NetMessage> readOne(const nlmsghdr* message) {
    switch (message->nlmsg_type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
        return readLink(message);
    case RTM_NEWADDR:
    case RTM_DELADDR:
        return readAddress(message);
    case NLMSG_DONE:
        return NetAnswer{message->nlmsg_seq, 0};
    case NLMSG_ERROR:
        if (mnl_nlmsg_get_payload_len(message) < sizeof(nlmsgerr))
            return std::nullopt;
        return NetAnswer{message->nlmsg_seq, -static_cast<const nlmsgerr*>(mnl_nlmsg_get_payload(message))->error};
    default:
        return std::nullopt;
    }
}

} // namespace

QByteArray addAddressMessage(int interfaceIndex, const IpPrefix& prefix, quint32 sequence) {
    return address(RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL, interfaceIndex, prefix, sequence).take();
}

QByteArray removeAddressMessage(int interfaceIndex, const IpPrefix& prefix, quint32 sequence) {
    return address(RTM_DELADDR, NLM_F_ACK, interfaceIndex, prefix, sequence).take();
}

QByteArray listInterfacesMessage(quint32 sequence) {
    return list(RTM_GETLINK, sequence);
}

QByteArray listAddressesMessage(quint32 sequence) {
    return list(RTM_GETADDR, sequence);
}

QList<NetMessage> readNetMessages(std::span<const quint8> bytes) {
    QList<NetMessage> messages;
    auto left = static_cast<int>(bytes.size());
    const auto* message = reinterpret_cast<const nlmsghdr*>(bytes.data());
    for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
        if (auto read = readOne(message))
            messages.append(std::move(*read));
    }
    return messages;
}

std::optional<NetInterface> interfaceNamed(const QList<NetInterface>& interfaces, const QString& name) {
    const auto found = std::ranges::find(interfaces, name, &NetInterface::name);
    return found == interfaces.end() ? std::nullopt : std::optional(*found);
}

std::optional<NetInterface> interfaceReaching(const QList<NetInterface>& interfaces, const QList<NetAddress>& addresses,
                                              const IpAddress& target) {
    std::optional<NetInterface> best;
    int longest = -1;
    for (const NetAddress& address : addresses) {
        const auto on = std::ranges::find(interfaces, address.index, &NetInterface::index);
        if (on == interfaces.end() || on->loopback || address.prefix.address == target ||
            !address.prefix.contains(target) || address.prefix.length <= longest)
            continue;
        best = *on;
        longest = address.prefix.length;
    }
    return best;
}

IpAddress ownAddressFor(const QList<NetAddress>& addresses, int interfaceIndex, const QList<IpPrefix>& vips) {
    if (vips.isEmpty())
        return {};
    const bool v6 = vips.front().address.isV6();
    IpAddress own;
    for (const NetAddress& candidate : addresses) {
        const IpAddress& address = candidate.prefix.address;
        const bool usable = candidate.index == interfaceIndex && address.isV6() == v6 && !candidate.tentative &&
                            (!v6 || address.isLinkLocal()) &&
                            std::ranges::find(vips, address, &IpPrefix::address) == vips.end();
        if (!usable)
            continue;
        if (candidate.prefix.contains(vips.front().address) && !candidate.secondary)
            return address;
        if (!own.isSet())
            own = address;
    }
    return own;
}

} // namespace mha
