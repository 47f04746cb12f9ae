// SPDX-License-Identifier: GPL-3.0-or-later

// What the history lacks, and how what was rebuilt comes into it.

#include "history/history.h"
#include "model/past_spans.h"

#include <algorithm>
#include <limits>

namespace mha {

using namespace std::chrono_literals;

namespace {

/// Between two recorders' spans this passes unseen when one program follows the other.
constexpr Duration kNoGap = 1s;
/// Two looks at one outage agree at least so well.
constexpr Duration kSameOutage = 250ms;
/// As many observed failovers tell well enough how long Milvus takes.
constexpr qsizetype kLearnFrom = 50;

/// What `known` leaves of a span, by time.
QList<Coverage> without(const Coverage& span, QList<Coverage> known) {
    std::ranges::sort(known, {}, &Coverage::from);
    QList<Coverage> left;
    Instant at = span.from;
    for (const Coverage& one : known) {
        if (one.from >= span.until)
            break; // as the span of the recorder that asks for the time before it
        if (one.from > at)
            left.append({at, one.from, span.source});
        at = std::max(at, one.until);
    }
    if (at < span.until)
        left.append({at, span.until, span.source});
    left.removeIf([](const Coverage& one) { return one.until - one.from < kNoGap; });
    return left;
}

bool sameOutage(const Failover& a, const Failover& b) {
    const Duration slack = std::max(a.error + b.error, kSameOutage);
    return a.startedAt <= b.endedAt + slack && b.startedAt <= a.endedAt + slack;
}

/// What was seen and what was rebuilt of one event lie no further apart.
constexpr Duration kSameEvent = 2s;

bool sameEvent(const Event& a, const Event& b) {
    return a.node == b.node && a.code == b.code && std::chrono::abs(a.at - b.at) <= kSameEvent;
}

} // namespace

Result<PastWanted> History::pastWanted(const QString& pair, Instant until) const {
    const auto spans = coverage(pair, {}, {});
    if (!spans)
        return std::unexpected(spans.error());
    PastWanted wanted;
    Instant since = until;
    for (const Coverage& span : *spans)
        since = std::min(since, span.from);
    wanted.first = since >= until;
    since = wanted.first ? until - kFirstPast : std::max<Instant>(since, until - kMostPast);
    wanted.gaps = without({since, until}, *spans);
    auto known = failovers(pair, {}, {});
    if (!known)
        return std::unexpected(known.error());
    known->removeIf([](const Failover& failover) { return failover.reconstructed(); });
    wanted.failovers = known->first(std::min(known->size(), kLearnFrom));
    return wanted;
}

/// Of a node that was out of sight: its events, and what cut it off where the recorder could only say that it was lost.
Result<void> History::addBesides(const QString& pair, const RebuiltPast& past) {
    QList<Event> news = past.events;
    if (!news.isEmpty()) {
        EventQuery query{.pair = pair, .since = news.first().at - kSameEvent, .until = news.last().at + kSameEvent};
        query.limit = std::numeric_limits<int>::max();
        const auto known = events(query);
        if (!known)
            return std::unexpected(known.error());
        news.removeIf([&](const Event& event) {
            return std::ranges::any_of(*known, [&](const Event& one) { return sameEvent(one, event); });
        });
    }
    const auto told = failovers(pair, {}, {});
    if (!told)
        return std::unexpected(told.error());
    for (const Failover& rebuilt : past.failovers) {
        const auto seen = std::ranges::find_if(*told, [&](const Failover& one) {
            return !one.reconstructed() && one.trigger == u"host-lost" && sameOutage(one, rebuilt);
        });
        if (seen == told->end() || rebuilt.trigger != u"link-lost")
            continue;
        Failover mended = *seen;
        mended.trigger = rebuilt.trigger;
        if (auto removed = removeFailover(mended.id); !removed)
            return removed;
        if (auto added = addFailover(mended); !added)
            return std::unexpected(added.error());
    }
    return insertEvents(news);
}

Result<void> History::addPast(const QString& pair, const RebuiltPast& past) {
    if (past.besides)
        return inTransaction([&] { return addBesides(pair, past); });
    return inTransaction([&]() -> Result<void> {
        const auto known = coverage(pair, {}, {});
        const auto told = failovers(pair, {}, {});
        if (!known || !told)
            return std::unexpected(!known ? known.error() : told.error());

        QList<Coverage> fresh;
        for (const Coverage& span : past.spans)
            fresh += without(span, *known);
        for (const Coverage& span : std::as_const(fresh)) {
            if (auto written = insertCoverage(pair, span); !written)
                return written;
        }
        for (const Failover& failover : past.failovers) {
            QList<Failover> twins = *told;
            twins.removeIf([&](const Failover& one) { return !sameOutage(one, failover); });
            const bool better = touches(fresh, failover) && std::ranges::all_of(twins, &Failover::reconstructed);
            if (past.spans.isEmpty() ? !twins.isEmpty() : !better)
                continue;
            for (const Failover& twin : std::as_const(twins)) {
                if (auto removed = removeFailover(twin.id); !removed)
                    return removed;
            }
            if (auto added = addFailover(failover); !added)
                return std::unexpected(added.error());
        }
        QList<Event> events = past.events;
        events.removeIf([&](const Event& event) { return !within(fresh, event.at); });
        return insertEvents(events);
    });
}

} // namespace mha
