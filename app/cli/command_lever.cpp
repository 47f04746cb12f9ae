// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/lever.h"
#include "act/lever_setup.h"
#include "act/pair_lock.h"
#include "commands.h"
#include "model/action.h"
#include "operation_run.h"
#include "output.h"
#include "prompts.h"
#include "stop_signal.h"
#include "watching.h"

#include <QJsonArray>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

struct NodeChange {
    LeverChange change;
    QString copy; ///< of the old file, once it is applied
};

/// One run of the command, in the order of its functions.
class LeverCommand {
public:
    LeverCommand(const Arguments& arguments, const Pair& pair)
        : arguments_(arguments), pair_(pair), monitor_(pair, monitorOptions(arguments, pair, true)) {}

    int run();

private:
    QString name(int node) const { return pair_.nodes[static_cast<std::size_t>(node)].name; }

    const NodePicture& seen(int node) const { return monitor_.picture().nodes[static_cast<std::size_t>(node)]; }

    std::optional<Error> wrongUsage() const;
    int show() const;
    /// The standby first: what is wrong with the change shows where nobody is served.
    QList<int> nodesInOrder() const;
    std::optional<Error> planAll();
    void printChanges(void (*print)(const QString&)) const;
    int apply();
    int finish(Outcome outcome, const QString& text) const;

    const Arguments& arguments_;
    const Pair& pair_;
    PairMonitor monitor_;
    StopSignal stop_;
    QList<NodeChange> changes_;
};

std::optional<Error> LeverCommand::wrongUsage() const {
    if (auto unknown = unknownNode(pair_, arguments_.node))
        return unknown;
    const bool looksOnly = arguments_.leverTask == LeverTask::Show || arguments_.dryRun;
    return looksOnly ? std::nullopt : noWayToConfirm(arguments_);
}

int LeverCommand::show() const {
    QJsonArray nodes;
    QJsonArray ways;
    QList<QStringList> rows;
    for (int node : {0, 1}) {
        const auto& config = seen(node).vrrpConfig;
        nodes.append(
            QJsonObject{{u"node"_s, name(node)}, {u"flag"_s, config ? QJsonValue(config->faultFlag) : QJsonValue()}});
        rows += {name(node), !config             ? u"keepalived.conf is not seen"_s
                             : config->faultFlag ? u"tracks the FAULT flag"_s
                                                 : u"does not track the FAULT flag"_s};
    }
    for (int from : {0, 1}) {
        const int to = 1 - from;
        const Lever lever = findLever(seen(from), seen(to));
        ways.append(QJsonObject{{u"from"_s, name(from)},
                                {u"to"_s, name(to)},
                                {u"works"_s, lever.works},
                                {u"flag"_s, lever.byFlag},
                                {u"text"_s, lever.text},
                                {u"remedy"_s, lever.remedy.isEmpty() ? QJsonValue() : QJsonValue(lever.remedy)}});
        const QString words = lever.remedy.isEmpty() ? lever.text : lever.text + u' ' + lever.remedy;
        rows += {u"%1 to %2"_s.arg(name(from), name(to)), words};
    }
    if (arguments_.json) {
        printJson({{u"pair"_s, pair_.name}, {u"nodes"_s, nodes}, {u"switchover"_s, ways}});
    } else {
        for (const QString& line : alignColumns(rows))
            printLine(line);
    }
    return 0;
}

QList<int> LeverCommand::nodesInOrder() const {
    if (!arguments_.node.isEmpty())
        return {pair_.indexOf(arguments_.node)};
    const int active = monitor_.picture().active;
    return active == 0 ? QList<int>{1, 0} : QList<int>{0, 1};
}

std::optional<Error> LeverCommand::planAll() {
    const LeverAction action = arguments_.leverTask == LeverTask::Install ? LeverAction::Install : LeverAction::Remove;
    for (int node : nodesInOrder()) {
        Result<LeverChange> change = planLever(monitor_.link(node), pair_, node, action);
        if (!change)
            return change.error();
        if (!change->nothing())
            changes_ += {*std::move(change), {}};
    }
    return std::nullopt;
}

void LeverCommand::printChanges(void (*print)(const QString&)) const {
    for (const NodeChange& each : changes_) {
        print(u"%1, %2:"_s.arg(name(each.change.node), each.change.file));
        print(each.change.diff.trimmed());
    }
}

int LeverCommand::apply() {
    const Result<std::unique_ptr<PairLock>> lock = PairLock::take(pair_);
    if (!lock)
        return finish(Outcome::Refused, toSentence(lock.error()));
    bool some = false;
    for (NodeChange& each : changes_) {
        const Result<QString> copy = applyLever(monitor_.link(each.change.node), pair_, each.change);
        if (!copy && some) {
            return finish(Outcome::Incomplete, toSentence(copy.error()) +
                                                   u" Switchovers work as before; the other node is changed. Run this "
                                                   "again for the rest."_s);
        }
        if (!copy)
            return finish(Outcome::RolledBack, toSentence(copy.error()) + u" Nothing is changed."_s);
        some = true;
        each.copy = *copy;
        if (!arguments_.json) {
            printLine(
                u"%1: changed, reloaded and proved; the old file is kept as %2."_s.arg(name(each.change.node), *copy));
        }
    }
    return finish(Outcome::Done, arguments_.leverTask == LeverTask::Install
                                     ? u"A switchover moves the VIP by the FAULT flag where both nodes allow it: "
                                       "`milvus-ha lever`."_s
                                     : u"The FAULT flag is tracked no more."_s);
}

int LeverCommand::finish(Outcome outcome, const QString& text) const {
    if (arguments_.json) {
        QJsonArray nodes;
        for (const NodeChange& each : changes_) {
            nodes.append(QJsonObject{{u"node"_s, name(each.change.node)},
                                     {u"file"_s, each.change.file},
                                     {u"diff"_s, each.change.diff},
                                     {u"copy"_s, each.copy.isEmpty() ? QJsonValue() : QJsonValue(each.copy)}});
        }
        printJson({{u"pair"_s, pair_.name},
                   {u"dry_run"_s, arguments_.dryRun},
                   {u"outcome"_s, outcomeName(outcome)},
                   {u"text"_s, text},
                   {u"nodes"_s, nodes}});
    } else {
        printLine(shaded(outcomeName(outcome), outcome == Outcome::Done ? Shade::Good : Shade::Bad, coloured()) +
                  u": "_s + text);
    }
    return outcomeExitCode(outcome);
}

int LeverCommand::run() {
    if (const auto wrong = wrongUsage())
        return fail(*wrong, arguments_.json, &pair_);
    lookOnce(monitor_, arguments_);
    if (const auto refused = refusedByNode(monitor_.picture()))
        return fail(*refused, arguments_.json, &pair_);
    if (const auto unreached = noNodeReached(monitor_.picture()))
        return fail(*unreached, arguments_.json, &pair_);
    if (arguments_.leverTask == LeverTask::Show)
        return show();
    const VerdictLevel level = monitor_.picture().verdict.level;
    if (level != VerdictLevel::Healthy && level != VerdictLevel::Degraded) {
        return finish(Outcome::Refused,
                      u"The pair is %1: keepalived is not to be touched now. Look at `milvus-ha status`."_s.arg(
                          verdictName(level)));
    }
    if (const auto error = planAll())
        return finish(Outcome::Refused, toSentence(*error));
    if (changes_.isEmpty())
        return finish(Outcome::Done, u"Nothing is to be changed."_s);
    if (!arguments_.json && (arguments_.dryRun || arguments_.yes))
        printChanges(printLine);
    if (arguments_.dryRun)
        return finish(Outcome::Done, u"Dry run: nothing was changed."_s);
    if (!arguments_.yes) {
        printChanges(printErrorLine);
        if (!askYes(stop_))
            return finish(Outcome::Refused, u"Not confirmed: nothing was changed."_s);
    }
    return apply();
}

} // namespace

int runLever(const Arguments& arguments, const Pair& pair) {
    return LeverCommand(arguments, pair).run();
}

} // namespace mha::cli
