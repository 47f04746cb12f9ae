#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""`milvus-ha status` as a whole process against a shell script that gets the same facts with plain ssh and docker -H ssh://.

Pairs of runs in turn, so that a machine that slows down slows both; prints both medians and the ratio."""

import os
import stat
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from pair import PROGRAM, Lab  # noqa: E402

RUNS = int(os.environ.get("BENCH_RUNS", "10"))


def wrapper(folder, name, line):
    path = Path(folder) / name
    path.write_text(f"#!/bin/sh\nexec {line} \"$@\"\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def timed(command, env):
    begin = time.perf_counter()
    done = subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return time.perf_counter() - begin, done


def main():
    lab = Lab("bench")
    try:
        lab.up()
        with tempfile.TemporaryDirectory(prefix="milvus-ha-bench-") as folder:
            s = lab.status
            # The machine need not have Docker's client: a lab host's own does.
            docker = f"/proc/{s['hosts'][0]['pid']}/root/usr/bin/docker"
            wrapper(folder, "ssh", f"/usr/bin/ssh -i {s['identity']} -o UserKnownHostsFile={s['known_hosts']} "
                                   "-o StrictHostKeyChecking=yes -o BatchMode=yes -o IdentitiesOnly=yes")
            wrapper(folder, "docker", docker)
            env = {**lab.env, "PATH": f"{folder}:{os.environ['PATH']}"}
            ours = lab.on_lan(PROGRAM, "status", "--json", "--pair", s["pair_file"])
            theirs = lab.on_lan(Path(__file__).with_name("status_with_ssh.sh"), s["vip"].split("/")[0], "milvus",
                                "/srv/milvus", *[host["address"] for host in s["hosts"]])
            pairs = []
            for run in range(RUNS + 1):
                a, done = timed(ours, env)
                if done.returncode != 0:
                    sys.exit(f"milvus-ha status: exit {done.returncode}: {done.stderr.decode()}")
                b, done = timed(theirs, env)
                if done.returncode != 0:
                    sys.exit(f"the peer script: exit {done.returncode}: {done.stderr.decode()}")
                if run > 0:  # the first pair warms up
                    pairs.append((a, b))
    finally:
        lab.down()
    a = statistics.median(p[0] for p in pairs)
    b = statistics.median(p[1] for p in pairs)
    ratios = sorted(p[1] / p[0] for p in pairs)
    print("status of the pair as a whole process, median of", RUNS, "pairs of runs")
    print(f"  milvus-ha status                 {a:7.3f} s")
    print(f"  ssh and docker -H ssh:// script  {b:7.3f} s")
    print(f"  ratio                            {statistics.median(ratios):7.2f}  ({ratios[0]:.2f} to {ratios[-1]:.2f})")


if __name__ == "__main__":
    main()
