// SPDX-License-Identifier: GPL-3.0-or-later
#include "vrrp/vrrp_socket.h"

#include <QPointer>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr int kNetworkControl = 0xc0; ///< the traffic class (RFC 2474's CS6), as every router sends it
constexpr size_t kLargestPacket = 8192;

template <typename Address> Address raw(const IpAddress& address) {
    Address value{};
    const auto bytes = address.bytes();
    std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
    return value;
}

template <typename Address> IpAddress fromRaw(const Address& address) {
    return IpAddress({reinterpret_cast<const quint8*>(&address), sizeof address});
}

/// Every option or none: the first that is refused ends it with errno.
class Options {
public:
    explicit Options(int socket) : socket_(socket) {}

    template <typename Value> Options& set(int level, int name, const Value& value) {
        if (good_)
            good_ = ::setsockopt(socket_, level, name, &value, sizeof value) == 0;
        return *this;
    }

    Options& set(int level, int name, const QByteArray& value) {
        if (good_)
            good_ = ::setsockopt(socket_, level, name, value.constData(), static_cast<socklen_t>(value.size())) == 0;
        return *this;
    }

    bool good() const { return good_; }

private:
    int socket_;
    bool good_ = true;
};

bool setUp4(int socket, const VrrpInstance& instance, int index) {
    Options options(socket);
    ip_mreqn group{};
    group.imr_multiaddr = raw<in_addr>(vrrpGroup(false));
    group.imr_ifindex = index;
    options.set(SOL_SOCKET, SO_BINDTODEVICE, instance.interface.toLocal8Bit())
        .set(IPPROTO_IP, IP_TTL, kVrrpTtl)
        .set(IPPROTO_IP, IP_TOS, kNetworkControl)
        .set(IPPROTO_IP, IP_MULTICAST_TTL, kVrrpTtl)
        .set(IPPROTO_IP, IP_MULTICAST_LOOP, 0)
        .set(IPPROTO_IP, IP_MULTICAST_ALL, 0)
        .set(IPPROTO_IP, IP_MULTICAST_IF, group);
    if (instance.peers.isEmpty())
        options.set(IPPROTO_IP, IP_ADD_MEMBERSHIP, group);
    return options.good();
}

bool setUp6(int socket, const VrrpInstance& instance, int index) {
    Options options(socket);
    options.set(SOL_SOCKET, SO_BINDTODEVICE, instance.interface.toLocal8Bit())
        .set(IPPROTO_IPV6, IPV6_UNICAST_HOPS, kVrrpTtl)
        .set(IPPROTO_IPV6, IPV6_TCLASS, kNetworkControl)
        .set(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, kVrrpTtl)
        .set(IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0)
        .set(IPPROTO_IPV6, IPV6_MULTICAST_IF, index)
        .set(IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)
        .set(IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    if (instance.peers.isEmpty()) {
        ipv6_mreq group{};
        group.ipv6mr_multiaddr = raw<in6_addr>(vrrpGroup(true));
        group.ipv6mr_interface = static_cast<unsigned>(index);
        options.set(IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, group);
    }
    return options.good();
}

/// Room for the one control message of a packet.
struct Control {
    alignas(cmsghdr) std::array<char, 256> room{};

    template <typename Value> void put(msghdr& header, int level, int type, const Value& value) {
        header.msg_control = room.data();
        header.msg_controllen = CMSG_SPACE(sizeof value);
        cmsghdr* const message = CMSG_FIRSTHDR(&header);
        message->cmsg_level = level;
        message->cmsg_type = type;
        message->cmsg_len = CMSG_LEN(sizeof value);
        std::memcpy(CMSG_DATA(message), &value, sizeof value);
    }
};

/// Hop limit and destination, which IPv6 tells beside the packet.
VrrpEnvelope envelope6(msghdr& header, const sockaddr_in6& from) {
    VrrpEnvelope envelope{fromRaw(from.sin6_addr), {}, 0};
    for (cmsghdr* message = CMSG_FIRSTHDR(&header); message; message = CMSG_NXTHDR(&header, message)) {
        if (message->cmsg_level != IPPROTO_IPV6)
            continue;
        if (message->cmsg_type == IPV6_HOPLIMIT) {
            std::memcpy(&envelope.ttl, CMSG_DATA(message), sizeof envelope.ttl);
        } else if (message->cmsg_type == IPV6_PKTINFO) {
            in6_pktinfo info{};
            std::memcpy(&info, CMSG_DATA(message), sizeof info);
            envelope.destination = fromRaw(info.ipi6_addr);
        }
    }
    return envelope;
}

} // namespace

std::optional<UnwrappedPacket> unwrapIpv4(std::span<const quint8> packet) {
    constexpr size_t kShortestHeader = 20;
    if (packet.size() < kShortestHeader || packet[0] >> 4 != 4)
        return std::nullopt;
    const size_t header = (packet[0] & 0x0fU) * size_t{4};
    const auto total = static_cast<size_t>(packet[2] << 8 | packet[3]);
    if (header < kShortestHeader || total < header || total > packet.size())
        return std::nullopt;
    return UnwrappedPacket{packet.subspan(header, total - header),
                           {IpAddress(packet.subspan(12, 4)), IpAddress(packet.subspan(16, 4)), packet[8]}};
}

VrrpSocket::VrrpSocket(QObject* parent) : QObject(parent) {}

VrrpSocket::~VrrpSocket() {
    notifier_.reset();
    if (socket_ >= 0)
        ::close(socket_);
}

Error VrrpSocket::failed(const QString& text, int number) const {
    const QString why = QString::fromStdString(std::generic_category().message(number));
    const bool forbidden = number == EPERM || number == EACCES;
    return {forbidden ? ErrorCode::Refused : ErrorCode::Unreachable, u"%1: %2."_s.arg(text, why), instance_.interface,
            forbidden ? u"Run it as root or with CAP_NET_RAW (the unit file gives it)."_s
                      : u"Look at the interface: ip address show %1."_s.arg(instance_.interface)};
}

Result<void> VrrpSocket::open(const VrrpInstance& instance, int interfaceIndex) {
    notifier_.reset();
    if (socket_ >= 0)
        ::close(socket_);
    instance_ = instance;
    index_ = interfaceIndex;
    const bool v6 = instance.source.isV6();
    socket_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, kVrrpProtocol);
    if (socket_ < 0 || !(v6 ? setUp6(socket_, instance, index_) : setUp4(socket_, instance, index_)))
        return std::unexpected(failed(u"VRRP cannot be spoken"_s, errno));
    notifier_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Read);
    connect(notifier_.get(), &QSocketNotifier::activated, this, &VrrpSocket::read);
    return {};
}

Result<void> VrrpSocket::send(const VrrpAdvert& advert) {
    Result<void> all;
    const QList<IpAddress> group{vrrpGroup(instance_.source.isV6())};
    for (const IpAddress& to : instance_.peers.isEmpty() ? group : instance_.peers) {
        const Result<void> sent = sendTo(to, encodeAdvert(advert, instance_.source, to));
        if (!sent && all)
            all = sent;
    }
    return all;
}

Result<void> VrrpSocket::sendTo(const IpAddress& destination, const QByteArray& message) const {
    iovec body{const_cast<char*>(message.constData()), static_cast<size_t>(message.size())};
    sockaddr_storage to{};
    msghdr header{};
    header.msg_name = &to;
    header.msg_iov = &body;
    header.msg_iovlen = 1;
    Control control;
    if (destination.isV6()) {
        auto* const to6 = reinterpret_cast<sockaddr_in6*>(&to);
        to6->sin6_family = AF_INET6;
        to6->sin6_addr = raw<in6_addr>(destination);
        to6->sin6_scope_id = static_cast<unsigned>(index_);
        header.msg_namelen = sizeof *to6;
        control.put(header, IPPROTO_IPV6, IPV6_PKTINFO,
                    in6_pktinfo{raw<in6_addr>(instance_.source), static_cast<unsigned>(index_)});
    } else {
        auto* const to4 = reinterpret_cast<sockaddr_in*>(&to);
        to4->sin_family = AF_INET;
        to4->sin_addr = raw<in_addr>(destination);
        header.msg_namelen = sizeof *to4;
        control.put(header, IPPROTO_IP, IP_PKTINFO, in_pktinfo{index_, raw<in_addr>(instance_.source), {}});
    }
    if (::sendmsg(socket_, &header, MSG_NOSIGNAL) < 0)
        return std::unexpected(failed(u"A VRRP advert could not be sent"_s, errno));
    return {};
}

void VrrpSocket::read() {
    std::array<quint8, kLargestPacket> buffer;
    const QPointer<VrrpSocket> alive(this);
    while (alive && socket_ >= 0) {
        iovec body{buffer.data(), buffer.size()};
        sockaddr_in6 from{};
        Control control;
        msghdr header{};
        header.msg_name = &from;
        header.msg_namelen = sizeof from;
        header.msg_iov = &body;
        header.msg_iovlen = 1;
        header.msg_control = control.room.data();
        header.msg_controllen = control.room.size();
        const ssize_t got = ::recvmsg(socket_, &header, 0);
        if (got < 0)
            return; // EAGAIN: all is read
        const auto packet = std::span<const quint8>(buffer).first(static_cast<size_t>(got));
        if (instance_.source.isV6()) {
            Q_EMIT received(QByteArray(reinterpret_cast<const char*>(packet.data()), got), envelope6(header, from));
        } else if (const auto unwrapped = unwrapIpv4(packet)) {
            Q_EMIT received(QByteArray(reinterpret_cast<const char*>(unwrapped->payload.data()),
                                       static_cast<qsizetype>(unwrapped->payload.size())),
                            unwrapped->envelope);
        }
    }
}

} // namespace mha
