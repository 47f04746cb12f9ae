#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a change on a node to the picture in the thread that draws, for a container and for the VIP; beside it `docker events`
and `ip monitor` over plain ssh, whose lines are the peer's picture. Every time is by the node's own stamp, on one machine."""

import os
import queue
import re
import statistics
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from pair import PROGRAM, Lab  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
WAIT_S = 20


class Lines:
    """The lines of a process, each with when it came."""

    def __init__(self, command, env):
        self.process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.put((time.time(), line.strip()))

    def wait(self, pattern):
        end = time.monotonic() + WAIT_S
        while True:
            at, line = self.lines.get(timeout=max(0.01, end - time.monotonic()))
            found = re.search(pattern, line)
            if found:
                return at, found

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


def table(name, ours, theirs):
    def row(who, values):
        values = sorted(values)
        print(f"  {who:24} p50 {statistics.median(values):7.1f} ms   p95 {values[len(values) * 95 // 100]:7.1f} ms   "
              f"worst {values[-1]:7.1f} ms")

    print(f"{name}, {len(ours)} changes")
    row("milvus-ha's picture", ours)
    row("plain ssh's line", theirs)
    print(f"  ratio of the medians     {statistics.median(theirs) / statistics.median(ours):.2f}")


def main():
    lab = Lab("benchlat")
    try:
        lab.up()
        s = lab.status
        master, backup = lab.host("master"), lab.host("backup")
        for host in ("master", "backup"):  # nothing moves by itself
            lab.run("exec", host, "systemctl", "stop", "keepalived")
        lab.run("exec", "master", "docker", "start", "milvus")
        ssh = ["ssh", "-i", s["identity"], "-o", f"UserKnownHostsFile={s['known_hosts']}", "-o", "BatchMode=yes",
               "-o", "IdentitiesOnly=yes"]
        program = Lines(lab.on_lan(PROGRAM.with_name("latency_watch"), s["pair_file"]), lab.env)
        events = Lines(lab.on_lan(*ssh, f"root@{master['address']}", "docker", "events", "--filter", "event=die",
                                  "--filter", "event=start", "--format", "'{{.Action}} {{.TimeNano}}'"), lab.env)
        monitor = Lines(lab.on_lan(*ssh, f"root@{backup['address']}", "ip", "-ts", "monitor", "address"), lab.env)
        program.wait("complete")
        vip = s["vip"]
        container = ([], [])
        address = ([], [])
        for turn in range(ROUNDS):
            for action, state, event in (("kill", "exited", "die"), ("start", "running", "start")):
                lab.run("exec", "master", "docker", action, "milvus")
                container[0].append(float(program.wait(f"container {state} (.*)")[1][1]))
                at, found = events.wait(f"{event} ([0-9]+)")
                container[1].append((at - int(found[1]) / 1e9) * 1000)
            for action, state in (("add", "held"), ("del", "gone")):
                lab.run("exec", "backup", "ip", "addr", action, vip, "dev", backup["interface"])
                address[0].append(float(program.wait(f"vip {state} (.*)")[1][1]))
                at, found = monitor.wait(rf"^\[(\S+)\].*inet {re.escape(vip.split('/')[0])}")
                address[1].append((at - datetime.fromisoformat(found[1] + "+00:00").timestamp()) * 1000)
        for lines in (program, events, monitor):
            lines.stop()
    finally:
        lab.down()
    print("from a change on the node to the model in the GUI thread (wanted: p95 50 ms)")
    table("container dies or starts", *container)
    table("VIP comes or goes", *address)


if __name__ == "__main__":
    main()
