# SPDX-License-Identifier: GPL-3.0-or-later
# Each fault shows its effect, and heal brings the pair back.
# shellcheck shell=bash

check "up" lab_a up

# fault NAME [HOST]: breaks; the caller then looks at the effect and calls heals.
fault() { check "$* breaks" lab_a break "$@"; }
heals() {
    check "$* heals" lab_a heal "$@"
    check "$*: then all is as after up" healthy
}

fault kill-container
check_equal "it was killed" 137 "$(on master docker inspect -f '{{.State.ExitCode}}' milvus)"
check "the backup takes over" within 10 backup_took_over
heals kill-container

fault stop-container
check_equal "Milvus 0.x leaves with 1 after a clean stop" 1 "$(on master docker inspect -f '{{.State.ExitCode}}' milvus)"
check "the backup takes over" within 10 backup_took_over
heals

fault kill-keepalived
check_fails "no keepalived is left on the master" on master pgrep keepalived
check "its VIP stays where it was, and the backup takes it as well" within 10 holds_vip backup
check "the recipe now has two holders" holds_vip master
heals

fault stop-keepalived
check "the VIP moves" within 10 holds_vip backup
check_fails "and is gone from the master" holds_vip master
heals stop-keepalived

fault cut-link
check_equal "the master has no carrier" 0 "$(on master cat /sys/class/net/enp7s0/carrier)"
check_fails "nobody reaches it" ssh_to root 192.168.1.85 true
check "the backup takes over" within 10 backup_took_over
heals
check "its address is still there" on master ip -o address show to 192.168.1.85
fault cut-link backup
check_fails "nobody reaches the backup" ssh_to root 192.168.1.38 true
heals cut-link backup

ssh_to root 192.168.1.85 sleep 600 >/dev/null 2>&1 &
session=$!
BACKGROUND+=("$session")
check "a session runs on the master" within 5 on master pgrep -x sleep
fault stop-ssh
check_fails "no new session" ssh_to root 192.168.1.85 true
check "the running session is cut" within 5 bash -c "! kill -0 $session"
check "Milvus is not touched" healthy_but_ssh
heals
check "sessions again" ssh_to root 192.168.1.85 true

fault freeze-host
check_fails "the master says nothing" timeout 6 bash -c "LAB=$A ./lab exec lan ssh -o BatchMode=yes \
    -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o ConnectTimeout=2 root@192.168.1.85 true"
check "its processes still exist" test -e "/proc/$(status_field "$A" 'd["hosts"][0]["pid"]')"
check "the backup takes over" within 12 holds_vip backup
heals freeze-host

fault power-cut
check_equal "the master has no process" None "$(status_field "$A" 'd["hosts"][0]["pid"]')"
check_fails "nor does its address answer" lab_a exec lan ping -c 1 -W 1 192.168.1.85
check "the backup takes over" within 10 backup_took_over
check "boot" lab_a boot master
check "sshd is back" within 5 ssh_to root 192.168.1.85 true
check_fails "but nobody has started its Milvus" runs master
heals
fault power-cut backup
heals power-cut backup

fault stop-docker
check_fails "no engine answers" on master timeout 3 docker version
check "the backup takes over" within 12 backup_took_over
heals

fault freeze-docker
check_equal "the engine hangs" 124 "$(on master timeout 2 docker ps >/dev/null 2>&1; echo $?)"
check "its Milvus still answers" on_lan 192.168.1.85 19121 GET /state
heals

check "a row is taken" on_lan 192.168.1.104 19121 POST /standin/insert '{"count":1}'
fault lose-storage
check_fails "the folder is gone from the master" on master mountpoint -q /srv/milvus
check_fails "no row is acknowledged" on_lan 192.168.1.104 19121 POST /standin/insert '{"count":1}'
check_fails "no row can be counted" on_lan 192.168.1.104 19121 GET /standin/count
check "/state is 200 all the same, as Milvus's is" answers_on_vip
heals
check "rows are taken again" on_lan 192.168.1.104 19121 POST /standin/insert '{"count":1}'
fault lose-storage backup
check_fails "the folder is gone from the backup" on backup mountpoint -q /srv/milvus
check "the master does not mind" on_lan 192.168.1.104 19121 POST /standin/insert '{"count":1}'
heals lose-storage backup

fault duplicate-vip
check "both hold the VIP" holds_vip backup
check "both" holds_vip master
heals duplicate-vip

check "two faults at once" bash -c "LAB=$A ./lab break stop-ssh backup && LAB=$A ./lab break kill-container"
heals
