# SPDX-License-Identifier: GPL-3.0-or-later
# The guide's recipe, written where the guide says: keepalived.conf, its three scripts, the two sysctls, and a
# container called milvus over the shared folder. One word of the guide is mended: stop_docker.sh stops.
# shellcheck shell=bash

guide_conf() {
    local host=$1 router=sol01 state=MASTER priority=110
    if [[ $host == backup ]]; then router=sol02 state=BACKUP priority=91; fi
    printf '! Configuration File for keepalived\nglobal_defs {\n  router_id %s\n}\n\n' "$router"
    if [[ $host == master ]]; then
        cat <<'CONF'
vrrp_script chk_milvus {
       script "/etc/keepalived/chk_milvus.sh"
       interval 2
       weight -20
}

CONF
    fi
    cat <<CONF
vrrp_instance VI_SERVER {
  state $state
  interface ${HOST_INTERFACE[$host]}
  virtual_router_id 51
  priority $priority
  authentication {
    auth_type PASS
    auth_pass 1111
  }
  virtual_ipaddress {
    $VIP_CIDR
  }
CONF
    if [[ $host == master ]]; then
        printf '  track_script {\n  chk_milvus\n  }\n}\n'
    else
        printf '\n  notify_master "/etc/keepalived/start_docker.sh master"\n'
        printf '  notify_backup "/etc/keepalived/stop_docker.sh backup"\n}\n'
    fi
}

guide_script() {
    printf '#!/bin/bash\n'
    printf "RUNNING_STATUS=\$(docker inspect --format '{{.State.Running}}' %s)\n" "$CONTAINER"
    # shellcheck disable=SC2016
    case $1 in
    chk_milvus) printf 'if [[ "${RUNNING_STATUS}" != "true" ]];then\n    exit 1\nfi\n' ;;
    start_docker) printf 'if [[ "${RUNNING_STATUS}" != "true" ]];then\ndocker start %s\nfi\n' "$CONTAINER" ;;
    stop_docker) printf 'if [[ "${RUNNING_STATUS}" = "true" ]];then\ndocker stop %s\nfi\n' "$CONTAINER" ;;
    esac
}

# What is on HOST's disk before its first boot.
seed_host() {
    local host=$1 seed=$2 user script
    mkdir -p "$seed"/etc/{keepalived,ssh}
    echo "$host" >"$seed/etc/hostname"
    {
        printf '127.0.0.1 localhost\n'
        printf '%s master\n%s backup\n' "${HOST_ADDRESS[master]}" "${HOST_ADDRESS[backup]}"
    } >"$seed/etc/hosts"
    tr -d - </proc/sys/kernel/random/uuid >"$seed/etc/machine-id"
    printf 'net.ipv4.ip_forward=1\nnet.ipv4.ip_nonlocal_bind=1\n' >"$seed/etc/sysctl.conf"
    guide_conf "$host" >"$seed/etc/keepalived/keepalived.conf"
    local scripts=(chk_milvus)
    if [[ $host == backup ]]; then scripts=(start_docker stop_docker); fi
    for script in "${scripts[@]}"; do
        guide_script "$script" >"$seed/etc/keepalived/$script.sh"
        chmod 755 "$seed/etc/keepalived/$script.sh"
    done
    cp "$STATE"/keys/"$host"/ssh_host_* "$seed/etc/ssh/"
    for user in root home/operator home/viewer home/nobodyha; do
        mkdir -p "$seed/$user/.ssh"
        chmod 700 "$seed/$user/.ssh"
        cp "$STATE/id_ed25519.pub" "$seed/$user/.ssh/authorized_keys"
        chmod 600 "$seed/$user/.ssh/authorized_keys"
    done
    chmod 700 "$seed/root"
}

# The stand-in as an archive of `docker save`: `docker import` on each host would give each an image id of its own.
make_standin_archive() {
    local folder=$DISK/standin image=milvus-standin:0.8 digest
    if [[ $GENERATION == 2.x ]]; then image=milvus-standin:2.4; fi
    mkdir -p "$folder"
    tar -C "$TOOLS" --owner=0 --group=0 -cf "$folder/layer.tar" milvus-standin
    digest=$(sha256sum <"$folder/layer.tar")
    printf '{"architecture":"%s","os":"linux","created":"2026-01-01T00:00:00Z","config":{"Entrypoint":["/milvus-standin"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]},"history":[{"created":"2026-01-01T00:00:00Z"}]}' \
        "$(dpkg --print-architecture)" "${digest%% *}" >"$folder/config.json"
    printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["layer.tar"]}]' "$image" >"$folder/manifest.json"
    tar -C "$folder" -cf "$DISK/standin.tar" manifest.json config.json layer.tar
    rm -r "$folder"
}

# Loads Milvus, or its stand-in, into HOST's Docker Engine and creates the container, not started.
guide_container() {
    local host=$1 image arguments=() command=()
    local mounts=(-v /srv/milvus/db:/var/lib/milvus/db -v /srv/milvus/wal:/var/lib/milvus/wal)
    if [[ -n $IMAGE_FILE ]]; then
        image=$(in_host "$host" docker load -q <"$IMAGE_FILE" | sed -n 's/^Loaded image\( ID\)\{0,1\}: //p' | head -n 1) || true
        [[ -n $image ]] || die "$IMAGE_FILE holds no image that docker load understands (make it with docker save)"
        if [[ $GENERATION == 2.x ]]; then
            # As Milvus's own standalone script does, with the volume on the shared folder.
            mounts=(-v /srv/milvus/db:/var/lib/milvus)
            arguments=(--security-opt seccomp:unconfined -e ETCD_USE_EMBED=true -e DEPLOY_MODE=STANDALONE
                -e ETCD_DATA_DIR=/var/lib/milvus/etcd -e COMMON_STORAGETYPE=local)
            command=(milvus run standalone)
        fi
    else
        image=milvus-standin:0.8
        if [[ $GENERATION == 2.x ]]; then image=milvus-standin:2.4; fi
        in_host "$host" docker load -q <"$DISK/standin.tar" >/dev/null
        arguments=(-e "STANDIN_GENERATION=$GENERATION" -e "STANDIN_START_DELAY_S=$START_DELAY"
            -e "STANDIN_STOP_DELAY_S=$STOP_DELAY")
    fi
    in_host "$host" docker create --name "$CONTAINER" --network host "${mounts[@]}" "${arguments[@]}" \
        "$image" "${command[@]}" >/dev/null
}

# Port and path that answer 200 when Milvus runs.
health_port() { if [[ $GENERATION == 2.x ]]; then printf 9091; else printf 19121; fi; }
health_path() { if [[ $GENERATION == 2.x ]]; then printf /healthz; else printf /state; fi; }
vip_answers() { lan_http "$VIP" "$(health_port)" "$(health_path)"; }
