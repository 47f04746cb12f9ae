// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace mha {

/// Node clock against desktop clock, out of round trips as NTP does it (RFC 5905, section 10): of the last kRoundTrips
/// the one with the least distance counts, which is half its length and what the clocks may have drifted apart since;
/// its middle is taken for the moment of the reading. The drift comes from the best readings of the last half hour, so
/// that the offset is extrapolated from one reading to the next; the error grows with the age of the reading. A reading
/// that contradicts all that came before means that one of the clocks was set: what was known before is dropped.
/// Pure: the times are handed in.
class ClockOffset {
public:
    static constexpr int kRoundTrips = 8;
    /// What two clocks drift apart where nothing better is known: up to 50 ppm for a quartz that nobody disciplines.
    static constexpr double kTolerancePpm = 100;
    /// Faster than this no quartz goes wrong (RFC 5905, section 11.3): a greater drift is a clock that is being set.
    static constexpr double kMostDriftPpm = 500;
    static constexpr std::chrono::minutes kDriftOver{30};
    /// A drift is told from readings that are further apart than this.
    static constexpr std::chrono::seconds kDriftFrom{60};

    void add(Instant sentAt, Instant nodeTime, Instant receivedAt);

    void clear() { *this = {}; }

    /// Offset and error at a desktop time; nothing before the first round trip.
    std::optional<ClockSeen> at(Instant time) const;
    /// A time of the node as desktop clock: shifted only where the clocks differ by more than the error.
    Instant toDesktop(Instant nodeTime) const;

private:
    struct Reading {
        Instant at; ///< middle of the round trip, desktop clock
        Duration offset{};
        Duration error{}; ///< half the round trip
    };

    const Reading* best(Instant time) const;
    bool contradicts(const Reading& reading) const;
    void keepForDrift(const Reading& reading);
    void findDrift();
    Duration grown(Duration age) const;

    QList<Reading> readings_;
    QList<Reading> longTerm_; ///< the best reading of each minute, for the drift
    double driftPpm_ = 0;
    double driftErrorPpm_ = kTolerancePpm;
};

/// Pure: "1795427787.736666595" as `date +%s.%N` prints it.
std::optional<Instant> parseDate(const QByteArray& output);

} // namespace mha
