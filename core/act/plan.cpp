// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/plan.h"

#include "act/checks.h"
#include "act/fault_flag_commands.h"
#include "act/lever.h"
#include "act/vip_prediction.h"
#include "keepalived/fault_flag.h"

#include <QStringList>

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// Docker kills after the grace time and then needs a moment to clean up.
constexpr milliseconds kStopMargin{5000};
constexpr milliseconds kProof{5000};
constexpr milliseconds kStart{15000};
/// Room for a slow check script (several failures in a row before it counts) on top of VRRP's own timers.
constexpr milliseconds kVipMargin{20000};
/// Milvus opens its ports only when its log is replayed, which has no bound; the RTO tells what the operator is used
/// to.
constexpr milliseconds kServingAtLeast{60000};
constexpr int kServingRtos = 12;
constexpr milliseconds kVerify{15000};
constexpr milliseconds kFlag{5000};
/// With adverts so fast the skew time (RFC 9568 6.1, below one interval) is no part of the outage worth saving.
constexpr milliseconds kFastAdvert{200};
/// keepalived must have seen that its check fails, or passes: some seconds after the container has moved.
constexpr milliseconds kClearFlag{15000};
/// milvus-ha-node takes a switchover back 30 s after its stop grace (node/node_program.cpp); then it is asked no more.
constexpr milliseconds kHandOver{50'000};
constexpr milliseconds kLock{5000};
constexpr milliseconds kNonce{5000};
/// On top of all deadlines up to the clearing, so that the timer is for a desktop that is gone only.
constexpr seconds kExpiryMargin{30};

/// The slower node's; zero: not known.
Duration advertInterval(const Picture& picture) {
    Duration advert{};
    for (const NodePicture& node : picture.nodes) {
        if (node.vrrp)
            advert = std::max(advert, node.vrrp->advertInterval);
    }
    return advert;
}

milliseconds vipDeadline(const Picture& picture) {
    const Duration advert = advertInterval(picture);
    // Master-down time is 3T + skew, skew below T (RFC 9568 6.1).
    return kVipMargin + std::chrono::duration_cast<milliseconds>(4 * advert);
}

milliseconds servingDeadline(const Pair& pair) {
    return std::max(kServingAtLeast, std::chrono::duration_cast<milliseconds>(kServingRtos * pair.rto));
}

QString healthAddress(const Pair& pair) {
    if (pair.health)
        return u"GET http://%1:%2%3"_s.arg(pair.vipAddress(), QString::number(pair.health->port), pair.health->path);
    return u"Milvus's health question through %1"_s.arg(pair.vipAddress());
}

/// The steps by keepalived's own doing, with those put in that the FAULT flag needs.
void stepsByFlag(Plan& plan, const Picture& picture, const Pair& pair) {
    const int from = plan.from;
    const int to = plan.to;
    QList<PlanStep> steps = std::move(plan.steps);
    seconds& expiry = plan.flagExpiry;
    // keepalived forgets that the other node has given up when its own check changes meanwhile, as Milvus's start makes
    // it, and waits for three adverts more (keepalived 2.2.7, vrrp_set_effective_priority): the sooner the better.
    const Fact<VrrpConfigSeen>& config = picture.nodes[static_cast<std::size_t>(to)].vrrpConfig;
    if (const Duration advert = advertInterval(picture); advert > Duration::zero() && advert <= kFastAdvert) {
        plan.flagMoment = FlagMoment::AfterStart;
    } else if (config && config->notifyMaster.isEmpty()) {
        plan.flagMoment = FlagMoment::AtStop;
    }
    // Where its own check changes its priority the start would make it forget: the VIP first, for one skew time more.
    plan.vipFirst = plan.flagMoment != FlagMoment::AfterStart && config && config->scriptWeight != 0;
    const bool atStop = plan.flagMoment == FlagMoment::AtStop;
    const StepKind raising = atStop ? StepKind::StopMilvus : StepKind::StartMilvus;
    const QString source = pair.nodes[static_cast<std::size_t>(from)].name;
    const QString target = pair.nodes[static_cast<std::size_t>(to)].name;
    milliseconds all{};
    for (PlanStep& step : steps) {
        if (step.kind == raising) {
            step.name = atStop ? u"Raise the FAULT flag and stop Milvus on %1"_s.arg(source)
                               : u"Raise the FAULT flag on %1 and start Milvus on %2"_s.arg(source, target);
            step.command = u"echo 1 >%1 on %2, and at the same time "_s.arg(kFaultFlagPath, source) + step.command;
            step.effect = u"keepalived on %1 gives the VIP away at once; "_s.arg(source) + step.effect;
            step.undo += u" Once Milvus runs on %1 again, clear the flag there."_s.arg(source);
        }
        if (step.kind == StepKind::StartMilvus && plan.vipFirst) {
            step.effect +=
                u" It starts when the VIP has come, so that %1's check does not hold the VIP up."_s.arg(target);
        }
        if (step.kind != StepKind::Verify)
            all += step.deadline;
    }
    expiry = std::chrono::ceil<seconds>(all + kClearFlag) + kExpiryMargin;
    const QString timer =
        u"systemd-run --unit=%1 --on-active=%2 on %3"_s.arg(kFaultFlagTimer, QString::number(expiry.count()), source);
    steps.prepend({StepKind::ArmFlag, from, u"Set the timer that clears the FAULT flag on %1"_s.arg(source), timer,
                   u"Whatever becomes of this desktop, the flag does not outlive %1 s."_s.arg(expiry.count()),
                   u"Stop the timer."_s, kFlag});
    const PlanStep clear{
        StepKind::ClearFlag,
        from,
        u"Clear the FAULT flag on %1"_s.arg(source),
        u"echo 0 >%1 on %2, once its keepalived would not take the VIP back; the timer is stopped"_s.arg(kFaultFlagPath,
                                                                                                         source),
        u"keepalived on %1 is a backup again."_s.arg(source),
        {},
        kClearFlag};
    steps.insert(steps.size() - 1, clear);
    plan.steps = std::move(steps);
}

PlanStep lockStep(const Pair& pair, int node) {
    const QString where = node < 0 ? u"both nodes"_s : pair.nodes[static_cast<std::size_t>(node)].name;
    return {StepKind::TakeLock,
            node,
            u"Take the operation lock on %1"_s.arg(where),
            u"/run/milvus-ha.operation on %1, renewed while this program runs"_s.arg(where),
            u"Nobody else's milvus-ha acts on the pair meanwhile."_s,
            u"Give the lock back."_s,
            kLock};
}

PlanStep nonceStep(const Pair& pair, int from, int to) {
    const QString& source = pair.nodes[static_cast<std::size_t>(from)].name;
    const QString& target = pair.nodes[static_cast<std::size_t>(to)].name;
    return {StepKind::ShareNonce,
            from,
            u"Prove that the folder is shared"_s,
            u"a file of its own in %1, written on %2 and read on %3"_s.arg(pair.storagePath, source, target),
            u"Milvus on %1 will have the data."_s.arg(target),
            {},
            kNonce};
}

/// The standby is kept from starting Milvus until it is proved stopped on the old node.
void holdStandby(Plan& plan, const Pair& pair) {
    const QString& source = pair.nodes[static_cast<std::size_t>(plan.from)].name;
    const QString& target = pair.nodes[static_cast<std::size_t>(plan.to)].name;
    const auto at = [&plan](StepKind kind) {
        return std::ranges::find(plan.steps, kind, &PlanStep::kind) - plan.steps.begin();
    };
    plan.steps.insert(
        at(StepKind::StopMilvus),
        {StepKind::HoldStandby, plan.to, u"Hold Milvus's start on %1"_s.arg(target),
         u"systemd-run --unit=%1 --on-active=%2, then echo 1 >%3 on %4"_s.arg(
             kFaultFlagTimer, QString::number(plan.flagExpiry.count()), kFaultFlagPath, target),
         u"keepalived on %1 is in FAULT: no script of it starts Milvus while %2's still stops."_s.arg(target, source),
         u"Clear the flag on %1, once Milvus serves on %2 or is proved stopped there."_s.arg(target, source), kFlag});
    plan.steps.insert(at(StepKind::ProveStopped) + 1,
                      {StepKind::ReleaseStandby,
                       plan.to,
                       u"Let %1 take over"_s.arg(target),
                       u"echo 0 >%1 on %2; its timer is stopped"_s.arg(kFaultFlagPath, target),
                       u"keepalived on %1 is BACKUP again."_s.arg(target),
                       {},
                       kFlag});
}

PlanStep clearLeftFlag(const Pair& pair, int node) {
    const QString& name = pair.nodes[static_cast<std::size_t>(node)].name;
    return {StepKind::ClearFlag,
            node,
            u"Clear the FAULT flag that was left on %1"_s.arg(name),
            u"echo 0 >%1 on %2"_s.arg(kFaultFlagPath, name),
            u"Its keepalived is not kept from the VIP."_s,
            {},
            kClearFlag};
}

QList<PlanStep> switchoverSteps(const Picture& picture, const Pair& pair, int from, int to) {
    const auto name = [&pair](int node) { return pair.nodes[static_cast<std::size_t>(node)].name; };
    const auto container = [&pair](int node) { return pair.containerOn(pair.nodes[static_cast<std::size_t>(node)]); };
    const QString port = QString::number(pair.clientPort);
    return {
        {StepKind::StopMilvus, from, u"Stop Milvus on %1"_s.arg(name(from)),
         u"POST /containers/%1/stop?t=%2 on %3"_s.arg(container(from), QString::number(pair.stopGrace.count()),
                                                      name(from)),
         u"Milvus ends on %1; clients are without an answer from here on."_s.arg(name(from)),
         u"Start Milvus on %1 again, once it is proved stopped on %2."_s.arg(name(from), name(to)),
         pair.stopGrace + kStopMargin},
        {StepKind::ProveStopped,
         from,
         u"Prove that Milvus is stopped on %1"_s.arg(name(from)),
         u"GET /containers/%1/json and ss on %2: not running, port %3 closed"_s.arg(container(from), name(from), port),
         u"Nobody writes to the shared folder."_s,
         {},
         kProof},
        {StepKind::StartMilvus, to, u"Start Milvus on %1"_s.arg(name(to)),
         u"POST /containers/%1/start on %2"_s.arg(container(to), name(to)), u"Milvus runs on %1 alone."_s.arg(name(to)),
         u"Stop Milvus on %1 and prove it."_s.arg(name(to)), kStart},
        {StepKind::AwaitVip, to, u"Wait for the VIP on %1"_s.arg(name(to)),
         u"the addresses of both nodes: %1 on %2 and nowhere else"_s.arg(pair.vipAddress(), name(to)),
         u"Clients reach %1."_s.arg(name(to)), u"The VIP returns with Milvus on %1."_s.arg(name(from)),
         vipDeadline(picture)},
        {StepKind::AwaitServing,
         to,
         u"Wait until Milvus serves on %1"_s.arg(name(to)),
         healthAddress(pair),
         u"Clients of the VIP are answered again."_s,
         {},
         servingDeadline(pair)},
        {StepKind::Verify,
         to,
         u"Verify the pair"_s,
         u"one holder of the VIP, one running Milvus, for 3 s; Docker on %1 asked again"_s.arg(name(from)),
         u"The pair is at rest, with no script of keepalived still at work."_s,
         {},
         kVerify},
    };
}

/// milvus-ha-node on the old node does the work. Where the new one has keepalived, Milvus is started there as well: its
/// script may do so, and need not.
void stepsByProgram(Plan& plan, const Picture& picture, const Pair& pair) {
    const QString& source = pair.nodes[static_cast<std::size_t>(plan.from)].name;
    const QString& target = pair.nodes[static_cast<std::size_t>(plan.to)].name;
    const bool both = picture.nodes[static_cast<std::size_t>(plan.to)].hasProgram();
    plan.byProgram = true;
    const auto step = [&plan](StepKind kind) { return std::ranges::find(plan.steps, kind, &PlanStep::kind); };
    *step(StepKind::StopMilvus) = {
        StepKind::HandOver,
        plan.from,
        u"Let milvus-ha-node on %1 hand over"_s.arg(source),
        u"switchover on its control socket: it stops Milvus with its own stop grace, proves it, and gives the VIP "
        "away"_s,
        u"Milvus and the VIP go to %1; clients are without an answer meanwhile."_s.arg(target),
        u"It takes both back by itself where %1 does not serve; later, milvus-ha-node on %1 hands them back."_s.arg(
            target),
        pair.stopGrace + kHandOver};
    const auto start = step(StepKind::StartMilvus);
    if (both) {
        plan.steps.erase(start);
    } else {
        start->undo.clear();
    }
    step(StepKind::AwaitVip)->undo.clear();
}

/// What a takeover does beside the steps of a switchover.
void takeoverSteps(Plan& plan, const Picture& picture, const Pair& pair) {
    const NodePicture& source = picture.nodes[static_cast<std::size_t>(plan.from)];
    const NodePicture& target = picture.nodes[static_cast<std::size_t>(plan.to)];
    if (target.vrrpConfig && target.vrrpConfig->faultFlag) {
        qsizetype start = 0;
        while (plan.steps.at(start).kind != StepKind::StartMilvus)
            ++start;
        plan.steps.insert(start + 1, clearLeftFlag(pair, plan.to));
    }
    if (!plan.withoutProof) {
        plan.steps.prepend({StepKind::SettleVip,
                            plan.from,
                            u"Let keepalived come to rest"_s,
                            u"the addresses of both nodes and the state of their keepalived"_s,
                            u"No script of %1's keepalived starts Milvus any more."_s.arg(source.name),
                            {},
                            vipDeadline(picture)});
    }
    plan.steps.prepend(lockStep(pair, plan.withoutProof ? plan.to : -1));
}

} // namespace

bool Plan::refused() const {
    return std::ranges::any_of(checks, [](const Check& check) { return check.result == CheckResult::Refuse; });
}

QString Plan::refusal() const {
    QStringList texts;
    for (const Check& check : checks) {
        if (check.result == CheckResult::Refuse)
            texts += check.text;
    }
    return texts.join(u' ');
}

bool Plan::isTakeover() const {
    return kind == u"takeover";
}

Plan planSwitchover(const Picture& picture, const Pair& pair, int to) {
    Plan plan;
    plan.pair = pair.name;
    plan.madeAt = picture.at;
    plan.from = picture.active;
    plan.to = to >= 0 || plan.from < 0 ? to : 1 - plan.from;
    plan.kind = u"switchover"_s;
    const bool moves = plan.from >= 0 && plan.to >= 0 && plan.to < 2 && plan.from != plan.to;
    Lever lever;
    if (moves) {
        const NodePicture& source = picture.nodes[static_cast<std::size_t>(plan.from)];
        const NodePicture& target = picture.nodes[static_cast<std::size_t>(plan.to)];
        if (basePriority(target) > basePriority(source))
            plan.kind = u"failback"_s;
        lever = findLever(source, target);
        plan.lever = QString(lever.text + u' ' + vipPrediction(source, target, lever)).trimmed();
        plan.steps = switchoverSteps(picture, pair, plan.from, plan.to);
        if (lever.byProgram && lever.works)
            stepsByProgram(plan, picture, pair);
        if (lever.byFlag)
            stepsByFlag(plan, picture, pair);
        if (lever.byFlag && mayStartEarly(source, target) && canBeHeld(target))
            holdStandby(plan, pair);
        if (!pair.storagePath.isEmpty())
            plan.steps.prepend(nonceStep(pair, plan.from, plan.to));
        if (mayHaveFlagLeft(target))
            plan.steps.prepend(clearLeftFlag(pair, plan.to));
        plan.steps.prepend(lockStep(pair, -1));
    }
    plan.checks = switchoverChecks(picture, pair, plan.from, plan.to, lever);
    return plan;
}

Plan planTakeover(const Picture& picture, const Pair& pair, int to) {
    Plan plan;
    plan.pair = pair.name;
    plan.madeAt = picture.at;
    plan.kind = u"takeover"_s;
    plan.to = to;
    plan.from = to == 0 || to == 1 ? 1 - to : -1;
    if (plan.from < 0) {
        plan.checks = takeoverChecks(picture, pair, to, {});
        return plan;
    }
    const NodePicture& source = picture.nodes[static_cast<std::size_t>(plan.from)];
    const NodePicture& target = picture.nodes[static_cast<std::size_t>(to)];
    plan.withoutProof = !source.reachable();
    const Lever lever = findLever(source, target);
    plan.steps = switchoverSteps(picture, pair, plan.from, to);
    if (plan.withoutProof) {
        plan.steps.removeIf([](const PlanStep& step) {
            return step.kind == StepKind::StopMilvus || step.kind == StepKind::ProveStopped;
        });
        for (PlanStep& step : plan.steps) {
            if (step.kind == StepKind::AwaitVip)
                step.command = u"the addresses of %1: %2"_s.arg(target.name, pair.vipAddress());
            if (step.kind == StepKind::Verify) {
                step.command =
                    u"%1 holds the VIP and serves, for 3 s; of %2 nothing is seen"_s.arg(target.name, source.name);
            }
        }
        plan.lever = u"keepalived on %1 takes the VIP once it hears nothing from %2."_s.arg(target.name, source.name);
    } else {
        plan.lever = lever.text;
        if (lever.byFlag)
            stepsByFlag(plan, picture, pair);
    }
    takeoverSteps(plan, picture, pair);
    for (PlanStep& step : plan.steps)
        step.undo.clear();
    plan.checks = takeoverChecks(picture, pair, to, lever);
    return plan;
}

namespace {

bool mayBeOverridden(const QString& code) {
    static const QStringList kMayBe{u"same-container"_s, u"target-keepalived"_s, u"storage"_s, u"space"_s, u"clock"_s,
                                    u"lever"_s,          u"early-start"_s,       u"settled"_s};
    return kMayBe.contains(code);
}

} // namespace

QStringList overridable(const Plan& plan) {
    QStringList codes;
    for (const Check& check : plan.checks) {
        if (check.result == CheckResult::Refuse)
            codes += check.code;
    }
    return std::ranges::all_of(codes, mayBeOverridden) ? codes : QStringList();
}

Plan withOverrides(Plan plan, const QStringList& codes) {
    for (const QString& code : codes) {
        if (!mayBeOverridden(code))
            continue;
        plan.overrides += code;
        for (Check& check : plan.checks) {
            if (check.code == code && check.result == CheckResult::Refuse) {
                check.result = CheckResult::Warn;
                check.text += u" Overridden."_s;
            }
        }
        // What the step would find is what was overridden.
        if (code == u"storage")
            plan.steps.removeIf([](const PlanStep& step) { return step.kind == StepKind::ShareNonce; });
    }
    return plan;
}

Plan planAgain(const Plan& plan, const Picture& picture, const Pair& pair) {
    Plan now = plan.isTakeover() ? planTakeover(picture, pair, plan.to) : planSwitchover(picture, pair, plan.to);
    return withOverrides(std::move(now), plan.overrides);
}

} // namespace mha
