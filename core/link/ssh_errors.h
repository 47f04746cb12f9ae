// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "model/error.h"
#include "model/pair.h"

#include <QStringList>

#include <chrono>
#include <optional>

namespace mha::ssh_errors {

/// Every failure of a connection as a sentence with its remedy. Pure; none of them may hold a secret.

Error nameNotResolved(const NodeConfig& node, const QString& detail);
/// A failed connect(2), by its errno.
Error notConnected(const NodeConfig& node, int errnoValue);
/// Nothing came within the time: "connecting".
Error noAnswer(const NodeConfig& node, const QString& during, std::chrono::milliseconds waited);
/// The same once the port was reached, so that the network is not the cause: "exchanging keys", "signing in".
Error silentWhile(const NodeConfig& node, const QString& during, std::chrono::milliseconds waited);
Error handshakeFailed(const NodeConfig& node, const QString& detail);

Error hostKeyUnknown(const NodeConfig& node, const QString& fingerprint);
Error knownHostsUnreadable(const NodeConfig& node, const QString& knownHosts, const QString& detail);
Error hostKeyDeclined(const NodeConfig& node, const QString& fingerprint);
Error hostKeyChanged(const NodeConfig& node, const QString& fingerprint, const QStringList& known,
                     const QString& knownHosts);
Error hostKeyNotSaved(const NodeConfig& node, const QString& knownHosts, const QString& detail);

Error keyFileMissing(const NodeConfig& node, const QString& file);
Error keyFileUnreadable(const NodeConfig& node, const QString& file);
Error keyFileFolder(const NodeConfig& node, const QString& file);
Error keyFileUnusable(const NodeConfig& node, const QString& file);
Error passphraseNeeded(const NodeConfig& node, const QString& file);
Error passphraseWrong(const NodeConfig& node, const QString& file);
/// `accepted`: methods that the server takes; `tried`: what was offered, in words.
Error notAccepted(const NodeConfig& node, const QStringList& accepted, const QStringList& tried);
Error tooManyKeys(const NodeConfig& node);
Error noCommands(const NodeConfig& node, const QString& detail);

Error lost(const NodeConfig& node, const QString& detail);
Error frozen(const NodeConfig& node, std::chrono::milliseconds silent);
Error stopped(const NodeConfig& node);
Error notUp(const NodeConfig& node, const std::optional<Error>& because);

/// A channel that the server did not open; `detail` is its reply ("Channel opening failure: ... error (2) ...").
Error unixRefused(const NodeConfig& node, const QString& path, const QString& detail);
Error tcpRefused(const NodeConfig& node, const QString& host, quint16 port, const QString& detail);
Error commandRefused(const NodeConfig& node, const QString& program, const QString& detail);
Error commandTimedOut(const NodeConfig& node, const QString& program, std::chrono::milliseconds deadline);
/// A channel that was open and ended: a command (its exit code, and what it said last on standard error), a stream.
Error commandEnded(const NodeConfig& node, const QString& program, std::optional<int> exitCode, const QString& said);
Error streamEnded(const NodeConfig& node, const QString& name);
Error localSocketRefused(const NodeConfig& node, const QString& path, const QString& detail);
Error tooMuchOutput(const NodeConfig& node, const QString& program, qsizetype limit);

} // namespace mha::ssh_errors
