// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/undo.h"

#include "act/lever.h"
#include "act/patience.h"
#include "act/watch.h"

namespace mha {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

/// The old node may be stopped again by a notify script that was under way; then it is started again.
constexpr int kAttempts = 5;
constexpr milliseconds kStoppedFor{1000};
/// Out of sight for longer, the node that must be cleared cannot be: no use in waiting for its VIP.
constexpr milliseconds kLostFor{10000};

class Undo {
public:
    Undo(const Plan& plan, const Pair& pair, const Changes& changes, Journal& journal, World& world)
        : plan_(plan), pair_(pair), changes_(changes), journal_(journal), world_(world), steps_(plan.steps.size()) {}

    ActionRecord carryOut(const QString& failed, const Error& cause);

private:
    enum class Back { Serves, NotYet, TimedOut };

    Result<bool> askSource();
    Result<void> returnMilvus(bool sourceRuns);
    Result<void> clearTarget();
    void letVipSettle();
    Result<QString> stopAndProveOnTarget();
    Result<void> stopOnTarget();
    /// As the standby was held before: what stops on the new node now must not be joined by the old node's.
    Result<void> holdSource();
    Result<void> startOnSource();
    Back awaitBack();
    bool lastResort();
    bool lowerFlag(int node);
    void clearFlag();
    /// Only once Milvus serves on the old node again or is proved stopped there: else its timer does it.
    void releaseStandby();
    ActionRecord incomplete(const QString& why, const Error& error);

    Result<void> awaitSight(int node);

    QString name(int node) const { return pair_.nodes[static_cast<std::size_t>(node)].name; }

    QString source() const { return name(plan_.from); }

    QString target() const { return name(plan_.to); }

    const Plan& plan_;
    const Pair& pair_;
    const Changes& changes_;
    Journal& journal_;
    World& world_;
    qsizetype steps_;
    std::optional<Instant> targetProvedAt_;
    bool settled_ = false;
    bool flagCleared_ = false;
    bool released_ = false;
    bool sourceHeld_ = false;
};

Result<void> Undo::awaitSight(int node) {
    const Picture last =
        world_.waitUntil([node](const Picture& p) { return nodeOf(p, node).reachable(); }, kLinkReturns);
    if (nodeOf(last, node).reachable())
        return {};
    return std::unexpected(*outOfSight(last));
}

Result<bool> Undo::askSource() {
    bool runs = false;
    const auto asked = journal_.undoStep(u"ask %1 whether Milvus runs there"_s.arg(source()), [&]() -> Result<QString> {
        if (auto seen = awaitSight(plan_.from); !seen)
            return std::unexpected(seen.error());
        const Result<bool> answer =
            patiently(world_, kLinkReturns, [this] { return world_.containerRuns(plan_.from, kAsk); });
        if (!answer)
            return std::unexpected(answer.error());
        runs = *answer;
        return runs ? u"it runs"_s : u"it does not run"_s;
    });
    if (!asked)
        return std::unexpected(asked.error());
    return runs;
}

/// With the old node's Milvus stopped the VIP is on its way to the other node, where notify_master will start Milvus:
/// wait until that has happened, so that it does not happen later, beside the old node's Milvus.
void Undo::letVipSettle() {
    const Picture now = world_.look();
    const NodePicture& other = nodeOf(now, plan_.to);
    const bool recipeStarts = !other.vrrpConfig || !other.vrrpConfig->notifyMaster.isEmpty();
    const bool atRest = settled_ || (changes_.vipArrived && world_.now() - *changes_.vipArrived >= kNotifySettle &&
                                     holdsAlone(now, plan_.to));
    settled_ = true;
    if (!recipeStarts || atRest)
        return;
    static_cast<void>(journal_.undoStep(u"let the VIP come to rest on %1"_s.arg(target()), [&]() -> Result<QString> {
        Held held(kNotifySettle);
        Held keepalivedGone(kNotifySettle);
        bool rests = false;
        Held lost(kLostFor);
        bool gone = false;
        bool unseen = false;
        world_.waitUntil(
            [&](const Picture& p) {
                const NodePicture& node = nodeOf(p, plan_.to);
                rests = held.update(seenNow(node, node.vip) && node.vip->held, world_.now());
                gone = keepalivedGone.update(seenNow(node, node.vrrp) && !node.vrrp->running, world_.now());
                unseen = lost.update(!node.reachable(), world_.now());
                return rests || gone || unseen;
            },
            deadlineOf(plan_, StepKind::AwaitVip));
        if (rests)
            return u"the VIP is there and its notify script has had its time"_s;
        if (unseen)
            return u"the node went out of sight"_s;
        return gone ? u"keepalived does not run there, so nothing starts Milvus"_s : u"the VIP did not come there"_s;
    }));
}

Result<QString> Undo::stopAndProveOnTarget() {
    const Result<bool> runs = world_.containerRuns(plan_.to, kAsk);
    if (!runs)
        return std::unexpected(runs.error());
    if (*runs) {
        if (auto stopped = world_.stopMilvus(plan_.to, pair_.stopGrace, deadlineOf(plan_, StepKind::StopMilvus));
            !stopped)
            return std::unexpected(stopped.error());
    }
    if (auto proved = world_.proveStopped(plan_.to, deadlineOf(plan_, StepKind::ProveStopped)); !proved)
        return std::unexpected(proved.error());
    targetProvedAt_ = world_.now();
    return *runs ? u"stopped"_s : u"it does not run"_s;
}

Result<void> Undo::holdSource() {
    const Picture now = world_.look();
    const NodePicture& here = nodeOf(now, plan_.from);
    // Where it has the VIP already there is nothing to hold, and FAULT would send the VIP back.
    if (here.vip && here.vip->held)
        return {};
    if (sourceHeld_ || !mayStartEarly(nodeOf(now, plan_.to), here) || !canBeHeld(here))
        return {};
    const bool timerRuns = changes_.flagArmed && !flagCleared_;
    return journal_.undoStep(u"hold Milvus's start on %1"_s.arg(source()), [&]() -> Result<QString> {
        const milliseconds deadline = deadlineOf(plan_, StepKind::HoldStandby);
        // To set the timer clears a flag that is up already.
        const auto armed = timerRuns ? Result<void>() : world_.armFaultFlag(plan_.from, plan_.flagExpiry, deadline);
        if (!armed)
            return std::unexpected(armed.error());
        sourceHeld_ = true;
        flagCleared_ = false;
        if (auto raised = world_.raiseFaultFlag(plan_.from, deadline)(); !raised)
            return std::unexpected(raised.error());
        return u"the FAULT flag is up there"_s;
    });
}

Result<void> Undo::stopOnTarget() {
    if (auto held = holdSource(); !held)
        return held;
    auto stopped = journal_.undoStep(u"stop Milvus on %1 and prove it"_s.arg(target()), [this] {
        return patiently(world_, kLinkReturns, [this] { return stopAndProveOnTarget(); });
    });
    if (stopped && sourceHeld_) {
        // Out of FAULT it is BACKUP first, whose script may stop Milvus: before it is started, not after.
        clearFlag();
        world_.waitUntil([](const Picture&) { return false; }, kNotifySettle);
    }
    return stopped;
}

Result<void> Undo::clearTarget() {
    if (auto seen = awaitSight(plan_.to); !seen)
        return seen;
    letVipSettle();
    return stopOnTarget();
}

Result<void> Undo::startOnSource() {
    return journal_.undoStep(u"start Milvus on %1 again"_s.arg(source()), [this]() -> Result<QString> {
        const auto started = patiently(world_, kLinkReturns, [this] {
            return world_.startMilvus(plan_.from, deadlineOf(plan_, StepKind::StartMilvus));
        });
        if (!started)
            return std::unexpected(started.error());
        return u"started"_s;
    });
}

Result<void> Undo::returnMilvus(bool sourceRuns) {
    if (!sourceRuns) {
        if (auto cleared = clearTarget(); !cleared)
            return cleared;
        return startOnSource();
    }
    // It was never stopped, or something has started it: then it must be alone.
    const Result<bool> both = world_.containerRuns(plan_.to, kAsk);
    return both && *both ? stopOnTarget() : Result<void>();
}

Undo::Back Undo::awaitBack() {
    Back back = Back::TimedOut;
    static_cast<void>(
        journal_.undoStep(u"wait until Milvus serves on %1 through the VIP"_s.arg(source()), [&]() -> Result<QString> {
            const Instant begin = world_.now();
            Held steady(kNotifySettle);
            Held stopped(kStoppedFor);
            bool both = false;
            const Picture last = world_.waitUntil(
                [&](const Picture& p) {
                    const NodePicture& other = nodeOf(p, plan_.to);
                    const Fact<ContainerSeen>& mine = nodeOf(p, plan_.from).container;
                    const bool alone = !other.reachable() || (seenNow(other, other.vip) && !other.vip->held);
                    both = targetProvedAt_ && other.container && other.container.seenAt > *targetProvedAt_ &&
                           mayWrite(*other.container.value);
                    if (steady.update(alone && !both && servesThrough(p, plan_.from, begin), world_.now())) {
                        back = Back::Serves;
                    } else if (both ||
                               stopped.update(mine && mine.seenAt > begin && !mayWrite(*mine.value), world_.now())) {
                        back = Back::NotYet;
                    }
                    return back != Back::TimedOut;
                },
                deadlineOf(plan_, StepKind::AwaitVip) + deadlineOf(plan_, StepKind::AwaitServing));
            if (back == Back::Serves)
                return u"Milvus answers through the VIP, from %1 alone"_s.arg(source());
            if (both)
                return u"Milvus was started on %1 by something else"_s.arg(target());
            if (back == Back::NotYet)
                return u"Milvus was stopped again on %1%2"_s.arg(source(), exitText(last, plan_.from));
            return std::unexpected(
                Error{ErrorCode::TimedOut, u"Milvus does not serve through the VIP from here."_s, source(), {}});
        }));
    return back;
}

/// Where it cannot be cleared now, its timer does it.
bool Undo::lowerFlag(int node) {
    return journal_
        .undoStep(u"clear the FAULT flag on %1"_s.arg(name(node)),
                  [&]() -> Result<QString> {
                      const auto cleared = patiently(world_, kLinkReturns, [&] {
                          return world_.clearFaultFlag(node, deadlineOf(plan_, StepKind::ArmFlag));
                      });
                      if (!cleared)
                          return std::unexpected(cleared.error());
                      return u"cleared, and its timer stopped"_s;
                  })
        .has_value();
}

/// Only once Milvus runs on the old node, or does not have to: the VIP returns there.
void Undo::clearFlag() {
    if ((changes_.flagArmed || sourceHeld_) && !flagCleared_ && lowerFlag(plan_.from)) {
        flagCleared_ = true;
        sourceHeld_ = false;
    }
}

void Undo::releaseStandby() {
    if (changes_.standbyHeld && !released_)
        released_ = lowerFlag(plan_.to);
}

/// The old node cannot be started: service from the other one is better than none.
bool Undo::lastResort() {
    return journal_
        .undoStep(
            u"start Milvus on %1 instead"_s.arg(target()),
            [&]() -> Result<QString> {
                if (auto proved = world_.proveStopped(plan_.from, deadlineOf(plan_, StepKind::ProveStopped)); !proved)
                    return std::unexpected(proved.error());
                releaseStandby();
                if (auto started = world_.startMilvus(plan_.to, deadlineOf(plan_, StepKind::StartMilvus)); !started)
                    return std::unexpected(started.error());
                const Instant begin = world_.now();
                const Picture p =
                    world_.waitUntil([&](const Picture& now) { return servesThrough(now, plan_.to, begin); },
                                     deadlineOf(plan_, StepKind::AwaitServing));
                if (!servesThrough(p, plan_.to, begin)) {
                    return std::unexpected(
                        Error{ErrorCode::TimedOut, u"it does not serve through the VIP there either."_s, target(), {}});
                }
                return u"Milvus serves there"_s;
            })
        .has_value();
}

ActionRecord Undo::incomplete(const QString& why, const Error& error) {
    // One more look a moment later: what is told at the end must be what is there at the end.
    const Picture last = world_.waitUntil([](const Picture&) { return false; }, milliseconds(1000));
    QString flag = (changes_.flagArmed || sourceHeld_) && !flagCleared_ ? u' ' + timerText(plan_, pair_) : QString();
    if (changes_.standbyHeld && !released_) {
        flag += u" Until its timer clears the FAULT flag there, %1 cannot take over."_s.arg(target());
    }
    return journal_.finish(Outcome::Incomplete, u"%1 Going back to %2 failed: %3 %4%5 %6"_s.arg(
                                                    why, source(), toSentence(error), whereNow(last, pair_), flag,
                                                    wayOn(last, pair_, plan_.from)));
}

ActionRecord Undo::carryOut(const QString& failed, const Error& cause) {
    const QString why = u"%1: %2"_s.arg(failed, toSentence(cause));
    if (!changes_.sourceTouched) {
        releaseStandby();
        clearFlag();
        return journal_.finish(Outcome::RolledBack, why + u" Nothing was changed."_s);
    }
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        const Result<bool> runs = askSource();
        if (!runs)
            return incomplete(why, runs.error());
        if (auto returned = returnMilvus(*runs); !returned) {
            const bool elsewhere = targetProvedAt_ && lastResort();
            return incomplete(elsewhere ? why + u" Milvus was started on %1 again."_s.arg(target()) : why,
                              returned.error());
        }
        clearFlag();
        switch (awaitBack()) {
        case Back::Serves:
            releaseStandby();
            journal_.markUndone(steps_);
            return journal_.finish(Outcome::RolledBack,
                                   u"%1 Rolled back: Milvus serves on %2 again."_s.arg(why, source()));
        case Back::NotYet:
            continue;
        case Back::TimedOut:
            return incomplete(
                why, Error{ErrorCode::TimedOut, u"Milvus does not serve through the VIP from there."_s, {}, {}});
        }
    }
    return incomplete(why, Error{ErrorCode::Internal,
                                 u"Milvus was stopped or started by something else again and again."_s,
                                 {},
                                 u"Find out what does it (journalctl -u keepalived -u docker)."_s});
}

} // namespace

QString timerText(const Plan& plan, const Pair& pair) {
    return u"The FAULT flag on %1 is cleared by its timer there, %2 s after it was set."_s.arg(
        pair.nodes[static_cast<std::size_t>(plan.from)].name, QString::number(plan.flagExpiry.count()));
}

ActionRecord undo(const Plan& plan, const Pair& pair, const Changes& changes, const QString& failed, const Error& cause,
                  Journal& journal, World& world) {
    return Undo(plan, pair, changes, journal, world).carryOut(failed, cause);
}

} // namespace mha
