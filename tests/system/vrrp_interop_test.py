#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""VRRP of milvus-ha-node with keepalived (versions 2 with PASS, and 3) and with FRR's vrrpd (version 3): each side as
master and as backup."""

import subprocess
import threading
import time
import unittest

from node_pair import ADDRESS, INTERFACE, VIP, NodeTest, other
from pair import wait_for

# name, who speaks on the other side, what both have in common, the advert interval, unicast
WIRES = [
    ("v2 PASS", "keepalived", {"version": 2, "password": "1111"}, 1, False),
    ("v3", "keepalived", {"version": 3}, 0.1, False),
    ("v3 unicast", "keepalived", {"version": 3}, 0.1, True),
    ("v3", "FRR", {"version": 3}, 0.1, False),
]
OURS = "master"  # the host that runs the node program
THEIRS = "backup"


def skew(version, priority, interval):
    return (256 - priority) / 256 * (1 if version == 2 else interval)


class Keepalived:
    """keepalived on the other host."""

    def __init__(self, test):
        self.test = test

    def configure(self, common, interval, priority, unicast):
        version = common["version"]
        lines = ["global_defs {", "  router_id theirs", f"  vrrp_version {version}", "}", "vrrp_instance VI_1 {",
                 "  state BACKUP", f"  interface {INTERFACE[THEIRS]}", "  virtual_router_id 51", f"  priority {priority}",
                 f"  advert_int {interval}"]
        if "password" in common:
            lines += ["  authentication {", "    auth_type PASS", f"    auth_pass {common['password']}", "  }"]
        if unicast:
            lines += [f"  unicast_src_ip {ADDRESS[THEIRS]}", "  unicast_peer {", f"    {ADDRESS[OURS]}", "  }"]
        lines += ["  virtual_ipaddress {", f"    {VIP}/32", "  }", "}", ""]
        self.test.put(THEIRS, "/etc/keepalived/keepalived.conf", "\n".join(lines).encode())

    def on(self):
        self.test.inside(THEIRS, "systemctl start keepalived")

    def off(self):
        self.test.inside(THEIRS, "systemctl stop keepalived")

    def holds(self):
        return self.test.has_address(THEIRS)

    def complaints(self, since):
        journal = self.test.inside(THEIRS, f"journalctl -u keepalived --since @{since:.0f} -o cat --no-pager")
        return [line for line in journal.splitlines()
                if any(word in line.lower() for word in ("invalid", "mismatch", "bogus", "bad ", "wrong", "incorrect"))]


class Frr:
    """FRR's vrrpd on the other host. It is unpacked there, not installed: its files are of no use to the machine. The
    VIP is always on its macvlan interface, which vrrpd lets carry only while it is Master."""

    PACKAGES = ["frr", "libyang2", "libc-ares2", "libjson-c5", "libreadline8", "libprotobuf-c1"]
    LINK = "vrrp4-51"

    def __init__(self, test):
        self.test = test
        debs = test.folder / "frr"
        debs.mkdir()
        download = ["apt-get", "-qq", "-o", "APT::Sandbox::User=root", "download", *self.PACKAGES]
        if subprocess.run(download, cwd=debs, timeout=300, capture_output=True).returncode != 0:
            subprocess.run(["apt-get", "-qq", "update"], check=True, timeout=300, capture_output=True)
            subprocess.run(download, cwd=debs, check=True, timeout=300, capture_output=True)
        for deb in debs.glob("*.deb"):
            subprocess.run(["dpkg", "-x", deb, debs / "root"], check=True, timeout=60)
        files = subprocess.run(["tar", "-C", debs / "root", "-c", "usr/lib", "usr/share/yang"], check=True, timeout=60,
                               capture_output=True).stdout
        test.inside(THEIRS, "tar -x -C / && ldconfig && groupadd -r frr && groupadd -r frrvty && "
                            "useradd -r -g frr -G frrvty -s /usr/sbin/nologin frr && mkdir -p /etc/frr /run/frr && "
                            ": >/etc/frr/zebra.conf && chown -R frr: /etc/frr /run/frr && "
                            "/usr/lib/frr/zebra -d -f /etc/frr/zebra.conf -i /run/frr/zebra.pid && "
                            f"ip link add {self.LINK} link {INTERFACE[THEIRS]} type macvlan mode bridge && "
                            f"ip link set dev {self.LINK} address 00:00:5e:00:01:33 && "
                            f"ip address add {VIP}/32 dev {self.LINK} && ip link set {self.LINK} up && "
                            f"ip link set {self.LINK} protodown on", text=files)

    def configure(self, common, interval, priority, unicast):
        self.test.put(THEIRS, "/etc/frr/vrrpd.conf", "\n".join([
            f"log file /run/frr/vrrpd.log", f"interface {INTERFACE[THEIRS]}", f" vrrp 51 version {common['version']}",
            f" vrrp 51 priority {priority}", f" vrrp 51 advertisement-interval {int(interval * 1000)}",
            f" vrrp 51 ip {VIP}", ""]).encode())
        self.test.inside(THEIRS, "chown frr: /etc/frr/vrrpd.conf; rm -f /run/frr/vrrpd.log")

    def on(self):
        self.test.inside(THEIRS, "/usr/lib/frr/vrrpd -d -f /etc/frr/vrrpd.conf -i /run/frr/vrrpd.pid")

    def off(self):
        # It is over when the process is; its interface is left as it was.
        self.test.inside(THEIRS, "p=$(cat /run/frr/vrrpd.pid 2>/dev/null) && kill $p && tail -f /dev/null --pid=$p; "
                                 f"rm -f /run/frr/vrrpd.pid; ip link set {self.LINK} protodown on", check=False)

    def holds(self):
        return ",LOWER_UP>" in self.test.in_network(THEIRS, "ip", "-o", "link", "show", self.LINK)

    def complaints(self, since):
        log = self.test.inside(THEIRS, "cat /run/frr/vrrpd.log", check=False)
        return [line for line in log.splitlines() if any(word in line.lower() for word in ("invalid", "mismatch", "drop"))]


class Interop(NodeTest):
    LAB = "tvrrp"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls("test_matrix")
        test.install(OURS)
        test.inside(THEIRS, "systemctl disable -q --now keepalived; docker stop -t 1 milvus >/dev/null")
        cls.matrix = []
        cls.speakers = {}

    def in_network(self, host, *command):
        return subprocess.run(["nsenter", f"--net=/run/netns/mhalab-{self.LAB}-{host}", *command], capture_output=True,
                              text=True, timeout=10).stdout

    def has_address(self, host):
        return f" {VIP}/" in self.in_network(host, "ip", "-4", "-o", "address", "show")

    def holds(self, host):
        return self.has_address(OURS) if host == OURS else self.theirs.holds()

    def taken_s(self, act, host, deadline_s=15):
        """Seconds from the act to the VIP on the host."""
        begin = time.monotonic()
        worker = threading.Thread(target=act)
        worker.start()
        end = begin + deadline_s
        while not self.holds(host) and time.monotonic() < end:
            pass
        took = time.monotonic() - begin
        worker.join()
        self.assertTrue(self.holds(host), f"{host} has not taken the VIP within {deadline_s} s\n{self.log(OURS)}")
        return took

    def prepare(self, common, interval, unicast, ours, theirs):
        """Both off, both configured."""
        self.inside(OURS, "systemctl stop milvus-ha-node", check=False)
        self.theirs.off()
        self.configure(OURS, **common, priority=ours, advert_interval_seconds=interval, preempt=True, unicast=unicast,
                       peer_kind="keepalived", peer_stop_deadline_seconds=3600, witness=None)
        self.theirs.configure(common, interval, theirs, unicast)
        self.since = time.time()

    def on(self, host):
        if host == THEIRS:
            self.theirs.on()
        else:
            self.inside(OURS, "systemctl start milvus-ha-node")

    def off(self, host):
        if host == THEIRS:
            self.theirs.off()
        else:
            self.inside(OURS, "systemctl stop milvus-ha-node")

    def alone(self, host):
        """The VIP is on this host and not on the other, now and a while later."""
        wait_for(lambda: self.holds(host) and not self.holds(other(host)), 15, f"the VIP on {host} alone")
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            self.assertTrue(self.holds(host) and not self.holds(other(host)), f"the VIP did not stay on {host}")

    def no_complaints(self):
        flaws = self.status(OURS)["vrrp"]["flaws"]
        self.assertEqual(flaws, {})
        self.assertEqual(self.theirs.complaints(self.since), [])

    def row(self, wire, what, took, bound):
        self.matrix.append((wire, what, took, bound))
        self.assertLess(took, bound, what)

    def cut(self, host, up):
        subprocess.run(["nsenter", f"--net=/run/netns/mhalab-{self.LAB}-lan", "ip", "link", "set", "dev", host,
                        "up" if up else "down"], check=True, timeout=10)

    def one_way(self, wire, common, interval, unicast, high, low):
        """`high` has the higher priority: the whole round, seen from the other side."""
        version = common["version"]
        priority = {high: 110, low: 91}
        self.prepare(common, interval, unicast, priority[OURS], priority[THEIRS])
        who = {OURS: "ours", THEIRS: self.name}
        pace = 0.6  # of a systemctl on two cores
        self.on(low)
        self.alone(low)
        down = 3 * interval + skew(version, 110, interval)
        self.row(wire, f"{who[high]} preempts {who[low]}", self.taken_s(lambda: self.on(high), high), down + interval + pace + 0.5)
        self.alone(high)
        self.no_complaints()
        self.row(wire, f"{who[high]} resigns (priority 0), {who[low]} takes over", self.taken_s(lambda: self.off(high), low),
                 skew(version, 91, interval) + pace)
        self.alone(low)
        self.taken_s(lambda: self.on(high), high)
        self.alone(high)
        self.row(wire, f"{who[high]} falls silent, {who[low]} takes over", self.taken_s(lambda: self.cut(high, False), low),
                 3 * interval + skew(version, 91, interval) + 0.15)
        self.cut(high, True)
        self.alone(high)
        self.no_complaints()

    def speaker(self, name):
        if name not in self.speakers:
            self.speakers[name] = {"keepalived": Keepalived, "FRR": Frr}[name](self)
        return self.speakers[name]

    def capture(self):
        """All VRRP of the LAN, until its end."""
        file = self.folder / f"{len(list(self.folder.glob('*.pcapng')))}.pcapng"
        dump = subprocess.Popen(["nsenter", f"--net=/run/netns/mhalab-{self.LAB}-{OURS}", "dumpcap", "-q", "-i",
                                 INTERFACE[OURS], "-f", "ip proto 112", "-w", str(file)], stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: dump.poll() is None and dump.kill())
        while "File:" not in (line := dump.stderr.readline()):  # it captures from here on
            self.assertNotEqual(line, "", "dumpcap ended")
        return dump, file

    def as_others_read_it(self, dump, file, version):
        """tshark finds nothing wrong with the adverts of our own address."""
        dump.send_signal(2)
        dump.wait(20)
        done = subprocess.run(["tshark", "-r", str(file), "-o", "vrrp.v3_checksum_as_in_v2:FALSE", "-Y",
                               f"vrrp && ip.src == {ADDRESS[OURS]}", "-T", "fields", "-e", "vrrp.version", "-e",
                               "vrrp.checksum.status", "-e", "ip.ttl", "-e", "_ws.expert.message"],
                              capture_output=True, text=True, timeout=60)
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        self.assertGreater(len(rows), 5, done.stderr)
        self.assertEqual({tuple(row) for row in rows}, {(str(version), "1", "255", "")}, file)
        return len(rows)

    def test_matrix(self):
        try:
            for wire, self.name, common, interval, unicast in WIRES:
                self.theirs = self.speaker(self.name)
                with self.subTest(wire=wire, theirs=self.name):
                    self.inside(OURS, "systemctl stop milvus-ha-node", check=False)  # its last word is of the wire before
                    dump, file = self.capture()
                    self.one_way(wire, common, interval, unicast, OURS, THEIRS)
                    self.one_way(wire, common, interval, unicast, THEIRS, OURS)
                    # Equal priority: the higher address (ours, .85 against .38) wins where both are MASTER.
                    self.prepare(common, interval, unicast, 100, 100)
                    self.on(THEIRS)
                    self.alone(THEIRS)
                    self.cut(THEIRS, False)
                    self.on(OURS)
                    wait_for(lambda: self.holds(OURS), 15, "ours alone on its side of the cut")
                    self.cut(THEIRS, True)
                    self.alone(OURS)
                    self.no_complaints()
                    self.matrix.append((wire, f"equal priority ({self.name}): the higher address stays", 0.0, 0.0))
                    read = self.as_others_read_it(dump, file, common["version"])
                    self.matrix.append((wire, f"{read} adverts of ours read by tshark, nothing amiss", 0.0, 0.0))
                self.theirs.off()
        finally:
            print("\nwire        what                                                   VIP after s   allowed s")
            for wire, what, took, bound in self.matrix:
                print(f"{wire:11} {what:54} {took:11.3f} {bound:11.3f}")


if __name__ == "__main__":
    unittest.main()
