#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happened while no recorder ran is rebuilt out of the nodes' logs, beside what an independent client saw.

PAST_ROUNDS=6 makes 24 failovers and their 24 ways back instead of 4."""

import json
import os
import signal
import sqlite3
import subprocess
import time
import unittest

from pair import DASHBOARD, PROGRAM, LabTest, Watch, epoch, healthy_now, milvus_ha, wait_for

ROUNDS = int(os.environ.get("PAST_ROUNDS", "1"))

# What is done to the master, and the trigger of the failover away from it.
FAULTS = [
    ("kill-container", "container-died"),
    ("cut-link", "link-lost"),
    ("kill-keepalived", "keepalived-stopped"),
    ("power-cut", "host-lost"),
    ("switchover", "planned"),
]

# rsyslog's lines, out of the journal.
SYSLOG = r"""journalctl.away -b -n all -f -o short-iso-precise | sed -u -E 's/([+-]..)(..) /\1:\2 /' >>/var/log/syslog
"""
UNIT = """[Service]
ExecStart=/bin/sh /etc/writes-syslog
[Install]
WantedBy=multi-user.target
"""


class Past(LabTest):
    LAB = os.environ.get("LAB", "tpast")

    def record_for_a_moment(self, history):
        watch = Watch(self.lab, history)
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 60, "a healthy start")
        self.assertEqual(watch.stop(), 0)
        return watch.lines

    def failovers(self, history, since=0.0):
        """Those that lasted beyond `since`. A new history begins with what the nodes still remember: of the tests before, too.
        An outage begins at the last good answer, which is before the fault that ended them."""
        code, value, errors = milvus_ha(self.lab, "failovers", "--history", history, "--limit", "1000")
        self.assertEqual(code, 0, errors)
        return sorted((failover for failover in value["failovers"] if epoch(failover["ended_at"]) > since),
                      key=lambda failover: failover["started_at"])

    def rows(self, history, query):
        with sqlite3.connect(f"file:{history}?mode=ro", uri=True) as database:
            return database.execute(query).fetchall()

    def wait_for_service(self, node, alone=False):
        """The node holds the VIP and its Milvus runs. Where the other one does too, as after a killed keepalived, nobody
        can say which of them is the active one."""
        last = {}

        def look():
            _, value, _ = milvus_ha(self.lab, "status")
            last["value"] = value
            if not value or not value["vip"]["answers"]:
                return False
            # A node that is cut off is not seen, and with it not who holds the VIP.
            holding = [each["name"] for each in value["nodes"] if each["holds_vip"]]
            running = [each["name"] for each in value["nodes"]
                       if each["container"] and each["container"]["state"] == "running"]
            if alone:
                return (running, value["vip"]["holders"]) == ([node], [node])
            return node in running and node in holding

        try:
            wait_for(look, 60, f"service on {node}")
        except AssertionError as error:
            raise AssertionError(f"{error}: {json.dumps(last.get('value'))}") from None

    def make(self, fault):
        """One failover away from the master, and back."""
        if fault == "switchover":
            code, value, errors = milvus_ha(self.lab, "switchover", "--to", "backup", "--reason", "past test", "--yes",
                                            "--history", self.folder / "elsewhere.sqlite", timeout=120)
            self.assertEqual(code, 0, f"{value} {errors}")
        else:
            self.lab.run("break", fault, "master")
            self.wait_for_service("backup")
        self.lab.run("heal")
        self.wait_for_service("master", alone=True)

    def dashboard(self, history):
        window = subprocess.Popen(
            self.lab.on_lan(DASHBOARD, "--pair", self.lab.status["pair_file"], "--history", history),
            env={**self.lab.env, "QT_QPA_PLATFORM": "offscreen"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(lambda: window.poll() is None and window.kill())
        return window

    def compare(self, rebuilt, outages):
        """Prints each beside the client's outage of that moment; gives those that are beyond their stated error."""
        wrong = []
        print("\ntrigger             from    to      rebuilt_s   error_s  client_s      diff")
        for failover in rebuilt:
            near = min(outages, key=lambda outage: abs(epoch(outage["last_good"]) - epoch(failover["started_at"])))
            difference = failover["recovery_s"] - near["outage_s"]
            line = (f"{failover['trigger']:19} {failover['from']:7} {failover['to']:7} {failover['recovery_s']:9.3f}"
                    f" {failover['error_s']:9.3f} {near['outage_s']:9.3f} {difference:+9.3f}")
            print(line, flush=True)
            if abs(difference) > failover["error_s"]:
                wrong.append(line)
        return wrong

    def test_rebuilt(self):
        self.healthy(60)
        history = self.folder / "history.sqlite"
        self.record_for_a_moment(history)
        client = subprocess.Popen(
            self.lab.on_lan(PROGRAM.with_name("vip-client"), "--vip", self.lab.status["vip"], "--interval-ms", "5", "--json"),
            env=self.lab.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(lambda: client.poll() is None and client.kill())
        self.assertIn("first good", client.stderr.readline())
        gap_from = time.time()
        for _ in range(ROUNDS):
            for fault, _ in FAULTS:
                self.make(fault)
        gap_until = time.time()
        client.send_signal(signal.SIGTERM)
        outages = json.loads(client.communicate(timeout=20)[0])["outages"]
        self.assertEqual(self.failovers(history), [], "nobody recorded")

        # A recorder and a window on one file at once: what is missing is rebuilt once.
        watch, window = Watch(self.lab, history), self.dashboard(history)
        self.addCleanup(watch.stop)
        watch.wait(lambda line: line["source"] == "reconstructed", 60, "the past, told")
        wait_for(lambda: len(self.rows(history, "SELECT 1 FROM coverage WHERE source = 'observed'")) >= 3, 60,
                 "the window records too")
        wait_for(lambda: self.rows(history, "SELECT 1 FROM coverage WHERE source = 'reconstructed'"), 30, "the past, kept")
        window.send_signal(signal.SIGTERM)
        self.assertEqual(window.wait(20), 0)
        self.assertEqual(watch.stop(), 0)

        rebuilt = self.failovers(history, gap_from)
        wrong = self.compare(rebuilt, outages)
        away = [failover for failover in rebuilt if failover["from"] == "master"]
        back = [failover for failover in rebuilt if failover["from"] == "backup"]
        self.assertEqual([failover["trigger"] for failover in away], [trigger for _, trigger in FAULTS] * ROUNDS)
        self.assertEqual({failover["to"] for failover in away}, {"backup"})
        self.assertEqual([(failover["to"], failover["trigger"]) for failover in back],
                         [("master", "container-stopped")] * len(away), "each heal moved service back, once")
        self.assertEqual({failover["source"] for failover in rebuilt}, {"reconstructed"})
        self.assertEqual({failover["reason"] for failover in away if failover["planned"]}, {"past test"})
        self.assertEqual(wrong, [], "beyond the stated error")

        # No event twice, and the time is covered as rebuilt: nothing of it is a gap.
        events = "SELECT at, node, code FROM event WHERE source = 'reconstructed' ORDER BY at, node, code"
        told = self.rows(history, events)
        self.assertEqual(len(told), len(set(told)))
        self.assertEqual(sum(code == "failover" for _, _, code in told), len(FAULTS[:-1]) * ROUNDS)
        spans = self.rows(history, "SELECT begins / 1e6, ends / 1e6 FROM coverage WHERE source = 'reconstructed'")
        self.assertTrue(spans and spans[0][0] <= gap_from and spans[-1][1] >= gap_until, spans)
        self.assertEqual(self.rows(history, "SELECT 1 FROM coverage WHERE source = 'lost'"), [])
        code, report, errors = milvus_ha(self.lab, "report", "--history", history, "--format", "json", "--output", "-")
        self.assertEqual(code, 0, errors)
        self.assertGreaterEqual(report["reconstructed_s"], gap_until - gap_from)
        self.assertLess(report["availability"], 1)

        # Once more: nothing is added.
        lines = self.record_for_a_moment(history)
        self.assertEqual([line for line in lines if line["source"] == "reconstructed" and epoch(line["at"]) < gap_until], [])
        self.assertEqual(self.failovers(history, gap_from), rebuilt)
        self.assertEqual([row for row in self.rows(history, events) if row[0] / 1e6 < gap_until], told)

    def test_this_computer_was_cut_off(self):
        """It records all the time, and for half a minute it sees nothing: what happened then is rebuilt."""
        self.healthy(60)
        history = self.folder / "cut.sqlite"
        watch = Watch(self.lab, history)
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 60, "a healthy start")
        network = self.lab.status["vip"].rsplit(".", 1)[0] + ".0/24"
        mine = lambda how: self.lab.run("exec", "lan", "ip", "rule", how, "pref", "1", "to", network, "blackhole",
                                        check=how == "add")
        self.addCleanup(mine, "del")
        cut_from = time.time()
        mine("add")
        for host in ("master", "backup"):
            watch.wait(lambda line: line["code"] == "node-lost" and line["node"] == host, 30, f"{host} out of sight")
        self.lab.run("break", "kill-container", "master")
        runs = lambda: self.lab.run("exec", "backup", "docker", "inspect", "-f", "{{.State.Running}}", "milvus").stdout
        wait_for(lambda: runs().strip() == "true", 30, "service on backup")
        mine("del")
        cut_until = time.time()
        watch.wait(lambda line: line["source"] == "reconstructed", 60, "the past, told")
        self.lab.run("heal")
        self.wait_for_service("master", alone=True)
        self.assertEqual(watch.stop(), 0)
        first = self.failovers(history, cut_from)[0]
        self.assertEqual((first["from"], first["to"], first["trigger"], first["source"]),
                         ("master", "backup", "container-died", "reconstructed"), first)
        self.assertLess(first["recovery_s"], cut_until - cut_from - 2)
        covered = self.rows(history, "SELECT begins / 1e6, ends / 1e6 FROM coverage WHERE source = 'observed' ORDER BY begins")
        self.assertFalse([span for span in covered if span[0] < cut_from + 2 and span[1] > cut_until - 2], covered)

    def test_one_node_was_cut_off(self):
        """It records all the time, and the master's cable is out for a while: what happened there is told once it is back."""
        self.healthy(60)
        history = self.folder / "one.sqlite"
        watch = Watch(self.lab, history)
        self.addCleanup(watch.stop)
        watch.wait(healthy_now, 60, "a healthy start")
        began = time.time()
        self.lab.run("break", "cut-link", "master")
        watch.wait(lambda line: line["code"] == "failover", 60, "the failover, observed")
        self.lab.run("heal")
        down = watch.wait(lambda line: line["source"] == "reconstructed" and line["code"] == "link-down", 60,
                          "the end of the master's link, told afterwards")
        self.assertEqual(down["node"], "master")
        self.assertLess(abs(epoch(down["at"]) - began), 5)
        self.wait_for_service("master", alone=True)
        self.assertEqual(watch.stop(), 0)
        first = self.failovers(history, began)[0]
        self.assertEqual((first["from"], first["to"], first["trigger"], first["source"]),
                         ("master", "backup", "link-lost", "observed"), first)
        told = self.rows(history, f"SELECT count(*) FROM event WHERE code = 'link-down' AND node = 'master' AND at > {began * 1e6}")
        self.assertEqual(told, [(1,)])

    def without_journal(self, host):
        """What a host has whose log is a file that rsyslog writes: no journalctl, its lines in /var/log/syslog."""
        inside = lambda script, *words: self.lab.run("exec", host, "sh", "-c", script, "sh", *words)
        inside("mv /usr/bin/journalctl /usr/bin/journalctl.away; rm -f /var/log/syslog; printf %s \"$1\" >/etc/writes-syslog; "
               "printf %s \"$2\" >/etc/systemd/system/writes-syslog.service; systemctl -q enable --now writes-syslog",
               SYSLOG, UNIT)
        self.addCleanup(inside, "systemctl -q disable --now writes-syslog; mv /usr/bin/journalctl.away /usr/bin/journalctl; "
                                "rm /var/log/syslog")

    def test_rebuilt_from_syslog(self):
        self.healthy(60)
        for host in ("master", "backup"):
            self.without_journal(host)
        history = self.folder / "syslog.sqlite"
        self.record_for_a_moment(history)
        client = self.start(*self.lab.on_lan(PROGRAM.with_name("vip-client"), "--vip", self.lab.status["vip"],
                                             "--interval-ms", "5", "--json"))
        since = time.time()
        for fault, _ in FAULTS:
            self.make(fault)
        outages = client.finish()["outages"]
        watch = Watch(self.lab, history)
        self.addCleanup(watch.stop)
        wait_for(lambda: self.rows(history, "SELECT 1 FROM coverage WHERE source = 'reconstructed'"), 60, "the past, kept")
        self.assertEqual(watch.stop(), 0)
        rebuilt = self.failovers(history, since)
        wrong = self.compare(rebuilt, outages)
        away = [failover for failover in rebuilt if failover["from"] == "master"]
        self.assertEqual([failover["trigger"] for failover in away], [trigger for _, trigger in FAULTS])
        self.assertEqual({failover["source"] for failover in rebuilt}, {"reconstructed"})
        self.assertEqual(wrong, [], "beyond the stated error")


if __name__ == "__main__":
    unittest.main()
