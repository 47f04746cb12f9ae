# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab and the programs as a test sees them. Every wait is for a condition, with a deadline."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LAB = ROOT / "tests/lab/lab"
PROGRAM = Path(os.environ.get("MHA_BIN", ROOT / "build/dev/bin")) / "milvus-ha"
DASHBOARD = PROGRAM.with_name("milvus-ha-dashboard")


def epoch(iso):
    """ISO 8601 with Z to seconds since the epoch."""
    return datetime.fromisoformat(iso.replace("Z", "+00:00")).timestamp()


def wait_for(condition, deadline_s, what):
    """The condition's first true value; fails the test at the deadline."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s} s: {what}")
        threading.Event().wait(0.05)


def healthy_now(line):
    """Is this line of `watch` the one that says that the pair is healthy?"""
    return line["code"] == "verdict-healthy" or (line["code"] == "watching-began" and line["text"].endswith("healthy."))


class Lab:
    """One lab of two hosts, by name."""

    def __init__(self, name):
        self.name = name
        self.env = {**os.environ, "LAB": name}
        self.status = {}

    def run(self, *arguments, check=True, timeout=300):
        done = subprocess.run([str(LAB), *arguments], env=self.env, text=True, capture_output=True, timeout=timeout)
        if check and done.returncode != 0:
            raise AssertionError(f"lab {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def up(self, *arguments):
        # A run that was killed has left it as broken as it was.
        self.run("down")
        self.run("up", *arguments, timeout=900)
        self.status = json.loads(self.run("status", "--json").stdout)

    def down(self):
        self.run("down")

    def on_lan(self, *command):
        return [str(LAB), "exec", "lan", *map(str, command)]

    def host(self, name):
        return next(host for host in self.status["hosts"] if host["name"] == name)


class Watch:
    """`milvus-ha watch --json`: its lines as they come."""

    def __init__(self, lab, history, *arguments):
        self.lines = []
        self.more = threading.Condition()
        self.process = subprocess.Popen(
            lab.on_lan(PROGRAM, "watch", "--pair", lab.status["pair_file"], "--history", history, "--json", *arguments),
            env=lab.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            with self.more:
                self.lines.append(json.loads(line))
                self.more.notify_all()

    def wait(self, predicate, deadline_s, what, start=0):
        """The first line from `start` on that satisfies the predicate."""
        end = time.monotonic() + deadline_s
        with self.more:
            while True:
                for line in self.lines[start:]:
                    if predicate(line):
                        return line
                left = end - time.monotonic()
                if left <= 0:
                    tail = "\n".join(map(str, self.lines[start:][-15:]))
                    raise AssertionError(f"not within {deadline_s} s: {what}\n{tail}")
                self.more.wait(left)

    def mark(self):
        with self.more:
            return len(self.lines)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(10)
        finally:
            if self.process.poll() is None:
                self.process.kill()
        self.process.stdout.close()
        self.process.stderr.close()
        return code


class Tool:
    """A tool of the lab that works until SIGTERM and then prints one JSON object."""

    def __init__(self, command, env, stderr=None):
        self.process = subprocess.Popen(list(map(str, command)), env=env, stdout=subprocess.PIPE, stderr=stderr, text=True)

    def finish(self):
        self.process.send_signal(signal.SIGTERM)
        output, _ = self.process.communicate(timeout=30)
        return json.loads(output)


def milvus_ha(lab, *arguments, timeout=60, pair=None):
    """Runs the program on the lab's LAN: (exit code, parsed standard output or None, standard error)."""
    command = lab.on_lan(PROGRAM, *arguments, "--pair", pair or lab.status["pair_file"], "--json")
    done = subprocess.run(command, env=lab.env, text=True, capture_output=True, timeout=timeout)
    try:
        value = json.loads(done.stdout)
    except ValueError:
        value = None
    return done.returncode, value, done.stderr


class LabTest(unittest.TestCase):
    """A test with a lab of its own name, brought up once for the class."""

    LAB = ""
    UP = ()  # arguments of `lab up`

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("the lab needs root")
        cls.lab = Lab(cls.LAB)
        cls.addClassCleanup(cls.lab.down)
        cls.lab.up(*cls.UP)
        cls.folder = Path(tempfile.mkdtemp(prefix="milvus-ha-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)

    def start(self, *command):
        tool = Tool(command, self.lab.env)
        self.addCleanup(lambda: tool.process.poll() is None and tool.process.kill())
        return tool

    def watch_writers(self):
        """Looks for two running containers at once until its finish()."""
        return self.start(PROGRAM.with_name("two-writers"), "--lab", self.lab.name, "--interval-ms", "10")

    def history(self):
        return self.folder / f"{self.id()}.sqlite"

    def switchover(self, to, *extra):
        """By the console, for the reason "test": its exit code and what it printed."""
        code, value, errors = milvus_ha(self.lab, "switchover", "--to", to, "--reason", "test", "--yes",
                                        "--history", self.history(), *extra, timeout=180)
        self.assertIsNotNone(value, errors)
        return code, value

    def healthy(self, deadline_s=30):
        """Waits until `status` says healthy and gives the status."""
        last = {}

        def look():
            code, value, _ = milvus_ha(self.lab, "status")
            last["value"] = value
            return value if code == 0 else None

        try:
            return wait_for(look, deadline_s, "a healthy pair")
        except AssertionError as error:
            raise AssertionError(f"{error}: {json.dumps(last.get('value'))}") from None
