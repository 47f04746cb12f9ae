// SPDX-License-Identifier: GPL-3.0-or-later

// What one outage was: its cause, its kind, its error.

#include "model/sight.h"
#include "observe/recovery_marks.h"

#include <QStringList>

#include <algorithm>
#include <span>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

using Kind = Mark::Kind;

/// Out of sight for long enough, or still so at the end.
bool lost(const Outage& outage, int node) {
    const Mark* gone = firstMark(outage, Kind::OutOfSight, node);
    if (gone == nullptr)
        return false;
    const auto back = std::ranges::find_if(
        outage.marks, [&](const Mark& m) { return m.kind == Kind::InSight && m.node == node && m.at >= gone->at; });
    return back == outage.marks.end() || back->at - gone->at > kBlink;
}

/// Nothing of either node was seen for longer than a blink: a part of the outage is not known, nor is its end.
bool blind(const Outage& outage) {
    std::array<std::optional<Instant>, 2> goneAt;
    std::optional<Instant> blindAt;
    for (const Mark& mark : outage.marks) {
        if (mark.node < 0 || (mark.kind != Kind::OutOfSight && mark.kind != Kind::InSight))
            continue;
        if (blindAt && mark.kind == Kind::InSight && mark.at - *blindAt > kBlink)
            return true;
        auto& gone = goneAt[static_cast<std::size_t>(mark.node)];
        if (mark.kind == Kind::InSight) {
            gone.reset();
        } else if (!gone) {
            gone = mark.at;
        }
        blindAt = goneAt[0] && goneAt[1] ? std::optional(std::max(*goneAt[0], *goneAt[1])) : std::nullopt;
    }
    return blindAt && outage.nextGood - *blindAt > kBlink;
}

struct Trigger {
    const char* code;
    const char* text;
};

constexpr Trigger kTriggers[] = {
    {"planned", "an operator moved it"},
    {"host-lost", "the node was lost"},
    {"link-lost", "the node's network link was lost"},
    {"docker-stopped", "Docker stopped or no longer answered"},
    {"storage-lost", "the shared storage was lost"},
    {"keepalived-stopped", "keepalived stopped"},
    {"container-stopped", "the container was stopped"},
    {"container-died", "the container died"},
    {"preempted", "the node of the higher priority came back"},
    {"unknown", "the cause was not seen"},
};

/// Those causes that are one mark on the node that served, root causes before what follows from them.
constexpr struct {
    Kind kind;
    const char* code;
} kCauses[] = {
    {Kind::LinkDown, "link-lost"},
    {Kind::DockerGone, "docker-stopped"},
    {Kind::StorageLost, "storage-lost"},
    {Kind::KeepalivedStopped, "keepalived-stopped"},
    {Kind::ContainerStopped, "container-stopped"},
    {Kind::ContainerDied, "container-died"},
};

bool toHigherPriority(const Outage& outage) {
    if (outage.from < 0 || outage.to < 0 || outage.from == outage.to)
        return false;
    const auto priority = [&](int node) { return outage.priorities[static_cast<std::size_t>(node)]; };
    return priority(outage.from) >= 0 && priority(outage.to) > priority(outage.from);
}

} // namespace

QString triggerOf(const Outage& outage) {
    if (outage.operation)
        return u"planned"_s;
    if (firstMark(outage, Kind::LinkDown, outage.from) == nullptr && lost(outage, outage.from))
        return u"host-lost"_s;
    for (const auto& cause : kCauses) {
        // What came after the service was back followed from the move and did not cause it.
        const Mark* mark = firstMark(outage, cause.kind, outage.from);
        const bool late = cause.kind == Kind::DockerGone; // noticed by a ping that stays away
        if (mark != nullptr && (late || mark->at <= outage.nextGood))
            return QString::fromLatin1(cause.code);
    }
    return toHigherPriority(outage) ? u"preempted"_s : u"unknown"_s;
}

QString triggerText(QStringView trigger) {
    for (const Trigger& row : kTriggers) {
        if (trigger == QLatin1String(row.code))
            return QString::fromLatin1(row.text);
    }
    return trigger.toString();
}

bool isFailover(const Outage& outage) {
    // It was us who were cut off, or all was: what happened meanwhile is in the nodes' logs (Recorder::outOfSight()).
    if (blind(outage))
        return false;
    if (outage.from >= 0 && outage.to >= 0 && outage.from != outage.to)
        return true;
    if (outage.nextGood == outage.lastGood)
        return false;
    if (outage.from >= 0 && firstMark(outage, Kind::ContainerDied, outage.from) != nullptr)
        return true;
    return outage.nextGood - outage.lastGood > kShortestOutage;
}

Failover toFailover(const Outage& outage, const QString& pair, const std::array<QString, 2>& nodes) {
    const auto nameOf = [&](int node) { return node < 0 ? QString() : nodes[static_cast<std::size_t>(node)]; };
    Failover failover;
    failover.pair = pair;
    failover.trigger = triggerOf(outage);
    failover.from = nameOf(outage.from);
    failover.to = nameOf(outage.to);
    const Between begin = beginOf(outage);
    const Between end = endOf(outage);
    failover.startedAt = begin.middle();
    failover.endedAt = std::max(end.middle(), failover.startedAt);
    failover.error = begin.half() + end.half();
    failover.phases = phasesOf(outage, nodes);
    for (const Outage::Move& move : outage.moves)
        failover.moves.append({nameOf(move.from), nameOf(move.to), move.at});
    if (outage.operation) {
        failover.kind = outage.operation->kind == u"failback" ? FailoverKind::Failback : FailoverKind::Switchover;
        failover.operatorName = outage.operation->owner;
        failover.reason = outage.operation->reason;
    } else if (toHigherPriority(outage)) {
        failover.kind = FailoverKind::Failback;
    }
    return failover;
}

} // namespace mha
