// SPDX-License-Identifier: GPL-3.0-or-later

// `events` and `failovers`: what is in the history.

#include "commands.h"
#include "event_text.h"
#include "output.h"
#include "period.h"
#include "report/json.h"
#include "watching.h"

#include <QJsonArray>

namespace mha::cli {

using namespace Qt::StringLiterals;

namespace {

Error usage(const QString& text, const QString& remedy) {
    return {ErrorCode::Usage, text, {}, remedy};
}

/// An empty name means any node.
Result<void> checkNode(const QString& node, const Pair& pair) {
    if (node.isEmpty() || pair.indexOf(node) >= 0)
        return {};
    return std::unexpected(usage(u"The pair has no node %1."_s.arg(node),
                                 u"Its nodes are %1 and %2."_s.arg(pair.nodes[0].name, pair.nodes[1].name)));
}

Result<EventQuery> eventQuery(const Arguments& arguments, const Pair& pair) {
    EventQuery query;
    query.pair = pair.name;
    const Result<Period> period = parsePeriod(arguments.since, arguments.until, wallClockNow());
    if (!period)
        return std::unexpected(period.error());
    query.since = period->since;
    query.until = period->until;
    if (auto known = checkNode(arguments.node, pair); !known)
        return std::unexpected(known.error());
    query.node = arguments.node;
    query.limit = arguments.limit;
    if (!arguments.kind.isEmpty()) {
        query.kind = eventKindFromName(arguments.kind);
        if (!query.kind) {
            return std::unexpected(
                usage(u"There is no kind of event \"%1\"."_s.arg(arguments.kind), u"See `milvus-ha events --help`."_s));
        }
    }
    if (!arguments.severity.isEmpty()) {
        query.atLeast = severityFromName(arguments.severity);
        if (!query.atLeast) {
            return std::unexpected(
                usage(u"There is no severity \"%1\"."_s.arg(arguments.severity), u"Give info, warning or error."_s));
        }
    }
    return query;
}

template <typename T> void printList(const QString& key, const QList<T>& values) {
    QJsonArray array;
    for (const T& value : values)
        array.append(toJson(value));
    printJson({{key, array}});
}

} // namespace

int runEvents(const Arguments& arguments, const Pair& pair) {
    const Result<EventQuery> query = eventQuery(arguments, pair);
    if (!query)
        return fail(query.error(), arguments.json);
    const Result<std::unique_ptr<History>> history = openHistory(arguments);
    const Result<QList<Event>> events = history ? (*history)->events(*query) : std::unexpected(history.error());
    if (!events)
        return fail(events.error(), arguments.json);
    if (arguments.json) {
        printList(u"events"_s, *events);
        return 0;
    }
    for (const Event& event : *events)
        printLine(eventText(event, coloured()));
    if (events->isEmpty())
        printLine(u"No event is recorded in this period."_s);
    return 0;
}

int runFailovers(const Arguments& arguments, const Pair& pair) {
    const Result<Period> period = parsePeriod(arguments.since, arguments.until, wallClockNow());
    if (!period)
        return fail(period.error(), arguments.json);
    if (auto known = checkNode(arguments.node, pair); !known)
        return fail(known.error(), arguments.json);
    const std::optional<FailoverKind> kind = failoverKindFromName(arguments.kind);
    if (!arguments.kind.isEmpty() && !kind) {
        return fail(usage(u"There is no kind of failover \"%1\"."_s.arg(arguments.kind),
                          u"Give failover, switchover or failback."_s),
                    arguments.json);
    }
    const Result<std::unique_ptr<History>> history = openHistory(arguments);
    Result<QList<Failover>> failovers =
        history ? (*history)->failovers(pair.name, period->since, period->until) : std::unexpected(history.error());
    if (!failovers)
        return fail(failovers.error(), arguments.json);
    failovers->removeIf([&](const Failover& f) {
        return (kind && f.kind != *kind) ||
               (!arguments.node.isEmpty() && f.from != arguments.node && f.to != arguments.node);
    });
    const QList<Failover> shown = failovers->first(std::min<qsizetype>(failovers->size(), arguments.limit));
    if (arguments.json) {
        printList(u"failovers"_s, shown);
        return 0;
    }
    for (const QString& line : failoverTable(shown))
        printLine(line);
    return 0;
}

} // namespace mha::cli
