#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two hosts with milvus-ha-node: each fault, what the client saw of it, and never both containers running."""

import json
import os
import statistics
import subprocess
import unittest

from node_pair import NODE, VIP, WITNESS, NodeTest, other
from pair import Tool, wait_for

ROUNDS = int(os.environ.get("NODE_ROUNDS", "3"))
# 3T + skew at 0.1 s and priority 91: how long a silent MASTER is waited for.
SILENCE_S = 0.3 + 0.1 * (256 - 91) / 256
# What two cores, sanitizers and the lab's own tools may add to what is wanted.
SLACK_S = 0.5


class Node(NodeTest):
    LAB = "tnode"
    ENGINE = "native"
    ROUNDS = ROUNDS

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.table = []
        test = cls("test_faults")
        for host in ("backup", "master"):
            test.install(host)
            test.configure(host, end_connections=True)
            if cls.ENGINE == "keepalived":
                test.use_keepalived(host)
        cls.start_s = statistics.median(test.start_alone_s(host) for host in ("backup", "master") for _ in range(3))
        for host in ("master", "backup"):
            test.begin(host)

    def setUp(self):
        self.active = next((host for host in ("master", "backup") if self.state(host) == ("MASTER", "running")), "master")
        self.settled(self.active, 60)

    def measured(self, what, act, wanted_s):
        """The act on the active host, until the other one serves: the client's outage, and were there ever two?"""
        active, standby = self.active, other(self.active)
        client = Tool(self.lab.on_lan(NODE.with_name("vip-client"), "--vip", VIP, "--json"), self.lab.env, stderr=subprocess.PIPE)
        # Its first good answer: from here on a miss is an outage.
        self.assertIn("first good", client.process.stderr.readline())
        sampler = Tool([NODE.with_name("two-writers"), "--lab", self.LAB, "--interval-ms", "5"], self.lab.env)
        try:
            act(active)
            wait_for(lambda: self.state(standby) == ("MASTER", "running"), 30, f"{what}: {standby} serves")
        finally:
            seen, samples = client.finish(), sampler.finish()
        self.assertFalse(samples["ever_both"], samples)
        outages = [outage["outage_s"] for outage in seen["outages"]]
        self.assertEqual(len(outages), 1, f"{what}: {seen}\n{self.log(active)}\n{self.log(standby)}")
        self.table.append((what, outages[0], wanted_s, samples["both_s"]))
        if wanted_s and outages[0] > wanted_s + SLACK_S:
            print(f"\nslow: {what} {outages} {seen}\n{self.log(standby)}")
        self.active = standby
        return active

    def more_faults(self):
        return []

    def node_signal(self, name):
        return lambda host: self.inside(host, f"kill -{name} $(systemctl show --value -p MainPID milvus-ha-node)")

    def test_old_connections_are_ended(self):
        """What else listens at the VIP tells its clients at once that the address has moved."""
        script = (f"import socket; c = socket.create_connection(('{VIP}', 22), 5); c.settimeout(20); c.recv(99); "
                  "print('connected', flush=True)\n"
                  "try:\n while c.recv(99): pass\n print('closed')\nexcept OSError as e: print(type(e).__name__)")
        client = self.start(*self.lab.on_lan("python3", "-c", script))
        self.assertEqual(client.process.stdout.readline().strip(), "connected")
        code, output = self.switch(self.active)
        self.assertEqual(code, 0, output)
        self.assertEqual(client.process.communicate(timeout=30)[0].strip(), "ConnectionResetError")

    def test_faults(self):
        def switch(host):
            code, output = self.switch(host)
            self.assertEqual(code, 0, output)

        def link_back(host):
            subprocess.run(["nsenter", f"--net=/run/netns/mhalab-{self.LAB}-lan", "ip", "link", "set", "dev", host, "up"],
                           check=True, timeout=10)

        nothing = lambda host: None
        faults = [
            ("container killed", lambda host: self.inside(host, "docker kill milvus"), nothing, self.start_s + 0.15),
            ("planned switchover", switch, nothing, None),
            ("cable out", lambda host: self.lab.run("break", "cut-link", host), link_back, SILENCE_S + self.start_s + 0.1),
            ("power cut", lambda host: self.lab.run("break", "power-cut", host), lambda host: self.lab.run("boot", host),
             SILENCE_S + self.start_s + 0.1),
            ("node program stopped (SIGSTOP)", self.node_signal("STOP"), nothing, SILENCE_S + self.start_s + 0.1),
            ("node program killed", self.node_signal("KILL"), nothing, SILENCE_S + self.start_s + 0.1),
            # As the kernel does where memory is out: the deadman too, and what is left is ExecStopPost.
            ("all of the unit killed", lambda host: self.inside(host, "systemctl kill -s KILL milvus-ha-node"), nothing, None),
            ("node service stopped", lambda host: self.inside(host, "systemctl stop milvus-ha-node"), self.begin, None),
        ]
        faults += self.more_faults()
        try:
            for what, act, heal, wanted in faults:
                for _ in range(self.ROUNDS):
                    with self.subTest(what=what):
                        broken = self.measured(what, act, wanted)
                        heal(broken)
                        self.settled(self.active, 60)
        finally:
            print(f"\ndocker start alone: {self.start_s:.3f} s at the median"
                  "\nfault                            outages s                 median   wanted   both running s")
            for what in dict.fromkeys(row[0] for row in self.table):
                rows = [row for row in self.table if row[0] == what]
                median = statistics.median(row[1] for row in rows)
                wanted = rows[0][2]
                print(f"{what:32} {' '.join(f'{row[1]:.3f}' for row in rows):25} {median:6.3f}   "
                      f"{f'{wanted:.3f}' if wanted else '-':6}   {max(row[3] for row in rows):.3f}")
            for what, wanted in {row[0]: row[2] for row in self.table if row[2]}.items():
                median = statistics.median(row[1] for row in self.table if row[0] == what)
                with self.subTest(what=what):
                    self.assertLess(median, wanted + SLACK_S)

    def test_operators_fault_and_clear(self):
        active, standby = self.active, other(self.active)
        self.inside(active, "milvus-ha-node fault --reason disk")
        wait_for(lambda: self.state(standby) == ("MASTER", "running"), 20, f"{standby} serves")
        self.assertEqual(self.state(active), ("FAULT", "stopped"))
        self.assertEqual(self.status(active)["hold"], "operator")
        self.inside(active, "milvus-ha-node clear")
        self.settled(standby)

    def test_switchover_without_a_standby_is_refused(self):
        active, standby = self.active, other(self.active)
        self.inside(standby, "systemctl stop milvus-ha-node")
        try:
            wait_for(lambda: not self.status(active)["peer"]["answers"], 10, "the standby's silence")
            code, output = self.switch(active)
            self.assertEqual(code, 20, output)
            self.assertEqual(self.state(active), ("MASTER", "running"))
        finally:
            self.begin(standby)
        self.settled(active)

    def test_the_control_socket_is_for_few(self):
        ask = "milvus-ha-node status >/dev/null"
        self.inside(self.active, f"chmod 755 /etc/milvus-ha && chmod 644 /etc/milvus-ha/node.toml; "
                                 f"su viewer -s /bin/sh -c '{ask}'")  # of the group docker
        self.inside(self.active, f"! su nobodyha -s /bin/sh -c '{ask}' 2>/dev/null")

    def test_a_vip_taken_away_is_put_back(self):
        self.inside(self.active, f"ip address del {VIP}/32 dev $(ip -o address show | awk '/ {VIP}\\//{{print $2}}')")
        wait_for(lambda: f" {VIP}/" in self.inside(self.active, "ip -o address show"), 5, "the VIP back")
        self.settled(self.active)

    def test_check_warns_of_a_missing_witness(self):
        self.assertNotIn("witness", self.inside(self.active, "milvus-ha-node check").lower())
        text = self.config("master").replace(f'witness = "{WITNESS}"\n', "")
        self.put("master", "/tmp/node.toml", text.encode())
        self.assertIn("witness", self.inside("master", "milvus-ha-node check --config /tmp/node.toml").lower())


if __name__ == "__main__":
    unittest.main()
