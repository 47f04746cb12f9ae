// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "link/command.h"
#include "model/error.h"
#include "model/observation.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace mha {

/// Looks at the shared folder from the node: at once and again for each line of its input until that ends, or once
/// alone. A hung file server holds up no look for longer than a second.
Command storageCommand(const QString& path, bool repeat);

/// Bytes of storageCommand in, looks out. Pure apart from the part of a look that it keeps.
///
/// `mounted`: the folder is on a mount of its own, not on the root file system. `id` is made of the inode numbers of
/// the folder, of its db and its wal: a network file system passes them on from its server, so they are equal on all
/// nodes (the device number is not, it counts the mounts of a node). Empty where this user may not look into the
/// folder. `writable`: not mounted read-only and, where root looks, no denial either (a root-squashed export).
class StorageParser {
public:
    explicit StorageParser(QString path) : path_(std::move(path)) {}

    /// Each look: what was seen, or why it could not be (a hung file server).
    QList<Result<StorageSeen>> feed(const QByteArray& bytes);

private:
    Result<StorageSeen> readLook() const;

    QString path_;
    QByteArray rest_;
    QList<QByteArray> lines_; ///< of the look that is not complete yet
    std::optional<Result<StorageSeen>> last_;
};

} // namespace mha
