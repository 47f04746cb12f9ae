// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/route_socket.h"

#include "netlink/netlink_socket.h"

#include <array>
#include <cerrno>
#include <linux/rtnetlink.h>
#include <system_error>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

Error failed(const QString& what, int number) {
    const QString why = QString::fromStdString(std::generic_category().message(number));
    if (number == EPERM || number == EACCES) {
        return {ErrorCode::Refused, u"The kernel did not allow to %1: %2."_s.arg(what, why), u"rtnetlink"_s,
                u"Run it as root or with CAP_NET_ADMIN (the unit file gives it)."_s};
    }
    const auto code = number == ENODEV ? ErrorCode::NotFound : ErrorCode::Unreachable;
    return {code, u"The kernel could not %1: %2."_s.arg(what, why), u"rtnetlink"_s,
            u"Look at the node's interfaces: ip address."_s};
}

} // namespace

struct RouteSocket::State {
    NetlinkSocket socket;
    quint32 sequence = 0;

    /// Sends, and hands each message of the answer to `take` until the one that ends it.
    template <typename Take> std::expected<int, int> ask(const QByteArray& request, Take take) {
        if (mnl_socket_sendto(socket.get(), request.constData(), static_cast<size_t>(request.size())) < 0)
            return std::unexpected(errno);
        alignas(nlmsghdr) std::array<quint8, 32768> buffer;
        for (;;) {
            const ssize_t got = mnl_socket_recvfrom(socket.get(), buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR)
                continue;
            if (got <= 0)
                return std::unexpected(got == 0 ? EPIPE : errno);
            for (const NetMessage& message : readNetMessages(std::span(buffer).first(static_cast<size_t>(got)))) {
                const auto* const answer = std::get_if<NetAnswer>(&message);
                if (!answer) {
                    take(message);
                } else if (answer->sequence == sequence) { // of an earlier request that was given up: passed over
                    return answer->error;
                }
            }
        }
    }
};

RouteSocket::RouteSocket(std::unique_ptr<State> state) : state_(std::move(state)) {}

RouteSocket::RouteSocket(RouteSocket&&) noexcept = default;
RouteSocket& RouteSocket::operator=(RouteSocket&&) noexcept = default;
RouteSocket::~RouteSocket() = default;

Result<RouteSocket> RouteSocket::open() {
    auto socket = openNetlink(NETLINK_ROUTE);
    if (!socket)
        return std::unexpected(failed(u"open a netlink socket"_s, socket.error()));
    auto state = std::make_unique<State>();
    state->socket = std::move(*socket);
    return RouteSocket(std::move(state));
}

Result<QList<NetInterface>> RouteSocket::interfaces() {
    QList<NetInterface> found;
    const auto answer = state_->ask(listInterfacesMessage(++state_->sequence), [&](const NetMessage& message) {
        if (const auto* const link = std::get_if<NetLinkChanged>(&message))
            found.append(link->interface);
    });
    if (const int error = answer ? *answer : answer.error(); error != 0)
        return std::unexpected(failed(u"list the interfaces"_s, error));
    return found;
}

Result<QList<NetAddress>> RouteSocket::addresses() {
    QList<NetAddress> found;
    const auto answer = state_->ask(listAddressesMessage(++state_->sequence), [&](const NetMessage& message) {
        if (const auto* const address = std::get_if<NetAddressChanged>(&message))
            found.append(address->address);
    });
    if (const int error = answer ? *answer : answer.error(); error != 0)
        return std::unexpected(failed(u"list the addresses"_s, error));
    return found;
}

Result<void> RouteSocket::addAddress(const NetInterface& interface, const IpPrefix& address) {
    const auto answer =
        state_->ask(addAddressMessage(interface.index, address, ++state_->sequence), [](const NetMessage&) {});
    if (const int error = answer ? *answer : answer.error(); error != 0 && error != EEXIST)
        return std::unexpected(failed(u"add %1 to %2"_s.arg(address.toText(), interface.name), error));
    return {};
}

Result<void> RouteSocket::removeAddress(const NetInterface& interface, const IpPrefix& address) {
    const auto answer =
        state_->ask(removeAddressMessage(interface.index, address, ++state_->sequence), [](const NetMessage&) {});
    if (const int error = answer ? *answer : answer.error(); error != 0 && error != EADDRNOTAVAIL && error != ENODEV)
        return std::unexpected(failed(u"remove %1 from %2"_s.arg(address.toText(), interface.name), error));
    return {};
}

} // namespace mha
