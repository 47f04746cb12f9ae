// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/runner.h"

#include "act/lever.h"
#include "act/patience.h"
#include "act/undo.h"
#include "act/watch.h"

namespace mha {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kAsk{5000};
/// A target whose container has been seen to have ended for this long will not serve any more.
constexpr milliseconds kEndedFor{2000};
/// With a node out of sight for this long nothing more can be proved; shorter losses of a link are waited out.
constexpr milliseconds kOutOfSight{10000};
/// An answer through the VIP that is not older says that it serves now.
constexpr milliseconds kServedLately{3000};
constexpr milliseconds kJustNow{500};

/// One run of a plan, forward. What it changed on the nodes decides what the undo must take back.
class Run {
public:
    Run(const Plan& plan, const Pair& pair, Journal& journal, World& world)
        : plan_(plan), pair_(pair), journal_(journal), world_(world) {}

    ActionRecord carryOut();

private:
    using Detail = Result<QString>;
    class Ended;

    std::optional<QString> changedSince();
    Detail doStep(const PlanStep& step);
    Detail takeLock(const PlanStep& step);
    Detail shareNonce(const PlanStep& step);
    Detail settleVip(const PlanStep& step);
    Detail armFlag(const PlanStep& step);
    Detail stop(const PlanStep& step);
    Detail prove(const PlanStep& step);
    Detail startOn(const PlanStep& step);
    Detail awaitVip(const PlanStep& step);
    Detail awaitServing(const PlanStep& step);
    Detail clearLeftFlag(const PlanStep& step);
    Detail clearFlag(const PlanStep& step);
    Detail verify(const PlanStep& step);
    Result<Picture> await(const PictureCondition& condition, milliseconds deadline, const QString& what);
    ActionRecord failed(qsizetype index, const Error& cause);
    ActionRecord takeoverFailed(const PlanStep& step, const Error& cause);
    Result<void> stopWhatCameBack();
    bool cameBack(const Picture& picture) const;
    Error endedError(const Picture& picture) const;
    std::optional<Error> neededOutOfSight(const Picture& picture) const;
    bool onTarget(const Picture& picture) const;
    Result<void> proveSource(milliseconds deadline);
    std::function<Result<void>()> raiseFlag();

    QString name(int node) const { return pair_.nodes[static_cast<std::size_t>(node)].name; }

    Error cancelError() const { return {ErrorCode::Usage, u"cancelled by the operator."_s, {}, {}}; }

    const Plan& plan_;
    const Pair& pair_;
    Journal& journal_;
    World& world_;
    Changes changes_;
    std::optional<Instant> sourceProvedAt_;
    bool stoppedAgain_ = false;
    bool flagUp_ = false;
    bool wouldReturn_ = false; ///< with the flag cleared the VIP would go back to the old node
};

std::optional<QString> Run::changedSince() {
    Picture picture = world_.waitUntil([](const Picture& p) { return !p.pair.isEmpty(); }, kAsk);
    const ActionRecord& record = journal_.record();
    // The operation that the picture may show already is this one.
    if (picture.operation && picture.operation->owner == record.owner && picture.operation->to == record.to)
        picture.operation.reset();
    const Plan now = planAgain(plan_, picture, pair_);
    if (now.refused())
        return now.refusal();
    if (now.withoutProof != plan_.withoutProof) {
        return u"%1 is %2 now. Look at the pair and plan again."_s.arg(
            name(plan_.from), now.withoutProof ? u"out of sight"_s : u"seen again"_s);
    }
    if (now.from != plan_.from)
        return u"%1 serves now, not %2. Look at the pair and plan again."_s.arg(name(now.from), name(plan_.from));
    return std::nullopt;
}

bool Run::cameBack(const Picture& picture) const {
    const Fact<ContainerSeen>& source = nodeOf(picture, plan_.from).container;
    return sourceProvedAt_ && source && source.seenAt > *sourceProvedAt_ && mayWrite(*source.value);
}

/// Something else than this run started the source's Milvus. What is seen may be older than the proof, so the node
/// itself is asked; if it does run it is stopped, once: who starts it a second time means it, and is not fought.
Result<void> Run::stopWhatCameBack() {
    const Result<bool> runs = world_.containerRuns(plan_.from, kAsk);
    if (!runs)
        return std::unexpected(runs.error());
    if (*runs) {
        if (stoppedAgain_) {
            return std::unexpected(
                Error{ErrorCode::Internal, u"Milvus was started again by something else, twice."_s, name(plan_.from),
                      u"Find what starts it (a restart policy, a service, a script) and turn that off."_s});
        }
        stoppedAgain_ = true;
        journal_.remark(u"Milvus on %1 was started by something else and was stopped again."_s.arg(name(plan_.from)));
        if (auto stopped = world_.stopMilvus(plan_.from, pair_.stopGrace, deadlineOf(plan_, StepKind::StopMilvus));
            !stopped)
            return stopped;
        if (auto proved = world_.proveStopped(plan_.from, deadlineOf(plan_, StepKind::ProveStopped)); !proved)
            return proved;
    }
    sourceProvedAt_ = world_.now();
    return {};
}

Result<Picture> Run::await(const PictureCondition& condition, milliseconds deadline, const QString& what) {
    const Instant until = world_.now() + deadline;
    Held unseen(kOutOfSight);
    for (;;) {
        const auto left = std::chrono::duration_cast<milliseconds>(until - world_.now());
        bool gone = false;
        Picture picture = world_.waitUntil(
            [&](const Picture& p) {
                gone = unseen.update(neededOutOfSight(p).has_value(), world_.now());
                return world_.cancelled() || cameBack(p) || condition(p) || gone;
            },
            std::max(left, milliseconds(0)));
        if (world_.cancelled())
            return std::unexpected(cancelError());
        if (cameBack(picture)) {
            if (auto stopped = stopWhatCameBack(); !stopped)
                return std::unexpected(stopped.error());
            continue;
        }
        if (condition(picture))
            return picture;
        if (gone)
            return std::unexpected(*neededOutOfSight(picture));
        if (world_.now() >= until)
            return std::unexpected(Error{ErrorCode::TimedOut, u"%1 within %2."_s.arg(what, toText(deadline)), {}, {}});
    }
}

std::optional<Error> Run::neededOutOfSight(const Picture& picture) const {
    if (plan_.withoutProof && nodeOf(picture, plan_.to).reachable())
        return std::nullopt;
    return outOfSight(picture);
}

/// The VIP is where it shall be; of a node that is out of sight nothing is asked.
bool Run::onTarget(const Picture& picture) const {
    const NodePicture& target = nodeOf(picture, plan_.to);
    if (plan_.withoutProof && !nodeOf(picture, plan_.from).reachable())
        return seenNow(target, target.vip) && target.vip->held;
    return holdsAlone(picture, plan_.to);
}

Result<void> Run::proveSource(milliseconds deadline) {
    return plan_.withoutProof ? Result<void>() : world_.proveStopped(plan_.from, deadline);
}

Run::Detail Run::takeLock(const PlanStep& step) {
    QStringList remarks;
    for (int node : {0, 1}) {
        if (step.node >= 0 && step.node != node)
            continue;
        const ActionRecord& record = journal_.record();
        const Result<QString> taken =
            world_.takeLock(node, record.owner, u"%1 to %2"_s.arg(plan_.kind, name(plan_.to)), step.deadline);
        if (!taken)
            return std::unexpected(taken.error());
        if (!taken->isEmpty())
            remarks += *taken;
    }
    return remarks.isEmpty() ? u"taken"_s : remarks.join(u' ');
}

Run::Detail Run::shareNonce(const PlanStep& step) {
    const Result<QString> shared = world_.shareNonce(plan_.from, plan_.to, step.deadline);
    if (!shared)
        return std::unexpected(shared.error());
    return shared->isEmpty() ? u"it is"_s : *shared;
}

/// With Milvus stopped on the new node its keepalived gives the VIP away, and the other's notify_master starts Milvus
/// there, a few seconds from now: what is proved stopped there before would run beside the new node's.
Run::Detail Run::settleVip(const PlanStep& step) {
    Held rested(kNotifySettle);
    Held ended(kNotifySettle);
    bool stays = false;
    const auto atRest = [&](const Picture& p) {
        const NodePicture& target = nodeOf(p, plan_.to);
        const NodePicture& other = nodeOf(p, plan_.from);
        const bool starts = !other.vrrpConfig || !other.vrrpConfig->notifyMaster.isEmpty();
        const bool runs = seenNow(target, target.container) && target.container->state == ContainerState::Running;
        const bool held = seenNow(other, other.vip) && other.vip->held;
        const bool longHeld = held && seenNow(other, other.vrrp) && other.vrrp->state == VrrpState::Master &&
                              other.vrrp->since && world_.now() - *other.vrrp->since >= kNotifySettle;
        stays = !starts || runs || (!held && !findLever(target, other).works);
        const bool settled = rested.update(held, world_.now());
        const bool gone = ended.update(seenNow(other, other.vrrp) && !other.vrrp->running, world_.now());
        return stays || longHeld || settled || gone;
    };
    const auto picture = await(atRest, step.deadline, u"the VIP did not come to rest"_s);
    if (!picture && picture.error().code != ErrorCode::TimedOut)
        return std::unexpected(picture.error());
    return picture ? u"nothing is under way"_s : u"the VIP did not move"_s;
}

Run::Detail Run::armFlag(const PlanStep& step) {
    changes_.flagArmed = true;
    if (auto armed = world_.armFaultFlag(step.node, plan_.flagExpiry, step.deadline); !armed)
        return std::unexpected(armed.error());
    return u"the timer runs, for %1 s"_s.arg(plan_.flagExpiry.count());
}

Run::Detail Run::stop(const PlanStep& step) {
    // The last moment at which nothing has changed: a target that Docker cannot start now would cost an outage for
    // nothing.
    const Result<bool> target = world_.containerRuns(plan_.to, kAsk);
    if (!target)
        return std::unexpected(target.error());
    if (*target && !plan_.isTakeover()) {
        return std::unexpected(Error{ErrorCode::Refused, u"Milvus runs there already."_s, name(plan_.to),
                                     u"Look at `milvus-ha status`."_s});
    }
    if (plan_.isTakeover()) {
        const Result<bool> source = world_.containerRuns(step.node, kAsk);
        if (!source)
            return std::unexpected(source.error());
        if (!*source)
            return u"it does not run"_s;
    }
    const Instant begin = world_.now();
    changes_.sourceTouched = true;
    std::function<Result<void>()> raised;
    if (plan_.flagAtStop)
        raised = raiseFlag();
    const Result<void> stopped = world_.stopMilvus(step.node, pair_.stopGrace, step.deadline);
    const Result<void> flag = raised ? raised() : Result<void>();
    if (!stopped)
        return std::unexpected(stopped.error());
    if (!flag)
        return std::unexpected(flag.error());
    return u"stopped in %1"_s.arg(toText(world_.now() - begin));
}

Run::Detail Run::prove(const PlanStep& step) {
    if (auto proved = world_.proveStopped(step.node, step.deadline); !proved)
        return std::unexpected(proved.error());
    sourceProvedAt_ = world_.now();
    return u"the container does not run and port %1 is closed"_s.arg(pair_.clientPort);
}

Run::Detail Run::startOn(const PlanStep& step) {
    // Each question is outage; what was proved this instant, and is asked once more by the start itself, is not asked
    // here too.
    const bool justProved = sourceProvedAt_ && world_.now() - *sourceProvedAt_ < kJustNow;
    if (!justProved) {
        if (auto proved = proveSource(deadlineOf(plan_, StepKind::ProveStopped)); !proved)
            return std::unexpected(proved.error());
    }
    changes_.sourceTouched = true;
    // The VIP moves while the container starts: the outage is the longer of the two, not their sum.
    std::function<Result<void>()> raised;
    if (plan_.flagExpiry.count() > 0 && !flagUp_)
        raised = raiseFlag();
    const Result<void> started = plan_.withoutProof ? world_.startMilvusWithoutProof(step.node, step.deadline)
                                                    : world_.startMilvus(step.node, step.deadline);
    const Result<void> flag = raised ? raised() : Result<void>();
    if (!started)
        return std::unexpected(started.error());
    if (!flag)
        return std::unexpected(flag.error());
    return raised ? u"started, the flag is up"_s : u"started"_s;
}

std::function<Result<void>()> Run::raiseFlag() {
    flagUp_ = true;
    return world_.raiseFaultFlag(plan_.from, deadlineOf(plan_, StepKind::ArmFlag));
}

/// True once the target's container has been seen to have ended since `begin`, for so long that it will not come back.
class Run::Ended {
public:
    Ended(const Run& run, Instant begin) : run_(run), begin_(begin) {}

    bool look(const Picture& picture) {
        const Fact<ContainerSeen>& target = nodeOf(picture, run_.plan_.to).container;
        return held_.update(target && target.seenAt > begin_ && !mayWrite(*target.value), run_.world_.now());
    }

private:
    const Run& run_;
    Instant begin_;
    Held held_{kEndedFor};
};

Error Run::endedError(const Picture& picture) const {
    const NodeConfig& target = pair_.nodes[static_cast<std::size_t>(plan_.to)];
    return {ErrorCode::Unreachable, u"Milvus ended by itself instead of serving%1."_s.arg(exitText(picture, plan_.to)),
            target.name, u"Look at `docker logs %1` there."_s.arg(pair_.containerOn(target))};
}

Run::Detail Run::awaitVip(const PlanStep& step) {
    // Where keepalived's own script starts Milvus once the VIP is there, a container that has ended is not the end.
    const Picture before = world_.waitUntil([](const Picture&) { return true; }, milliseconds(0));
    const Fact<VrrpConfigSeen>& config = nodeOf(before, step.node).vrrpConfig;
    const bool scriptStarts = config && !config->notifyMaster.isEmpty();
    Ended ended(*this, world_.now());
    const auto picture = await([&](const Picture& p) { return onTarget(p) || (!scriptStarts && ended.look(p)); },
                               step.deadline, u"the VIP did not come to %1 alone"_s.arg(name(step.node)));
    if (!picture)
        return std::unexpected(picture.error());
    if (!onTarget(*picture))
        return std::unexpected(endedError(*picture));
    changes_.vipArrived = world_.now();
    return (plan_.withoutProof ? u"the VIP is on %1"_s : u"the VIP is on %1 and nowhere else"_s).arg(name(step.node));
}

Run::Detail Run::awaitServing(const PlanStep& step) {
    const Instant since = changes_.vipArrived.value_or(world_.now());
    Ended ended(*this, world_.now());
    const auto picture = await([&](const Picture& p) { return servesThrough(p, step.node, since) || ended.look(p); },
                               step.deadline, u"Milvus on %1 did not serve through the VIP"_s.arg(name(step.node)));
    if (!picture)
        return std::unexpected(picture.error());
    if (!servesThrough(*picture, step.node, since))
        return std::unexpected(endedError(*picture));
    return u"Milvus answers through the VIP"_s;
}

/// A flag that an interrupted run has left on the new node.
Run::Detail Run::clearLeftFlag(const PlanStep& step) {
    const Picture before = world_.waitUntil([](const Picture&) { return true; }, milliseconds(0));
    // At a takeover it is meant to take the VIP at once; at a switchover not yet, with no Milvus there.
    if (!plan_.isTakeover() && !mayClearFaultFlag(nodeOf(before, plan_.to), nodeOf(before, plan_.from), {})) {
        return std::unexpected(Error{ErrorCode::Refused, u"with the flag cleared the VIP would come here at once."_s,
                                     name(step.node), u"Wait until its check has failed, then try again."_s});
    }
    if (auto cleared = world_.clearFaultFlag(step.node, step.deadline); !cleared)
        return std::unexpected(cleared.error());
    if (plan_.isTakeover())
        return u"cleared"_s;
    const auto isBackup = [this](const Picture& p) {
        const NodePicture& node = nodeOf(p, plan_.to);
        return seenNow(node, node.vrrp) && node.vrrp->state == VrrpState::Backup;
    };
    const auto picture =
        await(isBackup, step.deadline, u"keepalived on %1 did not become BACKUP"_s.arg(name(step.node)));
    if (!picture)
        return std::unexpected(picture.error());
    return u"cleared, its keepalived is BACKUP"_s;
}

Run::Detail Run::clearFlag(const PlanStep& step) {
    if (step.node == plan_.to)
        return clearLeftFlag(step);
    const Instant since = changes_.vipArrived.value_or(world_.now());
    const auto harmless = [this, since](const Picture& p) {
        return mayClearFaultFlag(nodeOf(p, plan_.from), nodeOf(p, plan_.to), since);
    };
    const auto picture =
        await(harmless, step.deadline,
              u"keepalived on %1 did not fall below %2's priority"_s.arg(name(plan_.from), name(plan_.to)));
    if (!picture) {
        wouldReturn_ = picture.error().code == ErrorCode::TimedOut;
        return std::unexpected(picture.error());
    }
    const auto cleared = patiently(world_, step.deadline, [this, &step] {
        return world_.clearFaultFlag(step.node, deadlineOf(plan_, StepKind::ArmFlag));
    });
    if (!cleared)
        return std::unexpected(cleared.error());
    changes_.flagArmed = false;
    return u"cleared, and its timer stopped"_s;
}

Run::Detail Run::verify(const PlanStep& step) {
    const Instant begin = world_.now();
    Held steady(kNotifySettle);
    Ended ended(*this, begin);
    bool atRest = false;
    const auto decided = [&](const Picture& p) {
        atRest = steady.update(onTarget(p) && servesThrough(p, step.node, begin - kNotifySettle) &&
                                   (plan_.withoutProof || noAlarm(p)),
                               world_.now());
        return atRest || ended.look(p);
    };
    const auto picture =
        await(decided, step.deadline, u"the pair did not come to rest with %1 serving"_s.arg(name(step.node)));
    if (!picture)
        return std::unexpected(picture.error());
    if (!atRest)
        return std::unexpected(endedError(*picture));
    const auto proved =
        patiently(world_, step.deadline, [this] { return proveSource(deadlineOf(plan_, StepKind::ProveStopped)); });
    if (!proved)
        return std::unexpected(proved.error());
    if (plan_.withoutProof)
        return u"%1 holds the VIP and serves; %2 was not seen"_s.arg(name(step.node), name(plan_.from));
    return u"one node holds the VIP, one runs Milvus"_s;
}

Run::Detail Run::doStep(const PlanStep& step) {
    if (world_.cancelled())
        return std::unexpected(cancelError());
    switch (step.kind) {
    case StepKind::TakeLock:
        return takeLock(step);
    case StepKind::ShareNonce:
        return shareNonce(step);
    case StepKind::SettleVip:
        return settleVip(step);
    case StepKind::ArmFlag:
        return armFlag(step);
    case StepKind::StopMilvus:
        return stop(step);
    case StepKind::ProveStopped:
        return prove(step);
    case StepKind::StartMilvus:
        return startOn(step);
    case StepKind::AwaitVip:
        return awaitVip(step);
    case StepKind::AwaitServing:
        return awaitServing(step);
    case StepKind::ClearFlag:
        return clearFlag(step);
    case StepKind::Verify:
        return verify(step);
    }
    return std::unexpected(Error{ErrorCode::Internal, u"unknown step"_s, {}, {}});
}

ActionRecord Run::failed(qsizetype index, const Error& cause) {
    const PlanStep& step = plan_.steps.at(index);
    const Picture now = world_.waitUntil([](const Picture&) { return true; }, milliseconds(0));
    journal_.end(index, StepState::Failed, toSentence(cause) + u' ' + whereNow(now, pair_));
    // Where the new node serves and only the proof of it is wanting, going back would be one more outage for nothing.
    const bool awaited =
        changes_.sourceTouched && step.kind >= StepKind::AwaitVip && !wouldReturn_ && !world_.cancelled();
    const Instant lately = world_.now() - kServedLately;
    if (awaited && !cameBack(now) && servesThrough(now, plan_.to, lately)) {
        return journal_.finish(Outcome::Incomplete,
                               u"Milvus serves on %1 through the VIP, but not all could be verified. %2: %3%4 %5"_s.arg(
                                   name(plan_.to), step.name, toSentence(cause),
                                   changes_.flagArmed ? u' ' + timerText(plan_, pair_) : QString(),
                                   wayOn(now, pair_, plan_.to)));
    }
    if (step.kind == StepKind::TakeLock)
        return journal_.finish(Outcome::Refused, toSentence(cause));
    if (plan_.isTakeover())
        return takeoverFailed(step, cause);
    return undo(plan_, pair_, changes_, step.name, cause, journal_, world_);
}

/// No state to go back to was there at its begin: what is there now is said, and the operator decides.
ActionRecord Run::takeoverFailed(const PlanStep& step, const Error& cause) {
    const Picture last = world_.waitUntil([](const Picture&) { return false; }, milliseconds(1000));
    if (!changes_.sourceTouched && !changes_.flagArmed) {
        return journal_.finish(Outcome::RolledBack, u"%1: %2 Nothing was changed. %3"_s.arg(
                                                        step.name, toSentence(cause), whereNow(last, pair_)));
    }
    return journal_.finish(Outcome::Incomplete,
                           u"%1: %2 %3%4 %5"_s.arg(step.name, toSentence(cause), whereNow(last, pair_),
                                                   changes_.flagArmed ? u' ' + timerText(plan_, pair_) : QString(),
                                                   wayOn(last, pair_, plan_.to)));
}

ActionRecord Run::carryOut() {
    if (plan_.refused() || plan_.steps.isEmpty())
        return journal_.finish(Outcome::Refused, plan_.refusal());
    if (world_.cancelled())
        return journal_.finish(Outcome::RolledBack, u"Cancelled before anything was changed."_s);
    for (qsizetype i = 0; i < plan_.steps.size(); ++i) {
        // With the lock in hand, so that nobody changes it any more.
        if (i == 1) {
            if (const auto why = changedSince())
                return journal_.finish(Outcome::Refused, *why);
        }
        journal_.begin(i);
        const Detail detail = doStep(plan_.steps.at(i));
        if (!detail)
            return failed(i, detail.error());
        journal_.end(i, StepState::Done, *detail);
    }
    return journal_.finish(Outcome::Done, u"Milvus serves on %1."_s.arg(name(plan_.to)));
}

} // namespace

ActionRecord runPlan(const Plan& plan, const Pair& pair, ActionRecord record, World& world,
                     const std::function<void(const ActionRecord&)>& progress) {
    Journal journal(plan, pair, std::move(record), world, progress);
    ActionRecord done = Run(plan, pair, journal, world).carryOut();
    world.releaseLocks();
    return done;
}

} // namespace mha
