# SPDX-License-Identifier: GPL-3.0-or-later
# What a lab hands to those who use it: an identity, known_hosts, a pair file, and its status.
# shellcheck shell=bash

# Fresh keys for this lab: the operator's, and one set of host keys for each host.
make_keys() {
    local host keys=$STATE/keys
    mkdir -p "$keys"/{master,backup}
    chmod 700 "$keys"
    # shellcheck disable=SC2016
    OUT=$keys in_layer /bin/bash -c '
        cd /tmp
        ssh-keygen -q -t ed25519 -N "" -C "milvus-ha lab" -f id_ed25519
        for host in master backup; do
            for type in ed25519 ecdsa; do
                ssh-keygen -q -t "$type" -N "" -C "root@$host" -f "$host/ssh_host_${type}_key"
            done
        done'
    mv "$keys/id_ed25519" "$keys/id_ed25519.pub" "$STATE/"
    for host in "${HOSTS[@]}"; do
        sed "s/^\([^ ]* [^ ]*\) .*/${HOST_ADDRESS[$host]} \1/" "$keys/$host"/*.pub
    done >"$STATE/known_hosts"
    chmod 600 "$STATE/id_ed25519"
    chmod 644 "$STATE/known_hosts"
    chown "$(caller_uid):$(caller_gid)" "$STATE"/{id_ed25519,id_ed25519.pub,known_hosts}
}

write_pair_file() {
    local host
    {
        cat <<PAIR
# Pair of lab "$NAME"; it lives in namespaces: use it through "lab exec lan".
name = "lab-$NAME"
vip = "$VIP_CIDR"
known_hosts = "$STATE/known_hosts"

[milvus]
container = "$CONTAINER"
generation = "$GENERATION"
client_port = 19530
health = "auto"
rto_seconds = 5.0

[storage]
path = "/srv/milvus"
PAIR
        for host in "${HOSTS[@]}"; do
            cat <<NODE

[[node]]
name = "$host"
host = "${HOST_ADDRESS[$host]}"
port = 22
user = "root"
identity = "$STATE/id_ed25519"
interface = "${HOST_INTERFACE[$host]}"
NODE
        done
    } >"$STATE/pair.toml"
    chown "$(caller_uid):$(caller_gid)" "$STATE/pair.toml"
}

lab_status_json() {
    local host pid separator=
    printf '{"name":%s,"vip":%s,"lan_netns":%s,"pair_file":%s,"known_hosts":%s,"identity":%s,"hosts":[' \
        "$(json_string "$NAME")" "$(json_string "$VIP_CIDR")" "$(json_string "$(netns_file lan)")" \
        "$(json_string "$STATE/pair.toml")" "$(json_string "$STATE/known_hosts")" \
        "$(json_string "$STATE/id_ed25519")"
    for host in "${HOSTS[@]}"; do
        pid=$(host_pid "$host") || pid=null
        printf '%s{"name":%s,"address":%s,"pid":%s,"netns":%s,"interface":%s}' "$separator" \
            "$(json_string "$host")" "$(json_string "${HOST_ADDRESS[$host]}")" "$pid" \
            "$(json_string "$(netns_file "$host")")" "$(json_string "${HOST_INTERFACE[$host]}")"
        separator=,
    done
    printf ']}\n'
}

host_in_words() {
    # shellcheck disable=SC2016
    in_host "$1" timeout 3 sh -c 'ip -br -4 address show dev "$0" | tr -s " " | cut -d" " -f2-
        docker ps -a --format "{{.Names}}: {{.Status}}"' "${HOST_INTERFACE[$1]}" 2>/dev/null | tr '\n' ' ' ||
        printf '(its Docker Engine does not answer)'
}

lab_status_text() {
    local host pid
    printf 'lab %s: VIP %s, LAN %s\n' "$NAME" "$VIP_CIDR" "$(netns_file lan)"
    for host in "${HOSTS[@]}"; do
        if cgroup_frozen "$host"; then
            printf '  %-6s %s %s  frozen\n' "$host" "${HOST_ADDRESS[$host]}" "${HOST_INTERFACE[$host]}"
        elif pid=$(host_pid "$host"); then
            printf '  %-6s %s %s  PID 1 is %s  %s\n' "$host" "${HOST_ADDRESS[$host]}" "${HOST_INTERFACE[$host]}" "$pid" \
                "$(host_in_words "$host")"
        else
            printf '  %-6s %s %s  off\n' "$host" "${HOST_ADDRESS[$host]}" "${HOST_INTERFACE[$host]}"
        fi
    done
    if vip_answers; then printf '  Milvus answers on the VIP\n'; else printf '  Milvus does not answer on the VIP\n'; fi
    local fault
    for fault in "$STATE"/faults/*; do
        [[ -e $fault ]] && printf '  fault: %s\n' "${fault##*/}"
    done
    return 0
}

print_usage_of_lab() {
    cat >&2 <<TEXT
lab: '$NAME' is up: Milvus answers on $VIP
  pair file    $STATE/pair.toml
  known_hosts  $STATE/known_hosts
  identity     $STATE/id_ed25519
Onto its LAN:
  LAB=$NAME $LAB_DIR/lab exec lan ssh -i $STATE/id_ed25519 -o UserKnownHostsFile=$STATE/known_hosts root@${HOST_ADDRESS[master]}
  LAB=$NAME $LAB_DIR/lab exec lan milvus-ha status --pair $STATE/pair.toml
  LAB=$NAME $LAB_DIR/lab exec master systemctl status
TEXT
}
