#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A check that does not ask Docker, and a Milvus that takes its time to stop: the standby must not start its own beside it."""

import os
import unittest

from pair import LabTest, milvus_ha

# Fails as soon as Milvus closes its port.
CHECK = "#!/bin/bash\nexec 3<>/dev/tcp/127.0.0.1/19530\n"
ROUNDS = int(os.environ.get("SWITCHOVER_ROUNDS", "1"))


class Hold(LabTest):
    LAB = "thold"
    UP = ("--stop-delay", "7")

    def switchover(self, to, *arguments):
        return milvus_ha(self.lab, "switchover", "--to", to, "--reason", "test", "--history",
                         self.folder / "history.sqlite", *arguments, timeout=180)

    def test_the_standby_waits(self):
        self.healthy(60)
        self.lab.run("exec", "master", "sh", "-c", "printf %s \"$1\" >/etc/keepalived/chk_milvus.sh", "sh", CHECK)
        self.healthy(30)
        code, plan, errors = self.switchover("backup", "--dry-run")
        refusing = [check["code"] for check in plan["checks"] if check["result"] == "refuse"]
        self.assertEqual((code, "early-start" in refusing), (20, True), (plan, errors))
        if os.environ.get("HOLD_SHOW"):  # what it is refused for: it damages the lab's data
            writers = self.watch_writers()
            self.switchover("backup", "--yes", "--override", "early-start", "--confirm", "backup")
            print("\noverridden: both running", writers.finish()["both_s"], "s")
            self.lab.run("heal")
            self.healthy(90)

        code, value, errors = milvus_ha(self.lab, "lever", "install", "--yes", timeout=120)
        self.assertEqual(code, 0, (value, errors))
        self.healthy(30)
        writers = self.watch_writers()
        outages = []
        for _ in range(ROUNDS):
            code, value, errors = self.switchover("backup", "--yes")
            self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))
            self.assertIn("Hold Milvus's start on backup", [step["name"] for step in value["steps"]])
            outages.append(value["outage_s"])
            code, value, errors = self.switchover("master", "--yes")
            self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))
        samples = writers.finish()
        print("\nheld: outage", outages, "s; both running", samples["both_s"], "s in", samples["samples"], "samples")
        self.assertFalse(samples["ever_both"], samples)
        for node in ("master", "backup"):
            self.assertEqual(self.lab.run("exec", node, "cat", "/run/milvus-ha.fault").stdout.strip(), "0")


if __name__ == "__main__":
    unittest.main()
