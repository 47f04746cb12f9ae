# SPDX-License-Identifier: GPL-3.0-or-later
# The stand-in of 2.x, with delays, in a lab beside the first.
# shellcheck shell=bash

check "up" lab_a up
check "a second lab beside it" lab_b up --generation 2.x --start-delay 1 --stop-delay 1.5
note_namespaces "$B"
check "both are listed" bash -c "[[ \$(./lab list | grep -cE '^($A|$B) up$') == 2 ]]"
check "the first is as it was" healthy
LAN_OF=$B
check_equal "healthz" OK "$(on_lan 192.168.1.104 9091 GET /healthz)"
check "livez" on_lan 192.168.1.104 9091 GET /livez
check_equal "a real query" '{"code":0,"data":[]}' \
    "$(on_lan 192.168.1.104 19530 POST /v2/vectordb/collections/list '{"dbName":"default"}')"
check_equal "the JSON form of healthz" OK "$(lab_b exec master curl -s -H 'Content-Type: application/json' \
    127.0.0.1:9091/healthz | python3 -c 'import json,sys; print(json.load(sys.stdin)["state"])')"
check "it says that it is a stand-in" bash -c \
    "LAB=$B ./lab exec master curl -si 127.0.0.1:9091/healthz | grep -qi '^X-Stand-In: milvus-ha'"
on_backup_b() { LAB=$B ./lab exec backup "$@"; }
on_backup_b docker start milvus >/dev/null
locked_out() { on_backup_b docker logs milvus 2>&1 | grep -q 'While lock file: .*LOCK: Resource temporarily unavailable'; }
check "2.x has a lock: the second one does not start" within 5 locked_out
check_equal "and has left" false "$(on_backup_b docker inspect -f '{{.State.Running}}' milvus)"
began=${EPOCHREALTIME/./}
lab_b exec master docker stop milvus >/dev/null
check "the stop delay is kept" test $((${EPOCHREALTIME/./} - began)) -ge 1400000
check_equal "a clean stop of 2.x is 0" 0 "$(lab_b exec master docker inspect -f '{{.State.ExitCode}}' milvus)"
lab_b exec master docker start milvus >/dev/null
check_fails "the ports open only after the start delay" lab_b exec master curl -s -m 0.3 127.0.0.1:9091/livez
serves() { lab_b exec master curl -sf -m 0.5 127.0.0.1:9091/livez; }
check "and then they do" within 5 serves
unset LAN_OF
check "down of the second" lab_b down
check "leaves the first" healthy
check_equal "and nothing of its own" "" "$(traces_of "$B")"
