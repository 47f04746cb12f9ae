// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/operation_lock.h"

#include <QCoreApplication>
#include <QFile>
#include <QSysInfo>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

// The file: id, owner, what, end and begin in seconds of uptime, a line each. The guard is never removed: who waits for
// it would hold a file that is gone.
constexpr const char* kGuard = "exec 9>>\"$1.guard\" && flock -w 2 9 || exit 1\n";
constexpr const char* kRead = "now=$(cut -d. -f1 /proc/uptime)\n"
                              "id= owner= what= until=0 since=$now\n"
                              "[ -r \"$1\" ] && { IFS= read -r id; IFS= read -r owner; IFS= read -r what; "
                              "IFS= read -r until; IFS= read -r since; } <\"$1\"\n"
                              "tell() { printf '%s\\n' \"$id\" \"$owner\" \"$what\" $((now - since)) "
                              "$((until - now)); }\n";
constexpr const char* kTake = "if [ \"$until\" -gt \"$now\" ] && [ \"$id\" != \"$2\" ] && [ \"$id\" != \"$6\" ]; then\n"
                              "    tell\n"
                              "    exit 9\n"
                              "fi\n"
                              "printf '%s\\n' \"$2\" \"$3\" \"$4\" $((now + $5)) \"$now\" >\"$1.new\" && "
                              "mv -f \"$1.new\" \"$1\"\n";
constexpr const char* kHolder = "[ \"$until\" -le \"$now\" ] || tell\n";
constexpr const char* kRenew = "[ \"$id\" = \"$2\" ] || exit 9\n"
                               "printf '%s\\n' \"$id\" \"$owner\" \"$what\" $((now + $3)) \"$since\" >\"$1.new\" && "
                               "mv -f \"$1.new\" \"$1\"\n";
constexpr const char* kRelease = "[ \"$id\" != \"$2\" ] || rm -f \"$1\"\n";

Command lockScript(const char* script, const QStringList& arguments) {
    return scriptCommand((QByteArray(kGuard) + kRead + script).constData(), QStringList{kOperationLockPath} + arguments,
                         true);
}

QString expiry() {
    return QString::number(kOperationLockExpiry.count());
}

/// Field 22 of /proc/PID/stat, which tells a process from a later one of its number (proc(5)); empty: no such process,
/// or a zombie, which does nothing any more.
QString startOf(const QString& pid) {
    QFile stat(u"/proc/%1/stat"_s.arg(pid));
    if (!stat.open(QIODevice::ReadOnly))
        return {};
    // The name in field 2 may hold anything, a closing bracket too.
    const QString line = QString::fromLatin1(stat.readAll());
    const QString fields = line.sliced(line.lastIndexOf(u')') + 1).trimmed();
    return fields.startsWith(u'Z') ? QString() : fields.section(u' ', 19, 19);
}

/// Processes of one number live beside each other in containers: the boot and the PID namespace make it one.
QString machine() {
    QFile boot(u"/proc/sys/kernel/random/boot_id"_s);
    const QString id = boot.open(QIODevice::ReadOnly) ? QString::fromLatin1(boot.readAll()).trimmed() : QString();
    const QString space = QFile::symLinkTarget(u"/proc/self/ns/pid"_s).section(u'/', -1);
    return id + u'/' + space;
}

} // namespace

QString operationIdOfThisProcess() {
    const QString pid = QString::number(QCoreApplication::applicationPid());
    return machine() + u'/' + pid + u'/' + startOf(pid);
}

bool isDeadHere(const QString& id) {
    const QString here = machine() + u'/';
    if (!id.startsWith(here))
        return false;
    const QString process = id.sliced(here.size());
    return startOf(process.section(u'/', 0, 0)) != process.section(u'/', 1, 1);
}

Command takeOperationLock(const OperationClaim& claim, const QString& dead) {
    return lockScript(kTake, {claim.id, claim.owner, claim.what, expiry(), dead});
}

Command readOperationLock() {
    return scriptCommand((QByteArray(kRead) + kHolder).constData(), {kOperationLockPath});
}

Command renewOperationLock(const QString& id) {
    return lockScript(kRenew, {id, expiry()});
}

Command releaseOperationLock(const QString& id) {
    return lockScript(kRelease, {id});
}

std::optional<OperationHolder> operationHolder(const QByteArray& output) {
    const QStringList lines = QString::fromUtf8(output).split(u'\n');
    if (lines.size() < 5)
        return std::nullopt;
    return OperationHolder{{lines.at(0), lines.at(1), lines.at(2)},
                           std::chrono::seconds(lines.at(3).toLongLong()),
                           std::chrono::seconds(lines.at(4).toLongLong())};
}

Error heldError(const OperationHolder& holder, const QString& node) {
    return {
        ErrorCode::Refused,
        u"%1 is at work on this pair (%2, for %3 s)."_s.arg(holder.claim.owner, holder.claim.what,
                                                            QString::number(holder.heldFor.count())),
        node,
        u"Wait for its end; the lock of a program that has died ends by itself in %1 s."_s.arg(holder.endsIn.count())};
}

std::optional<OperationHolder> otherHolder(Link& link, std::chrono::milliseconds deadline) {
    const Result<ExecResult> result = execAndWait(link, readOperationLock(), deadline);
    if (!result)
        return std::nullopt;
    std::optional<OperationHolder> holder = operationHolder(result->output);
    if (holder && (holder->claim.id == operationIdOfThisProcess() || isDeadHere(holder->claim.id)))
        return std::nullopt;
    return holder;
}

} // namespace mha
