// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "past/trace.h"

#include <QByteArray>

#include <chrono>

namespace mha {

/// At most so many lines of a node's log are fetched, the newest; what is older counts as not known.
inline constexpr int kMostLogLines = 6000;
/// The look at a node's records ends by itself before that.
inline constexpr std::chrono::milliseconds kPastDeadline{45'000};

/// One exec that prints what the node's records say of keepalived, Docker, the container and boots since a time (node
/// clock): journald, else syslog; Docker's own memory of events (the last 256 since the Engine's start); the
/// container's log for Milvus's word that it serves. Runs as root where that is possible; changes nothing, bounded in
/// time and size.
Command pastCommand(Instant since, const QString& container);

/// What tells one VRRP instance and interface among others; empty ones match any.
struct PastFilter {
    QString instance;
    QString interface;
};

/// Pure: the output of pastCommand; nothing where it broke off.
std::optional<NodePast> parsePast(const QByteArray& output, Instant since, const PastFilter& filter);

} // namespace mha
