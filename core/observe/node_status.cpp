// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/node_status.h"

#include <QJsonArray>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

std::optional<Maintenance> maintenanceFrom(const QJsonValue& value) {
    const QJsonObject maintenance = value.toObject();
    const auto until = fromIso(maintenance["until"_L1].toString());
    if (!until)
        return std::nullopt;
    return Maintenance{maintenance["owner"_L1].toString(), maintenance["reason"_L1].toString(), *until};
}

VrrpSeen vrrpFrom(const QJsonObject& status) {
    const QJsonObject vrrp = status["vrrp"_L1].toObject();
    VrrpSeen seen;
    seen.engine = u"native"_s;
    seen.running = true;
    seen.source = u"milvus-ha-node"_s;
    seen.state = vrrpStateFromName(vrrp["state"_L1].toString()).value_or(VrrpState::Unknown);
    seen.priority = vrrp["priority"_L1].toInt(-1);
    seen.effectivePriority = vrrp["effective_priority"_L1].toInt(-1);
    seen.vrid = vrrp["vrid"_L1].toInt(-1);
    seen.advertInterval = fromSeconds(vrrp["advert_interval_s"_L1].toDouble());
    seen.nopreempt = !vrrp["preempt"_L1].toBool();
    seen.since = fromIso(vrrp["since"_L1].toString());
    seen.maintenance = maintenanceFrom(status["maintenance"_L1]);
    seen.masterDown = fromSeconds(vrrp["master_down_s"_L1].toDouble());
    seen.counts = VrrpCounts{vrrp["sent"_L1].toInteger(),        vrrp["obeyed"_L1].toInteger(),
                             vrrp["rejected"_L1].toInteger(),    vrrp["became_master"_L1].toInteger(),
                             vrrp["left_master"_L1].toInteger(), vrrp["resigned"_L1].toInteger()};
    return seen;
}

VrrpConfigSeen configFrom(const QJsonObject& status) {
    const QJsonObject vrrp = status["vrrp"_L1].toObject();
    VrrpConfigSeen config;
    config.instance = u"milvus-ha-node"_s;
    config.initialState = u"BACKUP"_s;
    config.vrid = vrrp["vrid"_L1].toInt(-1);
    config.priority = vrrp["priority"_L1].toInt(-1);
    config.nopreempt = !vrrp["preempt"_L1].toBool();
    config.interface = status["interface"_L1].toString();
    config.version = vrrp["version"_L1].toInt(2);
    config.advertInterval = fromSeconds(vrrp["advert_interval_s"_L1].toDouble());
    config.authType = vrrp["auth_type"_L1].toString();
    config.authMark = vrrp["auth_mark"_L1].toString();
    for (const QJsonValue vip : vrrp["vips"_L1].toArray())
        config.vips.append(vip.toString());
    config.vips.sort();
    return config;
}

} // namespace

Result<NodeStatusSeen> parseNodeStatus(const QJsonObject& status) {
    const QString engine = status["engine"_L1].toString();
    if (engine.isEmpty() || !status["vrrp"_L1].isObject() || !status["milvus"_L1].isString()) {
        return std::unexpected(Error{ErrorCode::Protocol, u"milvus-ha-node's status could not be understood."_s,
                                     u"milvus-ha-node"_s, u"Install the same version on both nodes and here."_s});
    }
    NodeStatusSeen seen;
    NodeProgramSeen& program = seen.program;
    program.running = true;
    program.version = status["version"_L1].toString();
    program.engine = engine;
    program.milvus = status["milvus"_L1].toString();
    const QString hold = status["hold"_L1].toString();
    program.hold = hold == u"none" ? QString() : hold;
    program.holdReason = program.hold.isEmpty() ? QString() : status["hold_reason"_L1].toString();
    program.isolated = status["isolated"_L1].toBool();
    const QJsonObject peer = status["peer"_L1].toObject();
    program.peerSpeaks = peer["speaks"_L1].toBool(true);
    program.peerAnswers = peer["answers"_L1].toBool();
    program.peerMilvus = peer["milvus"_L1].toString();
    program.stopDeadline = fromSeconds(status["stop_deadline_s"_L1].toDouble());
    if (engine == u"native") {
        seen.vrrp = vrrpFrom(status);
        seen.config = configFrom(status);
    }
    return seen;
}

} // namespace mha
