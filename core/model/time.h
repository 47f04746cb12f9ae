// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace mha {

/// Wall-clock time of the desktop, in microseconds since the epoch, UTC. Node timestamps are converted to it by the
/// node's clock offset before they are stored in anything of model/.
using Instant = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

/// Time of a clock that is never set (CLOCK_MONOTONIC): for what waits and decides. It says nothing outside the
/// machine.
using MonotonicTime = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// The only readings of a clock in core; callers hand the value on to whatever decides.
Instant wallClockNow();
/// The same of the other clock.
MonotonicTime monotonicNow();

/// ISO 8601 UTC with milliseconds: "2026-01-02T03:04:05.678Z".
QString toIso(Instant at);

/// Reads ISO 8601 with any number of fraction digits (RFC 3339, Docker's nanoseconds included), "Z" or an offset.
/// Nothing for a text that is no time, and for Docker's zero time 0001-01-01T00:00:00Z.
std::optional<Instant> fromIso(QStringView text);

/// Seconds as a number, for JSON fields ending in _s.
double toSeconds(Duration duration);
Duration fromSeconds(double seconds);

/// Seconds since the epoch as a floating number (keepalived's last_transition, `date +%s.%N`).
Instant fromEpochSeconds(double seconds);

/// "0.26 s", "4.4 s", "3 min 12 s", "2 h 5 min": short and readable, for people.
QString toText(Duration duration);

} // namespace mha
