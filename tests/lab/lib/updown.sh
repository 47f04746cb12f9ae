# SPDX-License-Identifier: GPL-3.0-or-later
# Up and down. `up` is complete when the file STATE/ready exists; anything else is a wreck, which the next `up` clears.
# shellcheck shell=bash

lab_is_up() {
    [[ -e $STATE/ready ]] && netns_exists lan
}

load_options() {
    # shellcheck source=/dev/null
    source "$STATE/options"
    LAYER=$(<"$DISK/layer")
    TOOLS=$(<"$STATE/tools")
}

# Interrupted: clears away, unless the lab is another command's.
abandon_up() {
    local owner=
    # One Ctrl-C is enough; another must not cut the clearing short.
    trap '' INT TERM HUP
    trap - EXIT
    if [[ -r $STATE/lock ]]; then read -r owner <"$STATE/lock" || true; fi
    # Before we had the lock, the folder may be ours and empty, or of one who works in it.
    if [[ $owner != "$$" && -d $STATE ]]; then exec 9>>"$STATE/lock" && flock -n 9 && owner=$$ || true; fi
    if [[ $owner == "$$" ]] && ! lab_is_up; then
        say "interrupted, clearing away"
        kill_lock_holders
        lab_clear
    fi
    exit 130
}

lab_up() {
    IMAGE_FILE='' GENERATION=0.x START_DELAY=0 STOP_DELAY=0
    while (($#)); do
        (($# >= 2)) || usage_error "up: $1 wants a value"
        case $1 in
        --image) IMAGE_FILE=$2 ;;
        --generation) GENERATION=$2 ;;
        --start-delay) START_DELAY=$2 ;;
        --stop-delay) STOP_DELAY=$2 ;;
        *) usage_error "up: unknown option $1" ;;
        esac
        shift 2
    done
    [[ $GENERATION == 0.x || $GENERATION == 2.x ]] || usage_error "up: --generation is 0.x or 2.x"
    [[ $START_DELAY =~ ^[0-9]+(\.[0-9]+)?$ && $STOP_DELAY =~ ^[0-9]+(\.[0-9]+)?$ ]] ||
        usage_error "up: delays are seconds"
    if [[ -n $IMAGE_FILE && ! -r $IMAGE_FILE ]]; then die "cannot read the image $IMAGE_FILE"; fi

    # From here on an end of any kind must leave nothing.
    trap abandon_up INT TERM HUP
    lock_lab
    if lab_is_up; then
        say "'$NAME' is already up"
        print_usage_of_lab
        return 0
    fi
    check_cache_disk
    lab_clear || die "what is left of an earlier '$NAME' cannot be cleared away"
    # The clearing took the lock's file along.
    lock_lab
    trap 'say "up failed, clearing away"; trap - EXIT; kill_lock_holders; lab_clear' EXIT
    echo "$CACHE" >"$STATE/cache"
    mkdir -p "$DISK"/shared/{db,wal} "$STATE/faults"
    chmod 711 "$DISK"
    printf 'IMAGE_FILE=%q GENERATION=%q START_DELAY=%q STOP_DELAY=%q\n' \
        "$IMAGE_FILE" "$GENERATION" "$START_DELAY" "$STOP_DELAY" >"$STATE/options"
    ensure_tools
    ensure_layer
    echo "$LAYER" >"$DISK/layer"
    echo "$TOOLS" >"$STATE/tools"

    local host
    make_keys
    if [[ -z $IMAGE_FILE ]]; then make_standin_archive; fi
    lan_make
    for host in "${HOSTS[@]}"; do
        host_make_disk "$host"
        host_net_make "$host"
        host_start "$host"
    done
    rm -rf "$STATE/keys"
    local pids=()
    for host in "${HOSTS[@]}"; do
        (
            trap - EXIT INT TERM HUP
            wait_for 90 "$host to boot" host_booted "$host" && guide_container "$host"
        ) &
        pids+=($!)
    done
    wait "${pids[0]}"
    wait "${pids[1]}"
    in_host master docker start "$CONTAINER" >/dev/null
    # Started together, the two would elect within 70 ms of each other, and now and then the backup would start its
    # container first.
    in_host master systemctl enable --quiet --now keepalived
    wait_for 15 "the master to take the VIP" host_holds_vip master
    in_host backup systemctl enable --quiet --now keepalived
    write_pair_file
    local patience=60
    if [[ -n $IMAGE_FILE ]]; then patience=600; fi
    patience=$((patience + ${START_DELAY%.*}))
    wait_for "$patience" "Milvus to answer on the VIP" vip_answers || die "Milvus does not answer on $VIP"
    pair_settled_soon 30 || die "the pair does not settle"
    : >"$STATE/ready"
    trap - INT TERM HUP EXIT
    print_usage_of_lab
}

# Clears away whatever bears the lab's name, in an order in which nothing can come back.
lab_clear() {
    local part pids mount
    for part in build "${HOSTS[@]}"; do
        cgroup_freeze "$part" 0 2>/dev/null || true
        if [[ $part != build ]] && pids=$(host_pid "$part"); then kill -KILL "$pids" 2>/dev/null || true; fi
        cgroup_kill "$part" || true
    done
    for part in "${HOSTS[@]}" lan; do
        pids=$(netns_pids "$part" | grep -vx "$$" || true)
        # shellcheck disable=SC2086
        if [[ -n $pids ]]; then kill -KILL $pids 2>/dev/null || true; fi
    done
    for part in "${HOSTS[@]}" lan; do
        netns_remove "$part"
    done
    for part in build "${HOSTS[@]}"; do
        cgroups_remove "$part"
    done
    cgroup_forget
    # The hosts' mounts ended with their namespaces; none of ours is here unless a step was cut short.
    while read -r mount; do
        umount -l "$mount" 2>/dev/null || true
    done < <(awk -v a="$STATE/" -v b="$DISK/" 'index($5, a) == 1 || index($5, b) == 1 {print $5}' /proc/self/mountinfo)
    local left=0
    if [[ -d $DISK ]]; then rm -rf --one-file-system "$DISK" || left=1; fi
    rmdir "$CACHE/labs" 2>/dev/null || true
    # Halves of a layer whose builder was killed; another lab's builder would hold the lock.
    if [[ -e $CACHE/lock ]]; then
        flock -n "$CACHE/lock" rm -rf --one-file-system "$CACHE"/layer-*.tmp "$CACHE"/layer-*.log "$CACHE"/tools-*.tmp || true
    fi
    rm -rf --one-file-system "$STATE" || left=1
    rmdir "$STATE_ROOT" 2>/dev/null || true
    return "$left"
}

lab_down() {
    lock_lab
    lab_clear || die "not all of '$NAME' could be removed"
    say "'$NAME' is down"
}

# Every lab that has left a trace of any kind, with its state.
lab_list() {
    local names name
    names=$({
        if [[ -d $STATE_ROOT ]]; then find "$STATE_ROOT" -mindepth 1 -maxdepth 1 -type d -printf '%f\n'; fi
        if [[ -d $CACHE/labs ]]; then find "$CACHE/labs" -mindepth 1 -maxdepth 1 -type d -printf '%f\n'; fi
        find /run/netns -name 'mhalab-*-lan' -printf '%f\n' 2>/dev/null | sed 's/^mhalab-\(.*\)-lan$/\1/'
    } | sort -u)
    for name in $names; do
        lab_paths "$name"
        if lab_is_up; then printf '%s up\n' "$name"; else printf '%s incomplete\n' "$name"; fi
    done
}
