// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/node_past.h"

namespace mha {

namespace {

// Newest lines first, so that a limit or the time cuts off the oldest; "@@rc" comes through only where nothing was cut
// off. A Docker Engine that does not run is not asked: its socket would start it.
constexpr const char* kPastScript = R"sh(set -f
PATH=$PATH:/usr/sbin:/sbin; LC_ALL=C; export PATH LC_ALL
since=$1 limit=$2 name=$3
echo "@@past now $(date '+%s.%N %z')"
pid=$(cat /var/run/docker.pid 2>/dev/null)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ]; then
    echo '@@past container'
    timeout 5 docker inspect -f '{{.Id}} {{.State.Running}} {{.State.StartedAt}} {{.State.FinishedAt}}' "$name" 2>/dev/null
    echo '@@past events'
    timeout 5 docker events --since 1 --until "$(date +%s.%N)" --format '{{json .}}' 2>/dev/null
    echo '@@past ready'
    timeout 10 docker logs -t --since "$since" "$name" 2>&1 |
        grep -E 'Milvus server started successfully|Milvus Proxy successfully initialized and ready to serve' | tail -n 300
fi
echo '@@past program'
for f in /var/log/milvus-ha/node.jsonl.1 /var/log/milvus-ha/node.jsonl; do
    [ -r $f ] && grep -E '"code":"(vrrp|started|cable-lost|cable-back)"' $f | tail -n "$limit"
done
wanted='Entering [A-Z]+ STATE|Netlink reports|effective priority from|thread timer expired|Keepalived.*: (Stopping|Stopped)|Starting Keepalived'
wanted="$wanted|keepalived.service: Main process exited|Journal st(arted|opped)|shim disconnected|topic=/tasks/delete"
wanted="$wanted|starting signal loop.*task/moby/|Daemon has completed initialization|Stopping docker.service"
wanted="$wanted|docker.service: Main process exited|milvus-ha-node.service: Main process exited|milvus-ha(\[|:)"
if [ -d /run/systemd/system ] && command -v journalctl >/dev/null && [ -n "$(journalctl -q -n 1 2>/dev/null)" ]; then
    log() { journalctl -q --no-pager -o short-unix "$@" 2>/dev/null; }
    echo '@@past before'
    timeout 5 journalctl -q --no-pager -o short-unix -r --until="@$since" -t Keepalived_vrrp 2>/dev/null |
        grep -m 1 -E "Entering [A-Z]+ STATE"
    echo '@@past oldest'
    log | head -n 1
    echo '@@past lines'
    { timeout 20 journalctl -q --no-pager -o short-unix -r --since="@$since" \
        SYSLOG_IDENTIFIER=Keepalived_vrrp + SYSLOG_IDENTIFIER=Keepalived + UNIT=keepalived.service + \
        SYSLOG_IDENTIFIER=systemd-journald + SYSLOG_IDENTIFIER=dockerd + SYSLOG_IDENTIFIER=containerd + \
        UNIT=docker.service + UNIT=milvus-ha-node.service + SYSLOG_IDENTIFIER=milvus-ha 2>/dev/null
      echo "@@rc $?"; } | grep -E "$wanted|^@@rc" | head -n "$limit"
    echo '@@past signs'
    log --since="@$since" -t systemd-journald | grep 'Journal started' | tail -n 20 | while read -r at rest; do
        log -r -n 1 --until="@$(awk -v t="$at" 'BEGIN { printf "%.6f", t - 0.000001 }')" \
            _TRANSPORT=journal + _TRANSPORT=syslog + _TRANSPORT=stdout
    done
else
    for f in /var/log/syslog /var/log/messages; do
        [ -r "$f" ] || continue
        old=; [ -r "$f.1" ] && old=$f.1
        echo '@@past oldest'
        head -n 1 ${old:-$f}
        # One mark a boot: a host without systemd has only its kernel's.
        boot='systemd-journald.*Journal started'
        grep -aqE "$boot" $old $f || boot='kernel: .*Linux version'
        echo '@@past lines'
        { timeout 20 cat $old $f; echo "@@rc $?"; } | grep -aE "$wanted|$boot|^@@rc" | tail -n "$limit"
        echo '@@past signs'
        timeout 20 cat $old $f | grep -aE -B 1 "$boot" | grep -avE "$boot|^--$" | tail -n 20
        break
    done
fi
echo '@@past end'
exit 0
)sh";

} // namespace

Command pastCommand(Instant since, const QString& container) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since).time_since_epoch().count();
    return scriptCommand(kPastScript, {QString::number(seconds), QString::number(kMostLogLines), container}, true);
}

} // namespace mha
