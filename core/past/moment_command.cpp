// SPDX-License-Identifier: GPL-3.0-or-later
#include "past/log_moment.h"

namespace mha {

namespace {

// `ends` keeps the first and the last lines, so that of a long outage both its begin and its end are told, and "@@rc"
// comes through only where nothing broke off. A syslog has local times: ISO ones are compared as they are, traditional
// ones without their year as month, day and time.
constexpr const char* kMomentScript = R"sh(set -f
PATH=$PATH:/usr/sbin:/sbin; LC_ALL=C; export PATH LC_ALL
from=$1 until=$2 most=$3 bytes=$4
echo "@@past now $(date '+%s.%N %z')"
file=
for f in /var/log/syslog /var/log/messages; do [ -r "$f" ] && { file=$f; break; }; done
oldest=
id=$(cat /etc/machine-id 2>/dev/null)
for f in /var/log/journal /run/log/journal; do
    [ -r "$f/$id/system.journal" ] || continue
    oldest=$(journalctl -q --no-pager -o short-unix 2>/dev/null | head -n 1)
    break
done
ends() {
    awk -v m="$most" 'NR <= m { print; next } { kept[NR % m] = $0 }
        END { n = NR - m; if (n > m) { print "@@left " n - m; n = m }
              for (i = NR - n + 1; n > 0 && i <= NR; i++) print kept[i % m] }'
}
at=${oldest%%.*}
if [ -n "$at" ] && { [ "$at" -le "$from" ] || [ -z "$file" ]; }; then
    fields=--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM,_TRANSPORT,_SOURCE_REALTIME_TIMESTAMP
    journalctl -q -n 0 "$fields" >/dev/null 2>&1 || fields=-q
    log() {
        { timeout 10 journalctl -q --no-pager -o json "$fields" --since="@$from" --until="@$until" "$@" 2>/dev/null
          echo "@@rc $?"; } | ends
    }
    printf '@@past oldest %s\n' "$oldest"
    {
        echo '@@past lines'
        log _SYSTEMD_UNIT=keepalived.service + UNIT=keepalived.service + SYSLOG_IDENTIFIER=Keepalived + \
            SYSLOG_IDENTIFIER=Keepalived_vrrp + SYSLOG_IDENTIFIER=Keepalived_healthcheckers + \
            SYSLOG_IDENTIFIER=dockerd + SYSLOG_IDENTIFIER=containerd + UNIT=docker.service + UNIT=containerd.service + \
            SYSLOG_IDENTIFIER=milvus-ha + SYSLOG_IDENTIFIER=systemd-journald + SYSLOG_IDENTIFIER=systemd-logind + \
            SYSLOG_IDENTIFIER=systemd-networkd + SYSLOG_IDENTIFIER=NetworkManager + \
            SYSLOG_IDENTIFIER=systemd-timesyncd + SYSLOG_IDENTIFIER=chronyd
        echo '@@past kernel'
        log _TRANSPORT=kernel
    } | head -c "$bytes"
elif [ -n "$file" ]; then
    old=; [ -r "$file.1" ] && old=$file.1
    day() { date -d "@$1" "+%m%d%H:%M:%S"; }
    iso() { date -d "@$1" "+%Y-%m-%dT%H:%M:%S"; }
    log() {
        { timeout 10 cat $old "$file"; echo "@@rc $?"; } |
            awk -v a="$(day "$from")" -v b="$(day "$until")" -v c="$(iso "$from")" -v d="$(iso "$until")" '
                /^@@rc/ { print; next }
                /^[0-9][0-9][0-9][0-9]-/ { t = substr($0, 1, 19); if (t >= c && t <= d) print; next }
                { t = sprintf("%02d%02d%s", (index("JanFebMarAprMayJunJulAugSepOctNovDec", $1) + 2) / 3, $2, $3)
                  if (a <= b ? (t >= a && t <= b) : (t >= a || t <= b)) print }' | grep -aE "$1|^@@rc" | ends
    }
    printf '@@past oldest %s\n' "$(head -n 1 ${old:-"$file"})"
    {
        echo '@@past lines'
        log ' (Keepalived[a-z_]*|dockerd|containerd|milvus-ha|systemd-[a-z]+|NetworkManager|chronyd)(\[[0-9]+\])?: | systemd\[1\]: .*([Kk]eepalived|[Dd]ocker|containerd)'
        echo '@@past kernel'
        log ' kernel: '
    } | head -c "$bytes"
else
    echo '@@past none'
fi
echo
echo '@@past end'
exit 0
)sh";

QString wholeSeconds(Instant at, bool up) {
    const auto seconds =
        up ? std::chrono::ceil<std::chrono::seconds>(at) : std::chrono::floor<std::chrono::seconds>(at);
    return QString::number(seconds.time_since_epoch().count());
}

} // namespace

Command momentCommand(Instant from, Instant until) {
    return scriptCommand(kMomentScript,
                         {wholeSeconds(from, false), wholeSeconds(until, true), QString::number(kMostMomentLines),
                          QString::number(kMostMomentBytes)},
                         true);
}

} // namespace mha
