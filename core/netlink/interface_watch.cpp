// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/interface_watch.h"

#include "netlink/netlink_socket.h"

#include <QPointer>
#include <QSocketNotifier>

#include <array>
#include <cerrno>
#include <linux/rtnetlink.h>
#include <system_error>

namespace mha {

using namespace Qt::StringLiterals;

struct InterfaceWatch::State {
    NetlinkSocket socket;
    std::unique_ptr<QSocketNotifier> notifier; ///< goes before the socket
};

InterfaceWatch::InterfaceWatch(QObject* parent) : QObject(parent), state_(std::make_unique<State>()) {}

InterfaceWatch::~InterfaceWatch() = default;

Result<void> InterfaceWatch::open() {
    state_->socket.reset(mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!state_->socket || mnl_socket_bind(state_->socket.get(), RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR,
                                           MNL_SOCKET_AUTOPID) < 0) {
        const QString why = QString::fromStdString(std::generic_category().message(errno));
        return std::unexpected(Error{ErrorCode::Refused,
                                     u"The kernel's changes of addresses cannot be heard: %1."_s.arg(why),
                                     u"rtnetlink"_s, u"Allow AF_NETLINK to this program."_s});
    }
    state_->notifier =
        std::make_unique<QSocketNotifier>(mnl_socket_get_fd(state_->socket.get()), QSocketNotifier::Read);
    connect(state_->notifier.get(), &QSocketNotifier::activated, this, &InterfaceWatch::read);
    return {};
}

void InterfaceWatch::read() {
    alignas(nlmsghdr) std::array<quint8, 32768> buffer;
    const QPointer<InterfaceWatch> alive(this);
    while (alive && state_->socket) {
        const ssize_t got = mnl_socket_recvfrom(state_->socket.get(), buffer.data(), buffer.size());
        if (got < 0 && errno == ENOBUFS) {
            Q_EMIT missedSome();
            continue;
        }
        if (got <= 0)
            return; // EAGAIN: all is read
        for (const NetMessage& message : readNetMessages(std::span(buffer).first(static_cast<size_t>(got)))) {
            if (const auto* const link = std::get_if<NetLinkChanged>(&message)) {
                Q_EMIT linkChanged(*link);
            } else if (const auto* const address = std::get_if<NetAddressChanged>(&message)) {
                Q_EMIT addressChanged(*address);
            }
            if (!alive)
                return;
        }
    }
}

} // namespace mha
