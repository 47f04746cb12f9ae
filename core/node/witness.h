// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/ip_address.h"
#include "model/time.h"

#include <QHash>
#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace mha {

/// Asks one address of the LAN, by ICMP echo (IPv4), whether this node reaches it: the gateway, say, which is there as
/// long as the LAN is. Needs CAP_NET_RAW. Lives in a thread with an event loop.
class Witness : public QObject {
    Q_OBJECT

public:
    explicit Witness(QObject* parent = nullptr);
    ~Witness() override;

    Result<void> open(const QString& interface, const IpAddress& address);
    void probe(MonotonicTime now);

Q_SIGNALS:
    /// It has answered the request of then.
    void answered(mha::MonotonicTime sentAt);

private:
    void read();

    int socket_ = -1;
    IpAddress address_;
    quint16 id_ = 0;
    quint16 sequence_ = 0;
    QHash<quint16, MonotonicTime> sent_; ///< the last few
    std::unique_ptr<QSocketNotifier> notifier_;
};

} // namespace mha
