#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs as PID 1 of namespaces of its own: mounts the layer's root and runs layer-build.sh in it.
set -euo pipefail

layer=$1
root=$layer/root
mount -t overlay lab -o "lowerdir=/usr,upperdir=$layer/usr,workdir=$layer/usr-work" "$root/usr"
mount -t proc -o ro proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mknod -m 666 "$root/dev/null" c 1 3
mknod -m 666 "$root/dev/zero" c 1 5
mknod -m 666 "$root/dev/random" c 1 8
mknod -m 666 "$root/dev/urandom" c 1 9
mknod -m 666 "$root/dev/tty" c 5 0
ln -s /proc/self/fd "$root/dev/fd"
mount -t devpts -o newinstance,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir "$root/run/lock"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
cp --remove-destination -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true

# A clean environment: what the machine's shell has (pyenv and the like) is not the layer's.
keep=(PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root)
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    if [[ -n ${!name:-} ]]; then keep+=("$name=${!name}"); fi
done
env -i "${keep[@]}" chroot "$root" /bin/bash /layer-build.sh
