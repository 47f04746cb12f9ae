#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The FAULT flag: put into both keepalived.conf, switchovers by it, taken out again byte for byte."""

import os
import signal
import subprocess
import unittest

from pair import PROGRAM, LabTest, milvus_ha, wait_for

ROUNDS = int(os.environ.get("SWITCHOVER_ROUNDS", "1"))
CONF = "/etc/keepalived/keepalived.conf"
FLAG = "/run/milvus-ha.fault"
NODES = ("master", "backup")


class Lever(LabTest):
    LAB = "tlv"

    def lever(self, *arguments):
        return milvus_ha(self.lab, "lever", *arguments, timeout=120)

    def read(self, node, file):
        return self.lab.run("exec", node, "cat", file).stdout

    def flag(self, node):
        return self.lab.run("exec", node, "cat", FLAG, check=False).stdout.strip() or "0"

    def install(self):
        code, value, errors = self.lever("install", "--yes")
        self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))
        return value

    def remove(self):
        code, value, errors = self.lever("remove", "--yes")
        self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))
        return value

    def test_dry_run_changes_nothing(self):
        self.healthy()
        before = [self.read(node, CONF) for node in NODES]
        code, value, errors = self.lever("install", "--dry-run")
        self.assertEqual(code, 0, (value, errors))
        self.assertEqual({each["node"] for each in value["nodes"]}, set(NODES))
        for each in value["nodes"]:
            self.assertIn("+", each["diff"])
            self.assertIsNone(each["copy"])
        self.assertEqual(before, [self.read(node, CONF) for node in NODES])

    def test_in_and_out_again(self):
        before = self.healthy()
        texts = [self.read(node, CONF) for node in NODES]
        value = self.install()
        self.assertEqual([each["node"] for each in value["nodes"]], ["backup", "master"], "the standby first")
        for each in value["nodes"]:
            self.assertEqual(self.read(each["node"], each["copy"]), texts[NODES.index(each["node"])])
        after = self.healthy()
        self.assertEqual(after["vip"]["holders"], before["vip"]["holders"])
        code, shown, _ = self.lever("show")
        self.assertEqual(code, 0)
        self.assertEqual([each["flag"] for each in shown["nodes"]], [True, True])
        self.assertTrue(all(way["flag"] for way in shown["switchover"]), shown)
        code, again, _ = self.lever("install", "--yes")
        self.assertEqual((code, again["nodes"]), (0, []), "a second time there is nothing to do")
        self.remove()
        self.assertEqual(texts, [self.read(node, CONF) for node in NODES])
        self.assertEqual(self.healthy()["vip"]["holders"], before["vip"]["holders"])

    def test_switchovers_by_the_flag(self):
        self.healthy()
        self.install()
        self.addCleanup(self.remove)
        self.healthy()
        acked = self.folder / "acked"
        client = self.start(*self.lab.on_lan(PROGRAM.with_name("vip-client"), "--vip", self.lab.status["vip"], "--insert",
                                             "--acked", acked, "--json"))
        sampler = self.watch_writers()
        wait_for(lambda: acked.exists() and acked.stat().st_size > 0, 10, "the first acknowledged row")
        outages = []
        for to in ("backup", "master") * ROUNDS:
            code, value, errors = milvus_ha(self.lab, "switchover", "--to", to, "--reason", "test", "--yes",
                                            "--history", self.folder / "history.sqlite", timeout=180)
            self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))
            self.assertIn("FAULT flag", value["lever"])
            outages.append(value["outage_s"])
            self.assertEqual([self.flag(node) for node in NODES], ["0", "0"])
            for node in NODES:
                active = self.lab.run("exec", node, "systemctl", "is-active", "milvus-ha-fault.timer", check=False)
                self.assertNotEqual(active.stdout.strip(), "active", node)
        samples = sampler.finish()
        seen = client.finish()
        print("\nby the flag, ours:", outages, "\n  the client's:", [o["outage_s"] for o in seen["outages"]],
              "\n  both running:", samples["both_s"], "s in", samples["samples"], "samples;", seen["inserted"], "rows")
        self.assertFalse(samples["ever_both"], samples)
        self.assertEqual(self.lab.run("check-data", "--acked", str(acked), "--json", check=False).returncode, 0)

    def maintenance(self, *arguments):
        return milvus_ha(self.lab, "maintenance", *arguments, timeout=60)

    def begin(self, node):
        return self.maintenance("begin", node, "--for", "10m", "--reason", "new disk: slot 3")

    def test_maintenance(self):
        """Service stays away from the node, everybody is told who, why and until when, and it ends by itself."""
        self.healthy()
        self.install()
        self.addCleanup(self.remove)
        self.healthy()
        code, value, _ = self.begin("master")
        self.assertEqual((code, value["outcome"]), (20, "refused"), value)
        self.assertIn("switchover --to backup", value["text"])

        code, value, errors = self.begin("backup")
        self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))
        status = milvus_ha(self.lab, "status")[1]
        self.assertEqual((status["verdict"], status["reasons"][0]["code"]), ("degraded", "maintenance"), status["reasons"])
        vrrp = next(node["vrrp"] for node in status["nodes"] if node["name"] == "backup")
        self.assertEqual((vrrp["state"], vrrp["maintenance"]["reason"]), ("FAULT", "new disk: slot 3"))
        code, value, _ = milvus_ha(self.lab, "switchover", "--to", "backup", "--reason", "test", "--yes", "--history",
                                   self.folder / "rest.sqlite", timeout=120)
        self.assertEqual((code, value["outcome"]), (20, "refused"), value)
        self.assertEqual(self.flag("backup"), "1", "a switchover does not end maintenance")
        exams = milvus_ha(self.lab, "doctor", timeout=120)[1]
        left = {exam["node"]: exam for exam in exams["checks"] if exam["name"] == "leftovers"}
        self.assertTrue(left["backup"]["ok"], left)
        self.assertIn("maintenance", left["backup"]["text"])
        # What the timer starts at its time, now.
        self.lab.run("exec", "backup", "systemctl", "start", "milvus-ha-maintenance.service")
        self.healthy(30)
        self.assertEqual(self.flag("backup"), "0")

        self.assertEqual(self.begin("backup")[0], 0)
        code, value, errors = self.maintenance("end", "backup")
        self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))
        self.healthy(30)
        left = self.lab.run("exec", "backup", "systemctl", "is-active", "milvus-ha-maintenance.timer", check=False)
        self.assertNotEqual(left.stdout.strip(), "active")

    def test_the_flag_does_not_outlive_the_desktop(self):
        """Killed with -9 while the flag is up: the node's own timer is there to clear it, and the pair serves."""
        self.healthy()
        self.install()
        self.addCleanup(self.remove)
        self.healthy()
        pid_file = self.folder / "pid"
        words = [str(PROGRAM), "switchover", "--to", "backup", "--reason", "test", "--yes", "--pair",
                 str(self.lab.status["pair_file"]), "--history", str(self.folder / "killed.sqlite")]
        desktop = subprocess.Popen(self.lab.on_lan("sh", "-c", f'echo $$ >{pid_file}; exec "$@"', "sh", *words),
                                   env=self.lab.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(desktop.wait)
        wait_for(lambda: self.flag("master") == "1", 60, "the flag is up")
        os.kill(int(pid_file.read_text()), signal.SIGKILL)
        left = self.lab.run("exec", "master", "systemctl", "is-active", "milvus-ha-fault.timer").stdout.strip()
        self.assertEqual(left, "active")
        wait_for(lambda: (milvus_ha(self.lab, "status")[1] or {}).get("active") == "backup", 60, "backup serves")
        # What the timer starts at its time, now.
        self.lab.run("exec", "master", "systemctl", "start", "milvus-ha-fault.service")
        wait_for(lambda: self.flag("master") == "0", 10, "the flag is cleared")
        wait_for(lambda: milvus_ha(self.lab, "status")[0] in (0, 1), 60, "backup serves as it should")
        code, value, errors = milvus_ha(self.lab, "switchover", "--to", "master", "--reason", "back", "--yes",
                                        "--history", self.folder / "killed.sqlite", timeout=180)
        self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))


if __name__ == "__main__":
    unittest.main()
