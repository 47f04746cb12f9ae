#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs once, chrooted into the lab's root layer: installs what a host of the pair has, and takes away what came from
# the machine below and has no place on a server of its own. Part of the key under which the layer is cached.
set -euo pipefail

# Outside the layer this script would tear the machine apart.
[[ -e /layer-build.sh && -e /.milvus-ha-lab-layer ]] || exit 1

export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 SYSTEMD_OFFLINE=1
packages=(systemd systemd-sysv dbus libpam-systemd openssh-server docker.io keepalived
    sudo procps iproute2 iputils-ping curl ca-certificates bash coreutils util-linux passwd kmod)

# Nothing may start while it is being installed.
printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
chmod 755 /usr/sbin/policy-rc.d
rm -f /etc/ssh/ssh_host_*
# Leftovers of the machine that would make apt or dpkg look at things outside.
rm -f /etc/apt/apt.conf.d/*dep11* /etc/apt/apt.conf.d/50appstream /etc/apt/apt.conf.d/20packagekit
printf 'path-exclude=/usr/share/man/*\npath-exclude=/usr/share/doc/*\nforce-unsafe-io\n' >/etc/dpkg/dpkg.cfg.d/lab

install_packages() {
    apt-get -q -y -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
        install --no-install-recommends "${packages[@]}"
}
# The machine's package lists may be old or empty.
if ! install_packages; then
    apt-get -q update
    install_packages
fi

# The servers' settings are those of Debian, not those of this machine.
cp /usr/share/openssh/sshd_config /etc/ssh/sshd_config
rm -rf /etc/ssh/sshd_config.d /etc/ssh/ssh_config.d /etc/docker /etc/keepalived
mkdir -p /etc/ssh/{sshd_config.d,ssh_config.d} /etc/docker /etc/keepalived

# Only what a host of the pair runs is enabled, whatever the machine enables.
rm -rf /etc/systemd/system/* /etc/systemd/user/* /etc/rc?.d/* /etc/cron.d/* /etc/cron.*/*
mkdir -p /etc/systemd/system-generators /etc/systemd/system
for generator in /usr/lib/systemd/system-generators/*; do
    ln -sf /dev/null "/etc/systemd/system-generators/${generator##*/}"
done
systemctl set-default multi-user.target
systemctl enable ssh.service docker.service docker.socket containerd.service
# keepalived is enabled on each host once its container is there, as the guide does it last.
# A host shares the machine's kernel: nothing may touch its consoles, devices, clock or debug file systems.
systemctl mask getty.target console-getty.service systemd-udevd.service systemd-udevd-kernel.socket \
    systemd-udevd-control.socket systemd-udev-trigger.service systemd-udev-settle.service \
    systemd-timesyncd.service systemd-modules-load.service kmod-static-nodes.service \
    proc-sys-fs-binfmt_misc.automount proc-sys-fs-binfmt_misc.mount systemd-binfmt.service \
    sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount \
    dev-hugepages.mount systemd-pstore.service systemd-random-seed.service systemd-remount-fs.service \
    systemd-hwdb-update.service systemd-firstboot.service systemd-machine-id-commit.service ldconfig.service \
    systemd-journal-catalog-update.service systemd-update-done.service systemd-boot-update.service \
    systemd-journald-audit.socket

# Users: the machine's people do not live here; three of ours do, one for each right an operator may have.
# shellcheck disable=SC2013
for user in $(awk -F: '$3 >= 1000 && $3 < 65000 {print $1}' /etc/passwd); do
    userdel "$user" || true
done
useradd --uid 2001 --gid operator --create-home --shell /bin/bash operator
useradd --uid 2002 --create-home --shell /bin/bash --groups docker viewer
useradd --uid 2003 --create-home --shell /bin/bash nobodyha
printf 'operator ALL=(ALL) NOPASSWD: ALL\n' >/etc/sudoers.d/operator
chmod 440 /etc/sudoers.d/operator
# No password opens any account.
awk -F: -v OFS=: '{$2 = "*"; print}' /etc/shadow >/etc/shadow.new
cat /etc/shadow.new >/etc/shadow
rm -f /etc/shadow.new /etc/shadow- /etc/passwd- /etc/group- /etc/gshadow-
cp -r /etc/skel/. /root/
chmod 700 /root

mkdir -p /etc/docker /var/log/journal /srv/milvus
# The kernel of the machine may lack what Docker's own bridge needs; the pair uses the host's network anyway.
printf '{"iptables": false, "ip6tables": false, "bridge": "none"}\n' >/etc/docker/daemon.json
printf '[Journal]\nSystemMaxUse=32M\nRateLimitBurst=0\n' >/etc/systemd/journald.conf
# Of the sysctls only those of the guide are set (everything outside net/ is the machine's, and read-only here).
rm -f /etc/sysctl.d/*
for file in /usr/lib/sysctl.d/*.conf; do
    [[ -e $file ]] && ln -sf /dev/null "/etc/sysctl.d/${file##*/}"
done
ln -sf ../sysctl.conf /etc/sysctl.d/99-sysctl.conf
printf '#net.ipv4.ip_forward=1\n' >/etc/sysctl.conf

# What the machine's people installed by hand is not on a server of the pair.
# shellcheck disable=SC2114
rm -rf /usr/local
mkdir -p /usr/local/{bin,etc,games,include,lib,sbin,share,src}

: >/etc/fstab
: >/etc/environment
: >/etc/motd
: >/etc/resolv.conf
rm -f /etc/ssh/ssh_host_* /etc/machine-id /usr/sbin/policy-rc.d /etc/dpkg/dpkg.cfg.d/lab
rm -rf /var/lib/apt/lists /var/cache/apt /var/lib/docker /var/lib/containerd /etc/ssl/private/*
mkdir -p /var/lib/apt/lists/partial /var/cache/apt/archives/partial /var/lib/docker /var/lib/containerd
find /var/log -type f -delete
