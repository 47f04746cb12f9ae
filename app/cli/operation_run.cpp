// SPDX-License-Identifier: GPL-3.0-or-later
#include "operation_run.h"

#include "act/operation_lock.h"
#include "act/operator.h"
#include "act/pair_lock.h"
#include "act/switchover.h"
#include "output.h"
#include "prompts.h"
#include "watching.h"

#include <QEventLoop>
#include <QTimer>

#include <algorithm>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// The failover of the run is known to the monitor only when service has lasted for a moment.
constexpr std::chrono::seconds kFailoverKnown{3};
constexpr std::chrono::milliseconds kLookAtClock{200};

bool passesByItself(const Plan& plan) {
    static const QStringList kPassing{u"docker"_s, u"keepalived"_s, u"addresses"_s, u"settled"_s};
    return plan.refused() && std::ranges::all_of(plan.checks, [](const Check& check) {
               return check.result != CheckResult::Refuse || kPassing.contains(check.code);
           });
}

} // namespace

OperationRun::OperationRun(const Arguments& arguments, const Pair& pair)
    : arguments_(arguments), pair_(pair), monitor_(pair, monitorOptions(arguments, pair, true)) {}

OperationRun::~OperationRun() = default;

Plan OperationRun::planWhenSettled(const Planner& planner) {
    Plan plan = planner(monitor_.picture());
    QEventLoop loop;
    const auto again = [&] {
        plan = planner(monitor_.picture());
        if (!passesByItself(plan))
            loop.quit();
    };
    QObject::connect(&monitor_, &PairMonitor::pictureChanged, &loop, again);
    QObject::connect(&stop_, &StopSignal::received, &loop, &QEventLoop::quit);
    QTimer::singleShot(arguments_.timeout, &loop, &QEventLoop::quit);
    if (passesByItself(plan))
        loop.exec();
    return plan;
}

bool OperationRun::waitUntil(Instant time) {
    QEventLoop loop;
    bool stopped = false;
    QObject::connect(&stop_, &StopSignal::received, &loop, [&] {
        stopped = true;
        loop.quit();
    });
    // The clock of the wall is asked, since a timer stands still while the computer sleeps.
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &loop, [&] {
        if (wallClockNow() >= time)
            loop.quit();
    });
    look.start(kLookAtClock);
    if (wallClockNow() < time)
        loop.exec();
    return !stopped;
}

std::optional<Error> OperationRun::record() {
    Result<std::unique_ptr<History>> history = openHistory(arguments_);
    if (!history)
        return history.error();
    history_ = std::move(*history);
    recorder_ = std::make_unique<Recorder>(*history_, pair_.name);
    recordInto(*recorder_, monitor_);
    QObject::connect(&monitor_, &PairMonitor::failoverSeen, recorder_.get(), [this] { failoverSeen_ = true; });
    markInterrupted();
    return std::nullopt;
}

std::optional<Error> OperationRun::look() {
    lookOnce(monitor_, arguments_);
    if (auto refused = refusedByNode(monitor_.picture()))
        return refused;
    return noNodeReached(monitor_.picture());
}

std::optional<Error> OperationRun::otherOperator() {
    for (int node : {0, 1}) {
        const NodePicture& seen = picture().nodes[static_cast<std::size_t>(node)];
        if (!seen.reachable())
            continue;
        if (const auto holder = otherHolder(monitor_.link(node), arguments_.timeout))
            return heldError(*holder, seen.name);
    }
    return std::nullopt;
}

/// Actions that no living program runs were interrupted: no other one can, while the lock is to be had.
void OperationRun::markInterrupted() {
    if (!PairLock::take(pair_))
        return;
    const Result<QList<ActionRecord>> interrupted = history_->markInterrupted(pair_.name);
    if (!interrupted)
        return;
    for (const ActionRecord& action : *interrupted) {
        printErrorLine(u"milvus-ha: the %1 to %2 of %3 was interrupted. %4"_s.arg(
            action.kind, action.to, toIso(action.startedAt), action.text));
    }
}

void OperationRun::showProgress(const ActionRecord& record) {
    if (arguments_.json)
        return;
    shown_.resize(std::max(shown_.size(), record.steps.size()), StepState::Waiting);
    for (qsizetype i = 0; i < record.steps.size(); ++i) {
        const StepRecord& step = record.steps.at(i);
        if (step.state == shown_.at(i) || step.state == StepState::Skipped || step.state == StepState::Undone)
            continue;
        shown_[i] = step.state;
        const QString at =
            QString::number(toSeconds((step.endedAt ? *step.endedAt : *step.startedAt) - record.startedAt), 'f', 2);
        const QString detail = step.detail.isEmpty() ? QString() : u": "_s + step.detail;
        printLine(u"%1 s  %2  %3%4"_s.arg(at.rightJustified(7), stepStateName(step.state).leftJustified(7), step.name,
                                          detail));
    }
}

ActionRecord OperationRun::carryOut(const Plan& plan, const QString& reason) {
    failoverSeen_ = false;
    shown_.clear();
    Switchover switchover(pair_, plan, thisOperator(), reason.trimmed(), {&monitor_.link(0), &monitor_.link(1)});
    switchover.updatePicture(monitor_.picture());
    QObject::connect(&monitor_, &PairMonitor::pictureChanged, &switchover, &Switchover::updatePicture);
    QObject::connect(&switchover, &Switchover::operationChanged, &monitor_, &PairMonitor::noteOperation);
    QObject::connect(&switchover, &Switchover::progressed, recorder_.get(), &Recorder::saveAction);
    QObject::connect(&switchover, &Switchover::progressed, [this](const ActionRecord& r) { showProgress(r); });
    QObject::connect(&stop_, &StopSignal::received, &switchover, [&, asked = false]() mutable {
        printErrorLine(asked ? u"milvus-ha: the undo is under way and is not broken off. Please wait."_s
                             : u"milvus-ha: cancelled; what was done is undone now. Please wait."_s);
        asked = true;
        switchover.cancel();
    });
    QEventLoop loop;
    QObject::connect(&switchover, &Switchover::finished, &loop, &QEventLoop::quit);
    switchover.start();
    loop.exec();
    if (switchover.record().outcome == Outcome::Done)
        awaitFailover();
    return switchover.record();
}

void OperationRun::awaitFailover() {
    if (failoverSeen_)
        return;
    QEventLoop loop;
    QObject::connect(&monitor_, &PairMonitor::failoverSeen, &loop, &QEventLoop::quit);
    QTimer::singleShot(kFailoverKnown, &loop, &QEventLoop::quit);
    loop.exec();
}

std::optional<Error> wrongUse(const Arguments& arguments) {
    if (arguments.reason.trimmed().isEmpty()) {
        const QString what = arguments.command == Command::Takeover ? u"A takeover"_s
                             : arguments.command == Command::Drill  ? u"A drill"_s
                                                                    : u"A switchover"_s;
        return Error{ErrorCode::Usage,
                     what + u" needs a reason."_s,
                     {},
                     u"Give one with --reason TEXT; it is kept in the history."_s};
    }
    return noWayToConfirm(arguments);
}

std::optional<Error> noWayToConfirm(const Arguments& arguments) {
    if (arguments.yes || interactive())
        return std::nullopt;
    return Error{ErrorCode::Usage,
                 u"There is no terminal to confirm on."_s,
                 {},
                 u"Give --yes if you mean it, or look first with --dry-run."_s};
}

std::optional<Error> unknownNode(const Pair& pair, const QString& name) {
    if (name.isEmpty() || pair.indexOf(name) >= 0)
        return std::nullopt;
    return Error{ErrorCode::Usage,
                 u"The pair has no node %1."_s.arg(name),
                 {},
                 u"Its nodes are %1 and %2."_s.arg(pair.nodes[0].name, pair.nodes[1].name)};
}

void printOutcome(const ActionRecord& record) {
    const Shade shade = record.outcome == Outcome::Done ? Shade::Good : Shade::Bad;
    printLine(shaded(outcomeName(record.outcome), shade, coloured()) + u": "_s + record.text);
    if (record.outage)
        printLine(u"Clients of the VIP were without an answer for %1."_s.arg(toText(*record.outage)));
}

} // namespace mha::cli
