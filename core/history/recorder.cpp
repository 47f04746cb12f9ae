// SPDX-License-Identifier: GPL-3.0-or-later
#include "history/recorder.h"

#include "model/sight.h"

#include <algorithm>

namespace mha {

namespace {

constexpr std::chrono::seconds kCoverEvery{5};
/// Not heard of for longer than this: the computer slept, and nobody saw the pair.
constexpr std::chrono::seconds kSleptAfter{20};

} // namespace

Recorder::Recorder(History& history, QString pair, QObject* parent)
    : Recorder(history, std::move(pair), Watching::Live, parent) {}

Recorder::Recorder(History& history, QString pair, Watching watching, QObject* parent)
    : QObject(parent), history_(history), pair_(std::move(pair)), watching_(watching) {
    if (watching == Watching::Replayed)
        return;
    startedAt_ = wallClockNow();
    connect(&timer_, &QTimer::timeout, this, [this] { extendCoverage(wallClockNow()); });
    timer_.start(kCoverEvery);
    extendCoverage(startedAt_);
}

Recorder::~Recorder() {
    if (watching_ == Watching::Live) {
        extendCoverage(wallClockNow());
    } else if (passedUntil_ > coveredUntil_) {
        extendCoverage(passedUntil_);
    }
}

void Recorder::passTime(Instant now) {
    if (watching_ == Watching::Live)
        return;
    if (!coverageToken_ && startedAt_ == Instant{})
        startedAt_ = coveredUntil_ = now;
    passedUntil_ = std::max(passedUntil_, now);
    if (now - coveredUntil_ >= kCoverEvery)
        extendCoverage(now);
}

void Recorder::addEvents(const QList<Event>& events) {
    if (const Result<void> written = history_.addEvents(events); !written)
        return report(written.error());
    Q_EMIT changed();
}

void Recorder::outOfSight(std::optional<Instant> since) {
    if (watching_ == Watching::Replayed || since.has_value() == blindSince_.has_value())
        return;
    const Instant now = wallClockNow();
    const bool gap = blindSince_ && now - *blindSince_ > kBlink;
    blindSince_ = since;
    if (gap) {
        startedAt_ = now;
        coverageToken_.reset();
    }
    extendCoverage(now);
    if (gap)
        Q_EMIT woke();
}

PastWanted Recorder::pastWanted() {
    const Result<PastWanted> wanted = history_.pastWanted(pair_, startedAt_);
    if (!wanted)
        report(wanted.error());
    return wanted.value_or(PastWanted{});
}

void Recorder::addPast(const RebuiltPast& past) {
    if (const Result<void> written = history_.addPast(pair_, past); !written)
        return report(written.error());
    Q_EMIT changed();
}

void Recorder::addFailover(const Failover& failover) {
    if (const Result<qint64> written = history_.addFailover(failover); !written)
        return report(written.error());
    Q_EMIT changed();
}

void Recorder::saveAction(const ActionRecord& action) {
    // A record that begins at another time is another action.
    if (action.startedAt != actionStartedAt_) {
        actionStartedAt_ = action.startedAt;
        actionId_ = 0;
    }
    ActionRecord row = action;
    row.id = actionId_;
    const Result<qint64> written = history_.saveAction(row);
    if (!written)
        return report(written.error());
    actionId_ = *written;
    Q_EMIT changed();
}

void Recorder::extendCoverage(Instant now) {
    const bool slept = coverageToken_ && now - coveredUntil_ > kSleptAfter;
    if (slept) {
        startedAt_ = now;
        coverageToken_.reset();
    }
    coveredUntil_ = now;
    const Instant until = blindSince_ ? std::clamp(*blindSince_, startedAt_, now) : now;
    const Result<qint64> written = history_.cover(pair_, startedAt_, until, coverageToken_);
    if (!written)
        return report(written.error());
    coverageToken_ = *written;
    lastError_.reset();
    if (slept)
        Q_EMIT woke();
}

void Recorder::report(const Error& error) {
    if (lastError_ == error)
        return;
    lastError_ = error;
    Q_EMIT failed(error);
}

} // namespace mha
