// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "node/host_world.h"
#include "node/vip_engine.h"

#include <memory>

namespace mha {

/// Our own VRRP speaker, and the VIP by netlink.
class NativeEngine : public VipEngine {
    Q_OBJECT

public:
    /// `beforeAdvert` and `endsConnections` as in HostWorld. `peer`: whose adverts are a sign of life.
    NativeEngine(VrrpInstance instance, IpAddress peer, std::function<void()> beforeAdvert, bool endsConnections);

    Result<void> open(const NetInterface& interface) override;
    void begin() override;
    void keepAway(bool away) override;
    void end() override;
    VrrpState state() const override;
    void addressChanged(const NetAddressChanged& change) override;
    QJsonObject status(const QString& markKey) const override;

private:
    VrrpInstance instance_;
    IpAddress peer_;
    HostWorld world_;
    std::unique_ptr<VrrpRouter> router_;
    std::array<quint64, kVrrpFlaws> flawsTold_{};
};

} // namespace mha
