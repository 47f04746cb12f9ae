// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/clock_offset.h"

#include <algorithm>

namespace mha {

void ClockOffset::add(Instant sentAt, Instant nodeTime, Instant receivedAt) {
    const Duration delay = receivedAt - sentAt;
    if (delay < Duration::zero())
        return; // the desktop clock was set meanwhile
    trips_.append({nodeTime - (sentAt + delay / 2), delay});
    if (trips_.size() > kRoundTrips)
        trips_.removeFirst();
}

std::optional<ClockSeen> ClockOffset::best() const {
    if (trips_.isEmpty())
        return std::nullopt;
    const Trip& least = *std::ranges::min_element(trips_, {}, &Trip::delay);
    return ClockSeen{least.offset, (least.delay + Duration(1)) / 2};
}

Instant ClockOffset::toDesktop(Instant nodeTime) const {
    const std::optional<ClockSeen> clock = best();
    if (!clock || std::chrono::abs(clock->offset) <= clock->error)
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
