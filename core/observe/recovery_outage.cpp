// SPDX-License-Identifier: GPL-3.0-or-later

// What one outage was: its cause, its phases, its error.

#include "observe/recovery.h"

#include <QStringList>

#include <algorithm>
#include <span>

namespace mha {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

using Kind = Mark::Kind;

/// A node that was silent for less than this was busy, not lost.
constexpr Duration kLostFor = 1500ms;
/// How exactly a stream from a node tells the time of what it tells (measured 2-21 ms from the write to the event).
constexpr Duration kStreamError = 20ms;

const Mark* find(const Outage& outage, Kind kind, int node) {
    const auto mark =
        std::ranges::find_if(outage.marks, [&](const Mark& m) { return m.kind == kind && m.node == node; });
    return mark == outage.marks.end() ? nullptr : &*mark;
}

/// The last one that still belongs to the outage: after several moves it is the one that ended it.
const Mark* findLast(const Outage& outage, Kind kind, int node) {
    const auto mark = std::find_if(outage.marks.rbegin(), outage.marks.rend(), [&](const Mark& m) {
        return m.kind == kind && m.node == node && m.at >= outage.lastGood && m.at <= outage.nextGood;
    });
    return mark == outage.marks.rend() ? nullptr : &*mark;
}

/// Out of sight for long enough, or still so at the end.
bool lost(const Outage& outage, int node) {
    const Mark* gone = find(outage, Kind::OutOfSight, node);
    if (gone == nullptr)
        return false;
    const auto back = std::ranges::find_if(
        outage.marks, [&](const Mark& m) { return m.kind == Kind::InSight && m.node == node && m.at >= gone->at; });
    return back == outage.marks.end() || back->at - gone->at > kLostFor;
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

/// Boundaries between phases are pushed forward into order, so that no phase is negative.
class PhaseCutter {
public:
    explicit PhaseCutter(const Outage& outage)
        : start_(outage.lastGood), end_(outage.nextGood), cut_(start_),
          error_(std::max(outage.firstBad - outage.lastGood, Duration::zero())) {}

    void cut(const QString& name, const Mark* mark) {
        if (mark != nullptr)
            cutAt(name, mark->at, kStreamError);
    }

    void finish(const QString& name, Duration error) { cutAt(name, end_, error); }

    QList<Phase> take() { return std::move(phases_); }

private:
    void cutAt(const QString& name, Instant at, Duration error) {
        const Instant to = std::clamp(at, cut_, end_);
        phases_.append({name, cut_ - start_, to - cut_, error_ + error});
        cut_ = to;
        error_ = error;
    }

    Instant start_;
    Instant end_;
    Instant cut_;
    Duration error_;
    QList<Phase> phases_;
};

Duration endError(const Outage& outage) {
    return std::max(outage.nextGood - outage.lastBad, Duration::zero());
}

} // namespace

QString triggerOf(const Outage& outage) {
    if (outage.operation)
        return u"planned"_s;
    if (find(outage, Kind::LinkDown, outage.from) == nullptr && lost(outage, outage.from))
        return u"host-lost"_s;
    for (const auto& cause : kCauses) {
        // What came after the service was back followed from the move and did not cause it.
        const Mark* mark = find(outage, cause.kind, outage.from);
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

QList<Phase> phasesOf(const Outage& outage) {
    const bool moved = outage.from != outage.to;
    const Mark* vipLost = find(outage, Kind::VipLost, outage.from);
    const Mark* leftMaster = find(outage, Kind::LeftMaster, outage.from);
    const Mark* master = findLast(outage, Kind::BecameMaster, outage.to);
    const Mark* gained = findLast(outage, Kind::VipGained, outage.to);
    const Mark* started = findLast(outage, Kind::ContainerStarted, outage.to);
    if (outage.nextGood == outage.lastGood)
        return {};

    PhaseCutter cutter(outage);
    if (moved) {
        const Mark* given = nullptr; // the first word of the old node that it will no longer do
        for (const Mark* mark : {find(outage, Kind::PriorityFell, outage.from), leftMaster, vipLost}) {
            if (mark != nullptr && (given == nullptr || mark->at < given->at))
                given = mark;
        }
        const Mark* elected = master != nullptr ? master : gained;
        // A VIP that leaves the old node only after the new one took it says nothing about detection, nor does a lost
        // host.
        const bool handedOver = given != nullptr && elected != nullptr && given->at <= elected->at;
        cutter.cut(u"detection"_s, handedOver ? given : elected);
        if (handedOver)
            cutter.cut(u"election"_s, elected);
        if (master != nullptr)
            cutter.cut(u"address"_s, gained);
        if (started != nullptr)
            cutter.cut(u"container"_s, started);
        if (elected == nullptr && started == nullptr)
            return {};
    } else {
        const Mark* died = find(outage, Kind::ContainerDied, outage.to);
        if (started == nullptr)
            return {};
        cutter.cut(u"detection"_s, died);
        cutter.cut(u"container"_s, started);
    }
    cutter.finish(u"serving"_s, endError(outage));
    return cutter.take();
}

bool isFailover(const Outage& outage) {
    if (outage.from >= 0 && outage.to >= 0 && outage.from != outage.to)
        return true;
    if (outage.nextGood == outage.lastGood)
        return false;
    if (outage.from >= 0 && find(outage, Kind::ContainerDied, outage.from) != nullptr)
        return true;
    // Both nodes gone at once and nothing moved: it was us who were cut off.
    if (lost(outage, 0) && lost(outage, 1))
        return false;
    return outage.nextGood - outage.lastGood > kShortestOutage;
}

Failover toFailover(const Outage& outage, const QString& pair, const std::array<QString, 2>& nodes) {
    const auto nameOf = [&](int node) { return node < 0 ? QString() : nodes[static_cast<std::size_t>(node)]; };
    Failover failover;
    failover.pair = pair;
    failover.trigger = triggerOf(outage);
    failover.from = nameOf(outage.from);
    failover.to = nameOf(outage.to);
    failover.startedAt = outage.lastGood;
    failover.endedAt = outage.nextGood;
    failover.error = std::max(outage.firstBad - outage.lastGood, Duration::zero()) + endError(outage);
    failover.phases = phasesOf(outage);
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
