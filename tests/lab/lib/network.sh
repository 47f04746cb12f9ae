# SPDX-License-Identifier: GPL-3.0-or-later
# The LAN: a bridge in a network namespace of its own, and one network namespace a host with a cable (veth) into the
# bridge. The machine's own network is neither used nor changed. The bridge-side end of a cable bears the host's name.
# shellcheck shell=bash

# A namespace as a file under /run/netns, as `ip netns` knows it, but without the shared mount that
# `ip netns add` would leave on /run/netns for good.
netns_make() {
    local file
    file=$(netns_file "$1")
    mkdir -p /run/netns
    : >"$file"
    unshare --net="$file" true
}

netns_exists() { [[ $(stat -f -c %T "$(netns_file "$1")" 2>/dev/null) == nsfs ]]; }

# Every process in the part's network namespace, one a line: programs on the LAN are in no cgroup of the lab's.
netns_pids() {
    netns_exists "$1" || return 0
    local inode
    inode=$(stat -L -c %i "$(netns_file "$1")")
    find /proc -maxdepth 3 -path '/proc/[0-9]*/ns/net' -lname "net:\[$inode\]" 2>/dev/null | cut -d/ -f3
}

netns_remove() {
    local file
    file=$(netns_file "$1")
    [[ -e $file ]] || return 0
    while umount "$file" 2>/dev/null; do :; done
    rm -f "$file"
    rmdir /run/netns 2>/dev/null || true
}

ip_in() {
    local part=$1
    shift
    nsenter --net="$(netns_file "$part")" ip "$@"
}

lan_make() {
    netns_make lan
    ip_in lan -batch - <<LAN
link set lo up
link add br-lan type bridge stp_state 0 forward_delay 0 mcast_snooping 0
link set br-lan up
address add $LAN_ADDRESS/24 dev br-lan
LAN
}

# A host's namespace with its cable plugged in and its address set, as its installer would have left it.
host_net_make() {
    local host=$1 interface=${HOST_INTERFACE[$1]}
    netns_make "$host"
    # Both ends are born in the lan namespace; the inner one moves to the host.
    ip_in lan link add name "$host" type veth peer name "$interface" address "${HOST_MAC[$host]}"
    nsenter --net="$(netns_file lan)" ip link set "$interface" netns "$(netns_name "$host")" 2>/dev/null ||
        die "the cable of $host cannot be plugged in"
    ip_in lan -batch - <<LAN
link set dev $host master br-lan
link set dev $host up
LAN
    ip_in "$host" -batch - <<HOST
link set lo up
address add ${HOST_ADDRESS[$host]}/24 dev $interface
link set $interface up
HOST
}

# Pulls the plug and forgets the host's addresses: what is off answers nothing, not even a reset.
host_net_remove() {
    if netns_exists lan; then ip_in lan link del dev "$1" 2>/dev/null || true; fi
    netns_remove "$1"
}

cable() { ip_in lan link set dev "$1" "$2"; }

# Does HOST's address answer on PORT? From the LAN.
lan_port_open() {
    nsenter --net="$(netns_file lan)" timeout 1 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null
}

# lan_http ADDRESS PORT PATH: true when a GET answers 200 on the LAN.
lan_http() {
    # shellcheck disable=SC2016
    nsenter --net="$(netns_file lan)" timeout 1 bash -c '
        exec 3<>"/dev/tcp/$1/$2"
        printf "GET %s HTTP/1.1\r\nHost: lab\r\nConnection: close\r\n\r\n" "$3" >&3
        read -r _ status _ <&3
        [[ $status == 200 ]]' lab "$1" "$2" "$3" 2>/dev/null
}
