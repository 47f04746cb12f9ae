#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# PID 1 of a lab host until systemd takes its place. Runs in the host's namespaces (mount, pid, uts, ipc, cgroup, net),
# builds the host's root, moves into it, and lets go of the machine's mounts for good: when this PID namespace ends,
# every mount made here ends with it.
set -euo pipefail

name=$1 host=$2 layer=$3 disk=$4 shared=$5 cgroups=$6 lacks=$7
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
root=$disk/root

mount --make-rprivate /
mount -t overlay lab -o "lowerdir=$layer/root,upperdir=$disk/upper,workdir=$disk/work" "$root"
mount -t overlay lab -o "lowerdir=$layer/usr:/usr,upperdir=$disk/usr,workdir=$disk/usr-work" "$root/usr"
# Docker's own overlays cannot lie on an overlay.
mount --bind "$disk/docker" "$root/var/lib/docker"
mount --bind "$disk/containerd" "$root/var/lib/containerd"

# First boot: what the installer of this server would have written.
if [[ -d $disk/seed ]]; then
    cp -r "$disk/seed/." "$root/"
    for user in operator viewer nobodyha; do
        chroot "$root" chown -R "$user:" "/home/$user/.ssh"
    done
    rm -rf "$disk/seed"
fi

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
# Of the kernel's switches a host may turn only those of its own network.
mount --bind "$root/proc/sys" "$root/proc/sys"
mount --bind "$root/proc/sys/net" "$root/proc/sys/net"
mount -o remount,bind,ro "$root/proc/sys"
if [[ -e $root/proc/sysrq-trigger ]]; then
    mount --bind "$root/proc/sysrq-trigger" "$root/proc/sysrq-trigger"
    mount -o remount,bind,ro "$root/proc/sysrq-trigger"
fi
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"

# The cgroup namespace shows the host its own groups as the roots of the hierarchies. CGROUPS lists what the machine
# has: "v2", or "v1 CONTROLLERS…" with "unified" where both are mounted.
case $cgroups in
v2)
    mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$root/sys/fs/cgroup"
    ;;
v1*)
    mount -t tmpfs -o mode=755,nosuid,nodev,noexec tmpfs "$root/sys/fs/cgroup"
    for controller in ${cgroups#v1}; do
        dir=$root/sys/fs/cgroup/${controller#name=}
        mkdir -p "$dir"
        case $controller in
        unified) mount -t cgroup2 -o nosuid,nodev,noexec cgroup2 "$dir" ;;
        name=*) mount -t cgroup -o "nosuid,nodev,noexec,none,$controller" cgroup "$dir" ;;
        *) mount -t cgroup -o "nosuid,nodev,noexec,$controller" cgroup "$dir" ;;
        esac
    done
    mount -o remount,ro "$root/sys/fs/cgroup"
    ;;
esac

# Devices of its own: none of the machine's disks or consoles.
mount -t tmpfs -o mode=755,nosuid,size=4m tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/net"
while read -r device major minor; do
    mknod -m 666 "$root/dev/$device" c "$major" "$minor"
done <<DEVICES
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
console 1 3
DEVICES
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"
mount -t devpts -o newinstance,nosuid,noexec,ptmxmode=666,mode=620,gid=5 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
mount -t tmpfs -o mode=1777,nosuid,nodev,size=64m tmpfs "$root/dev/shm"
mount -t tmpfs -o mode=755,nosuid,nodev,size=256m tmpfs "$root/run"
mkdir -m 1777 "$root/run/lock"
mount -t tmpfs -o mode=1777,nosuid,nodev,size=256m tmpfs "$root/tmp"

# The shared storage device of the guide.
mount --bind "$shared" "$root/srv/milvus"
hostname "$host"

cd "$root"
pivot_root . .
umount -l .
# The clock, the modules and the memory are the machine's.
exec chroot . /usr/bin/env -i container=milvus-ha-lab "milvus_ha_lab=$name" TERM=linux \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    /usr/bin/setpriv --bounding-set "$lacks" \
    /lib/systemd/systemd
