// SPDX-License-Identifier: GPL-3.0-or-later

// What is run on the node to look at keepalived; its output is read in runtime.cpp.

#include "keepalived/find_script.h"
#include "keepalived/runtime.h"

#include <QRandomGenerator>

namespace mha {

namespace {

// keepalived writes its dump asynchronously: a new inode or change time tells the new one, which is renamed into place
// before it is written, so it counts only with its last bracket.
// The dump is looked for where keepalived's own /tmp is (PrivateTmp). Passwords never leave the node: in the dump one
// is cut out, in the configuration a mark takes its place, made with a key ($1) that only this process knows.
constexpr const char* kPrelude = R"sh(LC_ALL=C; export LC_ALL
key=$1
)sh";
constexpr const char* kStateScript = R"sh(maintenance=/run/milvus-ha.maintenance
if [ -r $maintenance ] && [ "$(sed -n 2p $maintenance)" -gt "$(date +%s)" ] 2>/dev/null; then
    echo '@@mha maintenance'
    cat $maintenance
fi
[ -S /run/milvus-ha/node.sock ] && echo '@@mha program'
if [ -n "$pid" ]; then
    # Word 22 of stat is the start time, the 20th after the name: together with the pid it names one run.
    # With the time of the maintenance file, where there is one: it is looked at anew when that changes.
    echo "@@mha running $pid $(sed 's/.*) //' "/proc/$pid/stat" | cut -d' ' -f20)" \
        $(stat -c %Y $maintenance 2>/dev/null)
    dump=/proc/$pid/root/tmp/keepalived.json
    before=$(stat -c '%i %z' "$dump" 2>/dev/null)
    signal=$(keepalived --signum=JSON 2>/dev/null)
    told=
    if [ -n "$signal" ] && kill -"$signal" "$pid" 2>/dev/null; then
        i=0
        while [ $i -lt 40 ]; do
            now=$(stat -c '%i %z' "$dump" 2>/dev/null)
            if [ -n "$now" ] && [ "$now" != "$before" ]; then
                json=$(sed -E 's/"auth_data" *: *"([^"\\]|\\.)*"/"auth_data":""/g' "$dump")
                case $json in *']'|*'}')
                    echo '@@mha json'
                    printf '%s\n\n' "$json"
                    told=1
                    break ;;
                esac
            fi
            sleep 0.02
            i=$((i+1))
        done
    fi
    if [ -z "$told" ]; then
        lines=$(journalctl -q --no-pager -o short-unix -n 200 -u keepalived 2>/dev/null)
        if [ -n "$lines" ]; then
            echo '@@mha journal'
            printf '%s\n' "$lines"
        else
            for f in /var/log/syslog /var/log/messages; do
                [ -r "$f" ] && { echo '@@mha syslog'; grep -F Keepalived_vrrp "$f" | tail -n 200; break; }
            done
        fi
    fi
elif command -v keepalived >/dev/null; then
    echo '@@mha stopped'
else
    echo '@@mha absent'
fi
# One line of the configuration without its password. What follows a line that ends in auth_pass is hidden whole.
harmless() {
    if [ -n "$hide" ]; then
        hide=
        echo -
        return
    fi
    case $1 in
    *auth_pass*)
        case $1 in *auth_pass|*auth_pass*\\) hide=1 ;; esac
        pass=$(printf '%s\n' "$1" | sed -nE 's/.*auth_pass[[:space:]]+("([^"]*)"|([^]"[:space:]}!#]+)).*/\2\3/p')
        mark=-
        case $pass in
        ''|*'$'*) ;;
        *) mark=mha-mark:$(printf '%s%.8s' "$key" "$pass" | sha256sum | cut -c1-16) ;;
        esac
        printf '%s\n' "$1" | sed -E 's/(auth_pass[[:space:]]+)("[^"]*"|[^[:space:]}]+)/\1'"$mark"'/g' ;;
    *'$'*[Pp][Aa][Ss][Ss]*=*)
        case $1 in *\\) hide=1 ;; esac
        printf '%s-\n' "${1%%=*}=" ;;
    *) printf '%s\n' "$1" ;;
    esac
}
# The file $1 with the files that it includes in their places. $2: how deep. Each in a shell of its own, as keepalived
# reads each from its own folder.
flatten() (
    [ "$2" -lt 9 ] || exit 0
    depth=$2
    exec <"$1" || exit 0
    cd "$(dirname "$1")" || exit 0
    hide=
    while IFS= read -r line || [ -n "$line" ]; do
        set -- $line
        case ${1:-} in
        "@^$id") set -- ;;
        "@$id"|"@^"*) shift ;;
        esac
        case ${1:-} in
        include|includer|includem|includew|includeb|includea)
            pattern=${2%\"}
            pattern=${pattern#\"}
            found=
            set +f
            for file in $pattern; do
                [ -f "$file" ] && [ -r "$file" ] || continue
                found=1
                flatten "$file" $((depth + 1))
            done
            set -f
            [ -n "$found" ] && continue ;;
        esac
        harmless "$line"
    done
)
# What each program that the configuration names is, as far as this user can tell.
programs() {
    sed -nE 's/^[^!#]*(script|notify[a-z_]*)[[:space:]]+["'\'']?(\/[^]"'\''[:space:]]+).*/\2/p' | sort -u | head -n 40 |
    while IFS= read -r file; do
        if [ ! -e "$file" ]; then
            [ -x "$(dirname "$file")" ] || [ ! -e "$(dirname "$file")" ] && echo "missing $file"
            continue
        fi
        calls=
        text=$(head -c 65536 "$file" 2>/dev/null | tr -d '\0' | grep -E '^[^#]*docker')
        [ -n "$text" ] && calls=d
        printf '%s\n' "$text" |
            grep -qE 'docker( +container)? +(start|restart|run)|docker[- ]compose.* (up|start|restart)' && calls=${calls}s
        printf '%s\n' "$text" |
            grep -qE 'docker( +container)? +(stop|kill|rm)|docker[- ]compose.* (stop|down|kill)' && calls=${calls}e
        echo "program $(stat -L -c '%u %a' "$file") -$calls $file"
    done
}
users() {
    group=$(stat -L -c %G /var/run/docker.sock 2>/dev/null)
    for user in root keepalived_script $(sed -nE 's/^[[:space:]]*(script_)?user[[:space:]]+([A-Za-z0-9_.-]+).*/\2/p' | sort -u); do
        number=$(id -u "$user" 2>/dev/null) || continue
        may=no
        [ "$number" = 0 ] && may=yes
        [ -n "$group" ] && case " $(id -nG "$user") " in *" $group "*) may=yes ;; esac
        echo "user $may $user"
    done
}
if [ -r "$conf" ]; then
    text=$(flatten "$conf" 0)
    echo "@@mha config-id $id"
    echo '@@mha programs'
    printf '%s\n' "$text" | programs
    echo '@@mha users'
    printf '%s\n' "$text" | users
    echo '@@mha config'
    printf '%s\n' "$text"
elif [ -e "$conf" ]; then
    echo '@@mha config-unreadable'
else
    echo '@@mha config-missing'
fi
echo
echo '@@mha end'
)sh";

// As the line "@@mha running" of the whole look. Asked often: by the shell's own commands, as far as it goes.
constexpr const char* kRunScript = R"sh(pid=
for f in /run/keepalived.pid /run/keepalived/keepalived.pid; do
    [ -r "$f" ] && { read -r pid <"$f"; break; }
done
case $pid in ''|*[!0-9]*) pid=$(pgrep -o -x keepalived) ;; esac
name=
[ -n "$pid" ] && { read -r name <"/proc/$pid/comm"; } 2>/dev/null
if [ "$name" = keepalived ]; then
    read -r words <"/proc/$pid/stat"
    set -- ${words##*) }
    changed=
    [ -e /run/milvus-ha.maintenance ] && changed=$(stat -c %Y /run/milvus-ha.maintenance)
    echo "$pid ${20}" $changed
fi
[ -S /run/milvus-ha/node.sock ] && echo program
exit 0
)sh";

// `tail` and `journalctl -f` would outlive the connection; cat ends with it.
constexpr const char* kJournalScript = R"sh(PATH=$PATH:/usr/sbin:/sbin; LC_ALL=C; export PATH LC_ALL
if [ -d /run/systemd/system ] && command -v journalctl >/dev/null; then
    journalctl -q --no-pager -o short-unix -n 0 -f _SYSTEMD_UNIT=keepalived.service + UNIT=keepalived.service + \
        SYSLOG_IDENTIFIER=milvus-ha & p=$!
elif [ -r /var/log/syslog ]; then
    tail -n 0 -F /var/log/syslog 2>/dev/null & p=$!
elif [ -r /var/log/messages ]; then
    tail -n 0 -F /var/log/messages 2>/dev/null & p=$!
else
    exit 1
fi
cat >/dev/null
kill $p
)sh";

} // namespace

QString passwordMarkKey() {
    // Without it nobody can try passwords on a mark.
    static const QString key = QString::number(QRandomGenerator::system()->generate64(), 16) +
                               QString::number(QRandomGenerator::system()->generate64(), 16);
    return key;
}

Command keepalivedStateCommand() {
    static const QByteArray kScript = QByteArray(kPrelude) + kFindKeepalived + kFindKeepalivedFile + kStateScript;
    return scriptCommand(kScript.constData(), {passwordMarkKey()}, true);
}

Command keepalivedRunCommand() {
    return scriptCommand(kRunScript);
}

Command keepalivedJournalCommand() {
    return scriptCommand(kJournalScript, {}, true);
}

} // namespace mha
