# SPDX-License-Identifier: GPL-3.0-or-later
# Names, places and small words of the lab. Sourced by ../lab; everything a lab makes carries its name, so that
# `down` finds it without a state file.
# shellcheck shell=bash disable=SC2034

VIP=192.168.1.104
VIP_CIDR=192.168.1.104/24
LAN_ADDRESS=192.168.1.10
HOSTS=(master backup)
declare -A HOST_ADDRESS=([master]=192.168.1.85 [backup]=192.168.1.38)
declare -A HOST_INTERFACE=([master]=enp7s0 [backup]=enp3s0)
# A server keeps its network card when it is switched off and on: so do its neighbours' ARP entries.
declare -A HOST_MAC=([master]=52:54:00:a8:01:55 [backup]=52:54:00:a8:01:26)
CONTAINER=milvus
STATE_ROOT=/run/milvus-ha-lab

die() {
    printf 'lab: %s\n' "$*" >&2
    exit 1
}

say() { printf 'lab: %s\n' "$*" >&2; }

usage_error() {
    printf 'lab: %s\nTry: lab help\n' "$*" >&2
    exit 64
}

# Sets every path that follows from the lab's name.
lab_paths() {
    NAME=$1
    [[ $NAME =~ ^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$ ]] ||
        usage_error "LAB='$NAME': a lab's name is 1 to 24 of a-z, 0-9 and '-' (not at its ends)"
    STATE=$STATE_ROOT/$NAME
    CACHE=${LAB_CACHE:-}
    # A running lab knows its own cache: `down` must find it though the caller's environment differs.
    if [[ -z $CACHE && -r $STATE/cache ]]; then CACHE=$(<"$STATE/cache"); fi
    if [[ -z $CACHE ]]; then CACHE=${XDG_CACHE_HOME:-/var/cache}/milvus-ha-lab; fi
    DISK=$CACHE/labs/$NAME
}

netns_name() { printf 'mhalab-%s-%s' "$NAME" "$1"; }
netns_file() { printf '/run/netns/mhalab-%s-%s' "$NAME" "$1"; }

need_root() {
    [[ $EUID -eq 0 ]] || die "the lab makes namespaces and mounts: run it as root, for instance with sudo"
}

# The one who called, also through sudo: owner of the identity, user of `exec lan`.
caller_uid() { printf '%s' "${SUDO_UID:-$(id -u)}"; }
caller_gid() { printf '%s' "${SUDO_GID:-$(id -g)}"; }

# overlayfs wants an upper layer on a real disk; fsync on a tmpfs would prove nothing.
check_cache_disk() {
    mkdir -p "$CACHE"
    local type
    type=$(stat -f -c %T "$CACHE")
    case $type in
    overlayfs | tmpfs | ramfs | nfs | fuseblk)
        die "$CACHE is on $type, but the lab's hosts need a real disk: set LAB_CACHE to a folder on ext4, xfs or btrfs"
        ;;
    esac
    [[ $CACHE != /usr/* ]] || die "LAB_CACHE=$CACHE lies below /usr, which is a layer of the hosts: choose another folder"
}

# Processes that hold the lab's lock file open, but for this one.
lock_holders() {
    find /proc -maxdepth 3 -path '/proc/[0-9]*/fd/*' -lname "$STATE/lock" 2>/dev/null | cut -d/ -f3 | sort -un |
        grep -vx -e "$$" -e "$BASHPID" || true
}

# The children that a killed or interrupted command left at work still hold its lock.
kill_lock_holders() {
    local pids
    pids=$(lock_holders)
    # shellcheck disable=SC2086
    if [[ -n $pids ]]; then kill -KILL $pids 2>/dev/null || true; fi
}

# One command at a time changes a lab. The lock file names its owner and goes with the lab's folder.
lock_lab() {
    local deadline owner=
    deadline=$(uptime_after 180)
    until past "$deadline"; do
        mkdir -p "$STATE"
        exec 9>>"$STATE/lock" || continue
        if ! flock -w 1 9; then
            read -r owner <"$STATE/lock" || owner=
            if [[ -n $owner && ! /proc/$owner/fd/9 -ef $STATE/lock ]]; then kill_lock_holders; fi
            continue
        fi
        # `down` may have removed the folder while we waited for its lock.
        [[ /proc/self/fd/9 -ef $STATE/lock ]] || continue
        echo "$$" >"$STATE/lock"
        return 0
    done
    die "another lab command holds lab '$NAME' (process $owner)"
}

# bound CMD…: a CMD that dies with this process, and takes all of its children along.
bound() { setpriv --pdeathsig KILL unshare --pid --fork --kill-child "$@" 9>&- 8>&-; }

# Deadlines by the time since boot, in hundredths of a second: nobody can set that clock.
uptime_after() {
    local now
    read -r now _ </proc/uptime
    printf '%s' $((${now/./} + $1 * 100))
}

past() {
    local now
    read -r now _ </proc/uptime
    ((${now/./} > $1))
}

# wait_for SECONDS WHAT CMD…: asks CMD every 50 ms until it succeeds.
wait_for() {
    local deadline what=$2
    deadline=$(uptime_after "$1")
    shift 2
    until "$@"; do
        if past "$deadline"; then
            say "waited in vain for: $what"
            return 1
        fi
        sleep 0.05
    done
}

is_host() { [[ $1 == master || $1 == backup ]]; }
other_host() { if [[ $1 == master ]]; then printf backup; else printf master; fi; }

json_string() {
    local s=${1//\\/\\\\}
    printf '"%s"' "${s//\"/\\\"}"
}
