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

/// By how much the outage may have begun after the last good answer: until the first question without one, or until
/// the container's end, of which Docker tells the time.
inline Duration startError(const Outage& outage) {
    const Instant certain = std::min(outage.lastQuery.value_or(outage.lastGood), outage.lastGood);
    const Duration byProbe = std::max(outage.firstBad - certain, Duration::zero());
    const Mark* died = firstMark(outage, Mark::Kind::ContainerDied, outage.from);
    if (died == nullptr)
        return byProbe;
    return std::min(byProbe, std::max(died->at - outage.lastGood, Duration::zero()) + died->error);
}

/// By how much it may have ended before the next good answer.
inline Duration endError(const Outage& outage) {
    return std::max(outage.nextGood - outage.lastBad, Duration::zero());
}

} // namespace mha
