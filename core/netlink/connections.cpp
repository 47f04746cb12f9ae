// SPDX-License-Identifier: GPL-3.0-or-later
#include "netlink/connections.h"

#include "netlink/netlink_socket.h"

#include <QList>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <system_error>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

struct Connection {
    quint8 family = 0;
    inet_diag_sockid id{};
};

Error failed(const QString& what, int number) {
    const QString why = QString::fromStdString(std::generic_category().message(number));
    if (number == EOPNOTSUPP) {
        return {ErrorCode::Refused, u"This kernel cannot %1."_s.arg(what), u"sock_diag"_s,
                u"Set end_connections = false, or run a kernel with CONFIG_INET_DIAG_DESTROY."_s};
    }
    return {ErrorCode::Refused, u"The kernel did not %1: %2."_s.arg(what, why), u"sock_diag"_s,
            u"Run it as root or with CAP_NET_ADMIN (the unit file gives it)."_s};
}

inet_diag_req_v2 requestFor(quint8 family) {
    inet_diag_req_v2 request{};
    request.sdiag_family = family;
    request.sdiag_protocol = IPPROTO_TCP;
    request.idiag_states = ~(1U << TCP_LISTEN);
    return request;
}

/// 0: sent.
int ask(mnl_socket* socket, quint16 type, quint16 flags, const inet_diag_req_v2& request) {
    alignas(nlmsghdr) std::array<char, MNL_NLMSG_HDRLEN + sizeof(inet_diag_req_v2)> buffer{};
    nlmsghdr* const header = mnl_nlmsg_put_header(buffer.data());
    header->nlmsg_type = type;
    header->nlmsg_flags = static_cast<quint16>(NLM_F_REQUEST | flags);
    std::memcpy(mnl_nlmsg_put_extra_header(header, sizeof request), &request, sizeof request);
    return mnl_socket_sendto(socket, header, header->nlmsg_len) < 0 ? errno : 0;
}

/// Hands each message to `take` until the one that ends the answer; its error, 0: none.
template <typename Take> int answer(mnl_socket* socket, Take take) {
    const auto each = [](const nlmsghdr* message, void* data) {
        (*static_cast<Take*>(data))(message);
        return MNL_CB_OK;
    };
    alignas(nlmsghdr) std::array<char, 32768> buffer;
    for (;;) {
        const ssize_t got = mnl_socket_recvfrom(socket, buffer.data(), buffer.size());
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 ? EPIPE : errno;
        const int more = mnl_cb_run(buffer.data(), static_cast<size_t>(got), 0, 0, each, &take);
        if (more <= MNL_CB_STOP)
            return more < 0 ? errno : 0;
    }
}

/// The address as the kernel has it in a socket of that family: one of IPv6 that serves IPv4 as well has it mapped.
std::array<quint32, 4> inSocket(const IpAddress& address, quint8 family) {
    std::array<quint32, 4> words{};
    if (address.isV6()) {
        std::memcpy(words.data(), address.bytes().data(), 16);
    } else if (family == AF_INET) {
        std::memcpy(words.data(), address.bytes().data(), 4);
    } else {
        words[2] = htonl(0xffff);
        std::memcpy(&words[3], address.bytes().data(), 4);
    }
    return words;
}

Result<QList<Connection>> connectionsAt(mnl_socket* socket, const IpAddress& local) {
    QList<Connection> found;
    for (const quint8 family : {quint8{AF_INET}, quint8{AF_INET6}}) {
        if (family == AF_INET && local.isV6())
            continue;
        const auto wanted = inSocket(local, family);
        int error = ask(socket, SOCK_DIAG_BY_FAMILY, NLM_F_DUMP, requestFor(family));
        if (error == 0) {
            error = answer(socket, [&](const nlmsghdr* message) {
                if (mnl_nlmsg_get_payload_len(message) < sizeof(inet_diag_msg))
                    return;
                inet_diag_msg told{};
                std::memcpy(&told, mnl_nlmsg_get_payload(message), sizeof told);
                if (told.idiag_family == family && std::ranges::equal(told.id.idiag_src, wanted))
                    found.append({family, told.id});
            });
        }
        if (error != 0)
            return std::unexpected(failed(u"list the connections"_s, error));
    }
    return found;
}

} // namespace

Result<int> endConnections(const IpAddress& local) {
    const auto opened = openNetlink(NETLINK_SOCK_DIAG);
    if (!opened)
        return std::unexpected(failed(u"open a netlink socket"_s, opened.error()));
    mnl_socket* const socket = opened->get();
    const Result<QList<Connection>> connections = connectionsAt(socket, local);
    if (!connections)
        return std::unexpected(connections.error());
    int ended = 0;
    for (const Connection& connection : *connections) {
        inet_diag_req_v2 request = requestFor(connection.family);
        request.id = connection.id;
        int error = ask(socket, SOCK_DESTROY, NLM_F_ACK, request);
        if (error == 0)
            error = answer(socket, [](const nlmsghdr*) {});
        if (error == 0) {
            ++ended;
        } else if (error != ENOENT && error != EINVAL) { // it has ended by itself, or is in TIME_WAIT
            return std::unexpected(failed(u"end a connection"_s, error));
        }
    }
    return ended;
}

} // namespace mha
