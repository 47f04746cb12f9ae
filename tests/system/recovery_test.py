#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorded recovery time of a killed container beside that of an independent client of the VIP."""

import json
import os
import signal
import subprocess
import unittest

from pair import PROGRAM, LabTest, Watch, epoch, healthy_now, milvus_ha, wait_for

ROUNDS = int(os.environ.get("RECOVERY_ROUNDS", "2"))


class Recovery(LabTest):
    LAB = "trec"

    def failovers(self, history):
        code, value, errors = milvus_ha(self.lab, "failovers", "--history", history)
        self.assertEqual(code, 0, errors)
        return value["failovers"]

    def test_killed_container(self):
        self.healthy()
        history = self.folder / "history.sqlite"
        watch = Watch(self.lab, history)
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 20, "a healthy start")
        client = subprocess.Popen(self.lab.on_lan(PROGRAM.with_name("vip-client"), "--vip", self.lab.status["vip"], "--json"),
                                  env=self.lab.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: client.poll() is None and client.kill())
        self.assertIn("first good", client.stderr.readline())

        ours = []
        for _ in range(ROUNDS):
            known = len(self.failovers(history))
            self.lab.run("break", "kill-container", "master")
            wait_for(lambda: len(self.failovers(history)) > known, 30, "the failover in the history")
            ours.append(self.failovers(history)[0])
            mark = watch.mark()
            self.lab.run("heal")
            watch.wait(healthy_now, 40, "healthy again", mark)

        client.send_signal(signal.SIGTERM)
        theirs = json.loads(client.communicate(timeout=20)[0])["outages"]
        print("\nrecovery time: ours, the client's, difference")
        for failover in ours:
            self.assertEqual((failover["kind"], failover["trigger"]), ("failover", "container-died"))
            self.assertEqual((failover["from"], failover["to"]), ("master", "backup"))
            phases = sum(phase["duration_s"] for phase in failover["phases"])
            self.assertAlmostEqual(phases, failover["recovery_s"], delta=0.002)
            # The client's outage of the same moment: the one that overlaps ours.
            started = failover["started_at"]
            near = min(theirs, key=lambda outage: abs(epoch(outage["last_good"]) - epoch(started)))
            difference = failover["recovery_s"] - near["outage_s"]
            print(f"  {failover['recovery_s']:.3f} s  {near['outage_s']:.3f} s  {difference:+.3f} s"
                  f"  (stated error {failover['error_s']:.3f} s)")
            self.assertLess(abs(difference), 0.15)


if __name__ == "__main__":
    unittest.main()
