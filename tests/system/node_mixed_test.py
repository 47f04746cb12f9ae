#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A rolling migration: milvus-ha-node on one host, keepalived with its scripts on the other. Service goes there and back
by the console, and by itself when the host of either dies; never both containers."""

import unittest

from node_pair import INTERFACE, PRIORITY, VIP, NodeTest
from pair import milvus_ha, wait_for

OURS = "master"     # the host that is migrated
THEIRS = "backup"
PASSWORD = "1111"

KEEPALIVED_CONF = f"""track_file milvus_ha {{
    file /run/milvus-ha.fault
    weight 0
    init_file 0
}}
vrrp_instance VI_1 {{
    state BACKUP
    nopreempt
    interface {INTERFACE[THEIRS]}
    virtual_router_id 51
    priority {PRIORITY[THEIRS]}
    advert_int 1
    authentication {{
        auth_type PASS
        auth_pass {PASSWORD}
    }}
    virtual_ipaddress {{
        {VIP}/32
    }}
    notify_master /etc/keepalived/start_docker.sh
    notify_backup /etc/keepalived/stop_docker.sh
    notify_fault /etc/keepalived/stop_docker.sh
    track_file {{
        milvus_ha weight 0
    }}
}}
"""


class Mixed(NodeTest):
    LAB = "tnmix"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        test = cls("test_there_and_back")
        test.inside(THEIRS, "systemctl stop keepalived; docker stop -t 1 milvus >/dev/null; true")
        test.put(THEIRS, "/etc/keepalived/keepalived.conf", KEEPALIVED_CONF.encode())
        for name, verb in (("start", "start"), ("stop", "stop -t 5")):
            test.put(THEIRS, f"/etc/keepalived/{name}_docker.sh", f"#!/bin/sh\nexec docker {verb} milvus\n".encode(), "755")
        test.install(OURS)
        test.configure(OURS, version=2, password=PASSWORD, advert_interval_seconds=1, peer_kind="keepalived",
                       peer_stop_deadline_seconds=8)
        test.begin(OURS)
        wait_for(lambda: test.state(OURS) == ("MASTER", "running"), 60, f"{OURS} serves")
        test.inside(THEIRS, "systemctl start keepalived")

    def serves(self, host, deadline_s=60):
        def look():
            code, value, _ = milvus_ha(self.lab, "status")
            return code in (0, 1) and value["active"] == host and value["vip"]["holders"] == [host] and value["vip"]["answers"]
        wait_for(look, deadline_s, f"{host} serves")

    def rested(self):
        """The console refuses while keepalived has only just moved."""
        def look():
            _, plan, _ = milvus_ha(self.lab, "switchover", "--dry-run", "--reason", "look", "--history",
                                   self.history())
            return plan is not None and all(check["result"] != "refuse" for check in plan["checks"]) or plan
        wait_for(lambda: look() is True, 40, "a pair at rest")

    def test_there_and_back(self):
        self.serves(OURS)
        sampler = self.watch_writers()
        try:
            outages = []
            for to in (THEIRS, OURS, THEIRS, OURS):
                self.rested()
                code, value = self.switchover(to)
                self.assertEqual((code, value["outcome"]), (0, "done"), value)
                outages.append(value["outage_s"])
                self.serves(to)
        finally:
            samples = sampler.finish()
        print("\nmixed pair, to keepalived and back:", outages, "both running:", samples["both_s"], "s")
        self.assertFalse(samples["ever_both"], samples)

    def test_power_cut_of_either(self):
        self.serves(OURS)
        sampler = self.watch_writers()
        try:
            self.lab.run("break", "power-cut", OURS)
            self.serves_alone(THEIRS)
            self.lab.run("boot", OURS)
            wait_for(lambda: self.state(OURS) == ("BACKUP", "stopped"), 60, f"{OURS} is a standby")
            self.lab.run("break", "power-cut", THEIRS)
            wait_for(lambda: self.state(OURS) == ("MASTER", "running"), 60, f"{OURS} serves")
            self.lab.run("boot", THEIRS)
        finally:
            samples = sampler.finish()
        self.assertFalse(samples["ever_both"], samples)
        self.serves(OURS)

    def serves_alone(self, host):
        wait_for(lambda: "Up" in self.inside(host, "docker ps --format '{{.Status}}' --filter name=milvus", check=False), 60,
                 f"{host} runs Milvus")


if __name__ == "__main__":
    unittest.main()
