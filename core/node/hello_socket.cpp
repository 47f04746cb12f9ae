// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/hello_socket.h"

#include "link/kernel_stamp.h"
#include "vrrp/instance.h"

#include <QPointer>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr int kHops = 255;
constexpr int kNetworkControl = 0xc0;

/// A socket address of either family, with its length.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t length = sizeof(sockaddr_storage);

    SocketAddress() = default;

    SocketAddress(const IpAddress& address, quint16 port, int index) {
        const auto bytes = address.bytes();
        if (address.isV6()) {
            auto* const six = reinterpret_cast<sockaddr_in6*>(&storage);
            six->sin6_family = AF_INET6;
            six->sin6_port = htons(port);
            six->sin6_scope_id = address.isLinkLocal() || address.isMulticast() ? static_cast<unsigned>(index) : 0;
            std::ranges::copy(bytes, reinterpret_cast<quint8*>(&six->sin6_addr));
            length = sizeof *six;
        } else {
            auto* const four = reinterpret_cast<sockaddr_in*>(&storage);
            four->sin_family = AF_INET;
            four->sin_port = htons(port);
            std::ranges::copy(bytes, reinterpret_cast<quint8*>(&four->sin_addr));
            length = sizeof *four;
        }
    }

    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }

    IpAddress address() const {
        if (storage.ss_family == AF_INET6) {
            const auto* const six = reinterpret_cast<const sockaddr_in6*>(&storage);
            return IpAddress({reinterpret_cast<const quint8*>(&six->sin6_addr), 16});
        }
        const auto* const four = reinterpret_cast<const sockaddr_in*>(&storage);
        return IpAddress({reinterpret_cast<const quint8*>(&four->sin_addr), 4});
    }
};

bool set(int socket, int level, int name, int value) {
    return ::setsockopt(socket, level, name, &value, sizeof value) == 0;
}

IpAddress any(bool v6) {
    constexpr std::array<quint8, 16> zeros{};
    return IpAddress(std::span(zeros).first(v6 ? 16 : 4));
}

bool setUp4(int socket) {
    return set(socket, IPPROTO_IP, IP_TTL, kHops) && set(socket, IPPROTO_IP, IP_MULTICAST_TTL, kHops) &&
           set(socket, IPPROTO_IP, IP_MULTICAST_LOOP, 0) && set(socket, IPPROTO_IP, IP_RECVTTL, 1) &&
           set(socket, IPPROTO_IP, IP_TOS, kNetworkControl);
}

bool setUp6(int socket) {
    return set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1) && set(socket, IPPROTO_IPV6, IPV6_UNICAST_HOPS, kHops) &&
           set(socket, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, kHops) && set(socket, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0) &&
           set(socket, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1) && set(socket, IPPROTO_IPV6, IPV6_TCLASS, kNetworkControl);
}

/// What is sent to the group bears our own address, not another one of the interface, such as the VIP.
bool join4(int socket, int index, const IpAddress& self) {
    ip_mreqn group{};
    std::ranges::copy(vrrpGroup(false).bytes(), reinterpret_cast<quint8*>(&group.imr_multiaddr));
    std::ranges::copy(self.bytes(), reinterpret_cast<quint8*>(&group.imr_address));
    group.imr_ifindex = index;
    return ::setsockopt(socket, IPPROTO_IP, IP_MULTICAST_IF, &group, sizeof group) == 0 &&
           ::setsockopt(socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) == 0;
}

bool join6(int socket, int index) {
    ipv6_mreq group{};
    std::ranges::copy(vrrpGroup(true).bytes(), reinterpret_cast<quint8*>(&group.ipv6mr_multiaddr));
    group.ipv6mr_interface = static_cast<unsigned>(index);
    return set(socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, index) &&
           ::setsockopt(socket, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &group, sizeof group) == 0;
}

struct Envelope {
    int hops = 0;
    Duration queued{};
};

Envelope envelopeOf(msghdr& header) {
    Envelope envelope;
    for (cmsghdr* message = CMSG_FIRSTHDR(&header); message; message = CMSG_NXTHDR(&header, message)) {
        const bool hops = (message->cmsg_level == IPPROTO_IP && message->cmsg_type == IP_TTL) ||
                          (message->cmsg_level == IPPROTO_IPV6 && message->cmsg_type == IPV6_HOPLIMIT);
        if (hops) {
            std::memcpy(&envelope.hops, CMSG_DATA(message), sizeof envelope.hops);
        } else if (const auto came = kernelStamp(*message)) {
            timespec now{};
            ::clock_gettime(CLOCK_REALTIME, &now); // as the kernel stamps it
            const auto queued =
                std::chrono::seconds(now.tv_sec - came->tv_sec) + std::chrono::nanoseconds(now.tv_nsec - came->tv_nsec);
            envelope.queued = std::max(std::chrono::ceil<Duration>(queued), Duration::zero());
        }
    }
    return envelope;
}

} // namespace

HelloSocket::HelloSocket(QObject* parent) : QObject(parent) {}

HelloSocket::~HelloSocket() {
    notifier_.reset();
    if (socket_ >= 0)
        ::close(socket_);
}

Result<void> HelloSocket::open(const QString& interface, int interfaceIndex, const IpAddress& self,
                               const IpAddress& peer, quint16 port, bool unicast) {
    peer_ = peer;
    to_ = unicast ? peer : vrrpGroup(self.isV6());
    port_ = port;
    index_ = interfaceIndex;
    const bool v6 = self.isV6();
    socket_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    const QByteArray name = interface.toLocal8Bit();
    SocketAddress own(unicast ? self : any(v6), port, interfaceIndex);
    const bool ready =
        socket_ >= 0 && set(socket_, SOL_SOCKET, SO_REUSEADDR, 1) && set(socket_, SOL_SOCKET, SO_TIMESTAMPNS, 1) &&
        ::setsockopt(socket_, SOL_SOCKET, SO_BINDTODEVICE, name.constData(), static_cast<socklen_t>(name.size())) ==
            0 &&
        (v6 ? setUp6(socket_) : setUp4(socket_)) && ::bind(socket_, own.get(), own.length) == 0 &&
        (unicast || (v6 ? join6(socket_, interfaceIndex) : join4(socket_, interfaceIndex, self)));
    if (!ready) {
        const QString why = QString::fromStdString(std::generic_category().message(errno));
        return std::unexpected(Error{ErrorCode::Unreachable, u"UDP port %1 cannot be used: %2."_s.arg(port).arg(why),
                                     self.toText(), u"See who uses it: ss -lunp."_s});
    }
    notifier_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Read);
    connect(notifier_.get(), &QSocketNotifier::activated, this, &HelloSocket::read);
    return {};
}

void HelloSocket::send(const QByteArray& hello) {
    SocketAddress to(to_, port_, index_);
    static_cast<void>(
        ::sendto(socket_, hello.constData(), static_cast<size_t>(hello.size()), MSG_NOSIGNAL, to.get(), to.length));
}

void HelloSocket::read() {
    const QPointer<HelloSocket> alive(this);
    while (alive && socket_ >= 0) {
        std::array<char, 512> buffer{};
        alignas(cmsghdr) std::array<char, 128> control{};
        SocketAddress from;
        iovec body{buffer.data(), buffer.size()};
        msghdr header{};
        header.msg_name = from.get();
        header.msg_namelen = from.length;
        header.msg_iov = &body;
        header.msg_iovlen = 1;
        header.msg_control = control.data();
        header.msg_controllen = control.size();
        const ssize_t got = ::recvmsg(socket_, &header, 0);
        if (got < 0 && errno == ECONNREFUSED)
            continue; // the peer's host says that its program does not run
        if (got < 0)
            return;
        const Envelope envelope = envelopeOf(header);
        if (from.address() == peer_ && envelope.hops == kHops)
            Q_EMIT received(QByteArray(buffer.data(), got), envelope.queued);
    }
}

} // namespace mha
