// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/recovery.h"

#include <algorithm>
#include <utility>

namespace mha {

using namespace std::chrono_literals;

namespace {

/// A cause may come so long before the last good answer: keepalived's check and its adverts take up to 6 s to move the
/// VIP away from a Milvus that still answers.
constexpr Duration kCauseBefore = 10s;
/// A run of good answers shorter than this within an outage does not end it.
constexpr Duration kGoodRun = 250ms;
/// Marks are kept so long: no outage is explained by what is older.
constexpr Duration kMarksFor = 1h;
constexpr qsizetype kMostMarks = 512;
/// Two sources of different exactness that tell one thing: a log line may come so late.
constexpr Duration kSameThing = 500ms;

} // namespace

void RecoveryTimeline::probe(const VipProbeSeen& probe, Instant at) {
    if (probe.good) {
        if (open_) {
            open_->nextGood = at;
            closed_ = open_;
            open_.reset();
        }
        lastGood_ = std::max(lastGood_.value_or(at), at);
        lastGoodAsked_ = std::max(lastGoodAsked_, probe.askedAt);
        neverGoodSince_.reset();
        return;
    }
    if (open_) {
        open_->lastBad = std::max(open_->lastBad, probe.askedAt);
    } else if (!lastGood_) {
        neverGoodSince_ = std::min(neverGoodSince_.value_or(probe.askedAt), probe.askedAt);
    } else if (closed_ && probe.askedAt - closed_->nextGood < kGoodRun && probe.askedAt > lastGoodAsked_) {
        open_ = closed_;
        open_->lastBad = probe.askedAt;
        closed_.reset();
    } else if (probe.askedAt > lastGoodAsked_) { // else a later question has been answered meanwhile
        open_ = Outage{.lastGood = *lastGood_, .firstBad = probe.askedAt, .lastBad = probe.askedAt, .nextGood = {}};
        open_->from = active_;
        if (probe.alive)
            open_->lastQuery = probe.queriedAt;
    }
}

void RecoveryTimeline::mark(const Mark& mark) {
    const auto same = std::ranges::find_if(marks_, [&](const Mark& known) {
        return known.kind == mark.kind && known.node == mark.node &&
               std::chrono::abs(known.at - mark.at) <= std::max(known.error, mark.error) + kSameThing;
    });
    if (same != marks_.end() && same->error > mark.error) {
        marks_.erase(same);
    } else if (same != marks_.end() && same->error < mark.error) {
        return;
    }
    // Of a very long story the beginning and the end explain most.
    if (marks_.size() >= kMostMarks)
        marks_.removeAt(kMostMarks / 2);
    const auto after = std::ranges::upper_bound(marks_, mark.at, {}, &Mark::at);
    marks_.insert(after, mark);
}

void RecoveryTimeline::operation(const OperationSeen& operation, Instant at) {
    const bool running = !operations_.isEmpty() && !operations_.last().until;
    if (operation.running) {
        if (running) {
            operations_.last().operation = operation;
        } else {
            operations_.append({operation, at, std::nullopt});
        }
    } else if (running) {
        operations_.last().until = at;
    }
}

void RecoveryTimeline::activeChanged(int from, int to, Instant at) {
    active_ = to;
    if (from >= 0 && to >= 0)
        moves_.append({from, to, at});
}

std::optional<Instant> RecoveryTimeline::badSince() const {
    return open_ ? std::optional(open_->firstBad) : neverGoodSince_;
}

QList<Outage> RecoveryTimeline::advance(Instant now, int active, const std::array<int, 2>& priorities) {
    QList<Outage> over;
    if (closed_ && (open_ || now - closed_->nextGood >= kSettleFor)) {
        over.append(close(*closed_, active, priorities));
        closed_.reset();
    }
    // A move without an outage, as a fail-back between two running Milvus: its time is the move's.
    while (!open_ && !closed_ && !moves_.isEmpty() && now - moves_.first().at >= kSettleFor) {
        const Instant at = moves_.first().at;
        over.append(close(Outage{.lastGood = at, .firstBad = at, .lastBad = at, .nextGood = at}, active, priorities));
    }
    if (!open_ && !closed_)
        forgetBefore(now - kMarksFor);
    over.removeIf([](const Outage& outage) { return !isFailover(outage); });
    return over;
}

Outage RecoveryTimeline::close(Outage outage, int active, const std::array<int, 2>& priorities) {
    const Instant begin = std::max(outage.lastGood - kCauseBefore, explainedUntil_);
    const Instant end = outage.nextGood + kSettleFor;
    outage.to = active;
    outage.priorities = priorities;
    if (!moves_.isEmpty())
        outage.from = moves_.first().from;
    outage.moves = std::exchange(moves_, {});
    explainedUntil_ = outage.nextGood;
    for (const Mark& mark : marks_) {
        if (mark.at >= begin && mark.at <= end)
            outage.marks.append(mark);
    }
    for (const OperationSpan& span : operations_) {
        if (span.from <= outage.nextGood && (!span.until || *span.until >= outage.lastGood))
            outage.operation = span.operation;
    }
    return outage;
}

void RecoveryTimeline::forgetBefore(Instant time) {
    marks_.removeIf([&](const Mark& mark) { return mark.at < time; });
    operations_.removeIf([&](const OperationSpan& span) { return span.until && *span.until < time; });
}

} // namespace mha
