// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "model/observation.h"

#include <QByteArray>

namespace mha {

/// One exec that asks a running keepalived for its state: signals it for its JSON dump, waits for the new file, prints
/// it and (else) its last state lines from the journal or syslog, with keepalived.conf at the end; sections are marked.
/// Runs as root (sudo -n). keepalived's password in the dump never leaves parseKeepalivedState.
Command keepalivedStateCommand();

struct KeepalivedSeen {
    Result<VrrpSeen> vrrp;         ///< `since` in node clock
    Result<VrrpConfigSeen> config;
};

/// Pure: the output of keepalivedStateCommand for the instance that carries `vipAddress`.
KeepalivedSeen parseKeepalivedState(const QByteArray& output, const QString& vipAddress);

/// Streams keepalived's journal (`journalctl -f`, else `tail -F` of the syslog) so that a state change is heard at once.
Command keepalivedJournalCommand();
/// Pure: one journal line (-o short-unix or syslog): the new state if it announces one.
std::optional<VrrpState> parseKeepalivedLine(const QByteArray& line);

} // namespace mha
