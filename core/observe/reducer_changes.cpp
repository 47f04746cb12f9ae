// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/reducer_changes.h"

#include "observe/recovery.h"
#include "observe/rules.h"

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString withReason(const QString& text, const QString& reason) {
    return reason.isEmpty() ? text + u'.' : u"%1: %2"_s.arg(text, reason);
}

bool clockOff(const ClockSeen& clock) {
    return std::chrono::abs(clock.offset) - clock.error > kClockOffBy;
}

bool usable(const StorageSeen& storage) {
    return storage.mounted && storage.writable;
}

QString exitText(const ContainerSeen& container) {
    return container.exitCode ? u" with exit code %1"_s.arg(*container.exitCode) : QString();
}

Severity severityOf(VerdictLevel level) {
    if (level >= VerdictLevel::Unknown)
        return Severity::Error;
    return level == VerdictLevel::Healthy ? Severity::Info : Severity::Warning;
}

QString subjectText(Subject subject) {
    switch (subject) {
    case Subject::Vip:
        return u"the VIP"_s;
    case Subject::Vrrp:
        return u"keepalived's state"_s;
    case Subject::VrrpConfig:
        return u"keepalived.conf"_s;
    case Subject::Container:
        return u"Docker"_s;
    case Subject::Milvus:
        return u"Milvus on its own address"_s;
    case Subject::Storage:
        return u"the storage"_s;
    case Subject::Clock:
        return u"the clock"_s;
    case Subject::Program:
        return u"milvus-ha-node"_s;
    }
    return {};
}

EventKind kindOf(Subject subject) {
    switch (subject) {
    case Subject::Vip:
        return EventKind::Vip;
    case Subject::Vrrp:
    case Subject::VrrpConfig:
        return EventKind::Vrrp;
    case Subject::Container:
        return EventKind::Container;
    case Subject::Milvus:
        return EventKind::Milvus;
    case Subject::Storage:
        return EventKind::Storage;
    case Subject::Clock:
        return EventKind::Clock;
    case Subject::Program:
        return EventKind::Vrrp;
    }
    return EventKind::Link;
}

Change ended(const QString& node, const ContainerSeen& is) {
    return {EventKind::Container, Severity::Warning, u"container-died"_s,
            u"The container %1 on %2 ended%3."_s.arg(is.name, node, exitText(is)), is.finishedAt};
}

Change started(const QString& node, const ContainerSeen& is) {
    return {EventKind::Container, Severity::Info, u"container-started"_s,
            u"The container %1 on %2 started."_s.arg(is.name, node), is.startedAt};
}

} // namespace

QList<Change> changesOf(const QString& node, const QString& vip, const VipSeen& was, const VipSeen& is) {
    QList<Change> changes;
    if (is.held && !was.held) {
        const QString where = is.interface.isEmpty() ? QString() : u" on %1"_s.arg(is.interface);
        changes.append({EventKind::Vip, Severity::Info, u"vip-acquired"_s,
                        u"%1 took the VIP %2%3."_s.arg(node, vip, where), is.changedAt});
    } else if (!is.held && was.held) {
        changes.append({EventKind::Vip, Severity::Info, u"vip-released"_s, u"%1 gave up the VIP %2."_s.arg(node, vip),
                        is.changedAt});
    }
    if (was.linkUp && !is.linkUp) {
        changes.append({EventKind::Link, Severity::Error, u"link-down"_s,
                        u"The network link of %1 on %2 went down."_s.arg(is.interface, node), is.changedAt});
    } else if (!was.linkUp && is.linkUp) {
        changes.append({EventKind::Link, Severity::Info, u"link-up"_s,
                        u"The network link of %1 on %2 is up again."_s.arg(is.interface, node), is.changedAt});
    }
    return changes;
}

bool runs(const VrrpSeen& vrrp) {
    return vrrp.running && vrrp.state != VrrpState::Stopped;
}

/// Maintenance that begins, ends, or is renewed with another end or reason.
QList<Change> maintenanceChanges(const QString& node, const std::optional<Maintenance>& was,
                                 const std::optional<Maintenance>& is) {
    if (is == was)
        return {};
    if (!is)
        return {{EventKind::Config, Severity::Info, u"maintenance-ended"_s, u"Maintenance of %1 ended."_s.arg(node)}};
    return {{EventKind::Config, Severity::Warning, u"maintenance-began"_s,
             u"%1 is in maintenance by %2 until %3: %4"_s.arg(node, is->owner, toIso(is->until), is->reason)}};
}

QList<Change> changesOf(const QString& node, const VrrpSeen& was, const VrrpSeen& is) {
    QList<Change> changes = maintenanceChanges(node, was.maintenance, is.maintenance);
    if (runs(was) && !runs(is)) {
        changes.append({EventKind::Vrrp, Severity::Error, u"keepalived-stopped"_s,
                        u"%1 on %2 stopped."_s.arg(is.program(), node), is.since});
    }
    if (!runs(is))
        return changes;
    if (!runs(was)) {
        changes.append({EventKind::Vrrp, Severity::Info, u"keepalived-started"_s,
                        u"%1 on %2 runs again; its state is %3."_s.arg(is.program(), node, vrrpStateName(is.state))});
    } else if (was.state != is.state && is.state != VrrpState::Unknown) {
        changes.append({EventKind::Vrrp, is.state == VrrpState::Fault ? Severity::Error : Severity::Info,
                        u"vrrp-"_s + vrrpStateName(is.state).toLower(),
                        u"%1 on %2 went from %3 to %4."_s.arg(is.program(), node, vrrpStateName(was.state),
                                                              vrrpStateName(is.state)),
                        is.since});
    }
    const auto priorityChange = [&](const char* code, const QString& what, int before, int after) {
        if (before < 0 || after < 0 || before == after)
            return;
        changes.append({EventKind::Vrrp, Severity::Info, QString::fromLatin1(code),
                        u"%1 of %2 %3 from %4 to %5."_s.arg(what, node, after < before ? u"fell"_s : u"rose"_s,
                                                            QString::number(before), QString::number(after))});
    };
    priorityChange("priority-changed", u"The configured VRRP priority"_s, was.priority, is.priority);
    priorityChange("effective-priority-changed", u"The VRRP priority in force"_s, was.effectivePriority,
                   is.effectivePriority);
    return changes;
}

QList<Change> changesOf(const QString& node, const ContainerSeen& was, const ContainerSeen& is) {
    QList<Change> changes;
    const bool existed = was.state != ContainerState::Missing;
    if (existed && is.state != ContainerState::Missing && !was.id.isEmpty() && !is.id.isEmpty() && was.id != is.id) {
        changes.append({EventKind::Config, Severity::Warning, u"container-replaced"_s,
                        u"The container %1 on %2 is another one now (image %3)."_s.arg(is.name, node, is.image)});
    }
    if (was.state == is.state) {
        const bool again =
            is.state == ContainerState::Running && was.startedAt && is.startedAt && *is.startedAt - *was.startedAt > 1s;
        if (again)
            changes.append(started(node, is));
        return changes;
    }
    const auto simple = [&](Severity severity, const char* code, const QString& what) {
        changes.append({EventKind::Container, severity, QString::fromLatin1(code),
                        u"The container %1 on %2 %3."_s.arg(is.name, node, what)});
    };
    switch (is.state) {
    case ContainerState::Running:
        if (was.state == ContainerState::Paused) {
            simple(Severity::Info, "container-continued", u"was continued"_s);
        } else {
            changes.append(started(node, is));
        }
        break;
    case ContainerState::Exited:
        changes.append(ended(node, is));
        break;
    case ContainerState::Dead:
        simple(Severity::Error, "container-dead", u"is dead and cannot be started"_s);
        break;
    case ContainerState::Paused:
        simple(Severity::Warning, "container-paused", u"was paused"_s);
        break;
    case ContainerState::Restarting:
        simple(Severity::Warning, "container-restarting", u"is being restarted by Docker"_s);
        break;
    case ContainerState::Missing:
        simple(Severity::Error, "container-removed", u"is gone"_s);
        break;
    case ContainerState::Created:
        simple(Severity::Info, "container-created", u"was created"_s);
        break;
    }
    return changes;
}

QList<Change> changesOf(const QString& node, const MilvusSeen& was, const MilvusSeen& is) {
    if (was.serving == is.serving)
        return {};
    if (is.serving) {
        const QString version = is.version.isEmpty() ? QString() : u" (version %1)"_s.arg(is.version);
        return {
            {EventKind::Milvus, Severity::Info, u"milvus-serving"_s, u"Milvus on %1 answers%2."_s.arg(node, version)}};
    }
    return {{EventKind::Milvus, Severity::Warning, u"milvus-silent"_s,
             withReason(u"Milvus on %1 no longer answers"_s.arg(node), is.detail)}};
}

QList<Change> changesOf(const QString& node, const StorageSeen& was, const StorageSeen& is) {
    if (usable(was) && !usable(is)) {
        const QString what = is.mounted ? u"can no longer be written to"_s : u"is no longer there"_s;
        return {{EventKind::Storage, Severity::Error, u"storage-lost"_s,
                 u"The shared storage %1 on %2 %3."_s.arg(is.path, node, what)}};
    }
    if (!usable(was) && usable(is)) {
        return {{EventKind::Storage, Severity::Info, u"storage-back"_s,
                 u"The shared storage %1 on %2 is back."_s.arg(is.path, node)}};
    }
    if (usable(is) && !was.id.isEmpty() && !is.id.isEmpty() && was.id != is.id) {
        return {{EventKind::Storage, Severity::Error, u"storage-changed"_s,
                 u"%1 on %2 is another folder than before."_s.arg(is.path, node)}};
    }
    return {};
}

QList<Change> changesOf(const QString& node, const ClockSeen& was, const ClockSeen& is) {
    if (!clockOff(was) && clockOff(is)) {
        return {{EventKind::Clock, Severity::Warning, u"clock-off"_s,
                 u"The clock of %1 is %2 away from ours."_s.arg(node, toText(std::chrono::abs(is.offset)))}};
    }
    if (clockOff(was) && !clockOff(is)) {
        return {{EventKind::Clock, Severity::Info, u"clock-good"_s,
                 u"The clock of %1 agrees with ours again."_s.arg(node)}};
    }
    return {};
}

QList<Change> changesOf(const QString& node, const NodeProgramSeen& was, const NodeProgramSeen& is) {
    QList<Change> changes;
    const auto change = [&](Severity severity, const char* code, const QString& text) {
        changes.append({EventKind::Vrrp, severity, QString::fromLatin1(code), text});
    };
    if (was.running != is.running) {
        if (is.running) {
            change(Severity::Info, "node-program-started",
                   u"milvus-ha-node %1 runs on %2, with the engine %3."_s.arg(is.version, node, is.engine));
        } else {
            change(Severity::Error, "node-program-stopped", u"milvus-ha-node on %1 no longer answers."_s.arg(node));
        }
    }
    if (!is.running)
        return changes;
    if (was.hold != is.hold && !is.hold.isEmpty()) {
        change(Severity::Warning, "node-held",
               withReason(u"milvus-ha-node on %1 takes no part (%2)"_s.arg(node, is.hold), is.holdReason));
    } else if (was.hold != is.hold && was.running) {
        change(Severity::Info, "node-released", u"milvus-ha-node on %1 takes part again."_s.arg(node));
    }
    if (was.isolated != is.isolated) {
        change(is.isolated ? Severity::Error : Severity::Info, is.isolated ? "node-isolated" : "node-connected",
               is.isolated ? u"%1 reaches neither the other node nor its witness."_s.arg(node)
                           : u"%1 reaches the other node or its witness again."_s.arg(node));
    }
    if (was.running && is.peerSpeaks && was.peerAnswers != is.peerAnswers) {
        change(is.peerAnswers ? Severity::Info : Severity::Warning, is.peerAnswers ? "peer-heard" : "peer-unheard",
               is.peerAnswers ? u"milvus-ha-node on %1 hears the other node's again."_s.arg(node)
                              : u"milvus-ha-node on %1 no longer hears the other node's."_s.arg(node));
    }
    return changes;
}

std::optional<Change> changeOf(const QString& node, const QString& container, const ContainerEventSeen& event) {
    if (event.action == u"stop") {
        return Change{EventKind::Container, Severity::Info, u"container-stopped"_s,
                      u"The container %1 on %2 was stopped by an order to Docker."_s.arg(container, node),
                      event.happenedAt};
    }
    if (event.action == u"oom") {
        return Change{EventKind::Container, Severity::Error, u"container-oom"_s,
                      u"The container %1 on %2 ran out of memory."_s.arg(container, node), event.happenedAt};
    }
    return std::nullopt;
}

Change nodeLost(const QString& node, const LinkSeen& link) {
    const QString reason = link.error ? link.error->text : QString();
    if (link.state == LinkState::Refused) {
        return {EventKind::Link, Severity::Error, u"node-refused"_s, withReason(u"%1 refuses us"_s.arg(node), reason)};
    }
    return {EventKind::Link, Severity::Error, u"node-lost"_s, withReason(u"%1 went out of sight"_s.arg(node), reason)};
}

Change nodeBack(const QString& node, std::optional<Duration> away) {
    const QString after = away ? u" again after %1"_s.arg(toText(*away)) : QString();
    return {EventKind::Link, Severity::Info, u"node-back"_s, u"%1 is in sight%2."_s.arg(node, after)};
}

Change unseen(const QString& node, Subject subject, const Error& reason) {
    const bool docker = subject == Subject::Container;
    return {kindOf(subject), Severity::Warning, docker ? u"docker-unreachable"_s : u"not-visible"_s,
            u"On %1 %2 can no longer be seen: %3"_s.arg(node, subjectText(subject), reason.text)};
}

Change seenAgain(const QString& node, Subject subject) {
    const bool docker = subject == Subject::Container;
    return {kindOf(subject), Severity::Info, docker ? u"docker-back"_s : u"visible-again"_s,
            u"On %1 %2 can be seen again."_s.arg(node, subjectText(subject))};
}

Change operationChange(const OperationSeen& operation) {
    if (!operation.running)
        return {EventKind::Operation, Severity::Info, u"operation-ended"_s, u"The %1 ended."_s.arg(operation.kind)};
    return {EventKind::Operation, Severity::Info, u"operation-began"_s,
            withReason(
                u"A %1 from %2 to %3 by %4 began"_s.arg(operation.kind, operation.from, operation.to, operation.owner),
                operation.reason)};
}

Change operationLost(const OperationSeen& operation) {
    return {EventKind::Operation, Severity::Warning, u"operation-lost"_s,
            u"The end of the %1 from %2 to %3 by %4 was never told: it is no longer waited for."_s.arg(
                operation.kind, operation.from, operation.to, operation.owner)};
}

Change verdictChange(VerdictLevel was, const Verdict& is, Instant since) {
    const QString reason = is.reasons.isEmpty() ? QString() : is.reasons.front().text;
    return {EventKind::Verdict, severityOf(is.level), u"verdict-"_s + verdictName(is.level),
            withReason(u"The pair is %1, after %2"_s.arg(verdictName(is.level), verdictName(was)), reason), since};
}

Change watchingBegan(const QString& pair, const QString& active, const Verdict& verdict) {
    const QString serves = active.isEmpty() ? u"no node is known to serve"_s : u"%1 serves"_s.arg(active);
    const QString reason = verdict.reasons.isEmpty() ? QString() : verdict.reasons.front().text;
    return {EventKind::Verdict, severityOf(verdict.level), u"watching-began"_s,
            withReason(u"Watching of %1 began; %2; the verdict is %3"_s.arg(pair, serves, verdictName(verdict.level)),
                       reason)};
}

Change vipSilent(const QString& vip, const VipProbeSeen& probe, Instant since) {
    return {EventKind::Milvus, Severity::Error, u"vip-silent"_s,
            withReason(u"Milvus no longer answers through the VIP %1"_s.arg(vip), probe.detail), since};
}

Change vipAnswers(const QString& vip, std::optional<Duration> outage) {
    const QString after = outage ? u" again, after %1"_s.arg(toText(*outage)) : QString();
    return {EventKind::Milvus, Severity::Info, u"vip-answers"_s,
            u"Milvus answers through the VIP %1%2."_s.arg(vip, after)};
}

Change failoverChange(const Failover& failover) {
    const bool unplanned = failover.kind == FailoverKind::Failover;
    const QString kind = unplanned                                   ? u"Failover"_s
                         : failover.kind == FailoverKind::Switchover ? u"Switchover"_s
                                                                     : u"Fail-back"_s;
    const QString where = failover.from == failover.to ? u"Milvus came back on %1"_s.arg(failover.to)
                          : failover.from.isEmpty()    ? u"Milvus came back on %1"_s.arg(failover.to)
                                                    : u"Milvus moved from %1 to %2"_s.arg(failover.from, failover.to);
    const QString time =
        failover.recovery() == Duration::zero() ? u"without an outage"_s : u"in %1"_s.arg(toText(failover.recovery()));
    const QString why = failover.planned() && !failover.operatorName.isEmpty()
                            ? u"%1 moved it"_s.arg(failover.operatorName)
                            : triggerText(failover.trigger);
    return {EventKind::Failover, unplanned ? Severity::Warning : Severity::Info, failoverKindName(failover.kind),
            u"%1: %2 %3; %4."_s.arg(kind, where, time, why), failover.endedAt};
}

std::optional<Change> changeOf(const Reason& reason) {
    const RuleText* rule = findRule(reason.code);
    if (rule == nullptr || (rule->level != VerdictLevel::Healthy && rule->scope != RuleScope::Setup))
        return std::nullopt;
    const Severity severity = rule->level == VerdictLevel::Healthy ? Severity::Info : Severity::Warning;
    return Change{EventKind::Config, severity, reason.code, reason.text};
}

bool sameValue(const VipSeen& a, const VipSeen& b) {
    return a.held == b.held && a.interface == b.interface && a.linkUp == b.linkUp && a.mac == b.mac;
}

bool sameValue(const VrrpSeen& a, const VrrpSeen& b) {
    return a.running == b.running && a.state == b.state && a.priority == b.priority &&
           a.effectivePriority == b.effectivePriority && a.maintenance == b.maintenance;
}

bool sameValue(const VrrpConfigSeen& a, const VrrpConfigSeen& b) {
    return a == b;
}

bool sameValue(const ContainerSeen& a, const ContainerSeen& b) {
    return a.state == b.state && a.id == b.id && a.exitCode == b.exitCode;
}

bool sameValue(const MilvusSeen& a, const MilvusSeen& b) {
    return a.serving == b.serving && a.refused == b.refused && a.version == b.version && a.queried == b.queried;
}

bool sameValue(const StorageSeen& a, const StorageSeen& b) {
    return a.path == b.path && a.mounted == b.mounted && a.writable == b.writable && a.id == b.id;
}

bool sameValue(const ClockSeen& a, const ClockSeen& b) {
    return clockOff(a) == clockOff(b);
}

bool sameValue(const NodeProgramSeen& a, const NodeProgramSeen& b) {
    return a == b;
}

bool sameValue(const VipProbeSeen& a, const VipProbeSeen& b) {
    return a.good == b.good && a.version == b.version && a.queriedAt.has_value() == b.queriedAt.has_value();
}

bool sameValue(const VipFromNodeSeen& a, const VipFromNodeSeen& b) {
    return a.good == b.good;
}

bool sameValue(const VipNeighbourSeen& a, const VipNeighbourSeen& b) {
    return a == b;
}

} // namespace mha
