// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "vrrp/instance.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace mha {

/// Sends and receives adverts on one interface: a raw socket of IP protocol 112, which needs CAP_NET_RAW. Joins the
/// group, or with peers configured sends to each of them. What is sent bears TTL (hop limit) 255, the traffic class of
/// network control and the instance's own address; the kernel makes the IP header. Own packets do not come back.
/// Judges nothing: the TTL of what comes in goes along to VrrpRouter::received. Lives in a thread with an event loop.
class VrrpSocket : public QObject {
    Q_OBJECT

public:
    explicit VrrpSocket(QObject* parent = nullptr);
    ~VrrpSocket() override;

    Result<void> open(const VrrpInstance& instance, int interfaceIndex);
    /// To the group or to each peer; the first error, the others are served nevertheless.
    Result<void> send(const VrrpAdvert& advert);

Q_SIGNALS:
    void received(const QByteArray& message, const mha::VrrpEnvelope& envelope);

private:
    void read();
    Result<void> sendTo(const IpAddress& destination, const QByteArray& message) const;
    Error failed(const QString& text, int number) const;

    VrrpInstance instance_;
    int index_ = 0;
    int socket_ = -1;
    std::unique_ptr<QSocketNotifier> notifier_;
};

/// Pure: takes the IPv4 header off a packet as a raw socket delivers it; nothing for what is none.
struct UnwrappedPacket {
    std::span<const quint8> payload;
    VrrpEnvelope envelope;
};

std::optional<UnwrappedPacket> unwrapIpv4(std::span<const quint8> packet);

} // namespace mha

Q_DECLARE_METATYPE(mha::VrrpEnvelope)
