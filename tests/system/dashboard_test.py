#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The window on a real X display, driven by keys alone, on the lab's pair: a switchover, a refused key, dead nodes."""

import os
import re
import signal
import subprocess
import time
import unittest
from pathlib import Path

from pair import DASHBOARD, LabTest, milvus_ha, wait_for


class Display:
    """An X server of its own. Its socket is a file, so that programs on the lab's LAN reach it as well."""

    def __init__(self):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
            pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as said:
            self.name = ":" + said.readline().strip()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    def xdotool(self, *arguments):
        done = subprocess.run(["xdotool", *map(str, arguments)], env={**os.environ, "DISPLAY": self.name}, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
        return done.stdout.split()

    def window(self, title):
        """The visible window whose title matches, or None."""
        return next(iter(self.xdotool("search", "--onlyvisible", "--name", title)), None)

    def wait(self, title, deadline_s=30):
        return wait_for(lambda: self.window(title), deadline_s, f"a window “{title}”; there are {self.titles()}")

    def wait_gone(self, title, deadline_s=20):
        wait_for(lambda: self.window(title) is None, deadline_s, f"no window “{title}”")

    def titles(self):
        windows = self.xdotool("search", "--onlyvisible", "--name", ".")
        return [" ".join(self.xdotool("getwindowname", one)) for one in windows]

    def focus(self, window):
        # There is no window manager who would do it. The focus has arrived before a key is sent.
        self.xdotool("windowfocus", "--sync", window)

    def keys(self, window, *keys):
        self.focus(window)
        self.xdotool("key", *keys)


class Dashboard(LabTest):
    LAB = "tdash"

    def setUp(self):
        self.display = Display()
        self.addCleanup(self.display.stop)
        self.healthy()

    def open(self, pair=None, history=None):
        """Starts the dashboard and waits for its window."""
        env = {**self.lab.env, "DISPLAY": self.display.name, "QT_QPA_PLATFORM": "xcb",
               "XDG_CONFIG_HOME": str(self.folder / "config")}
        began = time.monotonic()
        process = subprocess.Popen(
            self.lab.on_lan(DASHBOARD, "--pair", pair or self.lab.status["pair_file"],
                            "--history", history or self.folder / f"{self.id()}.sqlite"), env=env)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        window = self.display.wait("milvus-ha$")
        print(f"\nfrom the start of the process to the window: {time.monotonic() - began:.2f} s")
        return process, window

    def end(self, process):
        """SIGTERM, as a session that ends sends it."""
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)

    def still_usable(self, process, window):
        """Opens the export dialog and leaves it again, by keys."""
        self.display.keys(window, "ctrl+e")
        dialog = self.display.wait("^Export the report")
        self.display.keys(dialog, "Escape")
        self.display.wait_gone("^Export the report")
        self.assertIsNone(process.poll())

    def test_switchover_by_keys(self):
        history = self.folder / "switchover.sqlite"
        process, window = self.open(history=history)
        self.display.wait("^Healthy: master serves")
        self.display.keys(window, "ctrl+shift+s")
        dialog = self.display.wait("^Switch over ")
        self.display.focus(dialog)
        self.display.xdotool("type", "kernel update")

        def started():
            # Refused until the pair has been seen whole, and by a change of it: the keys are pressed again.
            self.display.keys(dialog, "alt+s")
            return self.display.window("^Switching")

        wait_for(started, 30, f"a switchover that runs; {self.display.titles()}")
        # Escape neither ends a run nor hides it.
        self.display.keys(dialog, "Escape")
        self.assertIsNotNone(self.display.window("^Switch over "))
        # The guide's recipe prefers the other node: served from here, and not as it should stay.
        self.display.wait("^(Healthy|Degraded): backup serves", 90)
        wait_for(lambda: self.display.keys(dialog, "alt+l") or self.display.window("^Switch over ") is None, 30,
                 "the dialog closes after the run")
        code, status, _ = milvus_ha(self.lab, "status")
        self.assertEqual((status["active"], status["vip"]["holders"]), ("backup", ["backup"]))
        code, value, errors = milvus_ha(self.lab, "failovers", "--history", history)
        self.assertEqual(code, 0, errors)
        # What came before the window was opened is rebuilt, and not ours to judge.
        seen = [one for one in value["failovers"] if one["source"] == "observed"]
        self.assertEqual([(one["kind"], one["to"], one["reason"]) for one in seen],
                         [("switchover", "backup", "kernel update")])
        self.still_usable(process, window)
        self.end(process)

    def test_refused_key(self):
        key = self.folder / "id_wrong"
        if not key.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        text = Path(self.lab.status["pair_file"]).read_text()
        pair = self.folder / "refused.toml"
        pair.write_text(re.sub(r"(?m)^identity.*$", f'identity = "{key}"', text))
        process, window = self.open(pair=pair)
        self.display.wait("^Unknown: ")
        # Each node asks for a password in its turn; who has none is not thrown out.
        first = self.display.wait("^Password for ")
        self.display.keys(first, "Escape")
        wait_for(lambda: self.display.window("^Password for ") not in (None, first), 20, "the other one's turn")
        self.display.keys(self.display.window("^Password for "), "Escape")
        self.display.wait_gone("^Password for ")
        self.still_usable(process, window)
        # F5 tries again. It also ends while it asks.
        self.display.keys(window, "F5")
        self.display.wait("^Password for ")
        self.end(process)

    def test_both_nodes_dead(self):
        self.addCleanup(self.lab.run, "heal")
        process, window = self.open()
        self.display.wait("^Healthy: ")
        for node in ("master", "backup"):
            self.lab.run("break", "power-cut", node)
        self.display.wait("^(Down|Unknown): ")
        self.still_usable(process, window)
        self.lab.run("heal")
        self.display.wait("^(Healthy|Degraded): ", 90)
        self.end(process)


if __name__ == "__main__":
    unittest.main()
