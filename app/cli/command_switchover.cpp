// SPDX-License-Identifier: GPL-3.0-or-later
#include "commands.h"
#include "operation_run.h"
#include "output.h"
#include "plan_text.h"
#include "prompts.h"
#include "report/json.h"
#include "watching.h"
#include "when.h"

#include <algorithm>
#include <unistd.h>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// A scheduled time that was missed by more than this, since the computer slept, is not made up for.
constexpr std::chrono::seconds kLateAtMost{60};
/// So many moves foretell the next one.
constexpr qsizetype kRememberedMoves = 10;

/// One run of the command, in the order of its functions.
class SwitchoverCommand {
public:
    SwitchoverCommand(const Arguments& arguments, const Pair& pair)
        : arguments_(arguments), pair_(pair), run_(arguments, pair) {}

    int run();

private:
    std::optional<Error> wrongUsage() const;
    Plan planFrom(const Picture& picture) const;
    QList<Duration> pastOutages() const;
    int dryRun();
    /// A node that cannot be seen is taken over from only by who says its name.
    std::optional<Error> unconfirmed() const;
    /// True: go on. Waits for the answer in the event loop, so that the picture stays fresh and Ctrl-C is heard.
    bool confirmed();
    /// Waits for the time of --at and plans anew; why it is not to be done then, in a sentence.
    std::optional<QString> awaitTime();
    int refused(const QString& text);
    int finish(const ActionRecord& record);

    Plan planNow() {
        return run_.planWhenSettled([this](const Picture& picture) { return planFrom(picture); });
    }

    bool isTarget(const QString& name) const { return plan_.to >= 0 && pair_.indexOf(name) == plan_.to; }

    const QString& unseenNode() const { return pair_.nodes[static_cast<std::size_t>(plan_.from)].name; }

    const Arguments& arguments_;
    const Pair& pair_;
    OperationRun run_;
    Plan plan_;
    std::optional<Instant> time_; ///< of --at
};

std::optional<Error> SwitchoverCommand::wrongUsage() const {
    if (auto unknown = unknownNode(pair_, arguments_.to))
        return unknown;
    return arguments_.dryRun ? std::nullopt : wrongUse(arguments_);
}

Plan SwitchoverCommand::planFrom(const Picture& picture) const {
    const int to = arguments_.to.isEmpty() ? -1 : pair_.indexOf(arguments_.to);
    return arguments_.command == Command::Takeover
               ? planTakeover(picture, pair_, to)
               : withOverrides(planSwitchover(picture, pair_, to), arguments_.overrides);
}

QList<Duration> SwitchoverCommand::pastOutages() const {
    QList<Duration> outages;
    const auto history = openHistory(arguments_);
    const auto actions = history ? (*history)->actions(pair_.name, {}, {}) : std::unexpected(history.error());
    if (!actions)
        return outages;
    for (const ActionRecord& action : *actions) {
        if (action.outcome == Outcome::Done && action.outage && outages.size() < kRememberedMoves)
            outages += *action.outage;
    }
    return outages;
}

int SwitchoverCommand::dryRun() {
    const QList<Duration> past = pastOutages();
    const auto [least, most] = std::ranges::minmax_element(past);
    if (arguments_.json) {
        QJsonObject object = planJson(plan_, pair_);
        object.insert(u"predicted_outage_s"_s, past.isEmpty() ? QJsonValue()
                                                              : QJsonValue(QJsonObject{{u"least"_s, toSeconds(*least)},
                                                                                       {u"most"_s, toSeconds(*most)},
                                                                                       {u"of"_s, past.size()}}));
        printJson(object);
    } else {
        for (const QString& line : planText(plan_, pair_, coloured()))
            printLine(line);
        if (!past.isEmpty() && !plan_.refused()) {
            printLine(u"The last %1 moves of this pair took %2 to %3 of outage."_s.arg(QString::number(past.size()),
                                                                                       toText(*least), toText(*most)));
        }
        printLine(plan_.refused() ? u"Refused: nothing can be done now."_s : u"Dry run: nothing was changed."_s);
    }
    return plan_.refused() ? outcomeExitCode(Outcome::Refused) : 0;
}

std::optional<Error> SwitchoverCommand::unconfirmed() const {
    if (!plan_.overrides.isEmpty() && !plan_.refused() && !isTarget(arguments_.confirm)) {
        return Error{ErrorCode::Usage,
                     u"To override a check, the node that shall serve must be named."_s,
                     {},
                     u"Read what --dry-run says of it, then give --confirm with that node's name."_s};
    }
    if (!plan_.withoutProof || plan_.refused() || arguments_.confirm == unseenNode())
        return std::nullopt;
    if (arguments_.confirm.isEmpty() && !arguments_.yes)
        return std::nullopt; // it will be asked for
    return Error{
        ErrorCode::Usage,
        u"%1 cannot be seen: whether Milvus still runs there is not known, and two at once damage the data."_s.arg(
            unseenNode()),
        {},
        u"Make sure that %1 is off, then say so with --confirm %1."_s.arg(unseenNode())};
}

bool SwitchoverCommand::confirmed() {
    if (plan_.refused() || arguments_.yes)
        return true;
    for (const QString& line : planText(plan_, pair_, isatty(STDERR_FILENO) == 1))
        printErrorLine(line);
    if (plan_.withoutProof && arguments_.confirm.isEmpty()) {
        return ask(run_.stop(), u"Type the name of the node that you have made sure is off: "_s) == unseenNode();
    }
    return askYes(run_.stop());
}

std::optional<QString> SwitchoverCommand::awaitTime() {
    const QString when = toIso(*time_);
    if (!arguments_.json)
        printLine(u"Scheduled for %1. End this program (Ctrl-C) to call it off."_s.arg(when));
    if (!run_.waitUntil(*time_))
        return u"Called off before its time, %1: nothing was changed."_s.arg(when);
    if (wallClockNow() - *time_ > kLateAtMost) {
        return u"Its time, %1, passed while this computer slept: nothing was changed. Schedule it again."_s.arg(when);
    }
    plan_ = planNow();
    return std::nullopt;
}

int SwitchoverCommand::refused(const QString& text) {
    return finish({.pair = pair_.name,
                   .kind = plan_.kind,
                   .startedAt = wallClockNow(),
                   .outcome = Outcome::Refused,
                   .text = text});
}

int SwitchoverCommand::finish(const ActionRecord& record) {
    if (arguments_.json) {
        QJsonObject object = toJson(record);
        object.insert(u"lever"_s, plan_.lever);
        object.insert(u"checks"_s, checksJson(plan_.checks));
        printJson(object);
    } else {
        printOutcome(record);
    }
    return outcomeExitCode(record.outcome);
}

int SwitchoverCommand::run() {
    if (const auto wrong = wrongUsage())
        return fail(*wrong, arguments_.json, &pair_);
    if (!arguments_.at.isEmpty()) {
        const Result<Instant> time = parseFuture(arguments_.at, wallClockNow());
        if (!time)
            return fail(time.error(), arguments_.json, &pair_);
        time_ = *time;
    }
    if (!arguments_.dryRun) {
        if (const auto error = run_.record())
            return fail(*error, arguments_.json, &pair_);
    }
    if (const auto error = run_.look())
        return fail(*error, arguments_.json, &pair_);
    if (const auto error = run_.otherOperator(); error && !arguments_.dryRun)
        return refused(toSentence(*error));
    plan_ = planNow();
    if (arguments_.dryRun)
        return dryRun();
    if (const auto error = unconfirmed())
        return fail(*error, arguments_.json, &pair_);
    if (!confirmed())
        return refused(u"Not confirmed: nothing was changed."_s);
    if (time_ && !plan_.refused()) {
        if (const auto why = awaitTime())
            return refused(*why);
    }
    const QString overridden =
        plan_.overrides.isEmpty() ? QString() : u" [overridden: %1]"_s.arg(plan_.overrides.join(u", "_s));
    return finish(run_.carryOut(plan_, arguments_.reason.trimmed() + overridden));
}

} // namespace

int runSwitchover(const Arguments& arguments, const Pair& pair) {
    return SwitchoverCommand(arguments, pair).run();
}

} // namespace mha::cli
