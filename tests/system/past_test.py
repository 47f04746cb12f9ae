#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened while no recorder ran is rebuilt out of the nodes' logs, beside what an independent client saw.

PAST_ROUNDS=6 makes 30 failovers instead of 5."""

import json
import os
import signal
import sqlite3
import subprocess
import unittest

from pair import PROGRAM, LabTest, Watch, epoch, healthy_now, milvus_ha, wait_for

ROUNDS = int(os.environ.get("PAST_ROUNDS", "1"))

# fault, trigger of the failover away from the master
FAULTS = [
    ("kill-container", "container-died"),
    ("switchover", "planned"),
    ("kill-keepalived", "keepalived-stopped"),
    ("cut-link", "link-lost"),
    ("power-cut", "host-lost"),
]


class Past(LabTest):
    LAB = "tpast"

    def record_for_a_moment(self, history):
        watch = Watch(self.lab, history)
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 30, "a healthy start")
        self.assertEqual(watch.stop(), 0)

    def failovers(self, history):
        code, value, errors = milvus_ha(self.lab, "failovers", "--history", history, "--limit", "1000")
        self.assertEqual(code, 0, errors)
        return sorted(value["failovers"], key=lambda failover: failover["started_at"])

    def vip_on_backup(self):
        code, value, _ = milvus_ha(self.lab, "status")
        return value if value and value.get("active") == "backup" and value["vip"]["answers"] else None

    def make(self, fault):
        """One failover away from the master, and back."""
        if fault == "switchover":
            code, value, errors = milvus_ha(self.lab, "switchover", "--to", "backup", "--reason", "past test", "--yes",
                                            "--history", self.folder / "elsewhere.sqlite", timeout=120)
            self.assertEqual(code, 0, f"{value} {errors}")
        else:
            self.lab.run("break", fault, "master")
            wait_for(self.vip_on_backup, 30, f"service on the backup after {fault}")
        self.lab.run("heal")

    def test_rebuilt(self):
        self.healthy()
        history = self.folder / "history.sqlite"
        self.record_for_a_moment(history)
        client = subprocess.Popen(
            self.lab.on_lan(PROGRAM.with_name("vip-client"), "--vip", self.lab.status["vip"], "--interval-ms", "5", "--json"),
            env=self.lab.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: client.poll() is None and client.kill())
        self.assertIn("first good", client.stderr.readline())
        for _ in range(ROUNDS):
            for fault, _ in FAULTS:
                self.make(fault)
        client.send_signal(signal.SIGTERM)
        outages = json.loads(client.communicate(timeout=20)[0])["outages"]

        # Two programs on one file at once: the gap is rebuilt once.
        watches = [Watch(self.lab, history), Watch(self.lab, history)]
        for watch in watches:
            self.addCleanup(watch.stop)
        wait_for(lambda: len(self.failovers(history)) >= ROUNDS * len(FAULTS), 60, "the rebuilt failovers")
        for watch in watches:
            watch.wait(lambda line: line["source"] == "reconstructed", 30, "the past, told")
        for watch in watches:
            self.assertEqual(watch.stop(), 0)

        rebuilt = self.failovers(history)
        away = [failover for failover in rebuilt if failover["from"] == "master"]
        back = [failover for failover in rebuilt if failover["from"] == "backup"]
        print("\nfault            from    to      trigger             rebuilt    error      client     difference")
        wrong = []
        for failover in rebuilt:
            near = min(outages, key=lambda outage: abs(epoch(outage["last_good"]) - epoch(failover["started_at"])))
            difference = failover["recovery_s"] - near["outage_s"]
            fault = FAULTS[away.index(failover) % len(FAULTS)][0] if failover in away else "(heal)"
            print(f"{fault:16} {failover['from']:7} {failover['to']:7} {failover['trigger']:18} "
                  f"{failover['recovery_s']:8.3f} s {failover['error_s']:8.3f} s {near['outage_s']:8.3f} s {difference:+9.3f} s")
            if abs(difference) > failover["error_s"]:
                wrong.append((fault, failover["recovery_s"], failover["error_s"], near["outage_s"]))
        self.assertEqual([failover["trigger"] for failover in away], [trigger for _, trigger in FAULTS] * ROUNDS)
        self.assertEqual({failover["to"] for failover in away}, {"backup"})
        self.assertEqual({failover["to"] for failover in back}, {"master"})
        self.assertEqual(len(back), len(away), "each heal moved service back, once")
        self.assertEqual({failover["source"] for failover in rebuilt}, {"reconstructed"})
        self.assertEqual(wrong, [], "beyond the stated error")
        planned = [failover for failover in away if failover["planned"]]
        self.assertEqual({failover["reason"] for failover in planned}, {"past test"})

        # The time is covered, as rebuilt, and a second look adds nothing.
        with sqlite3.connect(f"file:{history}?mode=ro", uri=True) as database:
            spans = dict(database.execute("SELECT source, COUNT(*) FROM coverage GROUP BY source").fetchall())
        self.assertEqual(spans.get("reconstructed"), 1, spans)
        self.assertNotIn("lost", spans)
        self.record_for_a_moment(history)
        self.assertEqual(self.failovers(history), rebuilt)


if __name__ == "__main__":
    unittest.main()
