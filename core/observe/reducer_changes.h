// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/event.h"
#include "model/failover.h"
#include "model/observation.h"
#include "model/picture.h"
#include "model/verdict.h"

#include <QList>
#include <QString>

#include <optional>

namespace mha {

/// An event before the reducer gives it its pair and node. Without a time it happened when it was seen.
struct Change {
    EventKind kind = EventKind::Link;
    Severity severity = Severity::Info;
    QString code;
    QString text;
    std::optional<Instant> at{};
};

// What changed between two sightings of a node, in plain sentences. All pure; the same sighting twice is no change.

QList<Change> changesOf(const QString& node, const QString& vip, const VipSeen& was, const VipSeen& is);
QList<Change> changesOf(const QString& node, const VrrpSeen& was, const VrrpSeen& is);
QList<Change> changesOf(const QString& node, const ContainerSeen& was, const ContainerSeen& is);
QList<Change> changesOf(const QString& node, const MilvusSeen& was, const MilvusSeen& is);
QList<Change> changesOf(const QString& node, const StorageSeen& was, const StorageSeen& is);
QList<Change> changesOf(const QString& node, const ClockSeen& was, const ClockSeen& is);
QList<Change> changesOf(const QString& node, const NodeProgramSeen& was, const NodeProgramSeen& is);
/// Events of Docker that do not change the container's state: docker stop, out of memory.
std::optional<Change> changeOf(const QString& node, const QString& container, const ContainerEventSeen& event);

Change nodeLost(const QString& node, const LinkSeen& link);
Change nodeBack(const QString& node, std::optional<Duration> away);
Change unseen(const QString& node, Subject subject, const Error& reason);
Change seenAgain(const QString& node, Subject subject);
Change operationChange(const OperationSeen& operation);
/// Another program's, whose end was never told.
Change operationLost(const OperationSeen& operation);
Change verdictChange(VerdictLevel was, const Verdict& is, Instant since);
Change watchingBegan(const QString& pair, const QString& active, const Verdict& verdict);
Change vipSilent(const QString& vip, const VipProbeSeen& probe, Instant since);
Change vipAnswers(const QString& vip, std::optional<Duration> outage);
Change failoverChange(const Failover& failover);

/// Where the pair file and a node do not agree. As long as it is so: the reducer tells each once.
QList<Change> mismatchesOf(const NodePicture& node, const NodeConfig& config);
/// The event of a rule that is told as one: a finding, or a fault of the setup.
std::optional<Change> changeOf(const Reason& reason);

/// keepalived is up and has not announced its end.
bool runs(const VrrpSeen& vrrp);

/// The part of a sighting that makes it another value: without latencies, free space and the like.
bool sameValue(const VipSeen& a, const VipSeen& b);
bool sameValue(const VrrpSeen& a, const VrrpSeen& b);
bool sameValue(const VrrpConfigSeen& a, const VrrpConfigSeen& b);
bool sameValue(const ContainerSeen& a, const ContainerSeen& b);
bool sameValue(const MilvusSeen& a, const MilvusSeen& b);
bool sameValue(const StorageSeen& a, const StorageSeen& b);
bool sameValue(const ClockSeen& a, const ClockSeen& b);
bool sameValue(const NodeProgramSeen& a, const NodeProgramSeen& b);
bool sameValue(const VipProbeSeen& a, const VipProbeSeen& b);
bool sameValue(const VipFromNodeSeen& a, const VipFromNodeSeen& b);
bool sameValue(const VipNeighbourSeen& a, const VipNeighbourSeen& b);

} // namespace mha
