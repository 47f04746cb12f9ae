#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recorder as its user's service, on a host with systemd: it begins, is begun anew when it is killed, and ends."""

import json
import re
import subprocess
import unittest
from pathlib import Path

from pair import PROGRAM, ROOT, LabTest, wait_for

HOST = "backup"  # any machine of the LAN
UNIT = "milvus-ha-watch@lab"
USER = "XDG_RUNTIME_DIR=/run/user/0 systemctl --user"


class WatchUnit(LabTest):
    LAB = "twu"

    def inside(self, script, text=None, check=True):
        done = subprocess.run([str(ROOT / "tests/lab/lab"), "exec", HOST, "sh", "-c", script], env=self.lab.env, input=text,
                              capture_output=True, timeout=90)
        if check and done.returncode != 0:
            raise AssertionError(f"{script}: exit {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode()

    def put(self, path, content, mode="644"):
        self.inside(f"mkdir -p {Path(path).parent} && cat >{path} && chmod {mode} {path}", text=content)

    def events(self):
        return json.loads(self.inside("milvus-ha events --pair ~/.config/milvus-ha/lab.toml --json", check=False) or
                          '{"events":[]}')["events"]

    def pid(self):
        return int(self.inside(f"{USER} show --value -p MainPID {UNIT}"))

    def test_begins_again_and_ends(self):
        pair = Path(self.lab.status["pair_file"]).read_text()
        for key, name in (("identity", "id_ed25519"), ("known_hosts", "known_hosts")):
            source = Path(self.lab.status[key])
            self.put(f"/root/.ssh/{name}", source.read_bytes(), "600")
            pair = pair.replace(f'"{source}"', f'"/root/.ssh/{name}"')
        self.put("/root/.config/milvus-ha/lab.toml", pair.encode(), "600")
        self.put("/usr/local/bin/milvus-ha", PROGRAM.read_bytes(), "755")
        self.put("/etc/systemd/user/milvus-ha-watch@.service",
                 (ROOT / "resources/systemd/milvus-ha-watch@.service").read_bytes())
        self.inside("loginctl enable-linger root")
        wait_for(lambda: self.inside(f"{USER} is-system-running", check=False).strip() in ("running", "degraded"), 30,
                 "the user's own systemd")
        self.inside(f"{USER} enable -q --now {UNIT}")
        wait_for(lambda: any(event["code"] == "watching-began" for event in self.events()), 60, "the recorder's first event")
        first = self.pid()
        self.inside(f"kill -KILL {first}")
        wait_for(lambda: self.pid() not in (0, first), 30, "another recorder")
        wait_for(lambda: sum(event["code"] == "watching-began" for event in self.events()) >= 2, 60, "its first event")
        self.inside(f"{USER} stop {UNIT}")
        self.assertEqual(self.inside(f"{USER} show --value -p Result {UNIT}").strip(), "success")
        lines = self.inside(f"XDG_RUNTIME_DIR=/run/user/0 journalctl --user -u {UNIT} -o cat --no-pager", check=False)
        self.assertFalse(re.search(r"unknown|invalid|failed to parse", lines, re.I), lines)


if __name__ == "__main__":
    unittest.main()
