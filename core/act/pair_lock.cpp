// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/pair_lock.h"

#include <QCryptographicHash>
#include <QDir>
#include <QStandardPaths>

namespace mha {

using namespace Qt::StringLiterals;

Result<std::unique_ptr<PairLock>> PairLock::take(const Pair& pair) {
    const QDir folder(QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation) + u"/milvus-ha/locks"_s);
    if (!folder.mkpath(u"."_s)) {
        return std::unexpected(Error{ErrorCode::Storage, u"The folder cannot be made."_s, folder.path(),
                                     u"Make it writable: the lock that keeps two switchovers apart lies there."_s});
    }
    // The whole pair, since pairs of one name may be different ones.
    const QByteArray hash = QCryptographicHash::hash(toToml(pair), QCryptographicHash::Sha256).toHex().left(24);
    std::unique_ptr<PairLock> lock(new PairLock(folder.filePath(QString::fromLatin1(hash) + u".lock"_s)));
    lock->file_.setStaleLockTime(0); // not by age: only when its program is dead
    if (lock->file_.tryLock())
        return lock;
    qint64 pid = 0;
    QString host;
    QString program;
    lock->file_.getLockInfo(&pid, &host, &program);
    return std::unexpected(
        Error{ErrorCode::Refused,
              u"Another program (%1, process %2) acts on this pair now."_s.arg(program, QString::number(pid)),
              pair.name, u"Wait for its end."_s});
}

} // namespace mha
