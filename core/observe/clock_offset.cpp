// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/clock_offset.h"

#include <algorithm>
#include <cmath>

namespace mha {

using namespace std::chrono_literals;

namespace {

/// One reading of each such span is kept for the drift.
constexpr Duration kLongTermEvery = 1min;

Duration timesPpm(Duration time, double ppm) {
    return Duration(std::llround(static_cast<double>(time.count()) * ppm / 1e6));
}

} // namespace

void ClockOffset::add(Instant sentAt, Instant nodeTime, Instant receivedAt) {
    const Duration delay = receivedAt - sentAt;
    if (delay < Duration::zero())
        return; // the desktop clock was set meanwhile
    const Instant middle = sentAt + delay / 2;
    const Reading reading{middle, nodeTime - middle, (delay + Duration(1)) / 2};
    if (contradicts(reading))
        clear();
    readings_.append(reading);
    if (readings_.size() > kRoundTrips)
        readings_.removeFirst();
    keepForDrift(*best(middle));
    findDrift();
}

/// The clocks can be neither where this reading puts them nor where the earlier ones did.
bool ClockOffset::contradicts(const Reading& reading) const {
    const std::optional<ClockSeen> known = at(reading.at);
    return known && (std::chrono::abs(reading.offset - known->offset) > reading.error + known->error ||
                     reading.at < readings_.last().at);
}

const ClockOffset::Reading* ClockOffset::best(Instant time) const {
    const auto least = std::ranges::min_element(readings_, {}, [&](const Reading& reading) {
        return reading.error + grown(std::chrono::abs(time - reading.at));
    });
    return least == readings_.end() ? nullptr : &*least;
}

void ClockOffset::keepForDrift(const Reading& reading) {
    longTerm_.removeIf([&](const Reading& old) { return reading.at - old.at > kDriftOver; });
    const bool sameSpan = !longTerm_.isEmpty() && reading.at - longTerm_.last().at < kLongTermEvery;
    if (!sameSpan) {
        longTerm_.append(reading);
    } else if (reading.error < longTerm_.last().error) {
        longTerm_.last() = reading;
    }
}

/// The two readings that tell the drift with the least error: far apart, and good ones.
void ClockOffset::findDrift() {
    driftPpm_ = 0;
    driftErrorPpm_ = kTolerancePpm;
    if (longTerm_.isEmpty())
        return;
    const Reading& last = longTerm_.last();
    for (const Reading& first : longTerm_) {
        const Duration span = last.at - first.at;
        if (span < kDriftFrom)
            break;
        const double perMicrosecond = 1e6 / static_cast<double>(span.count());
        const double error = static_cast<double>((first.error + last.error).count()) * perMicrosecond;
        const double drift = static_cast<double>((last.offset - first.offset).count()) * perMicrosecond;
        if (error < driftErrorPpm_ && std::abs(drift) <= kMostDriftPpm) {
            driftErrorPpm_ = error;
            driftPpm_ = drift;
        }
    }
}

Duration ClockOffset::grown(Duration age) const {
    return timesPpm(age, driftErrorPpm_);
}

std::optional<ClockSeen> ClockOffset::at(Instant time) const {
    const Reading* reading = best(time);
    if (reading == nullptr)
        return std::nullopt;
    // Before the first reading nothing is known of the drift, and a time of long ago would be carried far away by it.
    const Duration age = std::max(time, longTerm_.first().at) - reading->at;
    return ClockSeen{reading->offset + timesPpm(age, driftPpm_), reading->error + grown(std::chrono::abs(age)),
                     driftPpm_};
}

Instant ClockOffset::toDesktop(Instant nodeTime) const {
    if (readings_.isEmpty())
        return nodeTime;
    const std::optional<ClockSeen> clock = at(nodeTime - readings_.last().offset);
    if (std::chrono::abs(clock->offset) <= clock->error)
        return nodeTime;
    return nodeTime - clock->offset;
}

std::optional<Instant> parseDate(const QByteArray& output) {
    const QByteArray text = output.trimmed();
    const QList<QByteArray> parts = text.split('.');
    if (parts.size() != 2 || parts[1].size() < 6)
        return std::nullopt;
    bool wholeOk = false;
    bool partOk = false;
    const qint64 seconds = parts[0].toLongLong(&wholeOk);
    const qint64 microseconds = parts[1].first(6).toLongLong(&partOk);
    if (!wholeOk || !partOk || seconds <= 0 || microseconds < 0)
        return std::nullopt;
    return Instant{std::chrono::seconds(seconds)} + std::chrono::microseconds(microseconds);
}

} // namespace mha
