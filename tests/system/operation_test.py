#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two operators at once, desktops that die in mid-run, a node that is gone, a drill, a scheduled switchover."""

import json
import os
import signal
import subprocess
import time
import unittest

from pair import PROGRAM, LabTest, epoch, milvus_ha, wait_for

ALL = os.environ.get("OPERATIONS") == "all"
LOCK = "/run/milvus-ha.operation"


class Operation(LabTest):
    LAB = "top"

    def act(self, command, *arguments):
        code, value, errors = milvus_ha(self.lab, command, "--reason", "test", "--yes", "--history", self.history(),
                                        *arguments, timeout=180)
        return code, value, errors

    def done(self, command, *arguments):
        code, value, errors = self.act(command, *arguments)
        self.assertEqual((code, value and value["outcome"]), (0, "done"), (value, errors))
        return value

    def begin(self, to, *prefix):
        """A switchover in the background: (process, pid of the program)."""
        pid_file = self.folder / f"{self.id()}.pid"
        words = [*prefix, str(PROGRAM), "switchover", "--to", to, "--reason", "test", "--yes", "--pair",
                 str(self.lab.status["pair_file"]), "--history", str(self.history())]
        process = subprocess.Popen(self.lab.on_lan("sh", "-c", f'echo $$ >{pid_file}; exec "$@"', "sh", *words),
                                   env=self.lab.env, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        return process, lambda: int(pid_file.read_text())

    def serves(self, deadline_s=90):
        """Waits until one node serves as it should; from backup that is degraded by the recipe's own findings."""
        def look():
            code, value, _ = milvus_ha(self.lab, "status")
            return value if code in (0, 1) and value["active"] else None

        return wait_for(look, deadline_s, "one node serves")

    def home(self):
        """The pair as it was before, with master serving."""
        if self.serves()["active"] != "master":
            self.done("switchover", "--to", "master")
        self.healthy(60)

    def test_the_second_operator_is_refused(self):
        self.home()
        first, _ = self.begin("backup")
        wait_for(lambda: self.lab.run("exec", "master", "cat", LOCK, check=False).stdout, 30, "the lock is taken")
        command = self.lab.on_lan("env", f"XDG_DATA_HOME={self.folder}/bob", "SUDO_USER=bob", PROGRAM, "switchover", "--to",
                                  "backup", "--reason", "mine", "--yes", "--pair", self.lab.status["pair_file"], "--json")
        second = subprocess.run(command, env=self.lab.env, text=True, capture_output=True, timeout=60)
        value = json.loads(second.stdout)
        self.assertEqual((second.returncode, value["outcome"]), (20, "refused"), value)
        self.assertIn("is at work on this pair (switchover to backup", value["text"])
        self.assertEqual(first.wait(60), 0)
        for node in ("master", "backup"):
            self.assertEqual(self.lab.run("exec", node, "cat", LOCK, check=False).stdout, "", "the lock is given back")
        self.home()

    def killed_after(self, step, to):
        """Ends the program with -9 once `step` is done, then goes on with `to` as an operator would."""
        self.home()
        writers = self.watch_writers()
        process, pid = self.begin("backup")
        lines = []
        for line in process.stdout:
            lines.append(line)
            if " done " in line and step in line:
                os.kill(pid(), signal.SIGKILL)
                break
        self.assertEqual(process.wait(10), -signal.SIGKILL, "".join(lines))
        tried = []

        def settled():
            for command in ("takeover", "switchover"):
                code, value, errors = self.act(command, "--to", to)
                tried.append((command, code, value and value["text"]))
                self.assertIn(code, (0, 20), (tried, errors))
                if code == 0:
                    return True
            return (milvus_ha(self.lab, "status")[1] or {}).get("active") == to

        wait_for(settled, 120, f"{to} serves")
        status = self.serves()
        self.assertEqual((status["active"], status["vip"]["holders"]), (to, [to]))
        self.assertFalse(writers.finish()["ever_both"])
        code, value, _ = milvus_ha(self.lab, "report", "--format", "json", "--output", self.folder / "report.json",
                                   "--history", self.history())
        self.assertEqual(code, 0, value)
        print(f"\nkilled after {step!r}, to {to}:", tried)

    @unittest.skipUnless(ALL, "OPERATIONS=all")
    def test_killed_after_the_lock_then_resumed(self):
        self.killed_after("Take the operation lock", "backup")

    @unittest.skipUnless(ALL, "OPERATIONS=all")
    def test_killed_after_the_stop_then_resumed(self):
        self.killed_after("Stop Milvus", "backup")

    def test_killed_after_the_stop_then_undone(self):
        self.killed_after("Stop Milvus", "master")

    @unittest.skipUnless(ALL, "OPERATIONS=all")
    def test_killed_after_the_start_then_undone(self):
        self.killed_after("Start Milvus", "master")

    def test_taken_over_from_a_node_that_is_gone(self):
        """keepalived's own start script does not work, so nobody serves until the operator says so."""
        self.home()
        script = "/etc/keepalived/start_docker.sh"
        self.lab.run("exec", "backup", "chmod", "-x", script)
        try:
            code, value, _ = self.act("takeover", "--to", "backup", "--confirm", "master")
            self.assertEqual((code, value["outcome"]), (20, "refused"), "it serves as it should")
            self.lab.run("break", "power-cut", "master")
            wait_for(lambda: milvus_ha(self.lab, "status")[1]["nodes"][1]["holds_vip"], 60, "the VIP on backup")
            code, value, errors = self.act("takeover", "--to", "backup")
            self.assertEqual(code, 64, (value, errors))
            self.assertIn("--confirm master", value["error"]["remedy"])
            code, value, errors = self.act("takeover", "--to", "backup", "--confirm", "backup")
            self.assertEqual(code, 64, (value, errors))
            value = self.done("takeover", "--to", "backup", "--confirm", "master")
            self.assertIn("backup", value["text"])
            status = milvus_ha(self.lab, "status")[1]
            self.assertEqual(status["active"], "backup")
            self.assertIn(status["verdict"], ("degraded", "unknown"), "of master nothing is known")
        finally:
            self.lab.run("exec", "backup", "chmod", "+x", script)
            self.lab.run("boot", "master")
        self.home()

    def test_drill(self):
        self.home()
        writers = self.watch_writers()
        first = self.done("drill")
        self.assertEqual([leg["to"] for leg in first["legs"]], ["backup", "master"])
        self.assertIsNone(first["last"])
        second = self.done("drill")
        self.assertEqual([leg["started_at"] for leg in second["last"]], [leg["started_at"] for leg in first["legs"]])
        self.assertEqual(self.healthy()["active"], "master")
        self.assertFalse(writers.finish()["ever_both"])

    def test_scheduled(self):
        self.home()
        begin = time.time()
        value = self.done("switchover", "--to", "backup", "--at", "+5s")
        self.assertGreaterEqual(epoch(value["started_at"]), begin + 5)
        self.home()
        self.lab.run("exec", "backup", "systemctl", "stop", "docker.socket", "docker")
        try:
            code, value, _ = self.act("switchover", "--to", "backup", "--at", "+3s")
            self.assertEqual((code, value["outcome"]), (20, "refused"), value)
        finally:
            self.lab.run("exec", "backup", "systemctl", "start", "docker")
        self.home()


if __name__ == "__main__":
    unittest.main()
