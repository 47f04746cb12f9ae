// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/announcer.h"

#include "netlink/announcement.h"

#include <cerrno>
#include <linux/if_packet.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

Error failed(const QString& text, int number) {
    const QString why = QString::fromStdString(std::generic_category().message(number));
    const bool forbidden = number == EPERM || number == EACCES;
    return {forbidden ? ErrorCode::Refused : ErrorCode::Unreachable, u"%1: %2."_s.arg(text, why), u"packet socket"_s,
            forbidden ? u"Run it as root or with CAP_NET_RAW (the unit file gives it)."_s
                      : u"Look at the node's interface: ip link."_s};
}

} // namespace

Announcer::Announcer(QObject* parent) : QObject(parent), timer_(this) {
    timer_.setTimerType(Qt::PreciseTimer);
    connect(&timer_, &QTimer::timeout, this, [this] { static_cast<void>(sendRound()); });
}

Announcer::~Announcer() {
    if (socket_ >= 0)
        ::close(socket_);
}

Result<void> Announcer::open() {
    if (socket_ >= 0)
        return {};
    // Protocol 0: it only sends, nothing is ever queued for it.
    socket_ = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket_ < 0)
        return std::unexpected(failed(u"The neighbours cannot be told of the VIP"_s, errno));
    return {};
}

Result<void> Announcer::announce(const NetInterface& interface, const QList<IpAddress>& addresses, int packets,
                                 Duration gap) {
    stop();
    interface_ = interface;
    for (const IpAddress& address : addresses) {
        if (const QByteArray frame = announcementFrame(interface.mac, address); !frame.isEmpty())
            frames_.append(frame);
    }
    if (frames_.isEmpty())
        return {}; // no Ethernet: there is no cache to mend
    left_ = packets;
    if (gap > Duration::zero() && packets > 1) {
        timer_.start(std::chrono::ceil<std::chrono::milliseconds>(gap));
        return sendRound();
    }
    Result<void> all;
    while (left_ > 0) {
        const Result<void> sent = sendRound();
        if (all && !sent)
            all = sent;
    }
    return all;
}

void Announcer::stop() {
    timer_.stop();
    frames_.clear();
    left_ = 0;
}

Result<void> Announcer::sendRound() {
    if (--left_ <= 0)
        timer_.stop();
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_ifindex = interface_.index;
    Result<void> all;
    for (const QByteArray& frame : std::as_const(frames_)) {
        const ssize_t sent = ::sendto(socket_, frame.constData(), static_cast<size_t>(frame.size()), 0,
                                      reinterpret_cast<const sockaddr*>(&to), sizeof to);
        if (sent < 0 && all) {
            all = std::unexpected(
                failed(u"An announcement of the VIP could not be sent on %1"_s.arg(interface_.name), errno));
        }
    }
    return all;
}

} // namespace mha
