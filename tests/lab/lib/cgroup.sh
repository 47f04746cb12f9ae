# SPDX-License-Identifier: GPL-3.0-or-later
# A cgroup for each host in every hierarchy of the machine, be it v1, v2 or both (hybrid). They serve three ends: the
# host's systemd and Docker Engine get a tree of their own, a host can be frozen as a whole, and `down` finds every
# process of the lab whatever became of its parents.
# shellcheck shell=bash

# Mount points of the machine's cgroup hierarchies, one a line. Fresh each time: a lab may have mounted one.
cgroup_mounts() {
    awk '{
        for (i = 7; i <= NF && $i != "-"; i++) {}
        if (($(i + 1) == "cgroup" || $(i + 1) == "cgroup2") && $4 == "/" && !seen[$3]++) print $5
    }' /proc/self/mountinfo
}

# systemd wants a hierarchy of its own on v1; a machine that does not run systemd may have none.
cgroup_prepare() {
    local mounts
    mounts=$(cgroup_mounts)
    [[ -n $mounts ]] || die "no cgroup hierarchy is mounted on this machine: mount cgroup2 on /sys/fs/cgroup"
    if ! grep -qE ' - (cgroup2 |cgroup .*name=systemd)' /proc/self/mountinfo; then
        mkdir -p "$STATE/cgroup-systemd"
        mount -t cgroup -o none,name=systemd,xattr cgroup "$STATE/cgroup-systemd"
    fi
}

cgroup_name() { printf 'mhalab-%s-%s' "$NAME" "$1"; }

# cgroups_make PART: PART is a host or `build`.
cgroups_make() {
    local mount dir controller
    cgroup_prepare
    while read -r mount; do
        dir=$mount/$(cgroup_name "$1")
        mkdir -p "$dir"
        if [[ -e $dir/cpuset.cpus && -e $mount/cpuset.cpus && ! -e $mount/cgroup.controllers ]]; then
            # A v1 cpuset takes no process before it has processors and memory nodes.
            cat "$mount/cpuset.cpus" >"$dir/cpuset.cpus"
            cat "$mount/cpuset.mems" >"$dir/cpuset.mems"
        fi
        if [[ -e $mount/cgroup.controllers && $(cgroup_mounts | wc -l) == 1 ]]; then
            # v2 alone: what the hosts' systemd may hand on must be handed to them first. Not every controller may be had.
            for controller in $(<"$mount/cgroup.controllers"); do
                echo "+$controller" >"$mount/cgroup.subtree_control" 2>/dev/null || true
            done
        fi
    done < <(cgroup_mounts)
}

# cgroup_join PART PID [LEAF]: puts the process into the part's cgroups. A host's own root may hold no process in v2
# when its systemd wants to divide it: whoever comes later goes to a leaf.
cgroup_join() {
    local mount dir
    while read -r mount; do
        dir=$mount/$(cgroup_name "$1")
        if [[ -n ${3:-} && -e $mount/cgroup.controllers ]]; then
            dir=$dir/$3
            mkdir -p "$dir"
        fi
        echo "$2" >"$dir/cgroup.procs"
    done < <(cgroup_mounts)
}

# in_cgroup PART CMD…: runs CMD in the part's cgroups.
in_cgroup() {
    local part=$1
    shift
    (
        cgroup_join "$part" "$BASHPID"
        exec "$@"
    )
}

# Every process in the part's cgroups, one a line. One that is in no PID namespace of ours reads as 0, and `kill 0` would
# be for ourselves.
cgroup_pids() {
    local mount dir
    while read -r mount; do
        dir=$mount/$(cgroup_name "$1")
        [[ -d $dir ]] && find "$dir" -name cgroup.procs -exec cat {} + 2>/dev/null
    done < <(cgroup_mounts) | sort -un | grep -vx 0 || true
}

# cgroup_freeze PART 1|0. Returns when all processes are frozen (or thawed).
cgroup_freeze() {
    local mount dir want
    while read -r mount; do
        dir=$mount/$(cgroup_name "$1")
        [[ -d $dir ]] || continue
        if [[ -e $dir/freezer.state ]]; then
            want=$([[ $2 == 1 ]] && echo FROZEN || echo THAWED)
            echo "$want" >"$dir/freezer.state" || return 1
            wait_for 5 "$1 to be $want" grep -q "$want" "$dir/freezer.state"
            return
        fi
    done < <(cgroup_mounts)
    while read -r mount; do
        dir=$mount/$(cgroup_name "$1")
        [[ -e $dir/cgroup.freeze ]] || continue
        echo "$2" >"$dir/cgroup.freeze" || return 1
        wait_for 5 "$1 to be frozen=$2" grep -q "frozen $2" "$dir/cgroup.events"
        return
    done < <(cgroup_mounts)
    [[ $2 == 0 ]]
}

cgroup_frozen() {
    local mount dir
    while read -r mount; do
        dir=$mount/$(cgroup_name "$1")
        if [[ -e $dir/freezer.state ]]; then grep -q FROZEN "$dir/freezer.state" && return 0; fi
        if [[ -e $dir/cgroup.events ]]; then grep -q 'frozen 1' "$dir/cgroup.events" && return 0; fi
    done < <(cgroup_mounts)
    return 1
}

# Kills whatever is left in the part's cgroups, frozen or not, until nothing is.
cgroup_kill() {
    local deadline pids
    deadline=$(uptime_after 15)
    while pids=$(cgroup_pids "$1") && [[ -n $pids ]]; do
        # shellcheck disable=SC2086
        kill -KILL $pids 2>/dev/null || true
        cgroup_freeze "$1" 0 2>/dev/null || true
        ! past "$deadline" || {
            say "these processes of $1 do not die: ${pids//$'\n'/ }"
            return 1
        }
        sleep 0.02
    done
}

cgroups_remove() {
    local mount dir tries
    while read -r mount; do
        dir=$mount/$(cgroup_name "$1")
        for ((tries = 0; tries < 100; tries++)); do
            [[ -d $dir ]] || break
            # A group stays busy for a moment after its last process has gone.
            find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null && break
            sleep 0.05
        done
        if [[ -d $dir ]]; then say "cgroup $dir cannot be removed"; fi
    done < <(cgroup_mounts)
}

cgroup_forget() {
    if mountpoint -q "$STATE/cgroup-systemd" 2>/dev/null; then umount "$STATE/cgroup-systemd"; fi
}
