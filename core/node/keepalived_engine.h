// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "netlink/route_socket.h"
#include "node/notify_fifo.h"
#include "node/rival_watch.h"
#include "node/vip_engine.h"
#include "vrrp/vrrp_socket.h"

#include <QTimer>

namespace mha {

/// The keepalived that is there: heard by its notify FIFO, moved by the FAULT flag that it tracks with weight 0
/// (keepalived/fault_flag.h), both named in its keepalived.conf. Where its process ends by itself it leaves the VIP
/// behind: that is taken away, since the other node takes it too.
///
/// It is not seen that keepalived hangs: the other node then takes the VIP, and waits for this node's Milvus to stop.
class KeepalivedEngine : public VipEngine {
    Q_OBJECT

public:
    struct Settings {
        QString fifo;
        QString instance; ///< of keepalived.conf; empty: the only one
        VrrpInstance vrrp;
        IpAddress peer;
        bool endsConnections = false; ///< of the clients at the VIP, as it leaves
    };

    explicit KeepalivedEngine(Settings settings);
    ~KeepalivedEngine() override;

    Result<void> open(const NetInterface& interface) override;
    void begin() override;
    void keepAway(bool away) override;
    void end() override;

    VrrpState state() const override { return state_; }

    void addressChanged(const NetAddressChanged& change) override;
    QJsonObject status(const QString& markKey) const override;

private:
    bool isVip(const IpAddress& address) const;
    bool holdsVip();
    void hear(const NotifyLine& line);
    void enter(VrrpState state, const QString& cause);
    void watchProcess();
    void processGone();
    void stopWatching();
    /// Has keepalived come back, with a FIFO of its own?
    void look();
    void endClients();
    void dropVip();
    /// The other node's keepalived is MASTER, and ours says that it is.
    void rivalHeard();

    Settings settings_;
    NetInterface interface_;
    std::optional<RouteSocket> route_;
    NotifyFifo fifo_;
    VrrpSocket adverts_; ///< heard only
    VrrpState state_ = VrrpState::Init;
    RivalWatch rival_;
    int priority_ = -1;
    bool away_ = true;
    bool hangs_ = false; ///< until it says something
    int process_ = -1;   ///< a pidfd
    QTimer look_;
    std::unique_ptr<QSocketNotifier> ended_;
};

/// Writes the flag: with it up, keepalived takes no VIP here.
Result<void> writeFaultFlag(bool up);

} // namespace mha
