// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace mha {

/// Node clock against desktop clock, out of round trips as NTP does it (RFC 5905, section 10): of the last kRoundTrips
/// the one with the least delay counts, its middle is taken for the moment of the reading, half its length is the
/// error. Pure: the times are handed in.
class ClockOffset {
public:
    static constexpr int kRoundTrips = 8;

    void add(Instant sentAt, Instant nodeTime, Instant receivedAt);

    void clear() { trips_.clear(); }

    /// Nothing before the first round trip.
    std::optional<ClockSeen> best() const;
    /// A time of the node as desktop clock: shifted only where the clocks differ by more than the error.
    Instant toDesktop(Instant nodeTime) const;

private:
    struct Trip {
        Duration offset{};
        Duration delay{};
    };

    QList<Trip> trips_;
};

/// Pure: "1795427787.736666595" as `date +%s.%N` prints it.
std::optional<Instant> parseDate(const QByteArray& output);

} // namespace mha
