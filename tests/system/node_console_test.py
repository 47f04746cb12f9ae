#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The console over two hosts with milvus-ha-node: it sees the program, switches by it, and rebuilds what it recorded."""

import os
import time
import unittest

from node_pair import NodeTest, other
from pair import Watch, healthy_now, milvus_ha, wait_for

ROUNDS = int(os.environ.get("NODE_CONSOLE_ROUNDS", "2"))


class NodeConsole(NodeTest):
    LAB = "tncon"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls("test_switches_by_the_program")
        for host in ("backup", "master"):
            test.install(host)
            test.configure(host)
        for host in ("master", "backup"):
            test.begin(host)

    def setUp(self):
        self.active = next((host for host in ("master", "backup") if self.state(host) == ("MASTER", "running")), "master")
        self.settled(self.active, 60)
        self.healthy(60)

    def node(self, host):
        _, value, errors = milvus_ha(self.lab, "status")
        self.assertIsNotNone(value, errors)
        return next(node for node in value["nodes"] if node["name"] == host)

    def test_status_tells_of_the_program(self):
        seen = {host: self.node(host) for host in ("master", "backup")}
        for host, state in ((self.active, "MASTER"), (other(self.active), "BACKUP")):
            vrrp = seen[host]["vrrp"]
            self.assertEqual((vrrp["engine"], vrrp["state"], vrrp["running"]), ("native", state, True), vrrp)
            self.assertAlmostEqual(vrrp["advert_interval_s"], 0.1)
            self.assertTrue(0.3 < vrrp["master_down_s"] < 0.4, vrrp)
            program = seen[host]["node_program"]
            self.assertEqual((program["engine"], program["hold"], program["peer_answers"]), ("native", None, True), program)
        self.assertGreater(seen[self.active]["vrrp"]["counters"]["sent"], 0)
        self.assertGreater(seen[other(self.active)]["vrrp"]["counters"]["received"], 0)

    def test_switches_by_the_program(self):
        sampler = self.watch_writers()
        outages = []
        for _ in range(ROUNDS):
            for to in (other(self.active), self.active):
                code, value = self.switchover(to)
                self.assertEqual((code, value["outcome"]), (0, "done"), value)
                self.assertIn("milvus-ha-node", " ".join(step["name"] for step in value["steps"]))
                outages.append(value["outage_s"])
                self.settled(to)
        samples = sampler.finish()
        print("\nby milvus-ha-node:", outages, "both running:", samples["both_s"], "s in", samples["samples"], "samples")
        self.assertFalse(samples["ever_both"], samples)
        code, value, _ = milvus_ha(self.lab, "failovers", "--history", self.history())
        self.assertEqual([move["reason"] for move in value["failovers"]], ["test"] * 2 * ROUNDS)
        self.healthy()

    def test_a_target_without_a_container_is_refused(self):
        standby = other(self.active)
        self.inside(standby, "docker rename milvus milvus.aside")
        try:
            code, value = self.switchover(standby)
            self.assertEqual((code, value["outcome"]), (20, "refused"), value)
            self.assertEqual(self.state(self.active), ("MASTER", "running"))
        finally:
            self.inside(standby, "docker rename milvus.aside milvus")
        self.settled(self.active)

    def test_held_by_an_operator(self):
        standby = other(self.active)
        self.inside(standby, "milvus-ha-node fault --reason disk")
        try:
            wait_for(lambda: (self.node(standby)["node_program"] or {}).get("hold") == "operator", 10, "the hold is seen")
            code, value, _ = milvus_ha(self.lab, "status")
            self.assertEqual(code, 1)
            self.assertIn("node-held", [reason["code"] for reason in value["reasons"]])
            code, value = self.switchover(standby)
            self.assertEqual((code, value["outcome"]), (20, "refused"), value)
        finally:
            self.inside(standby, "milvus-ha-node clear")
        self.healthy()

    def test_maintenance_holds_the_program(self):
        standby = other(self.active)
        self.addCleanup(milvus_ha, self.lab, "maintenance", "end", standby, "--history", self.history())
        code, value, errors = milvus_ha(self.lab, "maintenance", "begin", standby, "--for", "10m", "--reason", "disk",
                                        "--history", self.history())
        self.assertEqual(code, 0, (value, errors))
        try:
            wait_for(lambda: self.status(standby)["hold"] == "maintenance", 10, "the hold")
            self.assertEqual(self.state(standby), ("FAULT", "stopped"))
            self.assertEqual(self.node(standby)["vrrp"]["maintenance"]["reason"], "disk")
            # Service does not move there.
            self.inside(self.active, "docker kill milvus >/dev/null")
            wait_for(lambda: self.state(self.active) == ("MASTER", "running"), 30, "it serves again where it was")
        finally:
            code, value, errors = milvus_ha(self.lab, "maintenance", "end", standby, "--history", self.history())
        self.assertEqual(code, 0, (value, errors))
        self.settled(self.active, 60)

    def test_the_end_of_the_program_is_seen(self):
        standby = other(self.active)
        watch = Watch(self.lab, self.history())
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 30, "a healthy start")
        mark = watch.mark()
        self.inside(standby, "systemctl stop milvus-ha-node")
        try:
            watch.wait(lambda line: line["code"] == "node-program-stopped", 10, "the program's end", mark)
            watch.wait(lambda line: line["code"] == "keepalived-stopped", 10, "that of its VRRP", mark)
        finally:
            self.begin(standby)
        watch.wait(lambda line: line["code"] == "node-program-started", 90, "its start", mark)
        watch.wait(healthy_now, 60, "healthy again", mark)

    def test_what_nobody_watched_is_rebuilt(self):
        history = self.history()
        watch = Watch(self.lab, history)
        watch.wait(healthy_now, 30, "a healthy start")
        self.assertEqual(watch.stop(), 0)
        first = self.active
        moves = []
        for _ in range(2):
            began = time.time()
            self.inside(self.active, "docker kill milvus >/dev/null")
            self.settled(other(self.active))
            moves.append((self.active, other(self.active), began))
            self.active = other(self.active)
            # Apart for longer than the moves of one failover.
            wait_for(lambda: time.time() - began > 15, 20, "some time")
        self.assertEqual(first, self.active)
        watch = Watch(self.lab, history)
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 30, "a healthy start")

        def rebuilt():
            found = milvus_ha(self.lab, "failovers", "--history", history)[1]["failovers"]
            return found if len(found) >= 2 else None

        found = wait_for(rebuilt, 60, "both failovers rebuilt")
        for failover, (source, target, began) in zip(sorted(found, key=lambda f: f["started_at"]), moves):
            self.assertEqual((failover["from"], failover["to"], failover["source"]), (source, target, "reconstructed"),
                             failover)
            self.assertLess(failover["recovery_s"], 5, failover)


if __name__ == "__main__":
    unittest.main()
