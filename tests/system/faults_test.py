#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault of the lab: the right verdict with its reason, how soon it was shown, and healthy again after the heal."""

import json
import os
import time
import unittest

from pair import LabTest, Watch, epoch, healthy_now, milvus_ha, wait_for

# fault, host, the verdict that must be shown first, then the verdict once it has settled and a code of its reasons. A
# fresh `status` that never saw a node cannot say whether its Milvus was stopped: there the last column's verdict holds.
ROWS = [
    ("kill-container", "master", "down", "degraded", "failed-over"),
    ("stop-container", "master", "down", "degraded", "failed-over"),
    ("cut-link", "master", "down", "unknown", "writer-unknown"),
    ("cut-link", "backup", "degraded", "degraded", "node-unreachable", "unknown"),
    ("duplicate-vip", "backup", "split-brain", "split-brain", "vip-on-both"),
    ("kill-keepalived", "backup", "degraded", "degraded", "keepalived-down"),
    ("kill-keepalived", "master", "degraded", "two-writers", "two-writers"),
    ("stop-keepalived", "master", None, "two-writers", "two-writers"),
    ("stop-ssh", "master", "degraded", "degraded", "node-unreachable"),
    ("freeze-host", "master", "down", "unknown", "writer-unknown"),
    ("freeze-host", "backup", "degraded", "degraded", "node-unreachable", "unknown"),
    ("power-cut", "master", "down", "unknown", "writer-unknown"),
    ("stop-docker", "master", "down", "degraded", "docker-unreachable"),
    ("freeze-docker", "master", "degraded", "two-writers", "two-writers"),
    ("freeze-docker", "backup", "degraded", "degraded", "docker-unreachable"),
    ("lose-storage", "master", None, "down", "storage-lost"),
    ("lose-storage", "backup", "degraded", "degraded", "storage-lost"),
]


class Faults(LabTest):
    LAB = "tfault"

    def setUp(self):
        self.healthy(60)
        self.watch = Watch(self.lab, self.folder / "history.sqlite")
        self.addCleanup(self.watch.stop)
        self.watch.wait(healthy_now, 20, "a healthy start")

    def is_verdict(self, line, level):
        return line["code"] == "verdict-" + level if level else line["code"].startswith("verdict-")

    def settled(self, level, code):
        """Waits until a fresh look says the same as the recorder should."""
        last = {}

        def look():
            _, value, _ = milvus_ha(self.lab, "status")
            last["value"] = value
            codes = [reason["code"] for reason in value["reasons"]] if value and "reasons" in value else []
            return value if value and value.get("verdict") == level and code in codes else None

        try:
            return wait_for(look, 30, f"{level} with {code}")
        except AssertionError as error:
            raise AssertionError(f"{error}: {json.dumps(last.get('value'))}") from None

    def test_each_fault(self):
        table = []
        only = os.environ.get("FAULT")
        for fault, host, first, level, code, *fresh in ROWS:
            if only and only != fault:
                continue
            with self.subTest(fault=fault, host=host):
                mark = self.watch.mark()
                begin = time.time()
                self.lab.run("break", fault, host)
                broken = time.time()
                try:
                    line = self.watch.wait(lambda line: self.is_verdict(line, first), 20, f"{fault}: {first}", mark)
                    seen = line
                    shown_s = epoch(line["at"]) - begin
                    if level != first:
                        seen = self.watch.wait(lambda line: self.is_verdict(line, level), 40, f"{fault}: {level}", mark)
                    self.settled(*fresh or [level], code)
                    table.append((fault, host, line["code"].removeprefix("verdict-"), shown_s, broken - begin, level, epoch(seen["at"]) - begin))
                finally:
                    mark = self.watch.mark()
                    self.lab.run("heal", fault, host)
                self.watch.wait(healthy_now, 40, f"healthy after {fault}", mark)
        print("\nfault            host     shown as       after s   (break took)   then          after s")
        for fault, host, first, shown, took, level, after in table:
            print(f"{fault:16} {host:8} {first:12} {shown:8.2f}   {took:8.2f}       {level:12} {after:8.2f}")


if __name__ == "__main__":
    unittest.main()
