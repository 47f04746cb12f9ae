# SPDX-License-Identifier: GPL-3.0-or-later
# Brings the guide's pair back to what it was after `up`: Milvus and VIP on the master, the backup's container stopped.
#
# The recipe by itself runs Milvus twice on a fail-back: it starts on the master first, and the backup stops only when
# the VIP has moved. So the order here is: stop the backup's container, see that it has stopped, and only then mend
# what lets the master serve again. Should keepalived start the backup's container meanwhile, it is stopped again.
# shellcheck shell=bash

quick_in_host() {
    local host=$1
    shift
    in_host "$host" timeout 5 "$@"
}

container_running() {
    [[ $(quick_in_host "$1" docker inspect -f '{{.State.Running}}' "$CONTAINER" 2>/dev/null) == true ]]
}

host_holds_vip() { ip_in "$1" -4 -o address show 2>/dev/null | grep -q " $VIP/"; }

services_active() {
    quick_in_host "$1" systemctl is-active --quiet ssh docker keepalived 2>/dev/null
}

pair_settled() {
    host_pid master >/dev/null && host_pid backup >/dev/null &&
        host_holds_vip master && ! host_holds_vip backup && vip_answers &&
        services_active master && services_active backup &&
        container_running master && ! container_running backup
}

# One look is not enough: a transition of keepalived's may be on its way. Twice, an advert interval apart.
pair_settled_soon() {
    local deadline
    deadline=$(uptime_after "$1")
    until past "$deadline"; do
        if pair_settled; then
            sleep 1.1
            if pair_settled; then return 0; fi
        else
            sleep 0.1
        fi
    done
    return 1
}

stop_container_of() {
    host_pid "$1" >/dev/null || return 0
    quick_in_host "$1" docker inspect "$CONTAINER" >/dev/null 2>&1 || return 0
    if container_running "$1"; then in_host "$1" timeout 60 docker stop "$CONTAINER" >/dev/null; fi
}

# Undoes all causes on both hosts, recorded or not (somebody may have broken the pair by hand).
mend_everything() {
    local host
    cgroup_freeze backup 0
    # Before any way back to the master opens.
    undo_fault freeze-docker backup 2>/dev/null || true
    undo_fault stop-docker backup 2>/dev/null || true
    stop_container_of backup
    cgroup_freeze master 0
    for host in "${HOSTS[@]}"; do
        host_boot "$host"
        undo_fault lose-storage "$host"
        undo_fault freeze-docker "$host"
        undo_fault stop-docker "$host"
        undo_fault stop-ssh "$host"
        undo_fault duplicate-vip "$host"
    done
    rm -f "$STATE"/faults/*
}

settle() {
    local host deadline
    deadline=$(uptime_after 60)
    stop_container_of backup
    if ! container_running master; then in_host master docker start "$CONTAINER" >/dev/null; fi
    for host in "${HOSTS[@]}"; do
        cable "$host" up
        undo_fault kill-keepalived "$host"
    done
    if host_holds_vip master && host_holds_vip backup; then
        # Left behind by a killed keepalived or added by hand; a MASTER of keepalived's would have to give it up anyway.
        in_host backup ip address del "$VIP_CIDR" dev "${HOST_INTERFACE[backup]}" 2>/dev/null || true
    fi
    until pair_settled_soon 4; do
        if past "$deadline"; then return 1; fi
        if host_holds_vip master && container_running backup; then stop_container_of backup; fi
        if ! container_running master && ! container_running backup; then
            in_host master docker start "$CONTAINER" >/dev/null || true
        fi
        # An address added by hand is nobody's to withdraw; one that the recipe wants is given anew by a restart.
        if host_holds_vip master && host_holds_vip backup; then
            in_host backup ip address del "$VIP_CIDR" dev "${HOST_INTERFACE[backup]}" 2>/dev/null || true
        elif ! host_holds_vip master && ! host_holds_vip backup; then
            in_host master systemctl restart keepalived
        fi
    done
}

lab_heal() {
    local fault=$1 host=$2
    if [[ -n $fault ]]; then
        if [[ $host == master || $fault == duplicate-vip ]]; then
            # The backup may serve now; see the order above.
            if [[ $fault != stop-ssh && $fault != duplicate-vip ]]; then stop_container_of backup; fi
        fi
        undo_fault "$fault" "$host"
        if compgen -G "$STATE/faults/*" >/dev/null; then
            say "$fault on $host is healed; still broken: $(cd "$STATE/faults" && echo *)"
            return 0
        fi
    else
        mend_everything
    fi
    settle || die "the pair does not come back to what it was after up: $(lab_status_text)"
    say "'$NAME' is as after up"
}
