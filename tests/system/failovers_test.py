#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Failovers of mixed kinds: what the recorder says of each, beside an independent client that asks the VIP every 5 ms.

FAILOVERS (default 5) is how many; the kinds take turns. FAILOVERS_TABLE names a file that the table is written to as well.
"""

import json
import os
import signal
import statistics
import subprocess
import unittest
from pathlib import Path

from pair import PROGRAM, LabTest, Watch, epoch, healthy_now, milvus_ha, wait_for

COUNT = int(os.environ.get("FAILOVERS", "5"))
# How the lab breaks it, and the trigger that is told; None: an operator moves it.
KINDS = [
    ("kill-container", "container-died"),
    ("power-cut", "host-lost"),
    ("cut-link", None),
    ("kill-keepalived", "keepalived-stopped"),
    ("planned", "planned"),
]
ALLOWED_S = 0.02  # beyond the stated error
MEDIAN_ERROR_S = 0.1


class Failovers(LabTest):
    LAB = os.environ.get("LAB", "tfover")

    def recorded(self):
        code, value, errors = milvus_ha(self.lab, "failovers", "--history", self.history)
        self.assertEqual(code, 0, errors)
        return value["failovers"]

    def client(self):
        client = subprocess.Popen(
            self.lab.on_lan(PROGRAM.with_name("vip-client"), "--vip", self.lab.status["vip"], "--interval-ms", "5", "--json"),
            env=self.lab.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: client.poll() is None and client.kill())
        self.assertIn("first good", client.stderr.readline())
        return client

    def one(self, kind):
        """Breaks the pair; gives the failover that came of it and the client's outages of that time."""
        self.watch = Watch(self.lab, self.history)
        watch = self.watch
        try:
            watch.wait(healthy_now, 60, "a healthy start")
            known = len(self.recorded())
            client = self.client()
            mark = watch.mark()
            if kind == "planned":
                code, value, errors = milvus_ha(self.lab, "switchover", "--to", "backup", "--reason", "test", "--yes",
                                                "--history", self.history, timeout=180)
                self.assertEqual((code, value and value["outcome"]), (0, "done"), errors)
            else:
                self.lab.run("break", kind, "master")
            wait_for(lambda: len(self.recorded()) > known, 60, f"the failover after {kind} in the history")
            failover = self.recorded()[0]
            client.send_signal(signal.SIGTERM)
            theirs = json.loads(client.communicate(timeout=20)[0])["outages"]
            self.lab.run("heal")
            watch.wait(healthy_now, 90, f"healthy after {kind}", mark)
        finally:
            watch.stop()
        return failover, theirs

    def test_mixed_kinds(self):
        self.healthy(60)
        self.history = self.folder / "history.sqlite"
        lines = ["kind             recovery_s   client_s      diff   error_s  phases (name@node duration; + beside)"]
        within, errors = 0, []
        for index in range(COUNT):
            kind, trigger = KINDS[index % len(KINDS)]
            failover, theirs = self.one(kind)
            near = [outage for outage in theirs if outage["first_good"]
                    and abs(epoch(outage["last_good"]) - epoch(failover["started_at"])) < 2]
            self.assertTrue(near, f"{kind}: the client saw no such outage: {failover} {theirs}")
            outage = min(near, key=lambda o: abs(epoch(o["last_good"]) - epoch(failover["started_at"])))
            difference = failover["recovery_s"] - outage["outage_s"]
            within += abs(difference) <= failover["error_s"] + ALLOWED_S
            errors.append(failover["error_s"])
            parts = ", ".join(f"{'+' if phase.get('parallel') else ''}{phase['name']}@{phase.get('node') or '-'} {phase['duration_s']:.3f}"
                              for phase in failover["phases"])
            lines.append(f"{kind:16} {failover['recovery_s']:10.3f} {outage['outage_s']:10.3f} {difference:+9.3f}"
                         f" {failover['error_s']:9.3f}  {parts}")
            print(lines[-1], flush=True)
            if trigger:
                self.assertEqual(failover["trigger"], trigger, failover)
            self.assertEqual((failover["from"], failover["to"]), ("master", "backup"), failover)
            total = sum(phase["duration_s"] for phase in failover["phases"] if not phase.get("parallel"))
            self.assertAlmostEqual(total, failover["recovery_s"], delta=failover["error_s"] + 0.001, msg=failover)
        lines.append(f"within error + {ALLOWED_S} s: {within} of {COUNT}; median error {statistics.median(errors):.3f} s")
        table = "\n".join(lines)
        print("\n" + table)
        if os.environ.get("FAILOVERS_TABLE"):
            Path(os.environ["FAILOVERS_TABLE"]).write_text(table + "\n", encoding="utf-8")
        self.assertGreaterEqual(within, COUNT - max(1, COUNT // 30), table)
        self.assertLessEqual(statistics.median(errors), MEDIAN_ERROR_S, table)


if __name__ == "__main__":
    unittest.main()
