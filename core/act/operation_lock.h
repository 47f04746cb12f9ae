// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/link.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <optional>

namespace mha {

// The operation lock: a file in a node's /run that keeps a second operator's program away while one acts on the pair.
// It ends by itself when its program no longer renews it; the node's uptime is its clock, which nobody sets.

inline const QString kOperationLockPath = QStringLiteral("/run/milvus-ha.operation");
/// Long against a link that breaks for a moment, short against an operator who waits for a dead program's lock.
inline constexpr std::chrono::seconds kOperationLockExpiry{30};
inline constexpr std::chrono::seconds kOperationLockRenewal{8};
/// Exit code of take and renew where another program holds the lock.
inline constexpr int kOperationLockHeld = 9;

/// Whose the lock is. `id` is one program's: machine, process and its start.
struct OperationClaim {
    QString id;
    QString owner; ///< user@desktop
    QString what;  ///< "switchover to backup"
    bool operator==(const OperationClaim&) const = default;
};

struct OperationHolder {
    OperationClaim claim;
    std::chrono::seconds heldFor{};
    std::chrono::seconds endsIn{};
    bool operator==(const OperationHolder&) const = default;
};

/// The id of this process.
QString operationIdOfThisProcess();
/// Is it the id of a process of this machine that has ended? False where that cannot be told.
bool isDeadHere(const QString& id);

/// They run as root on the node. Take prints the holder where there is one; `dead`: an id that does not count.
Command takeOperationLock(const OperationClaim& claim, const QString& dead);
/// Prints the holder where there is one; needs no root.
Command readOperationLock();
Command renewOperationLock(const QString& id);
Command releaseOperationLock(const QString& id);

/// Pure: reads what take or read has printed.
std::optional<OperationHolder> operationHolder(const QByteArray& output);
/// Who is at work, and until when others must wait; `node` has said so.
Error heldError(const OperationHolder& holder, const QString& node);

/// Asks the node who holds its lock, this process and dead ones of this machine not counted. Blocks for `deadline` at
/// most; nothing where the node does not answer.
std::optional<OperationHolder> otherHolder(Link& link, std::chrono::milliseconds deadline);

} // namespace mha
