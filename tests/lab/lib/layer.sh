# SPDX-License-Identifier: GPL-3.0-or-later
# The hosts' root layer and the lab's own small programs, both built once and kept in the cache by a hash of what
# builds them. The layer is an overlay over the machine's /usr plus an /etc and /var of its own; nothing is ever
# installed on the machine.
# shellcheck shell=bash

# What makes another layer: our script, the machine's release, and the packages whose files shine through.
layer_key() {
    {
        cat "$LIB/layer-build.sh" "$LIB/layer-chroot.sh"
        dpkg --print-architecture
        cat /etc/debian_version
        dpkg-query -W -f '${Package} ${Version}\n' libc6 systemd libssl3 libsystemd-shared 2>/dev/null || true
    } | sha256sum | cut -c1-16
}

# Prints the folder of the finished layer, building it first where it is missing.
ensure_layer() {
    LAYER=$CACHE/layer-$(layer_key)
    [[ -d $LAYER ]] && return 0
    [[ -r /etc/debian_version ]] && command -v dpkg >/dev/null ||
        die "the hosts' root layer is made from this machine's own root, which must be Debian 12 or a relative"
    local dir
    for dir in bin sbin lib; do
        [[ -L /$dir ]] || die "/$dir is not a link into /usr: this machine's root is older than Debian 12"
    done
    exec 8>"$CACHE/lock"
    flock 8
    if [[ ! -d $LAYER ]]; then
        say "building the hosts' root layer in $LAYER (once; a few minutes)"
        build_layer
    fi
    exec 8>&-
    prune_layers
}

build_layer() {
    local tmp=$LAYER.tmp log=$LAYER.log dir
    rm -rf --one-file-system "$CACHE"/layer-*.tmp
    mkdir -p "$tmp"/{usr,usr-work,root}
    for dir in /bin /sbin /lib /lib32 /lib64 /libx32; do
        [[ -L $dir ]] && cp -a "$dir" "$tmp/root/"
    done
    mkdir -p "$tmp"/root/{usr,proc,sys,dev,run,tmp,root,home,srv,mnt,media,opt,boot}
    mkdir -p "$tmp"/root/var/{lib/apt,cache/apt,log,tmp,spool,mail,opt,local,backups}
    cp -a /etc "$tmp/root/etc"
    # Only dpkg's own memory of /var: data of the machine's services is none of a host's business.
    for dir in dpkg pam ucf shells.state systemd dbus misc vim python polkit-1 apt/lists apt/extended_states; do
        if [[ -e /var/lib/$dir ]]; then cp -a "/var/lib/$dir" "$tmp/root/var/lib/$dir"; fi
    done
    ln -s /run "$tmp/root/var/run"
    ln -s /run/lock "$tmp/root/var/lock"
    chmod 1777 "$tmp"/root/{tmp,var/tmp}
    chmod 700 "$tmp/root/root"
    cp "$LIB/layer-build.sh" "$tmp/root/layer-build.sh"
    : >"$tmp/root/.milvus-ha-lab-layer"
    cgroups_make build
    # Bound to this process by the death signal, and to the lab by its cgroup, whatever happens to either.
    if ! in_cgroup build setpriv --pdeathsig KILL unshare --mount --pid --uts --ipc --fork --kill-child \
        --propagation private /bin/bash "$LIB/layer-chroot.sh" "$tmp" >"$log" 2>&1 9>&- 8>&-; then
        tail -n 25 "$log" >&2
        die "building the root layer failed; all of its output is in $log"
    fi
    cgroups_remove build
    rm -rf "$tmp"/{root/layer-build.sh,root/.milvus-ha-lab-layer,usr-work}
    mv "$tmp" "$LAYER"
    rm -f "$log"
}

# Layers of older recipes go, unless a lab still stands on one.
prune_layers() {
    local layer lab
    for layer in "$CACHE"/layer-*; do
        [[ -d $layer && $layer != "$LAYER" && $layer != *.tmp ]] || continue
        for lab in "$CACHE"/labs/*/layer; do
            [[ -r $lab && $(<"$lab") == "$layer" ]] && continue 2
        done
        rm -rf --one-file-system "$layer"
    done
}

# in_layer CMD…: runs CMD of the layer in its root; the folder OUT is its /tmp.
in_layer() {
    # shellcheck disable=SC2016
    OUT=$OUT LAYER=$LAYER unshare --mount --propagation private /bin/bash -c '
        set -e
        mount -t overlay lab -o "lowerdir=$LAYER/usr:/usr" "$LAYER/root/usr"
        mount --bind "$OUT" "$LAYER/root/tmp"
        mount --bind /dev "$LAYER/root/dev"
        exec chroot "$LAYER/root" "$@"' lab "$@"
}

# The lab's own programs: one g++ call each, static, since the same files run inside containers.
ensure_tools() {
    local key
    key=$(cat "$LAB_DIR"/standin/*.cpp "$LAB_DIR"/standin/*.h "$LAB_DIR"/tool/*.cpp 2>/dev/null | sha256sum | cut -c1-16)
    TOOLS=$CACHE/tools-$key
    [[ -d $TOOLS ]] && return 0
    command -v g++ >/dev/null || die "g++ is missing: the lab compiles its Milvus stand-in (apt-get install g++)"
    exec 8>"$CACHE/lock"
    flock 8
    if [[ ! -d $TOOLS ]]; then
        say "compiling the Milvus stand-in"
        rm -rf "$CACHE"/tools-*.tmp
        mkdir -p "$TOOLS.tmp"
        local flags=(-std=c++20 -O2 -static -Wall -Wextra)
        bound g++ "${flags[@]}" -o "$TOOLS.tmp/milvus-standin" "$LAB_DIR"/standin/*.cpp &
        local standin=$!
        bound g++ "${flags[@]}" -o "$TOOLS.tmp/check-data" "$LAB_DIR/tool/check_data.cpp"
        bound g++ "${flags[@]}" -o "$TOOLS.tmp/ns-mount" "$LAB_DIR/tool/ns_mount.cpp"
        wait "$standin"
        mv "$TOOLS.tmp" "$TOOLS"
        local old
        for old in "$CACHE"/tools-*; do
            if [[ $old != "$TOOLS" ]] && ! grep -qxsF "$old" "$STATE_ROOT"/*/tools; then rm -rf "$old"; fi
        done
    fi
    exec 8>&-
}
