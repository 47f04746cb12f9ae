// SPDX-License-Identifier: GPL-3.0-or-later
#include "act/lever_setup.h"

#include "keepalived/fault_flag.h"
#include "keepalived/find_script.h"

#include <QCryptographicHash>
#include <QRegularExpression>

namespace mha {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kDeadline{15};

/// After kFindKeepalivedFile: prints the file's name, the config id, the process id or nothing, and the file.
constexpr const char* kRead = R"SH(
printf '%s\n%s\n%s\n' "$conf" "$id" "$pid"
exec cat -- "$conf"
)SH";

/// The new text on standard input, tried beside the old file $1 (so that what it includes is found); prints the diff.
constexpr const char* kTry = R"SH(
real=$(readlink -f -- "$1") || exit 1
new=$(mktemp -- "$real.milvus-ha.XXXXXX") || exit 1
trap 'rm -f -- "$new"' EXIT
cat >"$new"
before=$(keepalived --config-test -f "$real" 2>&1)
rc_before=$?
after=$(keepalived --config-test -f "$new" 2>&1)
rc=$?
lines() { printf '%s\n' "$1" | wc -l; }
if [ $rc -ne 0 ] && { [ $rc -ne $rc_before ] || [ "$(lines "$before")" != "$(lines "$after")" ]; }; then
    printf '%s\n' "$after" >&2
    exit 1
fi
diff -U 3 --label "$1" --label "$1, changed" -- "$real" "$new"
exit 0
)SH";

/// $1 the file, $2 the hash of what it must be, $3 the VIP, $4 the flag's name where it must be tracked afterwards.
constexpr const char* kApply = R"SH(
real=$(readlink -f -- "$1") || exit 1
[ "$(sha256sum <"$real" | cut -d' ' -f1)" = "$2" ] || {
    echo 'the file was changed meanwhile' >&2
    exit 3
}
held() { ip -o address show to "$1" | wc -l; }
# keepalived writes its dump anew at the signal; complete once it has the part about the interfaces.
tracked() {
    dump=/proc/$pid/root/tmp/keepalived.data
    kill -"$(keepalived --signum=DATA)" "$pid" || return 1
    i=0
    while [ $i -lt 50 ]; do
        if [ -r "$dump" ] && [ "$dump" -nt "$mark" ] && grep -q '< Interfaces >' "$dump"; then
            sed -n '/< VRRP Topology >/,/< VRRP Sockpool >/p' "$dump" | grep -q "^ *$1, weight 0"
            return $?
        fi
        sleep 0.1
        i=$((i+1))
    done
    return 1
}
before=$(held "$3")
backup=$real.before-milvus-ha-$(date -u +%Y%m%dT%H%M%SZ)
cp -p -- "$real" "$backup" || exit 1
new=$(mktemp -- "$real.milvus-ha.XXXXXX") || exit 1
mark=$(mktemp) || exit 1
trap 'rm -f -- "$new" "$mark"' EXIT
cat >"$new" && chown --reference="$real" -- "$new" && chmod --reference="$real" -- "$new" && mv -f -- "$new" "$real" ||
    exit 1
if [ -n "$pid" ]; then
    kill -HUP "$pid"
    good=1
    if [ -n "$4" ]; then
        # A reload takes a moment: until then the dump is the old one.
        good=
        j=0
        while [ $j -lt 5 ] && [ -z "$good" ]; do
            touch -- "$mark"
            tracked "$4" && good=1 || sleep 0.3
            j=$((j+1))
        done
    fi
    [ "$(held "$3")" = "$before" ] || good=
    if [ -z "$good" ]; then
        cp -p -- "$backup" "$real" && kill -HUP "$pid"
        echo 'keepalived did not take it up as it should; the old file is in force again' >&2
        exit 4
    fi
fi
printf '%s\n' "$backup"
)SH";

Command rootScript(const char* script, const QStringList& arguments, const QByteArray& input) {
    Command command = scriptCommand((kFindKeepalived + QByteArray(script)).constData(), arguments, true);
    command.input = input;
    return command;
}

Result<QByteArray> run(Link& link, const QString& node, const Command& command) {
    const Result<ExecResult> result = execAndWait(link, command, kDeadline);
    if (!result)
        return std::unexpected(result.error());
    if (result->exitCode == 0)
        return result->output;
    const QString why = QString::fromUtf8(result->errors).trimmed().replace(u'\n', u"; "_s);
    if (why.contains(u"sudo"_s)) {
        return std::unexpected(Error{ErrorCode::Refused, u"This needs root there: %1."_s.arg(why), node,
                                     u"Let the user run sudo without a password, or connect as root."_s});
    }
    return std::unexpected(Error{ErrorCode::Refused, u"The change was not made: %1."_s.arg(why), node,
                                 u"Look at `keepalived --config-test` and `journalctl -u keepalived` there."_s});
}

QString withoutPasswords(const QByteArray& diff) {
    static const QRegularExpression kPassword(uR"((auth_pass\s+)("[^"]*"|\S+))"_s);
    return QString::fromUtf8(diff).replace(kPassword, u"\\1…"_s);
}

} // namespace

Result<LeverChange> planLever(Link& link, const Pair& pair, int node, LeverAction action) {
    const QString& name = pair.nodes[static_cast<std::size_t>(node)].name;
    const Result<QByteArray> read =
        run(link, name, rootScript((QByteArray(kFindKeepalivedFile) + kRead).constData(), {}, {}));
    if (!read)
        return std::unexpected(read.error());
    QList<QByteArray> head;
    qsizetype position = 0;
    for (int i = 0; i < 3; ++i) {
        const qsizetype end = read->indexOf('\n', position);
        if (end < 0)
            return std::unexpected(Error{ErrorCode::Protocol, u"keepalived.conf could not be read."_s, name, {}});
        head += read->sliced(position, end - position);
        position = end + 1;
    }
    if (action == LeverAction::Install && head[2].isEmpty()) {
        return std::unexpected(Error{
            ErrorCode::Refused, u"keepalived does not run, so that it could not be proved to take the change up."_s,
            name, u"Start it: `systemctl start keepalived`."_s});
    }
    LeverChange change;
    change.node = node;
    change.file = QString::fromUtf8(head[0]);
    change.before = read->sliced(position);
    Result<QByteArray> after = action == LeverAction::Install
                                   ? withFaultFlag(change.before, pair.vipAddress(), QString::fromUtf8(head[1]))
                                   : withoutFaultFlag(change.before);
    if (!after) {
        Error error = after.error();
        error.where = name + u", "_s + change.file;
        return std::unexpected(error);
    }
    change.after = *after;
    if (change.nothing())
        return change;
    const Result<QByteArray> diff = run(link, name, rootScript(kTry, {change.file}, change.after));
    if (!diff)
        return std::unexpected(diff.error());
    change.diff = withoutPasswords(*diff);
    return change;
}

Result<QString> applyLever(Link& link, const Pair& pair, const LeverChange& change) {
    const QString& name = pair.nodes[static_cast<std::size_t>(change.node)].name;
    const QByteArray hash = QCryptographicHash::hash(change.before, QCryptographicHash::Sha256).toHex();
    const bool tracks = change.after.contains(kFaultFlagPath.toUtf8());
    const QStringList arguments{change.file, QString::fromLatin1(hash), pair.vipAddress(),
                                tracks ? kFaultFlagName : QString()};
    const Result<QByteArray> done = run(link, name, rootScript(kApply, arguments, change.after));
    if (!done)
        return std::unexpected(done.error());
    return QString::fromUtf8(done->trimmed());
}

} // namespace mha
