// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/drill.h"
#include "commands.h"
#include "operation_run.h"
#include "output.h"
#include "plan_text.h"
#include "prompts.h"
#include "report/json.h"

#include <QJsonArray>

#include <unistd.h>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

/// One run of the command, in the order of its functions: over, and back again.
class DrillCommand {
public:
    DrillCommand(const Arguments& arguments, const Pair& pair)
        : arguments_(arguments), pair_(pair), run_(arguments, pair) {}

    int run();

private:
    Plan planNow(int to) {
        return run_.planWhenSettled([this, to](const Picture& picture) { return planSwitchover(picture, pair_, to); });
    }

    QString name(int node) const { return pair_.nodes[static_cast<std::size_t>(node)].name; }

    int showPlan(const Plan& plan) const;
    int finish(Outcome outcome, const QString& text);
    QJsonValue lastJson() const;

    const Arguments& arguments_;
    const Pair& pair_;
    OperationRun run_;
    QList<ActionRecord> legs_;
    QList<ActionRecord> last_; ///< the moves of the drill before, in their order
};

int DrillCommand::showPlan(const Plan& plan) const {
    if (arguments_.json) {
        printJson(planJson(plan, pair_));
    } else {
        for (const QString& line : planText(plan, pair_, coloured()))
            printLine(line);
        printLine(plan.refused() ? u"Refused: nothing can be done now."_s
                                 : u"And back again. Dry run: nothing was changed."_s);
    }
    return plan.refused() ? outcomeExitCode(Outcome::Refused) : 0;
}

QJsonValue DrillCommand::lastJson() const {
    if (last_.isEmpty())
        return {};
    QJsonArray moves;
    for (const ActionRecord& move : last_)
        moves.append(toJson(move));
    return moves;
}

int DrillCommand::finish(Outcome outcome, const QString& text) {
    if (arguments_.json) {
        QJsonArray legs;
        for (const ActionRecord& leg : std::as_const(legs_))
            legs.append(toJson(leg));
        printJson({{u"pair"_s, pair_.name},
                   {u"outcome"_s, outcomeName(outcome)},
                   {u"text"_s, text},
                   {u"legs"_s, legs},
                   {u"last"_s, lastJson()}});
    } else {
        printLine(shaded(outcomeName(outcome), outcome == Outcome::Done ? Shade::Good : Shade::Bad, coloured()) +
                  u": "_s + text);
    }
    return outcomeExitCode(outcome);
}

int DrillCommand::run() {
    if (!arguments_.dryRun) {
        if (const auto wrong = wrongUse(arguments_))
            return fail(*wrong, arguments_.json, &pair_);
        if (const auto error = run_.record())
            return fail(*error, arguments_.json, &pair_);
        const Result<QList<ActionRecord>> actions = run_.history().actions(pair_.name, {}, {});
        if (!actions)
            return fail(actions.error(), arguments_.json, &pair_);
        last_ = lastDrill(QList<ActionRecord>(actions->crbegin(), actions->crend()));
    }
    if (const auto error = run_.look())
        return fail(*error, arguments_.json, &pair_);
    if (const auto error = run_.otherOperator(); error && !arguments_.dryRun)
        return finish(Outcome::Refused, toSentence(*error));
    const Plan there = planNow(-1);
    if (arguments_.dryRun)
        return showPlan(there);
    if (there.refused())
        return finish(Outcome::Refused, there.refusal());
    if (!arguments_.yes) {
        for (const QString& line : planText(there, pair_, isatty(STDERR_FILENO) == 1))
            printErrorLine(line);
        printErrorLine(u"And back again."_s);
        if (!askYes(run_.stop()))
            return finish(Outcome::Refused, u"Not confirmed: nothing was changed."_s);
    }
    const QString reason = drillReason(arguments_.reason);
    legs_ += run_.carryOut(there, reason);
    if (legs_.last().outcome != Outcome::Done)
        return finish(legs_.last().outcome, legs_.last().text);
    // What refuses the way back leaves the pair serving, on the other node: not as it was.
    legs_ += run_.carryOut(planNow(there.from), reason);
    if (legs_.last().outcome != Outcome::Done) {
        return finish(Outcome::Incomplete, u"Milvus was moved to %1, and the way back was not done: %2"_s.arg(
                                               name(there.to), legs_.last().text));
    }
    return finish(Outcome::Done, drillSummary(legs_, last_));
}

} // namespace

int runDrill(const Arguments& arguments, const Pair& pair) {
    return DrillCommand(arguments, pair).run();
}

} // namespace mha::cli
