#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same with the engine keepalived: it has VRRP and the VIP, milvus-ha-node has Milvus."""

import os
import unittest

import node_test


# keepalived's parent, and its child that speaks VRRP.
PROCESSES = "$(cat /run/keepalived.pid) $(cat /run/keepalived_vrrp.pid /run/vrrp.pid 2>/dev/null)"


class Keepalived(node_test.Node):
    LAB = "tnodek"
    ENGINE = "keepalived"
    ROUNDS = int(os.environ.get("NODE_ROUNDS", "1"))

    # What does not depend on the engine, or is keepalived's own affair.
    test_switchover_without_a_standby_is_refused = None
    test_the_control_socket_is_for_few = None
    test_a_vip_taken_away_is_put_back = None
    test_check_warns_of_a_missing_witness = None

    def more_faults(self):
        again = lambda host: self.inside(host, "systemctl restart keepalived")
        return [("keepalived killed", lambda host: self.inside(host, "kill -KILL $(cat /run/keepalived.pid)"), again,
                 node_test.SILENCE_S + self.start_s + 0.1),
                ("keepalived stopped", lambda host: self.inside(host, "systemctl stop keepalived"), again,
                 node_test.SILENCE_S + self.start_s + 0.1),
                ("keepalived hangs (SIGSTOP)", lambda host: self.inside(host, "kill -STOP " + PROCESSES),
                 lambda host: self.inside(host, "kill -CONT " + PROCESSES), None)]

    def test_no_program_no_vip(self):
        """With the program gone keepalived takes no VIP, since nobody would start Milvus."""
        active, standby = self.active, node_test.other(self.active)
        self.inside(standby, "systemctl stop milvus-ha-node")
        try:
            self.assertEqual(self.inside(standby, "cat /run/milvus-ha.fault").strip(), "1")
            self.assertEqual(self.state(active), ("MASTER", "running"))
        finally:
            self.begin(standby)
        self.settled(active)


if __name__ == "__main__":
    unittest.main()
