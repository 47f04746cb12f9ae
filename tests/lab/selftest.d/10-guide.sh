# SPDX-License-Identifier: GPL-3.0-or-later
# The lab is what the guide describes, and what its status says it is.
# shellcheck shell=bash

machine_state >"$WORK/machine-before"
check "up ends with exit code 0" lab_a up
pids_before=$(status_field "$A" '[h["pid"] for h in d["hosts"]]')
check "a second up is harmless" lab_a up
check_equal "and leaves the hosts alone" "$pids_before" "$(status_field "$A" '[h["pid"] for h in d["hosts"]]')"
note_namespaces "$A"

check_equal "status names the lab" "$A" "$(status_field "$A" 'd["name"]')"
check_equal "status names the VIP" 192.168.1.104/24 "$(status_field "$A" 'd["vip"]')"
check_equal "status has the agreed keys" "hosts identity known_hosts lan_netns name pair_file vip" \
    "$(status_field "$A" '" ".join(sorted(d))')"
check_equal "status has the hosts as the guide has them" \
    "[('master', '192.168.1.85', 'enp7s0'), ('backup', '192.168.1.38', 'enp3s0')]" \
    "$(status_field "$A" '[(h["name"], h["address"], h["interface"]) for h in d["hosts"]]')"
for host in 0 1; do
    pid=$(status_field "$A" "d['hosts'][$host]['pid']")
    netns=$(status_field "$A" "d['hosts'][$host]['netns']")
    check_equal "host $host: pid is a systemd" systemd "$(cat "/proc/$pid/comm")"
    check_equal "host $host: netns is that of the pid" "$(stat -L -c %i "/proc/$pid/ns/net")" "$(stat -c %i "$netns")"
done
for key in pair_file known_hosts identity lan_netns; do
    check "status: $key exists" test -e "$(status_field "$A" "d['$key']")"
done
check_equal "the identity is its owner's only" 600 "$(stat -c %a "$(status_field "$A" 'd["identity"]')")"

declare -A host_address=([master]=192.168.1.85 [backup]=192.168.1.38)
check "Milvus and VIP are on the master, the backup is stopped" healthy
for host in master backup; do
    check "$host: every unit is well" on "$host" bash -c '[[ $(systemctl is-system-running) == running ]]'
    check_equal "$host: hostname" "$host" "$(on "$host" hostname)"
    check_equal "$host: the guide's sysctls" "1 1" \
        "$(on "$host" sysctl -n net.ipv4.ip_forward net.ipv4.ip_nonlocal_bind | tr '\n' ' ' | sed 's/ $//')"
    check "$host: the shared folder is mounted" on "$host" mountpoint -q /srv/milvus
    # Harmless should it succeed: the value that it has. The clock's right is only looked at (bit 25, CAP_SYS_TIME).
    check_fails "$host: the machine's kernel switches are out of reach" \
        on "$host" sysctl -w "kernel.pid_max=$(sysctl -n kernel.pid_max)"
    for root in "on $host" "ssh_to root ${host_address[$host]}"; do
        check_equal "$host: the machine's clock is out of reach (${root%% *})" 0 \
            $((0x$($root grep CapEff: /proc/self/status | cut -f2) >> 25 & 1))
    done
    check_equal "$host: no restart policy" no \
        "$(on "$host" docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' milvus)"
done
check_equal "master: priority" "priority 110" "$(on master grep -o 'priority .*' /etc/keepalived/keepalived.conf)"
check_equal "backup: priority" "priority 91" "$(on backup grep -o 'priority .*' /etc/keepalived/keepalived.conf)"
check "stop_docker.sh stops" on backup grep -q 'docker stop milvus' /etc/keepalived/stop_docker.sh
check "chk_milvus.sh says that Milvus runs" on master /etc/keepalived/chk_milvus.sh
check "both hosts see one folder" bash -c "LAB=$A ./lab exec master touch /srv/milvus/db/seen &&
    LAB=$A ./lab exec backup test -e /srv/milvus/db/seen && LAB=$A ./lab exec backup rm /srv/milvus/db/seen"

check "root logs in by key, host key verified" ssh_to root 192.168.1.85 true
check_equal "operator may sudo without a password" 0 "$(ssh_to operator 192.168.1.38 sudo -n id -u)"
check "viewer may use docker" ssh_to viewer 192.168.1.85 docker inspect milvus
check_fails "viewer may not sudo" ssh_to viewer 192.168.1.85 sudo -n true
check_fails "nobodyha may not use docker" ssh_to nobodyha 192.168.1.85 docker inspect milvus
check_fails "nobodyha may not sudo" ssh_to nobodyha 192.168.1.85 sudo -n true

check_equal "exec lan keeps folder, user and environment" "$PWD $(id -u) here" \
    "$(HINT=here LAB=$A ./lab exec lan sh -c 'echo "$PWD $(id -u) $HINT"')"
check_equal "exec lan keeps the mounts" "$(readlink /proc/self/ns/mnt)" "$(LAB=$A ./lab exec lan readlink /proc/self/ns/mnt)"
check_equal "exec hands the exit code on" 7 "$(LAB=$A ./lab exec master sh -c 'exit 7'; echo $?)"
check_equal "wrong usage is 64" 64 "$(LAB=$A ./lab break no-such-fault 2>/dev/null; echo $?)"
check_equal "a wrong name is 64" 64 "$(LAB='../x' ./lab up 2>/dev/null; echo $?)"
machine_state >"$WORK/machine-during"
check "the machine's network, mounts and files are as before" diff "$WORK/machine-before" "$WORK/machine-during"
