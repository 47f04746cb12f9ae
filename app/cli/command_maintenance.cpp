// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/maintenance.h"
#include "act/operator.h"
#include "commands.h"
#include "model/action.h"
#include "operation_run.h"
#include "output.h"
#include "watching.h"
#include "when.h"

#include <QJsonArray>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

const NodePicture& nodeOf(const Picture& picture, int node) {
    return picture.nodes[static_cast<std::size_t>(node)];
}

std::optional<Maintenance> maintenanceOf(const NodePicture& node) {
    return node.vrrp ? node.vrrp->maintenance : std::nullopt;
}

int show(const Arguments& arguments, const Pair& pair, const Picture& picture) {
    QJsonArray nodes;
    QList<QStringList> rows;
    for (const NodePicture& node : picture.nodes) {
        const auto work = maintenanceOf(node);
        QJsonObject object{{u"node"_s, node.name}, {u"seen"_s, bool(node.vrrp)}, {u"maintenance"_s, QJsonValue()}};
        if (work) {
            object[u"maintenance"_s] =
                QJsonObject{{u"owner"_s, work->owner}, {u"reason"_s, work->reason}, {u"until"_s, toIso(work->until)}};
        }
        nodes.append(object);
        rows += {node.name,
                 !node.vrrp ? u"not seen"_s
                 : !work    ? u"not in maintenance"_s
                         : u"in maintenance by %1 until %2: %3"_s.arg(work->owner, toIso(work->until), work->reason)};
    }
    if (arguments.json) {
        printJson({{u"pair"_s, pair.name}, {u"nodes"_s, nodes}});
    } else {
        for (const QString& line : alignColumns(rows))
            printLine(line);
    }
    return 0;
}

int finish(const Arguments& arguments, const Pair& pair, Outcome outcome, const QString& text) {
    if (arguments.json) {
        printJson({{u"pair"_s, pair.name}, {u"outcome"_s, outcomeName(outcome)}, {u"text"_s, text}});
    } else {
        printLine(shaded(outcomeName(outcome), outcome == Outcome::Done ? Shade::Good : Shade::Bad, coloured()) +
                  u": "_s + text);
    }
    return outcomeExitCode(outcome);
}

Result<MaintenanceRequest> requestFrom(const Arguments& arguments, int node) {
    if (arguments.reason.trimmed().isEmpty())
        return std::unexpected(Error{ErrorCode::Usage, u"Maintenance needs a reason."_s, {}, u"Give --reason TEXT."_s});
    const Instant now = wallClockNow();
    const Result<Instant> until = parseFuture(u'+' + arguments.duration, now);
    if (!until) {
        return std::unexpected(
            Error{ErrorCode::Usage, u"Maintenance needs a time after which it ends."_s, {}, u"Give --for 2h."_s});
    }
    return MaintenanceRequest{.node = node,
                              .owner = thisOperator(),
                              .reason = arguments.reason,
                              .duration = std::chrono::duration_cast<std::chrono::seconds>(*until - now)};
}

Result<void> tell(PairMonitor& monitor, const Pair& pair, int node, const mha::Command& command) {
    return maintenanceResult(execAndWait(monitor.link(node), command, kMaintenanceDeadline),
                             pair.nodes[static_cast<std::size_t>(node)].name);
}

int begin(const Arguments& arguments, const Pair& pair, PairMonitor& monitor, MaintenanceRequest request) {
    const NodePicture& node = nodeOf(monitor.picture(), request.node);
    request.byFlag = node.vrrpConfig && node.vrrpConfig->faultFlag;
    if (const auto refusal = maintenanceRefusal(monitor.picture(), request))
        return finish(arguments, pair, Outcome::Refused, toSentence(*refusal));
    if (const Result<void> begun = tell(monitor, pair, request.node, beginMaintenanceCommand(request)); !begun)
        return finish(arguments, pair, Outcome::Refused, toSentence(begun.error()));
    // What the node says now, not what it was told to do.
    PairMonitor after(pair, monitorOptions(arguments, pair, true));
    lookOnce(after, arguments);
    const NodePicture& there = nodeOf(after.picture(), request.node);
    if (!maintenanceOf(there))
        return finish(arguments, pair, Outcome::Incomplete, u"It was begun, but the node does not show it."_s);
    const bool away = there.vrrp->state == VrrpState::Fault;
    if (request.byFlag && !away) {
        return finish(arguments, pair, Outcome::Incomplete,
                      u"The FAULT flag is up, but keepalived on %1 is %2. Look at its log."_s.arg(
                          there.name, vrrpStateName(there.vrrp->state)));
    }
    return finish(arguments, pair, Outcome::Done,
                  u"%1 is in maintenance until %2. %3"_s.arg(
                      there.name, toIso(maintenanceOf(there)->until),
                      away ? u"Service does not move there."_s
                           : u"Every console shows it and no switchover of ours goes there, but keepalived may still "
                             "move service there: `milvus-ha lever install` would keep it away."_s));
}

} // namespace

int runMaintenance(const Arguments& arguments, const Pair& pair) {
    const bool acts = arguments.maintenanceTask != MaintenanceTask::Show;
    const int node = pair.indexOf(arguments.node);
    if (auto unknown = unknownNode(pair, arguments.node))
        return fail(*unknown, arguments.json, &pair);
    if (acts && node < 0) {
        return fail(
            {ErrorCode::Usage, u"Say which node: %1 or %2."_s.arg(pair.nodes[0].name, pair.nodes[1].name), {}, {}},
            arguments.json, &pair);
    }
    MaintenanceRequest request;
    if (arguments.maintenanceTask == MaintenanceTask::Begin) {
        const Result<MaintenanceRequest> wanted = requestFrom(arguments, node);
        if (!wanted)
            return fail(wanted.error(), arguments.json, &pair);
        request = *wanted;
    }
    PairMonitor monitor(pair, monitorOptions(arguments, pair, true));
    lookOnce(monitor, arguments);
    if (const auto refused = refusedByNode(monitor.picture()))
        return fail(*refused, arguments.json, &pair);
    if (const auto unreached = noNodeReached(monitor.picture()))
        return fail(*unreached, arguments.json, &pair);
    if (!acts)
        return show(arguments, pair, monitor.picture());
    if (arguments.maintenanceTask == MaintenanceTask::Begin)
        return begin(arguments, pair, monitor, request);
    if (const Result<void> ended = tell(monitor, pair, node, endMaintenanceCommand()); !ended)
        return finish(arguments, pair, Outcome::Incomplete, toSentence(ended.error()));
    return finish(arguments, pair, Outcome::Done, u"%1 is not in maintenance."_s.arg(arguments.node));
}

} // namespace mha::cli
