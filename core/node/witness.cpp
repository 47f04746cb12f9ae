// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/witness.h"

#include <QPointer>
#include <QRandomGenerator>

#include <algorithm>
#include <array>
#include <cerrno>
#include <linux/icmp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kRemembered = 32;

quint16 checksum(std::span<const quint8> bytes) {
    quint32 sum = 0;
    for (size_t i = 0; i + 1 < bytes.size(); i += 2)
        sum += static_cast<quint32>(bytes[i] << 8 | bytes[i + 1]);
    while ((sum >> 16) != 0)
        sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<quint16>(~sum);
}

} // namespace

Witness::Witness(QObject* parent)
    : QObject(parent), id_(static_cast<quint16>(QRandomGenerator::global()->generate())) {}

Witness::~Witness() {
    notifier_.reset();
    if (socket_ >= 0)
        ::close(socket_);
}

Result<void> Witness::open(const QString& interface, const IpAddress& address) {
    address_ = address;
    socket_ = ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_ICMP);
    const QByteArray name = interface.toLocal8Bit();
    const quint32 onlyReplies = ~(1U << ICMP_ECHOREPLY);
    const bool ready = socket_ >= 0 &&
                       ::setsockopt(socket_, SOL_SOCKET, SO_BINDTODEVICE, name.constData(),
                                    static_cast<socklen_t>(name.size())) == 0 &&
                       ::setsockopt(socket_, SOL_RAW, ICMP_FILTER, &onlyReplies, sizeof onlyReplies) == 0;
    if (!ready) {
        const QString why = QString::fromStdString(std::generic_category().message(errno));
        return std::unexpected(Error{ErrorCode::Refused, u"The witness cannot be asked: %1."_s.arg(why),
                                     address.toText(), u"Run it as root or with CAP_NET_RAW."_s});
    }
    notifier_ = std::make_unique<QSocketNotifier>(socket_, QSocketNotifier::Read);
    connect(notifier_.get(), &QSocketNotifier::activated, this, &Witness::read);
    return {};
}

void Witness::probe(MonotonicTime now) {
    ++sequence_;
    std::array<quint8, 8> message{ICMP_ECHO,
                                  0,
                                  0,
                                  0,
                                  static_cast<quint8>(id_ >> 8),
                                  static_cast<quint8>(id_ & 0xff),
                                  static_cast<quint8>(sequence_ >> 8),
                                  static_cast<quint8>(sequence_ & 0xff)};
    const quint16 sum = checksum(message);
    message[2] = static_cast<quint8>(sum >> 8);
    message[3] = static_cast<quint8>(sum & 0xff);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    std::ranges::copy(address_.bytes(), reinterpret_cast<quint8*>(&to.sin_addr));
    if (sent_.size() >= kRemembered)
        sent_.clear();
    sent_.insert(sequence_, now);
    static_cast<void>(::sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), sizeof to));
}

void Witness::read() {
    const QPointer<Witness> alive(this);
    std::array<quint8, 2048> buffer{};
    while (alive && socket_ >= 0) {
        const ssize_t got = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (got < 0)
            return;
        const size_t header = (buffer[0] & 0x0fU) * size_t{4};
        if (static_cast<size_t>(got) < header + 8 || header < 20)
            continue;
        const auto echo = std::span(buffer).subspan(header, 8);
        const bool from = std::ranges::equal(std::span(buffer).subspan(12, 4), address_.bytes());
        const auto id = static_cast<quint16>(echo[4] << 8 | echo[5]);
        if (!from || echo[0] != ICMP_ECHOREPLY || id != id_)
            continue;
        const auto found = sent_.constFind(static_cast<quint16>(echo[6] << 8 | echo[7]));
        if (found == sent_.constEnd())
            continue;
        const MonotonicTime at = *found;
        sent_.erase(found);
        Q_EMIT answered(at);
    }
}

} // namespace mha
