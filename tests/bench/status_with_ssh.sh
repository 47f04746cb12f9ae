#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The peer of `milvus-ha status`: the same facts by a shell script with plain ssh and `docker -H ssh://`, both nodes side
# by side. Arguments: VIP CONTAINER STORAGE HOST... ; `ssh` and `docker` are found on PATH.
set -uo pipefail
vip=$1 container=$2 storage=$3
shift 3

look() {
    local host=$1
    ssh "root@$host" ip -j addr
    ssh "root@$host" 'rm -f /tmp/keepalived.json; kill -s "$(keepalived --signum=JSON)" "$(cat /run/keepalived.pid)"
        until [ -s /tmp/keepalived.json ]; do sleep 0.01; done; cat /tmp/keepalived.json'
    ssh "root@$host" cat /etc/keepalived/keepalived.conf
    ssh "root@$host" "stat -c %i '$storage'; stat -f '$storage'; df '$storage'; date +%s.%N"
    docker -H "ssh://root@$host" inspect "$container"
    ssh "root@$host" curl -sm 2 http://127.0.0.1:19121/state
}

for host in "$@"; do
    look "$host" &
done
curl -sm 2 "http://$vip:19121/state" || true
wait
