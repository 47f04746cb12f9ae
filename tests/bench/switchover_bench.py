#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Switchovers by milvus-ha, by each lever, against the same done by hand as the guide would have it, in one run.

The outage is the client's: what vip-client saw between the begin of a switchover and its end. Beside it stands what
`docker stop` and `docker start` take alone on this machine, since no switchover can be shorter."""

import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from pair import PROGRAM, Lab, milvus_ha, wait_for  # noqa: E402

RUNS = int(os.environ.get("BENCH_RUNS", "10"))  # of our fastest row
OTHERS = int(os.environ.get("BENCH_OTHERS", RUNS))  # of each other row
ROWS = os.environ.get("BENCH_ROWS", "")  # a regular expression over the titles
BY_HAND = "by hand, as the guide has it"
CONF = "/etc/keepalived/keepalived.conf"


class Client:
    """vip-client: inserts and asks all the time; its outages are known at its end."""

    def __init__(self, lab, folder):
        self.lab = lab
        self.acked = folder / "acked"
        self.process = subprocess.Popen(
            lab.on_lan(PROGRAM.with_name("vip-client"), "--vip", lab.status["vip"], "--insert", "--acked", self.acked,
                       "--json"), env=lab.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.writers = subprocess.Popen([PROGRAM.with_name("two-writers"), "--lab", lab.name, "--interval-ms", "10"],
                                        env=lab.env, stdout=subprocess.PIPE, text=True)
        wait_for(lambda: self.acked.exists() and self.acked.stat().st_size > 0, 20, "the first acknowledged row")

    def finish(self):
        values = []
        for process in (self.process, self.writers):
            process.send_signal(signal.SIGTERM)
            values.append(json.loads(process.communicate(timeout=30)[0]))
        lost = self.lab.run("check-data", "--acked", str(self.acked), "--json", check=False)
        return values[0], values[1], lost


def serves(lab, node):
    code, value, _ = milvus_ha(lab, "status")
    if code not in (0, 1) or value["active"] != node:
        return False
    other = [n for n in value["nodes"] if n["name"] != node][0]
    return value["vip"]["holders"] == [node] and other["container"]["state"] != "running"


def by_hand(lab, to, history):
    """The guide: stop Milvus on the active node, and start it on master to get it back."""
    command = ("stop",) if to == "backup" else ("start",)
    lab.run("exec", "master", "docker", *command, "milvus")
    wait_for(lambda: serves(lab, to), 60, f"{to} serves")


def by_program(lab, to, history):
    code, value, errors = milvus_ha(lab, "switchover", "--to", to, "--reason", "bench", "--yes", "--history", history,
                                    timeout=180)
    if code != 0:
        sys.exit(f"switchover to {to}: exit {code}: {value and value.get('text')} {errors}")


def round_trip_times(lab, switch, folder, count):
    client = Client(lab, folder)
    windows = []
    for i in range(count):
        to = "backup" if i % 2 == 0 else "master"
        begin = time.time()
        switch(lab, to, folder / "history.sqlite")
        windows.append((begin, time.time()))
    seen, writers, lost = client.finish()
    outages = []
    for begin, end in windows:
        inside = [o for o in seen["outages"] if begin <= o["last_good_us"] / 1e6 <= end]
        outages.append(max((o["outage_s"] for o in inside), default=0.0))
    return outages, writers["both_s"], lost.returncode, seen["inserted"]


def alone(lab, count):
    """docker stop and docker start on a host where nothing else happens."""
    script = ("a=$(date +%s%N); docker stop milvus >/dev/null; b=$(date +%s%N); docker start milvus >/dev/null; "
              "c=$(date +%s%N); echo $(((b-a)/1000)) $(((c-b)/1000))")
    lab.run("exec", "backup", "systemctl", "stop", "keepalived")
    lab.run("exec", "backup", "docker", "stop", "milvus", check=False)
    lab.run("exec", "master", "systemctl", "stop", "keepalived")
    stops, starts = [], []
    for _ in range(count):
        stop, start = lab.run("exec", "master", "sh", "-c", script).stdout.split()
        stops.append(int(stop) / 1e6)
        starts.append(int(start) / 1e6)
    lab.run("exec", "master", "systemctl", "start", "keepalived")
    lab.run("exec", "backup", "systemctl", "start", "keepalived")
    return statistics.median(stops), statistics.median(starts)


def faster_adverts(lab):
    """VRRPv3 with adverts of 0.1 s, which version 2 cannot say."""
    for node in ("backup", "master"):
        lab.run("exec", node, "sed", "-i", "-E",
                r"s/^( *)(state (MASTER|BACKUP))/\1\2\n\1version 3\n\1advert_int 0.1/", CONF)
    for node in ("backup", "master"):
        lab.run("exec", node, "systemctl", "stop", "keepalived")
    lab.run("exec", "backup", "docker", "stop", "milvus", check=False)
    for node in ("master", "backup"):
        lab.run("exec", node, "systemctl", "start", "keepalived")
    wait_for(lambda: serves(lab, "master"), 90, "master serves with fast adverts")


def main():
    lab = Lab("benchsw")
    rows = []
    with tempfile.TemporaryDirectory(prefix="milvus-ha-bench-") as name:
        try:
            lab.up()
            wait_for(lambda: serves(lab, "master"), 60, "master serves")

            def measure(title, switch, runs=OTHERS):
                if not re.search(ROWS, title):
                    return
                folder = Path(name) / re.sub(r"\W", "-", title)
                folder.mkdir()
                rows.append((title, *round_trip_times(lab, switch, folder, runs)))
                print_row(rows[-1])

            measure("milvus-ha, guide's keepalived.conf", by_program)
            code, value, errors = milvus_ha(lab, "lever", "install", "--yes", timeout=60)
            if code != 0:
                sys.exit(f"lever install: {value} {errors}")
            measure("milvus-ha, FAULT flag", by_program)
            faster_adverts(lab)
            measure("milvus-ha, FAULT flag, adverts 0.1 s", by_program, RUNS)
            stop, start = alone(lab, 10)
            # A lab of its own: it runs two writers, which the data never forgets.
            if re.search(ROWS, BY_HAND):
                lab.up()
                wait_for(lambda: serves(lab, "master"), 60, "master serves")
            measure(BY_HAND, by_hand)
        finally:
            lab.down()
    hand = statistics.median(rows[-1][1])
    print(f"\ndocker stop alone {stop:.3f} s, docker start alone {start:.3f} s (medians); stop + start + 0.3 s = "
          f"{stop + start + 0.3:.3f} s")
    for row in rows:
        print_row(row, hand)


def print_row(row, hand=None):
    title, outages, both, lost, rows = row
    ordered = sorted(outages)
    p95 = ordered[max(0, -(-len(ordered) * 95 // 100) - 1)]
    ratio = f", ratio by hand {hand / statistics.median(outages):.1f}" if hand else ""
    print(f"{title:38} {len(outages)} times: outage p50 {statistics.median(outages):.3f} s, p95 {p95:.3f} s; both running "
          f"{both:.3f} s; {'no row lost' if lost == 0 else 'DATA FAULT'} of {rows}{ratio}", flush=True)


if __name__ == "__main__":
    main()
