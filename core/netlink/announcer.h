// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/time.h"
#include "netlink/rtnetlink.h"

#include <QObject>
#include <QTimer>

namespace mha {

/// Sends announcementFrame on an interface: bursts of `packets` for each address, `gap` apart (0: all at once, within
/// the call). Needs CAP_NET_RAW. Lives in a thread with an event loop.
class Announcer : public QObject {
    Q_OBJECT

public:
    explicit Announcer(QObject* parent = nullptr);
    ~Announcer() override;

    Result<void> open();
    /// The first packet of the burst goes out within the call; a burst that still runs is replaced. The error is that
    /// of the first packet that could not be sent.
    Result<void> announce(const NetInterface& interface, const QList<IpAddress>& addresses, int packets, Duration gap);
    /// The addresses are not ours any more: nothing of a burst that runs is sent.
    void stop();

private:
    Result<void> sendRound();

    int socket_ = -1;
    NetInterface interface_;
    QList<QByteArray> frames_;
    int left_ = 0;
    QTimer timer_;
};

} // namespace mha
