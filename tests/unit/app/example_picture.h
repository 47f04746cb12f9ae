// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/pair.h"
#include "model/picture.h"

namespace mha {

inline Pair examplePair() {
    using namespace Qt::StringLiterals;
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

/// The guide's pair, all well, as it is seen at 12:00.
inline Picture examplePicture() {
    using namespace Qt::StringLiterals;
    const Pair pair = examplePair();
    Picture picture;
    picture.pair = pair.name;
    picture.vip = pair.vip;
    picture.at = *fromIso(u"2026-06-15T12:00:00Z");
    for (std::size_t i = 0; i < 2; ++i) {
        const bool active = i == 0;
        NodePicture& node = picture.nodes[i];
        node.name = pair.nodes[i].name;
        node.link.state = LinkState::Up;
        node.heardAt = picture.at;
        node.vip.value = VipSeen{active, active ? u"enp7s0"_s : u"enp3s0"_s, true};
        VrrpSeen vrrp;
        vrrp.running = true;
        vrrp.state = active ? VrrpState::Master : VrrpState::Backup;
        vrrp.priority = vrrp.effectivePriority = active ? 110 : 91;
        vrrp.since = picture.at - std::chrono::hours(3);
        node.vrrp.value = vrrp;
        VrrpConfigSeen config;
        config.instance = u"VI_SERVER"_s;
        config.priority = vrrp.priority;
        config.scriptWeight = active ? -20 : 0;
        config.tracksOther = true;
        config.scripts = {{.use = ScriptUse::Notify, .name = u"notify"_s}};
        node.vrrpConfig.value = config;
        ContainerSeen container;
        container.name = u"milvus"_s;
        container.state = active ? ContainerState::Running : ContainerState::Exited;
        container.exitCode = active ? std::optional<int>() : 137;
        node.container.value = container;
        node.milvus.value = MilvusSeen{
            active, !active, active ? u"0.8.0"_s : QString(), std::chrono::milliseconds(4), u"refused"_s, active};
        node.storage.value = StorageSeen{pair.storagePath, true, true, u"8:1:42"_s};
        node.clock.value = ClockSeen{std::chrono::milliseconds(2), std::chrono::milliseconds(1)};
        node.vip.seenAt = node.vrrp.seenAt = node.vrrpConfig.seenAt = node.container.seenAt = node.milvus.seenAt =
            node.storage.seenAt = node.clock.seenAt = picture.at;
    }
    picture.vipProbe.value = VipProbeSeen{true, u"0.8.0"_s, std::chrono::milliseconds(3), picture.at, {}};
    picture.vipProbe.seenAt = picture.at;
    picture.active = 0;
    picture.verdict.level = VerdictLevel::Healthy;
    return picture;
}

} // namespace mha
