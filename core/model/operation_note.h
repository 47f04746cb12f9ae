// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/observation.h"

namespace mha {

/// The name under which a program of ours writes into a node's system log.
inline constexpr const char* kNoteTag = "milvus-ha";

/// An operation as one line for a node's system log, so that a move whose recorder is elsewhere can later be told as
/// what it was. Pure; no control character comes into it.
QString toNote(const OperationSeen& operation);
/// Nothing for a line that is none.
std::optional<OperationSeen> fromNote(const QByteArray& text);
/// The same out of what follows the host's name in a line of a log: "milvus-ha[7]: {…}".
std::optional<OperationSeen> noteInText(const QByteArray& text);
/// The same out of a whole line of a log (journalctl -o short-unix or syslog).
std::optional<OperationSeen> noteInLine(const QByteArray& line);

} // namespace mha
