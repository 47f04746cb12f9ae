// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "model/error.h"
#include "model/time.h"

#include <QByteArray>
#include <QList>
#include <QString>

#include <array>
#include <optional>

namespace mha {

/// Of a longer log so many of the first lines are fetched and as many of the last, and of the kernel's lines likewise.
inline constexpr int kMostMomentLines = 250;
/// And no more than that in all.
inline constexpr int kMostMomentBytes = 1'000'000;
/// The look ends by itself before that.
inline constexpr std::chrono::milliseconds kMomentDeadline{30'000};
/// What is longer ends in "…".
inline constexpr qsizetype kLongestLogText = 1000;

/// A line of a node's log, with what looks like a secret gone from it. It holds no line break.
struct LogEntry {
    Instant at;
    Duration later{}; ///< a log without fractions of a second: it was up to so much later
    QString node;
    QString program; ///< "Keepalived_vrrp", "dockerd", "kernel"
    QString text;
    bool operator==(const LogEntry&) const = default;
};

/// What one look at a node's log gave.
struct LogLook {
    QList<LogEntry> lines; ///< by time; node clock until it is converted
    QString note;          ///< why they are not all that there was, in sentences; empty: they are
};

/// One node's part of a MomentLog.
struct NodeLog {
    QString node;
    bool waiting = true;        ///< for the node, or for its answer
    std::optional<Error> error; ///< why it cannot be read; lines that were read before stay
    QString note;               ///< what to know about the lines, in sentences
    QList<LogEntry> lines;      ///< by time, desktop clock
    bool operator==(const NodeLog&) const = default;
};

/// What the logs of both nodes say of the time around one failover.
struct MomentLog {
    qint64 failover = 0;
    Instant from; ///< desktop clock
    Instant until;
    std::array<NodeLog, 2> nodes;
    bool operator==(const MomentLog&) const = default;
};

/// One exec that prints what the node's log says, from and until a time of its own clock, of what moves a service:
/// keepalived and its scripts, Docker, the network's and the clock's programs, this program's notes, boots, the kernel.
/// From journald; from syslog where there is no journal of that time. Changes nothing, bounded in time and size. As
/// root, or as a user who may read the log.
Command momentCommand(Instant from, Instant until);

/// Pure: the output of momentCommand. An error where it broke off, or where the user may read no log.
Result<LogLook> parseMoment(const QByteArray& output, Instant from, Instant until);

/// Pure: the lines of both nodes by time.
QList<LogEntry> linesOf(const MomentLog& log);

} // namespace mha
