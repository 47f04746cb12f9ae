// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "past/node_past.h"

namespace mha {

/// One line of a system log: when, and what after the host's name ("dockerd[95]: time=...").
struct LogLine {
    Instant at;
    Duration later{}; ///< a log without fractions of a second: it was up to so much later
    QByteArray text;
};

/// Pure: a line of `journalctl -o short-unix`, or of a syslog with ISO 8601 times or the traditional ones. Those have
/// neither year nor zone: `now` and the node's offset from UTC supply them.
std::optional<LogLine> parseLogLine(const QByteArray& line, Instant now, Duration utcOffset);

/// Pure: what a line says, if it says anything. `containerId` may be empty: then lines of containerd say nothing.
std::optional<Trace> traceOf(const LogLine& line, const PastFilter& filter, const QByteArray& containerId);

} // namespace mha
