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
    Detail armFlag(const PlanStep& step);
    Detail stop(const PlanStep& step);
    Detail prove(const PlanStep& step);
    Detail startOn(const PlanStep& step);
    Detail awaitVip(const PlanStep& step);
    Detail awaitServing(const PlanStep& step);
    Detail clearFlag(const PlanStep& step);
    Detail verify(const PlanStep& step);
    Result<Picture> await(const PictureCondition& condition, milliseconds deadline, const QString& what);
    ActionRecord failed(qsizetype index, const Error& cause);
    Result<void> stopWhatCameBack();
    bool cameBack(const Picture& picture) const;
    Error endedError(const Picture& picture) const;

    QString name(int node) const { return pair_.nodes[static_cast<std::size_t>(node)].name; }

    Error cancelError() const { return {ErrorCode::Usage, u"cancelled by the operator."_s, {}, {}}; }

    const Plan& plan_;
    const Pair& pair_;
    Journal& journal_;
    World& world_;
    Changes changes_;
    std::optional<Instant> sourceProvedAt_;
    bool stoppedAgain_ = false;
    bool wouldReturn_ = false; ///< with the flag cleared the VIP would go back to the old node
};

std::optional<QString> Run::changedSince() {
    Picture picture = world_.waitUntil([](const Picture& p) { return !p.pair.isEmpty(); }, kAsk);
    const ActionRecord& record = journal_.record();
    // The operation that the picture may show already is this one.
    if (picture.operation && picture.operation->owner == record.owner && picture.operation->to == record.to)
        picture.operation.reset();
    const Plan now = planSwitchover(picture, pair_, plan_.to);
    if (now.refused())
        return now.refusal();
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
                gone = unseen.update(outOfSight(p).has_value(), world_.now());
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
            return std::unexpected(*outOfSight(picture));
        if (world_.now() >= until)
            return std::unexpected(Error{ErrorCode::TimedOut, u"%1 within %2."_s.arg(what, toText(deadline)), {}, {}});
    }
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
    if (*target) {
        return std::unexpected(Error{ErrorCode::Refused, u"Milvus runs there already."_s, name(plan_.to),
                                     u"Look at `milvus-ha status`."_s});
    }
    const Instant begin = world_.now();
    changes_.sourceTouched = true;
    if (auto stopped = world_.stopMilvus(step.node, pair_.stopGrace, step.deadline); !stopped)
        return std::unexpected(stopped.error());
    return u"stopped in %1"_s.arg(toText(world_.now() - begin));
}

Run::Detail Run::prove(const PlanStep& step) {
    if (auto proved = world_.proveStopped(step.node, step.deadline); !proved)
        return std::unexpected(proved.error());
    sourceProvedAt_ = world_.now();
    return u"the container does not run and port %1 is closed"_s.arg(pair_.clientPort);
}

Run::Detail Run::startOn(const PlanStep& step) {
    if (auto proved = world_.proveStopped(plan_.from, deadlineOf(plan_, StepKind::ProveStopped)); !proved)
        return std::unexpected(proved.error());
    // The VIP moves while the container starts: the outage is the longer of the two, not their sum.
    std::function<Result<void>()> raised;
    if (plan_.flagExpiry.count() > 0)
        raised = world_.raiseFaultFlag(plan_.from, deadlineOf(plan_, StepKind::ArmFlag));
    const Result<void> started = world_.startMilvus(step.node, step.deadline);
    const Result<void> flag = raised ? raised() : Result<void>();
    if (!started)
        return std::unexpected(started.error());
    if (!flag)
        return std::unexpected(flag.error());
    return raised ? u"started, the flag is up"_s : u"started"_s;
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
    const auto picture =
        await([&](const Picture& p) { return holdsAlone(p, step.node) || (!scriptStarts && ended.look(p)); },
              step.deadline, u"the VIP did not come to %1 alone"_s.arg(name(step.node)));
    if (!picture)
        return std::unexpected(picture.error());
    if (!holdsAlone(*picture, step.node))
        return std::unexpected(endedError(*picture));
    changes_.vipArrived = world_.now();
    return u"the VIP is on %1 and nowhere else"_s.arg(name(step.node));
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

Run::Detail Run::clearFlag(const PlanStep& step) {
    const Instant since = changes_.vipArrived.value_or(world_.now());
    const auto harmless = [this, since](const Picture& p) {
        return mayClearFaultFlag(nodeOf(p, plan_.from), nodeOf(p, plan_.to), since);
    };
    const auto picture = await(
        harmless, step.deadline,
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
        atRest = steady.update(
            holdsAlone(p, step.node) && servesThrough(p, step.node, begin - kNotifySettle) && noAlarm(p), world_.now());
        return atRest || ended.look(p);
    };
    const auto picture =
        await(decided, step.deadline, u"the pair did not come to rest with %1 serving"_s.arg(name(step.node)));
    if (!picture)
        return std::unexpected(picture.error());
    if (!atRest)
        return std::unexpected(endedError(*picture));
    const auto proved = patiently(world_, step.deadline, [this] {
        return world_.proveStopped(plan_.from, deadlineOf(plan_, StepKind::ProveStopped));
    });
    if (!proved)
        return std::unexpected(proved.error());
    return u"one node holds the VIP, one runs Milvus"_s;
}

Run::Detail Run::doStep(const PlanStep& step) {
    if (world_.cancelled())
        return std::unexpected(cancelError());
    switch (step.kind) {
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
    const bool awaited = step.kind >= StepKind::AwaitVip && !wouldReturn_ && !world_.cancelled();
    const Instant lately = world_.now() - kServedLately;
    if (awaited && !cameBack(now) && servesThrough(now, plan_.to, lately)) {
        return journal_.finish(Outcome::Incomplete,
                               u"Milvus serves on %1 through the VIP, but not all could be verified. %2: %3%4 %5"_s.arg(
                                   name(plan_.to), step.name, toSentence(cause),
                                   changes_.flagArmed ? u' ' + timerText(plan_, pair_) : QString(),
                                   wayOn(now, pair_, plan_.to)));
    }
    return undo(plan_, pair_, changes_, step.name, cause, journal_, world_);
}

ActionRecord Run::carryOut() {
    if (plan_.refused() || plan_.steps.isEmpty())
        return journal_.finish(Outcome::Refused, plan_.refusal());
    if (world_.cancelled())
        return journal_.finish(Outcome::RolledBack, u"Cancelled before anything was changed."_s);
    if (const auto why = changedSince())
        return journal_.finish(Outcome::Refused, *why);
    for (qsizetype i = 0; i < plan_.steps.size(); ++i) {
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
    return Run(plan, pair, journal, world).carryOut();
}

} // namespace mha
