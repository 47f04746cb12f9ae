# SPDX-License-Identifier: GPL-3.0-or-later
# A host: made, booted, entered, cut from its power.
# shellcheck shell=bash

# Capabilities that act on the machine whatever the namespace.
HOST_LACKS=-sys_time,-sys_module,-sys_rawio,-syslog,-wake_alarm

# The hierarchies in the words of host-init.sh.
host_cgroup_words() {
    local words
    words=$(awk '{
        for (i = 7; i <= NF && $i != "-"; i++) {}
        type = $(i + 1); options = $(i + 3)
        if ($4 != "/" || seen[$3]++) next
        if (type == "cgroup2") unified = 1
        if (type == "cgroup") {
            v1 = 1
            sub(/^rw,?/, "", options)
            gsub(/(^|,)(xattr|clone_children|noprefix|release_agent=[^,]*)/, "", options)
            sub(/^,/, "", options)
            list = list " " options
        }
    } END { if (v1) print "v1" list (unified ? " unified" : ""); else print "v2" }' /proc/self/mountinfo)
    printf '%s' "$words"
}

# The disks of a new host, and the first files on them.
host_make_disk() {
    local host=$1 disk=$DISK/$1
    mkdir -p "$disk"/{root,upper,work,usr,usr-work,docker,containerd,seed}
    chmod 755 "$disk" "$disk"/{root,upper,usr}
    seed_host "$host" "$disk/seed"
}

# Starts PID 1 and returns at once; wait with host_booted. The process that unshares leaves as soon as PID 1 is born:
# cgroup v2 lets the host's systemd divide its group only if nobody but itself is in there.
host_start() {
    local host=$1 pid
    cgroups_make "$host"
    # shellcheck disable=SC2016
    pid=$(
        cgroup_join "$host" "$BASHPID"
        cd /
        exec setsid nsenter --net="$(netns_file "$host")" unshare --mount --uts --ipc --pid --cgroup \
            --propagation private /bin/bash -c '/bin/bash "$@" </dev/null >"$0" 2>&1 & echo $!' "$STATE/$host.log" \
            "$LIB/host-init.sh" "$NAME" "$host" "$LAYER" "$DISK/$host" "$DISK/shared" \
            "$(host_cgroup_words)" "$HOST_LACKS" 9>&- 8>&-
    )
    echo "$pid" >"$STATE/$host.pid"
    host_pid "$host" >/dev/null || die "$host did not start: $(tail -n 5 "$STATE/$host.log")"
}

# Prints the machine's view of the host's PID 1; fails when the host is off.
host_pid() {
    local pid=
    [[ -r $STATE/$1.pid ]] && pid=$(<"$STATE/$1.pid")
    # The number may have been given to another process since.
    [[ -n $pid ]] && grep -qE '^NSpid:.*[[:space:]]1$' "/proc/$pid/status" 2>/dev/null &&
        grep -q "mhalab-$NAME-$1" "/proc/$pid/cgroup" 2>/dev/null || return 1
    printf '%s' "$pid"
}

# host_enter HOST CMD…: replaces this process by CMD inside the host.
host_enter() {
    local host=$1 pid
    shift
    pid=$(host_pid "$host") || die "$host is off (lab boot $host)"
    # Whoever joins a frozen group freezes with it, deaf even to a timeout.
    if cgroup_frozen "$host"; then die "$host is frozen (lab heal freeze-host $host)"; fi
    cgroup_join "$host" "$BASHPID" lab-exec
    # With no more rights than the host's own root has: the clock and the modules are the machine's.
    exec setpriv --bounding-set "$HOST_LACKS" nsenter -t "$pid" -m -p -n -u -i -C /usr/bin/env -i TERM="${TERM:-dumb}" LANG=C.UTF-8 HOME=/root USER=root \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" 9>&- 8>&-
}

in_host() { (host_enter "$@"); }

# Tells systemd's own word about the boot, and the three services we live by.
host_booted() {
    host_pid "$1" >/dev/null || die "$1 died while it booted: $(tail -n 5 "$STATE/$1.log")"
    in_host "$1" /bin/bash -c '
        systemctl is-active --quiet ssh docker && [[ -S /run/docker.sock ]] &&
        docker version --format "{{.Server.Version}}"' >/dev/null 2>&1
}

# Power off without a word to anybody: the cable first, so that no reset or advert of the dying leaves the host.
host_power_cut() {
    local host=$1 pid
    if netns_exists lan; then cable "$host" down 2>/dev/null || true; fi
    if pid=$(host_pid "$host"); then kill -KILL "$pid" 2>/dev/null || true; fi
    cgroup_kill "$host"
    rm -f "$STATE/$host.pid"
    host_net_remove "$host"
    cgroups_remove "$host"
}

host_boot() {
    local host=$1
    host_pid "$host" >/dev/null && return 0
    cgroup_kill "$host"
    host_net_remove "$host"
    host_net_make "$host"
    host_start "$host"
    wait_for 60 "$host to boot" host_booted "$host"
}
