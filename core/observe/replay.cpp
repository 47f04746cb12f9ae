// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/replay.h"

using namespace std::chrono_literals;

namespace mha {

namespace {

/// The event loop is given its turn after so long.
constexpr auto kSlice = 15ms;

double secondsOf(const QElapsedTimer& timer) {
    return static_cast<double>(timer.nsecsElapsed()) * 1e-9;
}

} // namespace

std::optional<ReplaySpeed> replaySpeedFromText(QStringView text) {
    if (text == QLatin1String("max"))
        return ReplaySpeed();
    bool good = false;
    const double speed = text.toDouble(&good);
    const bool sensible = good && speed >= 0.001 && speed <= 1e6; // which "nan" is not
    return sensible ? std::optional<ReplaySpeed>(std::in_place, speed) : std::nullopt;
}

Replay::Replay(std::unique_ptr<RecordingReader> recording, ReplaySpeed speed, QObject* parent)
    : PairSource(parent), recording_(std::move(recording)), speed_(speed), reducer_(recording_->header().pair) {
    timer_.setSingleShot(true);
    connect(&timer_, &QTimer::timeout, this, &Replay::play);
}

void Replay::start() {
    if (ended_ || running_.isValid())
        return;
    if (!next_)
        next_ = read();
    if (next_ && at_ == Instant{})
        at_ = timeOf(*next_);
    began_ = at_;
    running_.start();
    timer_.start(0ms);
}

void Replay::stop() {
    at_ = now();
    running_.invalidate();
    timer_.stop();
}

const Pair& Replay::pair() const {
    return recording_->header().pair;
}

const Picture& Replay::picture() const {
    return reducer_.picture();
}

Instant Replay::now() const {
    if (!running_.isValid() || ended_ || !speed_)
        return at_;
    const Instant playing = began_ + fromSeconds(secondsOf(running_) * *speed_);
    // Where the reading cannot keep up with the speed, the clock waits for it.
    return next_ ? std::max(at_, std::min(playing, timeOf(*next_))) : at_;
}

bool Replay::due(const Entry& entry) const {
    if (!speed_)
        return true;
    return toSeconds(timeOf(entry) - began_) <= secondsOf(running_) * *speed_;
}

void Replay::play() {
    QElapsedTimer slice;
    slice.start();
    while (next_ && running_.isValid()) {
        if (!due(*next_)) {
            const double wait = toSeconds(timeOf(*next_) - now()) / *speed_;
            timer_.start(std::chrono::milliseconds(qBound(1, static_cast<int>(std::min(wait, 1.0) * 1000), 1000)));
            return;
        }
        const Entry entry = *next_;
        next_ = read();
        apply(entry);
        if (slice.hasExpired(kSlice.count())) {
            timer_.start(0ms);
            return;
        }
    }
    if (next_ || ended_)
        return;
    ended_ = true;
    Q_EMIT completed();
}

std::optional<Entry> Replay::read() {
    while (std::optional<Result<Entry>> entry = recording_->next()) {
        if (*entry)
            return std::move(**entry);
        ++damagedLines_;
        Q_EMIT damaged(entry->error());
    }
    return std::nullopt;
}

void Replay::apply(const Entry& entry) {
    at_ = std::max(at_, timeOf(entry));
    Reduced reduced;
    if (const auto* observation = std::get_if<Observation>(&entry)) {
        Q_EMIT observed(*observation);
        reduced = reducer_.apply(*observation);
    } else {
        Q_EMIT ticked(timeOf(entry));
        reduced = reducer_.tick(timeOf(entry));
    }
    if (reduced.pictureChanged)
        Q_EMIT pictureChanged(reducer_.picture());
    if (!reduced.events.isEmpty())
        Q_EMIT eventsSeen(reduced.events);
    for (const Failover& failover : reduced.failovers)
        Q_EMIT failoverSeen(failover);
}

} // namespace mha
