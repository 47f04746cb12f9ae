#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `doctor` finds: each fault of the setup by its rule, each failed step of the ladder by its name."""

import json
import re
import subprocess
import unittest
from pathlib import Path

from pair import LabTest, milvus_ha

CONF = "/etc/keepalived/keepalived.conf"

# host, what is done to it, how it is undone, the code that must be found
FAULTS = [
    ("master", "chmod -x /etc/keepalived/chk_milvus.sh", "chmod +x /etc/keepalived/chk_milvus.sh", "check-script"),
    ("backup", "mv /etc/keepalived/start_docker.sh /root/", "mv /root/start_docker.sh /etc/keepalived/", "notify-script"),
    ("backup", "sed -i.was 's/docker stop/docker start/' /etc/keepalived/stop_docker.sh",
     "mv /etc/keepalived/stop_docker.sh.was /etc/keepalived/stop_docker.sh", "stop-script-starts"),
    ("master", f"sed -i.was 's/weight -20/weight -10/' {CONF}", f"mv {CONF}.was {CONF}", "margin-too-small"),
    ("backup", f"sed -i.was 's/auth_pass 1111/auth_pass s3cr3t/' {CONF}", f"mv {CONF}.was {CONF}", "auth-differs"),
    ("backup", f"sed -i.was 's/priority 91/priority 91\\n  advert_int 2/' {CONF}",
     f"mv {CONF}.was {CONF}", "advert-differs"),
    ("backup", f"sed -i.was 's,192.168.1.104/24,192.168.1.104/24\\n    192.168.1.105/24,' {CONF}", f"mv {CONF}.was {CONF}",
     "vips-differ"),
    ("backup", f"sed -i.was 's/priority 91/priority 110/' {CONF}", f"mv {CONF}.was {CONF}", "priorities-equal"),
    ("backup", "docker update --restart=always milvus", "docker update --restart=no milvus", "restart-policy"),
    ("backup", f"cp {CONF} {CONF}.was && cp {CONF} /etc/keepalived/pair.inc && echo 'include pair.inc' > {CONF} && "
     "sed -i 's/auth_pass 1111/auth_pass s3cr3t/' /etc/keepalived/pair.inc",
     f"mv {CONF}.was {CONF}; rm /etc/keepalived/pair.inc", "auth-differs"),
]


class Doctor(LabTest):
    LAB = "tdoctor"

    def setUp(self):
        self.text = Path(self.lab.status["pair_file"]).read_text()

    def doctor(self, pair=None):
        code, value, errors = milvus_ha(self.lab, "doctor", pair=pair)
        self.assertIsNotNone(value, errors)
        return code, value

    def test_a_healthy_pair(self):
        self.healthy()
        code, value = self.doctor()
        self.assertEqual(code, 0, value)
        self.assertTrue(value["ok"])
        self.assertEqual({check["state"] for check in value["checks"]}, {"ok", "note"}, value)
        notes = {check["code"] for check in value["checks"] if check["state"] == "note"}
        self.assertLessEqual({"notify-order", "standby-unchecked", "failback-overlap"}, notes)
        status = self.healthy()
        self.assertLessEqual(notes, {finding["code"] for finding in status["findings"]} | {"history-gap"})

    def test_each_fault_of_the_setup(self):
        self.healthy()
        for host, fault, undo, expected in FAULTS:
            with self.subTest(fault):
                self.lab.run("exec", host, "sh", "-c", fault)
                try:
                    _, value = self.doctor()
                finally:
                    self.lab.run("exec", host, "sh", "-c", undo)
                found = [check for check in value["checks"] if check["code"] == expected]
                self.assertTrue(found, value["checks"])
                self.assertTrue(all(check["text"] and check["remedy"] for check in found), found)
                self.assertNotIn("s3cr3t", json.dumps(value))
                self.assertNotIn("1111", json.dumps(value))
        code, value = self.doctor()
        self.assertEqual(code, 0, value)

    def ladder(self, text, failed, exit_code):
        path = self.folder / "pair.toml"
        path.write_text(text)
        code, value = self.doctor(path)
        self.assertEqual(code, exit_code, value)
        states = {check["name"]: check["state"] for check in value["checks"] if check["node"] == "master" and not check["code"]}
        names = list(states)
        at = names.index(failed)
        self.assertEqual([states[name] for name in names[:at]], ["ok"] * at, states)
        self.assertEqual(states[failed], "problem", states)
        self.assertEqual(set(states[name] for name in names[at + 1:]), {"not-tried"}, states)

    def test_the_ladder_names_the_step(self):
        key = self.folder / "id_wrong"
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        empty = self.folder / "known_hosts"
        empty.write_text("")
        rows = {
            "resolve": (re.sub(r"(?m)^host.*$", 'host = "nowhere.invalid"', self.text, count=1), 69),
            "tcp": (re.sub(r"(?m)^port.*$", "port = 2222", self.text), 69),
            "host key": (re.sub(r"(?m)^known_hosts.*$", f'known_hosts = "{empty}"', self.text), 77),
            "auth": (re.sub(r"(?m)^identity.*$", f'identity = "{key}"', self.text), 77),
        }
        for failed, (text, exit_code) in rows.items():
            with self.subTest(failed):
                self.ladder(text, failed, exit_code)


if __name__ == "__main__":
    unittest.main()
