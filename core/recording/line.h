// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/observation.h"
#include "model/pair.h"

#include <QByteArray>

#include <variant>

namespace mha {

// A recording is text, a JSON object a line: first the header, then what the reducer was told, in that order. All pure.
//
//   {"format":1,"pair":"name = \"milvus-prod\"\n...","program":"0.1.0","recording":"milvus-ha"}
//   {"at":1767323045000000,"node":0,"saw":"vip","what":{"held":true,"interface":"enp7s0","link_up":true}}
//   {"tick":1767323045250000}
//
// Times and durations are whole microseconds, so that nothing is lost; a value that is not there is left out.

/// The reducer was told that time passed.
struct Tick {
    Instant at;
    bool operator==(const Tick&) const = default;
};

/// One call of the reducer.
using Entry = std::variant<Observation, Tick>;

Instant timeOf(const Entry& entry);

/// Older formats are read as long as lines of them mean the same; a newer one is refused.
inline constexpr int kRecordingFormat = 1;

struct RecordingHeader {
    int format = kRecordingFormat;
    QString program; ///< version of the program that recorded
    Pair pair;       ///< without what only a sign-in needs
    bool operator==(const RecordingHeader&) const = default;
};

/// No line is longer, its end included: a reader needs no more memory, whatever a node says or a damaged file holds.
inline constexpr qsizetype kLongestLine = 262144;

/// The pair as it is recorded: without key files, known_hosts and user, of which a replay has no need.
Pair withoutSignIn(Pair pair);

/// Each ends with a newline. An entry that would be longer than kLongestLine is an error.
QByteArray toLine(const RecordingHeader& header);
Result<QByteArray> toLine(const Entry& entry);

/// With or without the newline. Errors say what is wrong in the line; the reader adds file and number.
Result<RecordingHeader> headerFromLine(const QByteArray& line);
Result<Entry> entryFromLine(const QByteArray& line);

} // namespace mha
