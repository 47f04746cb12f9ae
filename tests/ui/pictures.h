// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

#include <QDateTime>
#include <QTimeZone>

namespace mha::test {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

/// Three in the morning.
inline Instant nightAt(Duration after = {}) {
    const QDateTime night(QDate(2026, 3, 14), QTime(3, 12, 45), QTimeZone::utc());
    return Instant(std::chrono::milliseconds(night.toMSecsSinceEpoch())) + after;
}

inline Pair pairOfTheGuide() {
    Pair pair;
    pair.name = u"milvus-prod"_s;
    pair.vip = u"192.168.1.104/24"_s;
    pair.storagePath = u"/srv/milvus"_s;
    pair.nodes[0].name = u"master"_s;
    pair.nodes[0].host = u"192.168.1.85"_s;
    pair.nodes[1].name = u"backup"_s;
    pair.nodes[1].host = u"192.168.1.38"_s;
    return pair;
}

template <typename T> Fact<T> seen(T value, Instant at) {
    Fact<T> fact;
    fact.value = std::move(value);
    fact.seenAt = at;
    return fact;
}

template <typename T> Fact<T> unseen(const Error& because) {
    Fact<T> fact;
    fact.unknownBecause = because;
    return fact;
}

inline NodePicture nodePicture(const QString& name, bool active, Instant at) {
    NodePicture node;
    node.name = name;
    node.link.state = LinkState::Up;
    node.linkSince = at - 10min;
    node.heardAt = at;
    VipSeen vip;
    vip.held = active;
    vip.interface = active ? u"enp7s0"_s : u"enp3s0"_s;
    node.vip = seen(vip, at);
    VrrpSeen vrrp;
    vrrp.running = true;
    vrrp.state = active ? VrrpState::Master : VrrpState::Backup;
    vrrp.priority = active ? 110 : 91;
    vrrp.effectivePriority = vrrp.priority;
    vrrp.vrid = 51;
    vrrp.since = at - 4min;
    vrrp.source = u"json"_s;
    node.vrrp = seen(vrrp, at - 1s);
    ContainerSeen container;
    container.name = u"milvus"_s;
    container.image = u"milvusdb/milvus:0.8.0-cpu"_s;
    container.state = active ? ContainerState::Running : ContainerState::Exited;
    container.startedAt = at - 4min;
    container.finishedAt = at - 4min - 9s;
    if (!active)
        container.exitCode = 0;
    node.container = seen(container, at - 3s);
    MilvusSeen milvus;
    milvus.serving = active;
    milvus.queried = active;
    milvus.refused = !active;
    milvus.version = active ? u"0.8.0"_s : QString();
    milvus.latency = 3400us;
    milvus.detail = active ? QString() : u"The connection to 192.168.1.38:19121 is refused."_s;
    node.milvus = seen(milvus, at);
    StorageSeen storage;
    storage.path = u"/srv/milvus"_s;
    storage.mounted = true;
    storage.writable = true;
    storage.id = u"nfs:7f31"_s;
    storage.freeBytes = 212'400'000'000;
    storage.totalBytes = 480'000'000'000;
    node.storage = seen(storage, at - 5s);
    return node;
}

inline Picture healthy(Instant at = nightAt()) {
    Picture picture;
    picture.pair = u"milvus-prod"_s;
    picture.vip = u"192.168.1.104/24"_s;
    picture.at = at;
    picture.nodes = {nodePicture(u"master"_s, true, at), nodePicture(u"backup"_s, false, at)};
    VipProbeSeen probe;
    probe.good = true;
    probe.version = u"0.8.0"_s;
    probe.latency = 3900us;
    probe.askedAt = at;
    picture.vipProbe = seen(probe, at);
    picture.active = 0;
    picture.verdict.level = VerdictLevel::Healthy;
    picture.verdictSince = at - 3min - 12s;
    return picture;
}

inline Picture degraded(Instant at = nightAt()) {
    Picture picture = healthy(at);
    picture.verdict.level = VerdictLevel::Degraded;
    picture.verdictSince = at - 41s;
    picture.verdict.reasons = {
        {u"standby-keepalived"_s, u"backup"_s,
         u"keepalived is not running: nothing would take over. Start it with “systemctl start keepalived”."_s, at - 1s},
        {u"storage-low"_s, u"master"_s, u"Less than 5 % of /srv/milvus is free."_s, at - 8s}};
    picture.nodes[1].vrrp.value->running = false;
    picture.nodes[1].vrrp.value->state = VrrpState::Stopped;
    return picture;
}

inline Picture maintained(Instant at = nightAt()) {
    Picture picture = healthy(at);
    VrrpSeen& vrrp = *picture.nodes[1].vrrp.value;
    vrrp.state = VrrpState::Fault;
    vrrp.maintenance = Maintenance{u"ann@desk"_s, u"new disk in slot 3"_s, at + 2h};
    picture.verdict = {VerdictLevel::Degraded,
                       {{u"maintenance"_s, u"backup"_s, u"backup is in maintenance by ann@desk."_s, at}}};
    return picture;
}

inline Picture down(Instant at = nightAt()) {
    Picture picture = healthy(at);
    picture.nodes[0].container.value->state = ContainerState::Exited;
    picture.nodes[0].container.value->exitCode = 137;
    picture.nodes[0].container.value->finishedAt = at - 7s;
    picture.nodes[0].milvus.value->serving = false;
    picture.nodes[0].milvus.value->refused = true;
    picture.nodes[0].vrrp.value->effectivePriority = 90;
    picture.vipProbe.value->good = false;
    picture.verdict.level = VerdictLevel::Down;
    picture.verdictSince = at - 7s;
    picture.verdict.reasons = {
        {u"vip-silent"_s, {}, u"Milvus does not answer through 192.168.1.104: the connection is refused."_s, at},
        {u"container-exited"_s, u"master"_s, u"Its container “milvus” ended with exit code 137 (killed)."_s, at - 7s}};
    return picture;
}

inline Picture twoWriters(Instant at = nightAt()) {
    Picture picture = healthy(at);
    picture.nodes[1].container.value->state = ContainerState::Running;
    picture.nodes[1].container.value->startedAt = at - 5s;
    picture.nodes[1].milvus.value->serving = true;
    picture.nodes[1].milvus.value->refused = false;
    picture.verdict.level = VerdictLevel::TwoWriters;
    picture.verdictSince = at - 5s;
    picture.verdict.reasons = {
        {u"two-containers"_s, {}, u"The container runs on master and on backup over one /srv/milvus."_s, at},
        {u"recipe"_s, u"backup"_s, u"Its priority is lower: the VIP is about to leave it."_s, at}};
    return picture;
}

inline Picture splitBrain(Instant at = nightAt()) {
    Picture picture = healthy(at);
    picture.nodes[1].vip.value->held = true;
    picture.nodes[1].vrrp.value->state = VrrpState::Master;
    picture.verdict.level = VerdictLevel::SplitBrain;
    picture.verdictSince = at - 3s;
    picture.verdict.reasons = {{u"vip-on-both"_s, {}, u"192.168.1.104 is on master and on backup at once."_s, at}};
    return picture;
}

/// Nothing is heard of either node; what was seen is a minute old.
inline Picture unknown(Instant at = nightAt()) {
    Picture picture = healthy(at - 70s);
    picture.at = at;
    for (NodePicture& node : picture.nodes) {
        node.link.state = LinkState::Silent;
        node.heardAt = at - 70s;
    }
    picture.nodes[1].storage = unseen<StorageSeen>(
        {ErrorCode::NotFound, u"/srv/milvus does not exist."_s, u"backup"_s, u"Mount the shared storage there."_s});
    picture.nodes[1].vrrp =
        unseen<VrrpSeen>({ErrorCode::Refused, u"The user “ops” may not use sudo without a password."_s, u"backup"_s,
                          u"Allow it in sudoers, or use root."_s});
    picture.vipProbe = {};
    picture.verdict.level = VerdictLevel::Unknown;
    picture.verdictSince = at - 68s;
    picture.verdict.reasons = {
        {u"nodes-silent"_s, {}, u"Neither node has been heard for more than a minute."_s, at - 68s}};
    return picture;
}

inline Picture refused(Instant at = nightAt()) {
    Picture picture = healthy(at);
    NodePicture node;
    node.name = u"backup"_s;
    node.link.state = LinkState::Refused;
    node.link.error = Error{ErrorCode::HostKeyChanged,
                            u"Its host key differs from the one in known_hosts: this may be another machine."_s,
                            u"backup"_s, u"If it was reinstalled, run “ssh-keygen -R 192.168.1.38” and retry."_s};
    picture.nodes[1] = node;
    picture.verdict.level = VerdictLevel::Degraded;
    picture.verdictSince = at - 20s;
    picture.verdict.reasons = {
        {u"node-refuses"_s, u"backup"_s, u"The node refuses us, so the standby cannot be judged."_s, at}};
    return picture;
}

inline Picture switching(Instant at = nightAt()) {
    Picture picture = healthy(at);
    OperationSeen operation;
    operation.running = true;
    operation.kind = u"switchover"_s;
    operation.from = u"master"_s;
    operation.to = u"backup"_s;
    picture.operation = operation;
    picture.verdict.level = VerdictLevel::Switching;
    picture.verdictSince = at - 2s;
    picture.verdict.reasons = {
        {u"operation"_s, {}, u"A switchover from master to backup is running: kernel update."_s, at - 2s}};
    return picture;
}

/// Healthy, and with all that a planner needs to see.
inline Picture movable(Instant at = nightAt()) {
    Picture picture = healthy(at);
    for (std::size_t i = 0; i < 2; ++i) {
        NodePicture& node = picture.nodes.at(i);
        VrrpConfigSeen config;
        config.instance = u"VI_1"_s;
        config.vrid = 51;
        config.priority = i == 0 ? 110 : 91;
        config.scriptWeight = i == 0 ? -20 : 0;
        config.notifyMaster = u"/etc/keepalived/start_docker.sh"_s;
        node.vrrpConfig = seen(config, at);
        node.upSince = at - 10min;
    }
    return picture;
}

struct NamedPicture {
    const char* name;
    Picture picture;
};

inline QList<NamedPicture> allPictures(Instant at = nightAt()) {
    return {{"healthy", healthy(at)},        {"degraded", degraded(at)},      {"down", down(at)},
            {"two-writers", twoWriters(at)}, {"split-brain", splitBrain(at)}, {"unknown", unknown(at)},
            {"refused", refused(at)},        {"switching", switching(at)}};
}

} // namespace mha::test
