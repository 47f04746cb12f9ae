// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "netlink/rtnetlink.h"
#include "vrrp/machine.h"

#include <QJsonObject>
#include <QObject>

namespace mha {

/// What moves the VIP of this node and says where it is: our own VRRP, or the keepalived that is there. It decides
/// nothing about Milvus. One thread, with an event loop.
class VipEngine : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Before begin(): what it needs of the machine. The VIP is not touched where another may hold it rightly.
    virtual Result<void> open(const NetInterface& interface) = 0;
    virtual void begin() = 0;
    /// FAULT, or its end: the VIP is given away at once and not taken.
    virtual void keepAway(bool away) = 0;
    /// Milvus has stopped here and this program ends.
    virtual void end() = 0;

    virtual VrrpState state() const = 0;
    virtual void addressChanged(const NetAddressChanged& change) = 0;
    /// For the operator: engine, vrrp. With a key, the mark of the password by which two nodes are compared.
    virtual QJsonObject status(const QString& markKey) const = 0;

Q_SIGNALS:
    void changed(mha::VrrpState to, const QString& cause);
    /// An advert of the other node: it lives. `resigns`: of priority 0.
    void peerHeard(bool resigns);
    void noted(const QString& code, const QString& text);
};

} // namespace mha
