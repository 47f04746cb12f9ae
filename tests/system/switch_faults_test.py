#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fault while a switchover runs: it ends in an outcome that is true, never with two writers, and leaves nothing behind.

The table of all combinations is the unit tests' (runner_test, on a simulated pair); here some of them are real.
SWITCH_FAULTS, a regular expression over their names, takes those faults at every step."""

import os
import re
import subprocess
import unittest

from pair import PROGRAM, LabTest, milvus_ha, wait_for

STEPS = ["running  Take the operation lock", "running  Stop Milvus", "done     Stop Milvus", "done     Start Milvus",
         "done     Wait for the VIP"]
FAULTS = [("stop-docker", "backup", STEPS), ("freeze-docker", "backup", STEPS), ("cut-link", "backup", STEPS),
          ("stop-ssh", "master", STEPS), ("stop-keepalived", "backup", STEPS), ("lose-storage", "backup", STEPS),
          ("kill-container", "backup", STEPS[3:])]  # only what runs can be killed
# fault, host, step: those that ended badly once, or would be the worst.
FEW = [("freeze-docker", "backup", STEPS[2]), ("stop-ssh", "master", STEPS[2])]
EXIT = {0: "done", 20: "refused", 21: "rolled-back", 22: "incomplete"}


class SwitchFaults(LabTest):
    LAB = "tsf"

    def rows(self):
        wanted = os.environ.get("SWITCH_FAULTS")
        if wanted is None:
            return FEW
        return [(fault, host, step) for fault, host, steps in FAULTS for step in steps if re.search(wanted, fault)]

    def one(self, fault, host, step):
        self.healthy(90)
        writers = self.watch_writers()
        words = [PROGRAM, "switchover", "--to", "backup", "--reason", "test", "--yes", "--pair", self.lab.status["pair_file"],
                 "--history", self.folder / "history.sqlite"]
        process = subprocess.Popen(self.lab.on_lan(*words), env=self.lab.env, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, text=True)
        lines = []
        struck = False
        for line in process.stdout:
            lines.append(line)
            if not struck and step in line:
                struck = True
                self.lab.run("break", fault, host)
        code = process.wait(240)
        process.stdout.close()
        both = writers.finish()["both_s"]
        self.lab.run("heal", fault, host)
        said = [line.strip() for line in lines if line.split(":")[0] in EXIT.values()]
        self.assertTrue(struck, lines)
        self.assertIn(code, EXIT, lines)
        self.assertTrue(said and said[-1].startswith(EXIT[code]), lines)
        self.assertEqual(both, 0, lines)
        # What heals ends with master serving; nothing of the switchover may be left then.
        wait_for(lambda: milvus_ha(self.lab, "status")[0] in (0, 1), 90, "the pair serves")
        _, value, _ = milvus_ha(self.lab, "doctor")
        left = [check for check in value["checks"] if check["name"] == "leftovers"]
        self.assertEqual([check["state"] for check in left], ["ok", "ok"], left)
        if milvus_ha(self.lab, "status")[1]["active"] == "backup":
            milvus_ha(self.lab, "switchover", "--to", "master", "--reason", "back", "--yes", "--history",
                      self.folder / "history.sqlite", timeout=180)
        return EXIT[code], both, said[-1]

    def test_each(self):
        print("\nfault                    at                                 outcome       both running  what it says")
        for fault, host, step in self.rows():
            with self.subTest(fault=fault, host=host, step=step):
                outcome, both, text = self.one(fault, host, step)
                print(f"{fault + ' ' + host:24} {step:34} {outcome:12} {both:6.3f} s      {text[:150]}", flush=True)


if __name__ == "__main__":
    unittest.main()
