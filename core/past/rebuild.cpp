// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/rebuild.h"

#include "model/past_spans.h"
#include "observe/reducer_changes.h"
#include "past/both_ran.h"
#include "past/node_clock.h"

#include <algorithm>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

using Kind = Trace::Kind;

constexpr auto kSource = "reconstructed"_L1;

Duration clockError(const Picture& picture, int node) {
    if (node < 0)
        return {};
    const Fact<ClockSeen>& clock = picture.nodes[static_cast<std::size_t>(node)].clock;
    return clock ? clock->error : Duration{};
}

void toDesktop(NodePast& past, const Fact<ClockSeen>& clock) {
    const Duration ahead = aheadOf(clock);
    for (Trace& trace : past.traces)
        trace.at -= ahead;
    if (past.reachesBackTo)
        *past.reachesBackTo -= ahead;
}

StoryNode storyNode(const NodePicture& picture, const std::optional<NodePast>& past) {
    StoryNode node;
    if (picture.vrrp && picture.vrrp->advertInterval > Duration::zero())
        node.advertInterval = picture.vrrp->advertInterval;
    if (picture.vrrp && picture.vrrp->priority > 0) {
        node.priority = picture.vrrp->priority;
    } else if (picture.vrrpConfig && picture.vrrpConfig->priority > 0) {
        node.priority = picture.vrrpConfig->priority;
    }
    if (past) {
        node.read = true;
        node.traces = past->traces;
        node.since = past->reachesBackTo.value_or(Instant{});
        node.stateBefore = past->stateBefore;
        node.containerRuns = past->containerRuns;
    }
    return node;
}

Change simple(EventKind kind, Severity severity, const char* code, const QString& text) {
    return {kind, severity, QString::fromLatin1(code), text};
}

Change diedChange(const QString& node, const QString& container, const Trace& trace) {
    const QString exit = trace.number < 0 ? QString() : u" with exit code %1"_s.arg(trace.number);
    return simple(EventKind::Container, Severity::Warning, "container-died",
                  u"The container %1 on %2 ended%3."_s.arg(container, node, exit));
}

/// A record as an event, in the reducer's codes; several where it says several things.
QList<Change> changesOf(const Trace& trace, const QString& node, const QString& container, const QString& vip) {
    switch (trace.kind) {
    case Kind::ContainerDied:
        return {diedChange(node, container, trace), simple(EventKind::Milvus, Severity::Warning, "milvus-silent",
                                                           u"Milvus on %1 ended with its container."_s.arg(node))};
    case Kind::ContainerStopped:
        return {simple(EventKind::Container, Severity::Info, "container-stopped",
                       u"The container %1 on %2 was stopped by an order to Docker."_s.arg(container, node))};
    case Kind::ContainerStarted:
        return {simple(EventKind::Container, Severity::Info, "container-started",
                       u"The container %1 on %2 started."_s.arg(container, node))};
    case Kind::MilvusReady:
        return {simple(EventKind::Milvus, Severity::Info, "milvus-serving",
                       u"Milvus on %1 said in its log that it serves."_s.arg(node))};
    case Kind::BecameMaster:
        return {simple(EventKind::Vrrp, Severity::Info, "vrrp-master", u"keepalived on %1 went to MASTER."_s.arg(node)),
                simple(EventKind::Vip, Severity::Info, "vip-acquired", u"%1 took the VIP %2."_s.arg(node, vip))};
    case Kind::BecameBackup: {
        QList<Change> changes{
            simple(EventKind::Vrrp, Severity::Info, "vrrp-backup", u"keepalived on %1 went to BACKUP."_s.arg(node))};
        if (trace.number != 0) {
            changes.append(
                simple(EventKind::Vip, Severity::Info, "vip-released", u"%1 gave up the VIP %2."_s.arg(node, vip)));
        }
        return changes;
    }
    case Kind::EnteredFault:
        return {simple(EventKind::Vrrp, Severity::Error, "vrrp-fault", u"keepalived on %1 went to FAULT."_s.arg(node))};
    case Kind::PriorityChanged:
        return {simple(EventKind::Vrrp, Severity::Info, "effective-priority-changed",
                       u"The VRRP priority in force of %1 became %2."_s.arg(node).arg(trace.number))};
    case Kind::KeepalivedStarted:
        return {
            simple(EventKind::Vrrp, Severity::Info, "keepalived-started", u"keepalived on %1 started."_s.arg(node))};
    case Kind::KeepalivedStopped:
        return {
            simple(EventKind::Vrrp, Severity::Error, "keepalived-stopped", u"keepalived on %1 stopped."_s.arg(node))};
    case Kind::KeepalivedKilled:
        return {simple(EventKind::Vrrp, Severity::Error, "keepalived-stopped",
                       u"keepalived on %1 was killed; its addresses stayed where they were."_s.arg(node))};
    case Kind::LinkDown:
        return {
            simple(EventKind::Link, Severity::Error, "link-down", u"The network link of %1 went down."_s.arg(node))};
    case Kind::LinkUp:
        return {simple(EventKind::Link, Severity::Info, "link-up", u"The network link of %1 is up again."_s.arg(node))};
    case Kind::Thawed:
        return {simple(EventKind::Link, Severity::Warning, "node-held-up",
                       u"%1 ran on after having been held up for at least %2."_s.arg(node, toText(trace.earlier)))};
    case Kind::ShutDown:
        return {simple(EventKind::Link, Severity::Warning, "node-shut-down", u"%1 was shut down."_s.arg(node))};
    case Kind::Booted:
        return {simple(EventKind::Link, Severity::Warning, "node-booted", u"%1 booted."_s.arg(node))};
    case Kind::Silent:
        return {simple(EventKind::Link, Severity::Error, "node-lost",
                       u"%1 fell silent, within %2 of this moment."_s.arg(node, toText(trace.earlier)))};
    case Kind::DockerStopped:
        return {simple(EventKind::Container, Severity::Warning, "docker-unreachable",
                       u"The Docker Engine on %1 stopped."_s.arg(node))};
    case Kind::DockerStarted:
        return {simple(EventKind::Container, Severity::Info, "docker-back",
                       u"The Docker Engine on %1 started."_s.arg(node))};
    case Kind::Operation:
        return trace.operation ? QList<Change>{operationChange(*trace.operation)} : QList<Change>{};
    case Kind::ContainerKilled:
    case Kind::LastSign:
        break;
    }
    return {};
}

Event toEvent(const Change& change, const QString& pair, const QString& node, Instant at) {
    Event event;
    event.at = at;
    event.pair = pair;
    event.node = node;
    event.kind = change.kind;
    event.severity = change.severity;
    event.code = change.code;
    event.text = change.text;
    event.source = kSource;
    return event;
}

Failover toRebuilt(const PastOutage& past, const RebuildInput& input) {
    const Pair& pair = input.pair;
    Failover failover = toFailover(past.outage, pair.name, {pair.nodes[0].name, pair.nodes[1].name});
    failover.source = kSource;
    failover.error += clockError(input.picture, past.startNode) + clockError(input.picture, past.endNode);
    return failover;
}

bool servesNow(const Picture& picture) {
    return picture.vipProbe && picture.vipProbe->good;
}

/// From when on the records of all nodes that were read are whole.
Instant reachOf(const RebuildInput& input) {
    Instant reach{};
    for (const auto& node : input.nodes) {
        if (node && node->reachesBackTo)
            reach = std::max(reach, *node->reachesBackTo);
    }
    return reach;
}

/// Each gap as far as both nodes' records reach back and make sense, and what is lost.
QList<Coverage> spansOf(const RebuildInput& input, Instant trustedUntil) {
    const Instant reach = reachOf(input);
    QList<Coverage> spans;
    for (const Coverage& gap : input.wanted.gaps) {
        const Instant from = std::clamp(reach, gap.from, gap.until);
        const Instant until = std::clamp(trustedUntil, from, gap.until);
        if (from > gap.from && !input.wanted.first)
            spans.append({gap.from, from, CoverageSource::Lost});
        if (from < until)
            spans.append({from, until, CoverageSource::Reconstructed});
        if (until < gap.until)
            spans.append({until, gap.until, CoverageSource::Lost});
    }
    return spans;
}

QList<Event> eventsOfNode(const RebuildInput& input, const Story& story, std::size_t node) {
    QList<Event> events;
    const Pair& pair = input.pair;
    const QString& name = pair.nodes[node].name;
    for (const Trace& trace : story.nodes[node].traces) {
        for (const Change& change : changesOf(trace, name, pair.containerOn(pair.nodes[node]), pair.vip))
            events.append(toEvent(change, pair.name, name, trace.at));
    }
    return events;
}

/// Shorter than this, beyond what the clocks may be off, Docker's own delays make of a start after an end.
constexpr Duration kDockersDelay = std::chrono::milliseconds(100);

QList<Event> twoWriters(const RebuildInput& input, const Story& story) {
    QList<Event> events;
    const Duration doubt = clockError(input.picture, 0) + clockError(input.picture, 1) + kDockersDelay;
    for (const BothRan& both : bothRan(story, doubt)) {
        const bool over = both.until < input.until;
        const QString how = over ? u"for %1"_s.arg(toText(both.until - both.from)) : u"and still did at the end"_s;
        events.append(
            toEvent(simple(EventKind::Verdict, Severity::Error, "two-writers",
                           u"Milvus ran on both nodes at once, over the same data, from here on %1. Check the "
                           "data before trusting it."_s.arg(how)),
                    input.pair.name, {}, both.from));
    }
    return events;
}

QString whyLost(const RebuildInput& input) {
    QStringList reasons;
    for (std::size_t node = 0; node < 2; ++node) {
        if (!input.nodes[node]->problem.isEmpty())
            reasons.append(u" %1: %2"_s.arg(input.pair.nodes[node].name, input.nodes[node]->problem));
    }
    return reasons.join(QString());
}

QList<Event> eventsOf(const RebuildInput& input, const Story& story, const RebuiltPast& past) {
    const Pair& pair = input.pair;
    QList<Event> events = eventsOfNode(input, story, 0) + eventsOfNode(input, story, 1);
    events += twoWriters(input, story);
    for (const Failover& failover : past.failovers)
        events.append(toEvent(failoverChange(failover), pair.name, {}, failover.endedAt));
    if (const std::optional<Instant> silent = silentSince(story); silent && !servesNow(input.picture)) {
        events.append(toEvent(
            simple(EventKind::Milvus, Severity::Error, "vip-silent", u"Milvus no longer answers through the VIP."_s),
            pair.name, {}, *silent));
    }
    for (const Coverage& span : past.spans) {
        if (span.source != CoverageSource::Lost)
            continue;
        events.append(toEvent(
            simple(EventKind::Verdict, Severity::Warning, "history-gap",
                   u"Nothing is known of the time from here until %1 (%2): no recorder ran and the nodes' logs do not "
                   "tell.%3"_s.arg(toIso(span.until), toText(span.until - span.from), whyLost(input))),
            pair.name, {}, span.from));
    }
    return events;
}

/// The records begin before the first gap and end after the last.
void keepTheGaps(const RebuildInput& input, QList<Event>& events) {
    events.removeIf([&](const Event& event) { return !within(input.wanted.gaps, event.at); });
    std::ranges::stable_sort(events, {}, &Event::at);
}

/// What a node did while it alone was out of sight.
void tellBesides(const RebuildInput& input, const Story& story, RebuiltPast& past) {
    past.besides = true;
    past.events = eventsOfNode(input, story, static_cast<std::size_t>(input.wanted.dark));
    if (std::ranges::all_of(input.nodes, &std::optional<NodePast>::has_value))
        past.events += twoWriters(input, story);
    keepTheGaps(input, past.events);
}

} // namespace

RebuiltPast rebuild(const RebuildInput& given) {
    RebuildInput input = given;
    Story story;
    story.serving = servingTimeOf(input.wanted.failovers);
    for (std::size_t node = 0; node < 2; ++node) {
        if (input.nodes[node])
            toDesktop(*input.nodes[node], input.picture.nodes[node].clock);
        story.nodes[node] = storyNode(input.picture.nodes[node], input.nodes[node]);
    }
    inferSilence(story);

    RebuiltPast past;
    const Instant reach = reachOf(input);
    for (const PastOutage& outage : outagesOf(story)) {
        const Failover failover = toRebuilt(outage, input);
        // Before that one node's records are taken for all: a service that they do not tell of would be an outage.
        if (failover.startedAt >= reach && touches(input.wanted.gaps, failover))
            past.failovers.append(failover);
    }
    if (input.wanted.dark >= 0) {
        tellBesides(input, story, past);
        return past;
    }
    const auto readable = [](const std::optional<NodePast>& node) { return node && node->reachesBackTo; };
    if (!std::ranges::all_of(input.nodes, readable))
        return past;
    // What says that nobody serves though Milvus answers does not tell the whole: from there on nothing is believed.
    const std::optional<Instant> silent = silentSince(story);
    past.spans = spansOf(input, silent && servesNow(input.picture) ? *silent : Instant::max());
    past.events = eventsOf(input, story, past);
    keepTheGaps(input, past.events);
    return past;
}

} // namespace mha
