// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "netlink/interface_watch.h"
#include "node/agreement.h"
#include "node/control_server.h"
#include "node/event_log.h"
#include "node/hello_socket.h"
#include "node/milvus_container.h"
#include "node/node_settings.h"
#include "node/vip_engine.h"
#include "node/witness.h"

#include <QTimer>

namespace mha {

/// milvus-ha-node as it runs: carries what happens to the agreement and to VRRP, and what they say to the world.
/// Decides nothing. Main thread.
class NodeProgram : public QObject {
    Q_OBJECT

public:
    /// `deadman` has begun.
    NodeProgram(NodeSettings settings, Deadman& deadman, QObject* parent = nullptr);
    ~NodeProgram() override;

    Result<void> begin();
    /// Stops Milvus, gives the VIP away, and then tells `finished`.
    void end();

    QJsonObject status(const QString& markKey = {}) const;

Q_SIGNALS:
    void finished();

private:
    Result<void> findInterface();
    void connectAll();
    void takeRequest(const QJsonObject& request, const ControlServer::Answer& answer);
    void takeWatch(const QJsonObject& request, const ControlServer::Answer& answer);
    void tellWatchers(bool always);
    void lookForMaintenance();
    void takeSwitchover(const QJsonObject& request, const ControlServer::Answer& answer);
    void obey();
    void carryOut(const NodeEffect& effect);
    void sendHello();
    void note(const QString& code, const QString& text, const QJsonObject& more = {});

    NodeSettings settings_;
    Deadman& deadman_;
    EventLog log_;
    InterfaceWatch watch_;
    HelloSocket hellos_;
    Witness witness_;
    NetInterface interface_;
    std::unique_ptr<VipEngine> engine_;
    std::unique_ptr<Agreement> agreement_;
    std::unique_ptr<MilvusContainer> milvus_;
    std::unique_ptr<ControlServer> control_;
    ControlServer::Answer switchoverAnswer_;

    struct Watcher {
        ControlServer::Answer answer;
        QString markKey;
    };

    QList<Watcher> watchers_;
    QTimer tellAgain_;
    QTimer maintenance_;

    /// What a watcher is told of at once; what only counts is left out.
    struct Told {
        VrrpState vrrp = VrrpState::Unknown;
        MilvusState milvus = MilvusState::Unknown;
        HoldKind hold = HoldKind::None;
        bool isolated = false;
        std::optional<MilvusSaid> peer;
        std::optional<Maintenance> maintenance;
        bool operator==(const Told&) const = default;
    };

    Told told_;
    std::optional<Maintenance> resting_; ///< the maintenance that was seen
    Instant vrrpSince_;
    QTimer timer_;
    QTimer watchdog_;
    bool obeying_ = false;
};

/// sd_notify(3): tells systemd, where it asked to be told.
void tellSystemd(const QByteArray& state);

} // namespace mha
