// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace mha {

// Shell by which a node's running keepalived is found, to begin scripts of ours with.

/// Sets PATH, no file names from patterns, and pid to the running keepalived's process, or to nothing.
inline constexpr char kFindKeepalived[] = R"sh(set -f
PATH=$PATH:/usr/sbin:/sbin
pid=
for f in /run/keepalived.pid /run/keepalived/keepalived.pid; do
    [ -r "$f" ] && { pid=$(cat "$f"); break; }
done
case $pid in ''|*[!0-9]*) pid=$(pgrep -o -x keepalived) ;; esac
[ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != keepalived ] && pid=
)sh";

/// After kFindKeepalived: sets conf and id to its file and its config id, as it was started or by default. The script's
/// own arguments are gone afterwards.
inline constexpr char kFindKeepalivedFile[] = R"sh(conf=/etc/keepalived/keepalived.conf
id=$(uname -n); id=${id%%.*}
if [ -n "$pid" ]; then
    set -- $(tr '\0' ' ' <"/proc/$pid/cmdline")
    while [ $# -gt 0 ]; do
        case $1 in
        -f) conf=$2 ;;
        --use-file=*) conf=${1#*=} ;;
        -i) id=$2 ;;
        --config-id=*) id=${1#*=} ;;
        esac
        shift
    done
fi
)sh";

} // namespace mha
