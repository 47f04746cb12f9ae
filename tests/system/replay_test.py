#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A failover and a switchover are recorded while they happen; the replay gives the same events and failovers, bit for bit."""

import json
import subprocess
import unittest

from pair import PROGRAM, LabTest, Watch, healthy_now, milvus_ha, wait_for


class Replay(LabTest):
    LAB = "trep"

    def listed(self, command, history):
        """The lines of a history as the program prints them, but for what was read out of the nodes' logs, and without
        the row's number, for which that counts as well."""
        code, value, errors = milvus_ha(self.lab, command, "--history", history, "--limit", "100000")
        self.assertEqual(code, 0, errors)
        return [json.dumps({**line, "id": None}, sort_keys=True) for line in self.observed(value[command])]

    @staticmethod
    def observed(rows):
        return [row for row in rows if row["source"] == "observed"]

    def replay(self, recording, *arguments):
        done = subprocess.run([PROGRAM, "watch", "--replay", recording, "--speed", "max", "--json", *arguments],
                              text=True, capture_output=True, timeout=120)
        return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    def test_bit_for_bit(self):
        self.healthy()
        recording = self.folder / "recording"
        history = self.folder / "live.sqlite"
        watch = Watch(self.lab, history, "--record", recording)
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 30, "a healthy start")
        self.lab.run("break", "kill-container", "master")
        wait_for(lambda: len(self.listed("failovers", history)) > 0, 40, "the failover in the history")
        mark = watch.mark()
        self.lab.run("heal")
        watch.wait(healthy_now, 60, "healthy again", mark)
        known = len(self.listed("failovers", history))
        status = self.healthy()
        other = "backup" if status["active"] == "master" else "master"
        code, value, errors = milvus_ha(self.lab, "switchover", "--to", other, "--reason", "replay test", "--yes",
                                        "--history", self.folder / "switchover.sqlite", timeout=180)
        self.assertEqual((code, value["outcome"]), (0, "done"), errors)
        wait_for(lambda: len(self.listed("failovers", history)) > known, 40, "the switchover in the history")
        self.assertEqual(watch.stop(), 0)

        replayed = self.folder / "replayed.sqlite"
        code, lines, errors = self.replay(recording, "--history", replayed)
        self.assertEqual((code, errors), (0, ""))
        # What was before the recorder is read out of the nodes' logs: that is not of the recording.
        self.assertEqual(lines, self.observed(watch.lines))
        self.assertGreater(len(lines), 8)
        for command in ("events", "failovers"):
            self.assertEqual(self.listed(command, replayed), self.listed(command, history))

        # What is broken off is told with its line, and what is before it is played.
        whole = recording.read_bytes()
        half = self.folder / "half"
        half.write_bytes(whole[:len(whole) // 2])
        code, some, errors = self.replay(half)
        self.assertEqual(code, 73)
        newlines = whole[:len(whole) // 2].count(b"\n")
        self.assertIn(f"Line {newlines + 1} is damaged", errors)
        self.assertEqual(some, lines[:len(some)])
        self.assertGreater(len(some), 0)

        # Neither a key file nor the account it is for is in it.
        for secret in (b"BEGIN", b"identity", b"id_ed25519", b"auth_pass"):
            self.assertNotIn(secret, whole)


if __name__ == "__main__":
    unittest.main()
