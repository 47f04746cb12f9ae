#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switchovers there and back: never both containers running, no acknowledged row lost, each recorded."""

import os
import unittest

from pair import PROGRAM, LabTest, Watch, healthy_now, milvus_ha, wait_for

ROUNDS = int(os.environ.get("SWITCHOVER_ROUNDS", "3"))


class Switchover(LabTest):
    LAB = "tsw"

    def test_there_and_back(self):
        self.healthy()
        acked = self.folder / "acked"
        client = self.start(*self.lab.on_lan(PROGRAM.with_name("vip-client"), "--vip", self.lab.status["vip"], "--insert",
                                             "--acked", acked, "--json"))
        sampler = self.watch_writers()
        wait_for(lambda: acked.exists() and acked.stat().st_size > 0, 10, "the first acknowledged row")
        outages = []
        for _ in range(ROUNDS):
            for to in ("backup", "master"):
                code, value = self.switchover(to)
                self.assertEqual((code, value["outcome"]), (0, "done"), value)
                self.assertTrue(all(step["state"] == "done" for step in value["steps"]), value["steps"])
                outages.append(value["outage_s"])
                code, status, _ = milvus_ha(self.lab, "status")
                self.assertEqual(status["active"], to)
                self.assertEqual(status["vip"]["holders"], [to])
        samples = sampler.finish()
        seen = client.finish()
        print("\nswitchover outages, ours:", outages, "\n  the client's:", [o["outage_s"] for o in seen["outages"]],
              "\n  both running:", samples["both_s"], "s in", samples["samples"], "samples;", seen["inserted"], "rows")
        self.assertFalse(samples["ever_both"], samples)
        self.assertGreater(samples["samples"], 100)
        self.assertGreater(seen["inserted"], 0)
        checked = self.lab.run("check-data", "--acked", str(acked), "--json", check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout)

        code, value, _ = milvus_ha(self.lab, "failovers", "--history", self.history())
        self.assertEqual(code, 0)
        self.assertEqual(len(value["failovers"]), 2 * ROUNDS)
        for failover in value["failovers"]:
            self.assertIn(failover["kind"], ("switchover", "failback"))
            self.assertEqual(failover["reason"], "test")
        self.healthy()

    def test_a_recorder_elsewhere_is_told(self):
        """It shares nothing with the one who switches, and knows the move for a planned one by the nodes' logs."""
        self.healthy()
        own = self.folder / "elsewhere.sqlite"
        watch = Watch(self.lab, own)
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 30, "a healthy start")
        mark = watch.mark()
        for to in ("backup", "master"):
            code, value = self.switchover(to)
            self.assertEqual((code, value["outcome"]), (0, "done"), value)
        watch.wait(healthy_now, 30, "healthy again", mark)
        moves = wait_for(lambda: (found := milvus_ha(self.lab, "failovers", "--history", own)[1]["failovers"]) and
                         len(found) == 2 and found, 30, "both moves in the other history")
        for move in moves:
            self.assertIn(move["kind"], ("switchover", "failback"))
            self.assertEqual(move["reason"], "test")
        codes = [line["code"] for line in watch.lines[mark:]]
        self.assertEqual(codes.count("operation-began"), 2, codes)
        self.assertEqual(codes.count("operation-ended"), 2, codes)

    def test_dry_run_changes_nothing(self):
        before = self.healthy()
        code, value, _ = milvus_ha(self.lab, "switchover", "--to", "backup", "--reason", "look", "--dry-run")
        self.assertEqual(code, 0, value)
        self.assertTrue(value["steps"])
        after = self.healthy()
        for side in (0, 1):
            self.assertEqual(before["nodes"][side]["container"], after["nodes"][side]["container"])

    def test_refused_with_a_reason(self):
        self.healthy()
        self.lab.run("exec", "backup", "systemctl", "stop", "keepalived")
        try:
            code, value = self.switchover("backup")
            self.assertEqual((code, value["outcome"]), (20, "refused"))
            self.assertIn("keepalived", value["text"])
            code, status, _ = milvus_ha(self.lab, "status")
            self.assertEqual(status["active"], "master")
        finally:
            self.lab.run("exec", "backup", "systemctl", "start", "keepalived")
        self.healthy()

    def test_already_there(self):
        self.healthy()
        code, value = self.switchover("master")
        self.assertEqual(code, 20, value)

    def test_a_target_that_cannot_start_is_rolled_back(self):
        """Milvus on the target exits at once: the old node serves again, and at no moment did both run."""
        self.healthy()
        runc = "for f in /usr/bin/runc /usr/sbin/runc; do "
        self.lab.run("exec", "backup", "sh", "-c", runc + "[ ! -e $f ] || mv $f $f.away; done")
        try:
            sampler = self.watch_writers()
            code, value = self.switchover("backup")
            self.assertEqual((code, value["outcome"]), (21, "rolled-back"), value)
            self.assertFalse(sampler.finish()["ever_both"])
        finally:
            self.lab.run("exec", "backup", "sh", "-c", runc + "[ ! -e $f.away ] || mv $f.away $f; done")
        self.healthy(60)


if __name__ == "__main__":
    unittest.main()
