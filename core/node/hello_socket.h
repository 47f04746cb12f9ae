// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/ip_address.h"
#include "model/observation.h"

#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace mha {

/// Hellos to and from the one peer: UDP on one interface, with a hop limit of 255 both ways, so that none comes from
/// beyond this LAN. To VRRP's own group unless `unicast`: a unicast packet would wait for ARP, up to a second where the
/// cable was out a moment ago. Lives in a thread with an event loop.
class HelloSocket : public QObject {
    Q_OBJECT

public:
    explicit HelloSocket(QObject* parent = nullptr);
    ~HelloSocket() override;

    Result<void> open(const QString& interface, int interfaceIndex, const IpAddress& self, const IpAddress& peer,
                      quint16 port, bool unicast);
    /// A hello that cannot be sent is one that was lost.
    void send(const QByteArray& hello);

Q_SIGNALS:
    /// `queued`: for how long it has waited here to be read.
    void received(const QByteArray& hello, mha::Duration queued);

private:
    void read();

    int socket_ = -1;
    int index_ = 0;
    IpAddress peer_;
    IpAddress to_; ///< the peer, or the group
    quint16 port_ = 0;
    std::unique_ptr<QSocketNotifier> notifier_;
};

} // namespace mha
