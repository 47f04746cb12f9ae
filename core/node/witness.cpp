// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/witness.h"

#include <QPointer>

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMac = 6;
/// A request that was not answered for so long was lost: the next reply is none to it.
constexpr Duration kLost = std::chrono::milliseconds(200);

QByteArray bytesOf(const IpAddress& address) {
    const auto bytes = address.bytes();
    return {reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())};
}

} // namespace

QByteArray arpRequest(const QByteArray& mac, const IpAddress& self, const IpAddress& target) {
    if (mac.size() != kMac || !self.isV4() || !target.isV4())
        return {};
    return QByteArray(kMac, '\xff') + mac + QByteArray::fromHex("08060001080006040001") + mac + bytesOf(self) +
           QByteArray(kMac, '\0') + bytesOf(target);
}

bool isArpReply(std::span<const quint8> packet, const IpAddress& sender, const IpAddress& self) {
    static constexpr std::array<quint8, 8> kReply{0, 1, 8, 0, 6, 4, 0, 2};
    return packet.size() >= 28 && std::ranges::equal(packet.first(8), kReply) &&
           std::ranges::equal(packet.subspan(14, 4), sender.bytes()) &&
           std::ranges::equal(packet.subspan(24, 4), self.bytes());
}

Witness::Witness(QObject* parent) : QObject(parent) {}

Witness::~Witness() {
    notifier_.reset();
    if (socket_ >= 0)
        ::close(socket_);
}

Result<void> Witness::open(const NetInterface& interface, const IpAddress& self, const IpAddress& witness) {
    self_ = self;
    witness_ = witness;
    index_ = interface.index;
    request_ = arpRequest(interface.mac, self, witness);
    const auto failed = [&](const QString& why) {
        return std::unexpected(Error{ErrorCode::Refused, u"The witness cannot be asked: %1."_s.arg(why),
                                     witness.toText(),
                                     u"Run it as root or with CAP_NET_RAW; a witness needs IPv4 and Ethernet."_s});
    };
    if (request_.isEmpty())
        return failed(u"no ARP on %1"_s.arg(interface.name));
    // Replies come without the Ethernet header; requests are sent by the same socket with the header given apart.
    socket_ = ::socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, htons(ETH_P_ARP));
    sockaddr_ll on{};
    on.sll_family = AF_PACKET;
    on.sll_protocol = htons(ETH_P_ARP);
    on.sll_ifindex = index_;
    if (socket_ < 0 || ::bind(socket_, reinterpret_cast<const sockaddr*>(&on), sizeof on) != 0)
        return failed(QString::fromStdString(std::generic_category().message(errno)));
    notifier_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Read);
    connect(notifier_.get(), &QSocketNotifier::activated, this, &Witness::read);
    return {};
}

void Witness::probe(MonotonicTime now) {
    if (!oldest_ || now - *oldest_ > kLost)
        oldest_ = now;
    sockaddr_ll to{};
    to.sll_family = AF_PACKET;
    to.sll_protocol = htons(ETH_P_ARP);
    to.sll_ifindex = index_;
    to.sll_halen = kMac;
    std::fill_n(to.sll_addr, kMac, quint8{0xff});
    const QByteArray packet = request_.sliced(ETH_HLEN);
    static_cast<void>(::sendto(socket_, packet.constData(), static_cast<size_t>(packet.size()), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), sizeof to));
}

void Witness::read() {
    const QPointer<Witness> alive(this);
    std::array<quint8, 2048> buffer{};
    while (alive && socket_ >= 0) {
        const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (got < 0)
            return;
        const auto packet = std::span<const quint8>(buffer).first(static_cast<size_t>(got));
        if (!oldest_ || !isArpReply(packet, witness_, self_))
            continue;
        Q_EMIT answered(*std::exchange(oldest_, std::nullopt));
    }
}

} // namespace mha
