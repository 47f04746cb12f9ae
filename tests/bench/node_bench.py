#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Four ways to hold a pair, side by side in one run: the guide's recipe, its keepalived tuned (VRRP 3, adverts of 0.1 s),
and milvus-ha-node with either engine. The outage is the client's; both running counts from the fault to the end of what
heals it, the recipe's way back included. BENCH_RUNS (10), BENCH_ROWS (a regular expression over the ways)."""

import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from node_pair import NODE, VIP, NodeTest, other  # noqa: E402
from pair import Tool, milvus_ha, wait_for  # noqa: E402

RUNS = int(os.environ.get("BENCH_RUNS", "10"))
ROWS = os.environ.get("BENCH_ROWS", "")
CONF = "/etc/keepalived/keepalived.conf"
FAULTS = ["container killed", "planned switchover", "cable out", "power cut"]
WAYS = ["guide's recipe", "keepalived tuned", "milvus-ha-node, keepalived", "milvus-ha-node, native"]


class Bench(NodeTest):
    LAB = "benchnode"

    def runTest(self):
        pass

    def link_back(self, host):
        subprocess.run(["nsenter", f"--net=/run/netns/mhalab-{self.LAB}-lan", "ip", "link", "set", "dev", host, "up"],
                       check=True, timeout=10)

    # The recipe: master is preferred, so that each way back is the recipe's own.

    def recipe_serves(self, host):
        _, value, _ = milvus_ha(self.lab, "status")
        if not value or not value["vip"]["answers"]:
            return False
        holding = [n["name"] for n in value["nodes"] if n["holds_vip"]]
        running = [n["name"] for n in value["nodes"] if n["container"] and n["container"]["state"] == "running"]
        if host == "backup":  # of a master that is cut off nothing is seen
            return host in running and host in holding
        return (running, value["vip"]["holders"]) == (["master"], ["master"])

    def tune(self):
        for host in ("backup", "master"):
            self.inside(host, "sed -i -E 's/^( *)(state (MASTER|BACKUP))/\\1\\2\\n\\1version 3\\n\\1advert_int 0.1/' "
                              f"{CONF} && systemctl stop keepalived")
        self.inside("backup", "docker stop milvus >/dev/null", check=False)
        for host in ("master", "backup"):
            self.inside(host, "systemctl start keepalived")

    def recipe_round(self, fault):
        if fault == "planned switchover":
            self.inside("master", "docker stop milvus >/dev/null")
        elif fault == "container killed":
            self.inside("master", "docker kill milvus >/dev/null")
        else:
            self.lab.run("break", "cut-link" if fault == "cable out" else "power-cut", "master")
        wait_for(lambda: self.recipe_serves("backup"), 90, f"{fault}: backup serves")
        yield
        if fault in ("planned switchover", "container killed"):
            self.inside("master", "docker start milvus >/dev/null")
        else:
            self.lab.run("heal")
        wait_for(lambda: self.recipe_serves("master"), 120, "master serves again")

    # The node program: whoever took over goes on.

    def node_round(self, fault):
        active = next(host for host in ("master", "backup") if self.state(host) == ("MASTER", "running"))
        standby = other(active)
        if fault == "planned switchover":
            code, output = self.switch(active)
            if code != 0:
                raise AssertionError(output)
        elif fault == "container killed":
            self.inside(active, "docker kill milvus >/dev/null")
        else:
            self.lab.run("break", "cut-link" if fault == "cable out" else "power-cut", active)
        wait_for(lambda: self.state(standby) == ("MASTER", "running"), 60, f"{fault}: {standby} serves")
        yield
        if fault == "cable out":
            self.link_back(active)
        elif fault == "power cut":
            self.lab.run("boot", active)
        self.settled(standby, 90)

    def measure(self, way, fault, one_round):
        outages, both = [], 0.0
        for _ in range(RUNS):
            client = Tool(self.lab.on_lan(NODE.with_name("vip-client"), "--vip", VIP, "--json"), self.lab.env,
                          stderr=subprocess.PIPE)
            client.process.stderr.readline()  # its first good answer
            writers = Tool([NODE.with_name("two-writers"), "--lab", self.LAB, "--interval-ms", "5"], self.lab.env)
            steps = one_round(fault)
            next(steps)
            seen = client.finish()
            next(steps, None)
            both = max(both, writers.finish()["both_s"])
            outages.append(sum(outage["outage_s"] for outage in seen["outages"]))
        print(f"{way:28} {fault:20} median {statistics.median(outages):6.3f} s  longest {max(outages):6.3f} s  "
              f"both running {both:6.3f} s", flush=True)
        return statistics.median(outages)

    def begin_way(self, way):
        self.lab.up()
        if way == WAYS[0]:
            wait_for(lambda: self.recipe_serves("master"), 90, "master serves")
        elif way == WAYS[1]:
            self.tune()
            wait_for(lambda: self.recipe_serves("master"), 90, "master serves")
        else:
            for host in ("backup", "master"):
                self.install(host)
                self.configure(host)
                if way == WAYS[2]:
                    self.use_keepalived(host)
            self.start_s = statistics.median(self.start_alone_s("master") for _ in range(5))
            for host in ("master", "backup"):
                self.begin(host)
            self.settled("master", 60)

    def run_all(self):
        medians = {}
        for way in WAYS:
            if not re.search(ROWS, way):
                continue
            self.begin_way(way)
            one_round = self.recipe_round if way in WAYS[:2] else self.node_round
            for fault in FAULTS:
                medians[way, fault] = self.measure(way, fault, one_round)
        silence = 0.3 + 0.1 * (256 - 91) / 256
        start = getattr(self, "start_s", None)
        if start is None:
            return
        print(f"\ndocker start alone {start:.3f} s (median); wanted: container killed {start + 0.15:.3f} s, cable out and "
              f"power cut {silence + start + 0.1:.3f} s (3T + skew + docker start + 0.1 s)")
        for fault in FAULTS:
            native = medians.get((WAYS[3], fault))
            row = ", ".join(f"{way} {medians[way, fault] / native:.1f}" for way in WAYS if native and (way, fault) in medians)
            print(f"{fault:20} against native: {row}")


if __name__ == "__main__":
    Bench.setUpClass()
    try:
        Bench().run_all()
    finally:
        Bench.doClassCleanups()
