#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""VRRP of milvus-ha-node with keepalived: versions 2 (PASS) and 3, each side as master and as backup."""

import subprocess
import threading
import time
import unittest

from node_pair import ADDRESS, INTERFACE, VIP, NodeTest, other
from pair import wait_for

# name, what both sides have in common, the advert interval, unicast
WIRES = [
    ("v2 PASS", {"version": 2, "password": "1111"}, 1, False),
    ("v3", {"version": 3}, 0.1, False),
    ("v3 unicast", {"version": 3}, 0.1, True),
]
OURS = "master"  # the host that runs the node program
THEIRS = "backup"


def skew(version, priority, interval):
    return (256 - priority) / 256 * (1 if version == 2 else interval)


class Interop(NodeTest):
    LAB = "tvrrp"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls("test_matrix")
        test.install(OURS)
        test.inside(THEIRS, "docker stop -t 1 milvus >/dev/null")
        cls.matrix = []

    def holds(self, host):
        done = subprocess.run(["nsenter", f"--net=/run/netns/mhalab-{self.LAB}-{host}", "ip", "-4", "-o", "address", "show"],
                              capture_output=True, text=True, timeout=10)
        return f" {VIP}/" in done.stdout

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

    def keepalived(self, common, interval, priority, unicast):
        version = common["version"]
        lines = ["global_defs {", "  router_id theirs", f"  vrrp_version {version}", "}", "vrrp_instance VI_1 {",
                 "  state BACKUP", f"  interface {INTERFACE[THEIRS]}", "  virtual_router_id 51", f"  priority {priority}",
                 f"  advert_int {interval}"]
        if "password" in common:
            lines += ["  authentication {", "    auth_type PASS", f"    auth_pass {common['password']}", "  }"]
        if unicast:
            lines += [f"  unicast_src_ip {ADDRESS[THEIRS]}", "  unicast_peer {", f"    {ADDRESS[OURS]}", "  }"]
        lines += ["  virtual_ipaddress {", f"    {VIP}/32", "  }", "}", ""]
        self.put(THEIRS, "/etc/keepalived/keepalived.conf", "\n".join(lines).encode())

    def prepare(self, common, interval, unicast, ours, theirs):
        """Both off, both configured."""
        self.inside(OURS, "systemctl stop milvus-ha-node", check=False)
        self.inside(THEIRS, "systemctl stop keepalived", check=False)
        self.configure(OURS, **common, priority=ours, advert_interval_seconds=interval, preempt=True, unicast=unicast,
                       peer_kind="keepalived", peer_stop_deadline_seconds=3600, witness=None)
        self.keepalived(common, interval, theirs, unicast)
        self.since = time.time()

    def on(self, host):
        self.inside(host, "systemctl start " + ("milvus-ha-node" if host == OURS else "keepalived"))

    def off(self, host):
        self.inside(host, "systemctl stop " + ("milvus-ha-node" if host == OURS else "keepalived"))

    def alone(self, host):
        """The VIP is on this host and not on the other, now and a while later."""
        wait_for(lambda: self.holds(host) and not self.holds(other(host)), 15, f"the VIP on {host} alone")
        end = time.monotonic() + 1.5
        while time.monotonic() < end:
            self.assertTrue(self.holds(host) and not self.holds(other(host)), f"the VIP did not stay on {host}")

    def no_complaints(self):
        flaws = self.status(OURS)["vrrp"]["flaws"]
        self.assertEqual(flaws, {})
        journal = self.inside(THEIRS, f"journalctl -u keepalived --since @{self.since:.0f} -o cat --no-pager")
        wrong = [line for line in journal.splitlines()
                 if any(word in line.lower() for word in ("invalid", "mismatch", "bogus", "bad ", "wrong", "incorrect"))]
        self.assertEqual(wrong, [], journal)

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
        who = {OURS: "ours", THEIRS: "keepalived"}
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

    def test_matrix(self):
        try:
            for wire, common, interval, unicast in WIRES:
                with self.subTest(wire=wire):
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
                    self.matrix.append((wire, "equal priority: the higher address stays", 0.0, 0.0))
        finally:
            print("\nwire        what                                                   VIP after s   allowed s")
            for wire, what, took, bound in self.matrix:
                print(f"{wire:11} {what:54} {took:11.3f} {bound:11.3f}")


if __name__ == "__main__":
    unittest.main()
