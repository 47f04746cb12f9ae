# SPDX-License-Identifier: GPL-3.0-or-later
# The faults, and how each is taken back. A fault leaves the pair as reality would; its heal takes away the cause
# only, and lib/settle.sh then brings the guide's pair back to what it was after `up`.
# shellcheck shell=bash

FAULTS=(kill-container stop-container kill-keepalived stop-keepalived cut-link stop-ssh freeze-host power-cut
    stop-docker freeze-docker lose-storage duplicate-vip)

default_host() { if [[ $1 == duplicate-vip ]]; then printf backup; else printf master; fi; }

known_fault() {
    local fault
    for fault in "${FAULTS[@]}"; do [[ $fault == "$1" ]] && return 0; done
    return 1
}

# The container's mount namespace as a file the machine can open; fails when it does not run.
container_namespace() {
    local host=$1 pid inner
    pid=$(host_pid "$host") || return 1
    inner=$(in_host "$host" timeout 5 docker inspect -f '{{.State.Pid}}' "$CONTAINER" 2>/dev/null) || return 1
    [[ $inner -gt 0 ]] || return 1
    printf '/proc/%s/root/proc/%s/ns/mnt' "$pid" "$inner"
}

container_targets() {
    if [[ -n $IMAGE_FILE && $GENERATION == 2.x ]]; then
        printf '/var/lib/milvus'
    else
        printf '/var/lib/milvus/db /var/lib/milvus/wal'
    fi
}

lab_break() {
    local fault=$1 host=$2
    local interface=${HOST_INTERFACE[$host]} pid namespace
    host_pid "$host" >/dev/null || die "$host is off: there is nothing to break (lab boot $host)"
    case $fault in
    kill-container) in_host "$host" docker kill "$CONTAINER" >/dev/null ;;
    stop-container) in_host "$host" docker stop "$CONTAINER" >/dev/null ;;
    kill-keepalived)
        # Should the unit restart it one day: kept dead all the same.
        in_host "$host" /bin/sh -c '
            mkdir -p /run/systemd/system/keepalived.service.d
            printf "[Service]\nRestart=no\n" >/run/systemd/system/keepalived.service.d/lab.conf
            systemctl daemon-reload
            # Its children would tidy up on the death of their parent; stopped first, none gets a chance.
            systemctl kill --signal=STOP keepalived
            systemctl kill --signal=KILL keepalived'
        wait_for 5 "keepalived of $host to die" in_host "$host" /bin/sh -c '! systemctl is-active --quiet keepalived'
        ;;
    stop-keepalived) in_host "$host" systemctl stop keepalived ;;
    cut-link) cable "$host" down ;;
    stop-ssh)
        # Sessions of sshd belong to their users' scopes, not to the service: cut one by one.
        # shellcheck disable=SC2016
        in_host "$host" /bin/bash -c '
            systemctl stop ssh.socket ssh.service 2>/dev/null || systemctl stop ssh.service
            for comm in /proc/[0-9]*/comm; do
                [[ $(<"$comm") == sshd ]] || continue
                pid=${comm#/proc/}
                kill -KILL "${pid%/comm}"
            done 2>/dev/null
            exit 0'
        ;;
    freeze-host) cgroup_freeze "$host" 1 ;;
    power-cut) host_power_cut "$host" ;;
    stop-docker) in_host "$host" systemctl stop docker.socket docker.service ;;
    freeze-docker)
        # shellcheck disable=SC2016
        in_host "$host" /bin/sh -c 'kill -STOP "$(systemctl show --value -p MainPID docker)"'
        ;;
    lose-storage)
        pid=$(host_pid "$host")
        # shellcheck disable=SC2046
        if namespace=$(container_namespace "$host"); then
            "$TOOLS/ns-mount" cover "$namespace" $(container_targets)
        fi
        "$TOOLS/ns-mount" detach "/proc/$pid/ns/mnt" /srv/milvus
        ;;
    duplicate-vip)
        if host_holds_vip "$host"; then die "$host holds $VIP already: have the other host hold it too"; fi
        in_host "$host" ip address add "$VIP_CIDR" dev "$interface"
        ;;
    esac
    : >"$STATE/faults/$fault.$host"
}

# Takes the cause away. Harmless where the fault is not there.
undo_fault() {
    local fault=$1 host=$2 pid namespace
    case $fault in
    power-cut) host_boot "$host" ;;
    freeze-host) cgroup_freeze "$host" 0 ;;
    cut-link) cable "$host" up ;;
    freeze-docker)
        # shellcheck disable=SC2016
        in_host "$host" /bin/sh -c 'pid=$(systemctl show --value -p MainPID docker); [ "$pid" = 0 ] || kill -CONT "$pid"'
        ;;
    stop-docker) in_host "$host" systemctl start docker.socket docker.service ;;
    stop-ssh) in_host "$host" systemctl start ssh.service ;;
    kill-keepalived | stop-keepalived)
        # shellcheck disable=SC2016
        in_host "$host" /bin/sh -c '
            if [ -e /run/systemd/system/keepalived.service.d/lab.conf ]; then
                rm -r /run/systemd/system/keepalived.service.d
                systemctl daemon-reload
            fi
            systemctl reset-failed keepalived 2>/dev/null
            systemctl start keepalived'
        ;;
    lose-storage)
        pid=$(host_pid "$host") || return 1
        in_host "$host" mountpoint -q /srv/milvus ||
            "$TOOLS/ns-mount" attach "$DISK/shared" "/proc/$pid/ns/mnt" /srv/milvus
        # shellcheck disable=SC2046
        if namespace=$(container_namespace "$host"); then
            "$TOOLS/ns-mount" uncover "$namespace" $(container_targets)
            # Started while the share was gone, it works on a folder of the host's own disk.
            if [[ ! ${namespace%/ns/mnt}/root/var/lib/milvus/db -ef $DISK/shared/db &&
                ! ${namespace%/ns/mnt}/root/var/lib/milvus -ef $DISK/shared/db ]]; then
                in_host "$host" docker restart "$CONTAINER" >/dev/null
            fi
        fi
        ;;
    duplicate-vip)
        # Only an address that we added; keepalived's own is none of ours.
        if [[ ! -e $STATE/faults/$fault.$host ]]; then return 0; fi
        in_host "$host" ip address del "$VIP_CIDR" dev "${HOST_INTERFACE[$host]}" 2>/dev/null || true
        ;;
    kill-container | stop-container) ;; # settle.sh starts what should run, in the safe order
    esac
    rm -f "$STATE/faults/$fault.$host"
}
