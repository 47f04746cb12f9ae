// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QtGlobal>

namespace mha::test {

using namespace Qt::StringLiterals;

inline constexpr Instant kSeenAt{Duration(1'767'323'045'678'901)};

inline Error fullError() {
    return {ErrorCode::HostKeyChanged, u"It says “no”.\nTwice:\t\"no\""_s, u"backup"_s,
            u"Ask the owner – ünïcode 🗝."_s};
}

/// Of every kind one in which no field has its default, and one that is all defaults.
inline QList<Sighting> everySighting() {
    return {
        LinkSeen{LinkState::Refused, fullError(), LinkStep::HostKey},
        LinkSeen{},
        VipSeen{true, u"enp7s0"_s, false, u"02:00:00:00:00:01"_s, kSeenAt - Duration(4)},
        VipSeen{},
        VrrpSeen{u"own"_s, true, VrrpState::Master, 110, 90, 51, Duration(1'000'001), true, kSeenAt - Duration(1),
                 u"journal"_s, Maintenance{u"ops@desk"_s, u"new kernel"_s, kSeenAt + Duration(7)}, Duration(3'570'000),
                 VrrpCounts{1, 2, 3, 4, 5, 6}},
        VrrpSeen{},
        VrrpConfigSeen{
            u"VI_1"_s,
            u"MASTER"_s,
            51,
            110,
            true,
            -20,
            true,
            u"/start \"x\""_s,
            u"/stop"_s,
            u"eth0"_s,
            3,
            Duration(100'000),
            u"PASS"_s,
            u"1f2e"_s,
            {u"10.0.0.1"_s, u"10.0.0.2"_s},
            true,
            2,
            true,
            true,
            {{ScriptUse::NotifyStop, u"notify_stop"_s, u"/x"_s, u"root"_s, true, false, true, false, true, true, true},
             {}}},
        VrrpConfigSeen{},
        ContainerSeen{u"milvus"_s,
                      ContainerState::Exited,
                      u"c0ffee"_s,
                      u"milvus:0.8"_s,
                      u"sha256:1"_s,
                      u"always"_s,
                      {u"/a:/b"_s, u"/c:/d"_s},
                      137,
                      kSeenAt - Duration(3),
                      kSeenAt - Duration(2)},
        ContainerSeen{},
        ContainerEventSeen{u"die"_s, 0, kSeenAt},
        ContainerEventSeen{},
        MilvusSeen{true, true, u"2.4.1"_s, Duration(1), u"why"_s, true, u"no login"_s},
        MilvusSeen{},
        StorageSeen{u"/srv/milvus"_s, true, true, u"disk-1"_s, 9'007'199'254'740'993, 1},
        StorageSeen{},
        ClockSeen{Duration(-30'000'000'001), Duration(7), 12.345678901234567},
        ClockSeen{},
        VipProbeSeen{true, u"0.8.0"_s, Duration(2'345), kSeenAt - Duration(2'345), u"text"_s, true,
                     kSeenAt - Duration(5), u"no login"_s},
        VipProbeSeen{},
        VipFromNodeSeen{true, Duration(3), u"text"_s},
        VipFromNodeSeen{},
        VipNeighbourSeen{u"02:00:00:00:00:01"_s},
        VipNeighbourSeen{},
        Unseen{Subject::Storage, fullError()},
        Unseen{},
        OperationSeen{true, u"switchover"_s, u"master"_s, u"backup"_s, u"kernel; \"update\""_s, u"ops@desk"_s},
        OperationSeen{},
        NodeProgramSeen{true, u"0.1.0"_s, u"native"_s, u"running"_s, u"operator"_s, u"new kernel"_s, true, false, true,
                        u"stopped"_s, Duration(300'000)},
        NodeProgramSeen{},
    };
}

} // namespace mha::test
