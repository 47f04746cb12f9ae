// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/ip_address.h"
#include "model/time.h"
#include "netlink/rtnetlink.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>
#include <optional>

namespace mha {

/// Asks one IPv4 address of the LAN whether this node reaches it: the gateway, say, which is there as long as the LAN
/// is. By ARP requests to all, since an echo request would wait for the kernel's neighbour table, for seconds where the
/// witness has a new hardware address. Needs CAP_NET_RAW. Lives in a thread with an event loop.
class Witness : public QObject {
    Q_OBJECT

public:
    explicit Witness(QObject* parent = nullptr);
    ~Witness() override;

    Result<void> open(const NetInterface& interface, const IpAddress& self, const IpAddress& witness);
    void probe(MonotonicTime now);

Q_SIGNALS:
    /// A reply to a request that was sent at `sentAt` or later: a reply does not say to which. So it is where replies
    /// take less time than there is between two requests, as on a LAN.
    void answered(mha::MonotonicTime sentAt);

private:
    void read();

    int socket_ = -1;
    int index_ = 0;
    QByteArray request_;
    IpAddress self_;
    IpAddress witness_;
    std::optional<MonotonicTime> oldest_; ///< request without an answer
    std::unique_ptr<QSocketNotifier> notifier_;
};

/// Pure: the whole Ethernet frame that asks for the hardware address of `target`; empty where the link is no Ethernet.
QByteArray arpRequest(const QByteArray& mac, const IpAddress& self, const IpAddress& target);
/// Pure: is this ARP packet, without the Ethernet header, a reply of `sender` to `self`?
bool isArpReply(std::span<const quint8> packet, const IpAddress& sender, const IpAddress& self);

} // namespace mha
