// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/pair_lock.h"
#include "act/switchover.h"
#include "commands.h"
#include "history/recorder.h"
#include "output.h"
#include "plan_text.h"
#include "prompts.h"
#include "report/json.h"
#include "stop_signal.h"
#include "watching.h"

#include <QEventLoop>
#include <QSysInfo>
#include <QTimer>

#include <algorithm>
#include <pwd.h>
#include <unistd.h>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// The failover of the run is known to the monitor only when service has lasted for a moment.
constexpr std::chrono::seconds kFailoverKnown{3};

QString owner() {
    QString user = qEnvironmentVariable("SUDO_USER");
    const passwd* entry = getpwuid(getuid());
    if (user.isEmpty())
        user = entry != nullptr ? QString::fromLocal8Bit(entry->pw_name) : QString::number(getuid());
    return user + u'@' + QSysInfo::machineHostName();
}

/// One run of the command, in the order of its functions.
class SwitchoverCommand {
public:
    SwitchoverCommand(const Arguments& arguments, const Pair& pair)
        : arguments_(arguments), pair_(pair), monitor_(pair, monitorOptions(arguments, pair, true)) {}

    int run();

private:
    std::optional<Error> wrongUsage() const;
    Plan planNow() const;
    /// The plan, where need be a few seconds later: what refuses only because a fact is not in yet, or because
    /// keepalived has just moved, passes by itself.
    Plan planWhenSettled();
    int dryRun();
    /// True: go on. Waits for the answer in the event loop, so that the picture stays fresh and Ctrl-C is heard.
    bool confirmed();
    /// A node that cannot be seen is taken over from only by who says its name.
    std::optional<Error> unconfirmed() const;
    void record();
    /// Actions that no living program runs were interrupted: no other one can, while the lock is to be had.
    void markInterrupted();
    ActionRecord carryOut();
    void showProgress(const ActionRecord& record);
    void awaitFailover();
    int finish(const ActionRecord& record);

    const Arguments& arguments_;
    const Pair& pair_;
    PairMonitor monitor_;
    StopSignal stop_;
    Plan plan_;
    std::unique_ptr<History> history_;
    std::unique_ptr<Recorder> recorder_;
    bool failoverSeen_ = false;
    QList<StepState> shown_;
};

std::optional<Error> SwitchoverCommand::wrongUsage() const {
    if (!arguments_.to.isEmpty() && pair_.indexOf(arguments_.to) < 0) {
        return Error{ErrorCode::Usage,
                     u"The pair has no node %1."_s.arg(arguments_.to),
                     {},
                     u"Its nodes are %1 and %2."_s.arg(pair_.nodes[0].name, pair_.nodes[1].name)};
    }
    if (arguments_.dryRun)
        return std::nullopt;
    if (arguments_.reason.trimmed().isEmpty()) {
        return Error{ErrorCode::Usage,
                     arguments_.command == Command::Takeover ? u"A takeover needs a reason."_s
                                                             : u"A switchover needs a reason."_s,
                     {},
                     u"Give one with --reason TEXT; it is kept in the history."_s};
    }
    if (!arguments_.yes && !interactive()) {
        return Error{ErrorCode::Usage,
                     u"There is no terminal to confirm on."_s,
                     {},
                     u"Give --yes if you mean it, or look first with --dry-run."_s};
    }
    return std::nullopt;
}

Plan SwitchoverCommand::planNow() const {
    const int to = arguments_.to.isEmpty() ? -1 : pair_.indexOf(arguments_.to);
    return arguments_.command == Command::Takeover ? planTakeover(monitor_.picture(), pair_, to)
                                                   : planSwitchover(monitor_.picture(), pair_, to);
}

bool passesByItself(const Plan& plan) {
    static const QStringList kPassing{u"docker"_s, u"keepalived"_s, u"addresses"_s, u"settled"_s};
    return plan.refused() && std::ranges::all_of(plan.checks, [](const Check& check) {
               return check.result != CheckResult::Refuse || kPassing.contains(check.code);
           });
}

Plan SwitchoverCommand::planWhenSettled() {
    Plan plan = planNow();
    QEventLoop loop;
    const auto again = [&] {
        plan = planNow();
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

int SwitchoverCommand::dryRun() {
    if (arguments_.json) {
        printJson(planJson(plan_, pair_));
    } else {
        for (const QString& line : planText(plan_, pair_, coloured()))
            printLine(line);
        printLine(plan_.refused() ? u"Refused: nothing can be done now."_s : u"Dry run: nothing was changed."_s);
    }
    return plan_.refused() ? outcomeExitCode(Outcome::Refused) : 0;
}

std::optional<Error> SwitchoverCommand::unconfirmed() const {
    if (!plan_.withoutProof || plan_.refused() || (arguments_.confirm.isEmpty() && !arguments_.yes && interactive()))
        return std::nullopt;
    const QString& unseen = pair_.nodes[static_cast<std::size_t>(plan_.from)].name;
    if (arguments_.confirm == unseen)
        return std::nullopt;
    return Error{
        ErrorCode::Usage,
        u"%1 cannot be seen: whether Milvus still runs there is not known, and two at once damage the data."_s.arg(
            unseen),
        {},
        u"Make sure that %1 is off, then say so with --confirm %1."_s.arg(unseen)};
}

bool SwitchoverCommand::confirmed() {
    if (plan_.refused() || (arguments_.yes && (!plan_.withoutProof || !arguments_.confirm.isEmpty())))
        return true;
    for (const QString& line : planText(plan_, pair_, isatty(STDERR_FILENO) == 1))
        printErrorLine(line);
    if (!plan_.withoutProof)
        return askYes(stop_);
    const QString& unseen = pair_.nodes[static_cast<std::size_t>(plan_.from)].name;
    if (!arguments_.confirm.isEmpty())
        return askYes(stop_);
    return ask(stop_, u"Type the name of the node that you have made sure is off: "_s) == unseen;
}

void SwitchoverCommand::record() {
    recorder_ = std::make_unique<Recorder>(*history_, pair_.name);
    recordInto(*recorder_, monitor_);
    QObject::connect(&monitor_, &PairMonitor::failoverSeen, recorder_.get(), [this] { failoverSeen_ = true; });
}

void SwitchoverCommand::markInterrupted() {
    if (!PairLock::take(pair_))
        return;
    const Result<QList<ActionRecord>> actions = history_->actions(pair_.name, {}, {});
    if (!actions)
        return;
    for (ActionRecord action : *actions) {
        if (action.outcome != Outcome::Running)
            continue;
        action.outcome = Outcome::Interrupted;
        action.text =
            u"The program that ran it ended in mid-run. Look at `milvus-ha status` for where the pair is now; "
            "`milvus-ha takeover --to %1` goes on with it, `--to %2` goes back."_s.arg(action.to, action.from);
        if (history_->saveAction(action)) {
            printErrorLine(u"milvus-ha: the %1 to %2 of %3 was interrupted. %4"_s.arg(
                action.kind, action.to, toIso(action.startedAt), action.text));
        }
    }
}

void SwitchoverCommand::showProgress(const ActionRecord& record) {
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

ActionRecord SwitchoverCommand::carryOut() {
    Switchover switchover(pair_, plan_, owner(), arguments_.reason.trimmed(), {&monitor_.link(0), &monitor_.link(1)});
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
    return switchover.record();
}

void SwitchoverCommand::awaitFailover() {
    if (failoverSeen_)
        return;
    QEventLoop loop;
    QObject::connect(&monitor_, &PairMonitor::failoverSeen, &loop, &QEventLoop::quit);
    QTimer::singleShot(kFailoverKnown, &loop, &QEventLoop::quit);
    loop.exec();
}

int SwitchoverCommand::finish(const ActionRecord& record) {
    if (arguments_.json) {
        QJsonObject object = toJson(record);
        object.insert(u"lever"_s, plan_.lever);
        object.insert(u"checks"_s, checksJson(plan_.checks));
        printJson(object);
    } else {
        const Shade shade = record.outcome == Outcome::Done ? Shade::Good : Shade::Bad;
        printLine(shaded(outcomeName(record.outcome), shade, coloured()) + u": "_s + record.text);
        if (record.outage)
            printLine(u"Clients of the VIP were without an answer for %1."_s.arg(toText(*record.outage)));
    }
    return outcomeExitCode(record.outcome);
}

int SwitchoverCommand::run() {
    if (const auto wrong = wrongUsage())
        return fail(*wrong, arguments_.json, &pair_);
    if (!arguments_.dryRun) {
        Result<std::unique_ptr<History>> history = openHistory(arguments_);
        if (!history)
            return fail(history.error(), arguments_.json, &pair_);
        history_ = std::move(*history);
        record();
        markInterrupted();
    }
    lookOnce(monitor_, arguments_);
    if (const auto refused = refusedByNode(monitor_.picture()))
        return fail(*refused, arguments_.json, &pair_);
    if (const auto unreached = noNodeReached(monitor_.picture()))
        return fail(*unreached, arguments_.json, &pair_);
    plan_ = planWhenSettled();
    if (arguments_.dryRun)
        return dryRun();
    if (const auto error = unconfirmed())
        return fail(*error, arguments_.json, &pair_);
    if (!confirmed()) {
        return finish({.pair = pair_.name,
                       .kind = plan_.kind,
                       .startedAt = wallClockNow(),
                       .outcome = Outcome::Refused,
                       .text = u"Not confirmed: nothing was changed."_s});
    }
    const ActionRecord result = carryOut();
    if (result.outcome == Outcome::Done)
        awaitFailover();
    return finish(result);
}

} // namespace

int runSwitchover(const Arguments& arguments, const Pair& pair) {
    return SwitchoverCommand(arguments, pair).run();
}

} // namespace mha::cli
