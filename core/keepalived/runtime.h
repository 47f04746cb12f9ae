// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "model/observation.h"

#include <QByteArray>

namespace mha {

/// One exec that asks a running keepalived for its state: signals it for its JSON dump, waits for the new file, prints
/// it and (else) its last state lines from the journal or syslog, with keepalived.conf at the end; sections are marked.
/// Runs as root; as another user it still sees whether keepalived runs, and its log where that may be read. Each dump
/// makes keepalived log a line, so it is for changes and now and then, not for every poll. Included files come in their
/// places, and with them what the node knows of the programs that the configuration names. keepalived's password does
/// not leave the node: a keyed mark stands for it, by which two nodes can be compared.
Command keepalivedStateCommand();

struct KeepalivedSeen {
    Result<VrrpSeen> vrrp; ///< `since` in node clock
    Result<VrrpConfigSeen> config;
    QByteArray run;           ///< as keepalivedRunCommand prints it; empty: stopped
    bool nodeProgram = false; ///< milvus-ha-node's control socket is there
};

/// Where milvus-ha-node listens, unless its configuration says otherwise.
inline const QString kNodeProgramSocket = QStringLiteral("/run/milvus-ha/node.sock");

/// The key of the marks that stand for passwords: of this process, never told to anybody but the nodes.
QString passwordMarkKey();

/// Pure: what the file kMaintenancePath says (keepalived/fault_flag.h), its end by the node's clock; nothing where it
/// is none.
std::optional<Maintenance> parseMaintenance(const QByteArray& file);

/// Pure: the output of keepalivedStateCommand for the instance that carries `vipAddress`.
KeepalivedSeen parseKeepalivedState(const QByteArray& output, const QString& vipAddress);

/// Cheap: prints what names this run of keepalived (process id and start), or nothing while it does not run. As long as
/// it is the same and the journal is heard, what was seen last still holds.
Command keepalivedRunCommand();

/// Streams keepalived's journal (`journalctl -f`, else `tail -F` of the syslog) so that a state change is heard at
/// once, and with it the notes of programs like ours (model/operation_note.h).
Command keepalivedJournalCommand();
/// Pure: one journal line (-o short-unix or syslog): the new state if it announces one.
std::optional<VrrpState> parseKeepalivedLine(const QByteArray& line);
/// Pure: the time of a journal line, node clock; nothing where it has no year and zone.
std::optional<Instant> keepalivedLineTime(const QByteArray& line);
/// Pure: a journal line after which the state should be looked at again. The dump's own line is none.
bool isKeepalivedChange(const QByteArray& line);

} // namespace mha
