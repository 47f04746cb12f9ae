// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/lever.h"
#include "act/patience.h"
#include "act/run.h"

namespace mha {

// The steps, in the order of a plan.

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

/// A target whose container has been seen to have ended for this long will not serve any more.
constexpr milliseconds kEndedFor{2000};
/// What was proved within this time needs no second question.
constexpr milliseconds kJustNow{500};
/// With adverts of 1 s the skew time is below 1 s (RFC 9568 6.1), and half a second passes until it is seen.
constexpr milliseconds kVipComes{1500};

/// Whom this computer takes for the VIP (RFC 9568 8.2.1: the new holder's gratuitous ARP says so); nothing where it is
/// not of that network.
QString arpRemark(const Picture& picture, int holder) {
    const Fact<VipNeighbourSeen>& here = picture.vipNeighbour;
    const Fact<VipSeen>& there = nodeOf(picture, holder).vip;
    if (!here || here->mac.isEmpty() || !there || there->mac.isEmpty())
        return {};
    return here->mac == there->mac ? u"; its gratuitous ARP has arrived here"_s
                                   : u"; this computer still has the VIP at %1, not at %2: its ARP table is old"_s.arg(
                                         here->mac, there->mac);
}

} // namespace

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

Run::Detail Run::handOver(const PlanStep& step) {
    const Instant begin = world_.now();
    changes_.sourceTouched = true;
    const Result<void> done = world_.handOver(step.node, journal_.record().reason, step.deadline);
    if (done)
        return u"done in %1"_s.arg(toText(world_.now() - begin));
    changes_.sourceTouched = done.error().code != ErrorCode::Refused;
    if (!changes_.sourceTouched)
        return std::unexpected(done.error());
    // Its answer may be lost with the link, while the work goes on there.
    const Instant asked = world_.now();
    const Picture last = world_.waitUntil(
        [&](const Picture& p) {
            return world_.cancelled() || servesThrough(p, plan_.to, asked) || servesThrough(p, plan_.from, asked);
        },
        step.deadline);
    if (servesThrough(last, plan_.to, asked))
        return u"it serves there, though %1"_s.arg(done.error().text);
    return std::unexpected(done.error());
}

Run::Detail Run::holdStandby(const PlanStep& step) {
    changes_.standbyHeld = true;
    if (auto armed = world_.armFaultFlag(step.node, plan_.flagExpiry, step.deadline); !armed)
        return std::unexpected(armed.error());
    if (auto raised = world_.raiseFaultFlag(step.node, step.deadline)(); !raised)
        return std::unexpected(raised.error());
    const auto held = [&step](const Picture& p) {
        const NodePicture& node = nodeOf(p, step.node);
        return seenNow(node, node.vrrp) && node.vrrp->state == VrrpState::Fault;
    };
    const auto picture = await(held, step.deadline, u"keepalived on %1 did not go to FAULT"_s.arg(name(step.node)));
    if (!picture)
        return std::unexpected(picture.error());
    return u"its keepalived is in FAULT"_s;
}

Run::Detail Run::releaseStandby(const PlanStep& step) {
    const auto cleared =
        patiently(world_, step.deadline, [this, &step] { return world_.clearFaultFlag(step.node, step.deadline); });
    if (!cleared)
        return std::unexpected(cleared.error());
    changes_.standbyHeld = false;
    // Not yet BACKUP it would miss that the old node gives the VIP away, and wait for three adverts instead.
    const Picture now = world_.waitUntil(
        [&step](const Picture& p) {
            const NodePicture& node = nodeOf(p, step.node);
            return seenNow(node, node.vrrp) && node.vrrp->state != VrrpState::Fault;
        },
        step.deadline);
    return u"its keepalived is %1"_s.arg(nodeOf(now, step.node).vrrp ? vrrpStateName(nodeOf(now, step.node).vrrp->state)
                                                                     : u"not seen"_s);
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
    if (plan_.flagExpiry.count() > 0 && plan_.flagMoment == FlagMoment::AtStop)
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
    // Where milvus-ha-node has moved it, service goes on meanwhile: a link that breaks is waited for.
    const auto patience = plan_.byProgram ? kLinkReturns : milliseconds(0);
    const auto proved = patiently(world_, patience, [&] { return world_.proveStopped(step.node, step.deadline); });
    if (!proved)
        return std::unexpected(proved.error());
    sourceProvedAt_ = world_.now();
    return u"the container does not run and port %1 is closed"_s.arg(pair_.clientPort);
}

std::optional<Error> Run::storageLost() const {
    const Picture now = world_.look();
    const NodePicture& there = nodeOf(now, plan_.to);
    if (pair_.storagePath.isEmpty() || plan_.overrides.contains(u"storage"_s) || !seenNow(there, there.storage))
        return std::nullopt;
    const Fact<StorageSeen>& old = nodeOf(now, plan_.from).storage;
    const bool other = old && !old->id.isEmpty() && !there.storage->id.isEmpty() && old->id != there.storage->id;
    if (there.storage->mounted && there.storage->writable && (!other || !old->mounted))
        return std::nullopt;
    return Error{ErrorCode::Refused, u"the shared folder %1 is not there, or not writable."_s.arg(pair_.storagePath),
                 name(plan_.to), u"Mount it there."_s};
}

Run::Detail Run::startOn(const PlanStep& step) {
    if (auto lost = storageLost())
        return std::unexpected(*lost);
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
    const bool byFlag = plan_.flagExpiry.count() > 0 && !flagUp_;
    if (byFlag && plan_.flagMoment == FlagMoment::WithStart)
        raised = raiseFlag();
    if (plan_.vipFirst) {
        // Where it does not come so soon, Milvus's start is not waited with.
        world_.waitUntil([this](const Picture& p) { return onTarget(p); }, kVipComes);
    }
    const Result<void> started = plan_.withoutProof ? world_.startMilvusWithoutProof(step.node, step.deadline)
                                                    : world_.startMilvus(step.node, step.deadline);
    if (started && byFlag && !raised)
        raised = raiseFlag();
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
    const Picture before = world_.look();
    const Fact<VrrpConfigSeen>& config = nodeOf(before, step.node).vrrpConfig;
    const bool scriptStarts = (config && !config->notifyMaster.isEmpty()) || nodeOf(before, step.node).hasProgram();
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
    const Picture before = world_.look();
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
    if (auto lost = storageLost()) {
        wouldReturn_ = true;
        return std::unexpected(*lost);
    }
    const auto proved =
        patiently(world_, step.deadline, [this] { return proveSource(deadlineOf(plan_, StepKind::ProveStopped)); });
    if (!proved)
        return std::unexpected(proved.error());
    if (plan_.withoutProof)
        return u"%1 holds the VIP and serves; %2 was not seen"_s.arg(name(step.node), name(plan_.from));
    return u"one node holds the VIP, one runs Milvus"_s + arpRemark(*picture, step.node);
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
    case StepKind::HandOver:
        return handOver(step);
    case StepKind::HoldStandby:
        return holdStandby(step);
    case StepKind::ReleaseStandby:
        return releaseStandby(step);
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

} // namespace mha
