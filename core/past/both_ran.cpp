// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/both_ran.h"

#include <algorithm>

namespace mha {

namespace {

using Kind = Trace::Kind;

/// The spans in which a node's container ran for certain, by time.
QList<BothRan> runsOf(const StoryNode& node) {
    QList<BothRan> runs;
    std::optional<Instant> since;
    std::optional<Instant> sign; // of life, since the container started
    bool first = true;           // no word of the container so far
    const auto end = [&](Instant until) {
        if (since && *since < until)
            runs.append({*since, until});
        since.reset();
    };
    for (const Trace& trace : node.traces) {
        switch (trace.kind) {
        case Kind::ContainerStarted:
            if (!since)
                since = trace.at + trace.later;
            sign.reset();
            first = false;
            break;
        case Kind::ContainerDied:
            if (first)
                since = node.since; // it ran when the records begin
            end(trace.at - trace.earlier);
            first = false;
            break;
        case Kind::LastSign:
            sign = trace.at;
            break;
        case Kind::Booted:
            end(sign.value_or(since.value_or(trace.at)));
            first = false; // by what came before this nothing is known
            break;
        default:
            break;
        }
    }
    if (first && node.containerRuns == true)
        since = node.since;
    if (node.containerRuns == true)
        end(Instant::max());
    return runs;
}

} // namespace

QList<BothRan> bothRan(const Story& story, Duration doubt) {
    QList<BothRan> both;
    const QList<BothRan> others = runsOf(story.nodes[1]);
    for (const BothRan& one : runsOf(story.nodes[0])) {
        for (const BothRan& other : others) {
            const BothRan shared{std::max(one.from, other.from), std::min(one.until, other.until)};
            if (shared.from < shared.until && shared.until - shared.from > doubt)
                both.append(shared);
        }
    }
    return both;
}

} // namespace mha
