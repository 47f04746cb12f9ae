// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/runner.h"

#include "act/run.h"

namespace mha {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

/// With a node out of sight for this long nothing more can be proved; shorter losses of a link are waited out.
constexpr milliseconds kOutOfSight{10000};
/// An answer through the VIP that is not older says that it serves now.
constexpr milliseconds kServedLately{3000};

} // namespace

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
    // What milvus-ha-node starts there it has the right to.
    return !plan_.byProgram && sourceProvedAt_ && source && source.seenAt > *sourceProvedAt_ && mayWrite(*source.value);
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

ActionRecord Run::failed(qsizetype index, const Error& cause) {
    const PlanStep& step = plan_.steps.at(index);
    const Picture now = world_.look();
    journal_.end(index, StepState::Failed, toSentence(cause) + u' ' + whereNow(now, pair_));
    // Where the new node serves and only the proof of it is wanting, going back would be one more outage for nothing.
    const bool awaited = changes_.sourceTouched && (step.kind >= StepKind::AwaitVip || plan_.byProgram) &&
                         !wouldReturn_ && !world_.cancelled();
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
    const auto back = plan_.byProgram ? undoByProgram : undo;
    return back(plan_, pair_, changes_, step.name, cause, journal_, world_);
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

ActionRecord runPlan(const Plan& plan, const Pair& pair, ActionRecord record, World& world,
                     const std::function<void(const ActionRecord&)>& progress) {
    Journal journal(plan, pair, std::move(record), world, progress);
    ActionRecord done = Run(plan, pair, journal, world).carryOut();
    world.releaseLocks();
    return done;
}

} // namespace mha
