// SPDX-License-Identifier: GPL-3.0-or-later
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

/// By this the history knows a drill's moves; what the operator gives as the reason follows.
const QString kDrill = QStringLiteral("drill: ");

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
    QString comparison() const;

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

/// "1.02 s there and 0.98 s back; the drill before: 1.10 s and 1.05 s."
QString DrillCommand::comparison() const {
    const auto outages = [](const QList<ActionRecord>& moves) {
        QStringList texts;
        for (const ActionRecord& move : moves)
            texts += move.outage ? toText(*move.outage) : u"not measured"_s;
        return texts.join(u" and "_s);
    };
    const QString now = u"Outage there and back: %1."_s.arg(outages(legs_));
    return last_.isEmpty() ? now : now + u" The drill of %1: %2."_s.arg(toIso(last_.first().startedAt), outages(last_));
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

/// The last two moves of the history that were a drill's, if they are of one drill: there and back.
QList<ActionRecord> lastDrill(const QList<ActionRecord>& newestFirst) {
    QList<ActionRecord> moves;
    for (const ActionRecord& action : newestFirst) {
        if (action.reason.startsWith(kDrill) && action.outcome == Outcome::Done)
            moves.prepend(action);
        if (moves.size() == 2)
            return moves.first().to == moves.last().from ? moves : QList<ActionRecord>();
    }
    return {};
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
        last_ = lastDrill(*actions);
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
    const QString reason = kDrill + arguments_.reason.trimmed();
    legs_ += run_.carryOut(there, reason);
    if (legs_.last().outcome != Outcome::Done)
        return finish(legs_.last().outcome, legs_.last().text);
    // What refuses the way back leaves the pair serving, on the other node: not as it was.
    legs_ += run_.carryOut(planNow(there.from), reason);
    if (legs_.last().outcome != Outcome::Done) {
        return finish(Outcome::Incomplete, u"Milvus was moved to %1, and the way back was not done: %2"_s.arg(
                                               name(there.to), legs_.last().text));
    }
    return finish(Outcome::Done, comparison());
}

} // namespace

int runDrill(const Arguments& arguments, const Pair& pair) {
    return DrillCommand(arguments, pair).run();
}

} // namespace mha::cli
