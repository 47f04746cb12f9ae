// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace mha {

/// A command for a node: an argument list, never a line of shell. `asRoot` runs it through `sudo -n` where the user is
/// not root.
struct Command {
    QStringList argv;
    bool asRoot = false;
    QByteArray input{}; ///< given on standard input, which is then closed

    bool operator==(const Command&) const = default;
};

/// A constant script of ours with arguments: `sh -c SCRIPT mha ARG...`. Values reach it only as $1, $2...
Command scriptCommand(const char* constantScript, const QStringList& arguments = {}, bool asRoot = false);

/// One POSIX-quoted command line for the remote shell. The only place where quoting is done.
QByteArray toShellLine(const Command& command, bool userIsRoot);

struct ExecResult {
    int exitCode = -1; ///< 128 + signal number where a signal ended it
    QByteArray output;
    QByteArray errors;
};

} // namespace mha
