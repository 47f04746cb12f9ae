// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "observe/recovery.h"

#include <algorithm>

namespace mha {

// Looking things up among the marks of one outage. All pure; nullptr: not seen.

inline const Mark* firstMark(const Outage& outage, Mark::Kind kind, int node) {
    const auto mark =
        std::ranges::find_if(outage.marks, [&](const Mark& m) { return m.kind == kind && m.node == node; });
    return mark == outage.marks.end() ? nullptr : &*mark;
}

/// The last one that still belongs to the outage: after several moves it is the one that ended it.
inline const Mark* lastMark(const Outage& outage, Mark::Kind kind, int node) {
    const auto mark = std::find_if(outage.marks.rbegin(), outage.marks.rend(), [&](const Mark& m) {
        return m.kind == kind && m.node == node && m.at >= outage.lastGood && m.at <= outage.nextGood;
    });
    return mark == outage.marks.rend() ? nullptr : &*mark;
}

/// A moment that was not seen itself: it lies between two that were. Its estimate is the middle, give or take half.
struct Between {
    Instant from;
    Instant until;

    Instant middle() const { return from + half(); }

    Duration half() const { return (until - from) / 2; }
};

/// When the service ended: after the last good answer, and before the first question without one or the container's
/// end, of which Docker tells the time.
inline Between beginOf(const Outage& outage) {
    const Instant from = std::min(outage.lastQuery.value_or(outage.lastGood), outage.lastGood);
    Instant until = std::max(outage.firstBad, from);
    if (const Mark* died = firstMark(outage, Mark::Kind::ContainerDied, outage.from))
        until = std::min(until, std::max(died->at, outage.lastGood) + died->error);
    return {from, until};
}

/// When it was back: after the last question without a good answer was asked, and before the next good answer.
inline Between endOf(const Outage& outage) {
    return {std::min(outage.lastBad, outage.nextGood), outage.nextGood};
}

} // namespace mha
