// SPDX-License-Identifier: GPL-3.0-or-later
#include "observe/storage_look.h"

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestLook = 65'536;

// $1 the folder. What touches the folder runs under timeout(1): on a hung network
// file system even stat(1) sleeps, but it may be ended. `findmnt` tells the mount that the folder is on.
/// Every so many looks all is read anew: the space, which the calm look does not see.
constexpr int kFullLookOf = 40;

constexpr const char* kLook = R"sh(LC_ALL=C; export LC_ALL
user=$(id -u)
look() {
    timeout 1 sh -c '
        [ -d "$1" ] || { echo missing; exit 0; }
        stat -L -c "inode %i" "$1"
        if [ -x "$1" ]; then
            echo enters
            stat -L -c "db %i" "$1/db" 2>/dev/null || echo db
            stat -L -c "wal %i" "$1/wal" 2>/dev/null || echo wal
        fi
        stat -f -c "space %a %b %S" "$1"
        [ -w "$1" ] && echo writes
        [ "$2" = 0 ] && echo root
        printf "mount "
        findmnt -n -r -o TARGET,OPTIONS -T "$1" || echo
    ' mha "$1" "$user"
    status=$?
    [ $status -lt 124 ] || echo hung
    echo end
}
)sh";

/// Arguments: path, "once" or "again", kCalm for bash, kFullLookOf.
constexpr const char* kStart = R"sh(if [ "$2" = once ]; then
    look "$1"
    exit 0
fi
if command -v bash >/dev/null; then
    exec bash -c "$3" "$0" "$1" "$4"
fi
look "$1"
while read -r _; do look "$1"; done
)sh";

/// By bash's own commands alone, so that a calm look starts no process. A storage that hangs holds it up; then nothing
/// comes, which is noticed as well.
constexpr const char* kCalm = R"sh(
seen() {
    mapfile -t now </proc/self/mountinfo
    local test each
    for each in "$1" "$1/db" "$1/wal"; do
        for test in -d -x -w; do
            [ $test "$each" ] && now+=("$test $each")
        done
    done
}
before=() same=0
while :; do
    seen "$1"
    if [ $((same += 1)) -lt "$2" ] && [ "${now[*]}" = "${before[*]}" ]; then
        echo same
    else
        look "$1"
        same=0 before=("${now[@]}")
        [ $status -lt 124 ] || before=()
    fi
    IFS= read -r _ || exit 0
done
)sh";

} // namespace

Command storageCommand(const QString& path, bool repeat) {
    const QString times = repeat ? u"again"_s : u"once"_s;
    static const QByteArray script = QByteArray(kLook) + kStart;
    static const QString calm = QString::fromUtf8(QByteArray(kLook) + kCalm);
    return scriptCommand(script.constData(), {path, times, calm, QString::number(kFullLookOf)}, true);
}

QList<Result<StorageSeen>> StorageParser::feed(const QByteArray& bytes) {
    QList<Result<StorageSeen>> looks;
    rest_ += bytes;
    qsizetype start = 0;
    for (qsizetype end = rest_.indexOf('\n'); end >= 0; end = rest_.indexOf('\n', start)) {
        const QByteArray line = rest_.sliced(start, end - start).trimmed();
        start = end + 1;
        if (line == "same" && last_) {
            looks.append(*last_);
        } else if (line == "end") {
            looks.append(readLook());
            last_ = looks.last();
            lines_.clear();
        } else if (lines_.size() < 100) {
            lines_.append(line);
        }
    }
    rest_.remove(0, start);
    if (rest_.size() > kLongestLook)
        rest_.clear();
    return looks;
}

Result<StorageSeen> StorageParser::readLook() const {
    if (lines_.contains("hung")) {
        return std::unexpected(Error{ErrorCode::TimedOut, u"The storage %1 does not answer on the node."_s.arg(path_),
                                     path_, u"Check the storage device and the network to it."_s});
    }
    StorageSeen seen;
    seen.path = path_;
    if (lines_.contains("missing"))
        return seen;
    const auto value = [this](QByteArrayView key) -> QByteArray {
        for (const QByteArray& line : lines_) {
            if (line.startsWith(key) && line.size() > key.size() && line[key.size()] == ' ')
                return line.sliced(key.size() + 1).trimmed();
        }
        return {};
    };
    const QByteArray inode = value("inode");
    if (inode.isEmpty()) {
        return std::unexpected(Error{ErrorCode::Protocol,
                                     u"The look at the storage %1 was not understood."_s.arg(path_), path_,
                                     u"Check that coreutils and util-linux are installed on the node."_s});
    }
    if (lines_.contains("enters"))
        seen.id = QString::fromLatin1(inode + '-' + value("db") + '-' + value("wal"));
    const QList<QByteArray> mount = value("mount").split(' ');
    const bool readOnly = mount.value(1).split(',').contains("ro");
    seen.mounted = !mount[0].isEmpty() && mount[0] != "/";
    seen.writable = !readOnly && (lines_.contains("writes") || !lines_.contains("root"));
    const QList<QByteArray> space = value("space").split(' ');
    if (space.size() == 3) {
        const qint64 block = space[2].toLongLong();
        seen.freeBytes = space[0].toLongLong() * block;
        seen.totalBytes = space[1].toLongLong() * block;
    }
    return seen;
}

} // namespace mha
