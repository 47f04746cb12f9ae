#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Wrong pair files, keys, ports and permissions: a sentence that says what to do, and the design's exit code."""

import re
import subprocess
import unittest
from pathlib import Path

from pair import LabTest, milvus_ha


class BadInput(LabTest):
    LAB = "tbad"

    def setUp(self):
        self.text = Path(self.lab.status["pair_file"]).read_text()

    def write(self, text):
        path = self.folder / "pair.toml"
        path.write_text(text)
        return path

    def status(self, text):
        path = self.write(text)
        code, value, errors = milvus_ha(self.lab, "status", pair=path)
        self.assertIsNotNone(value, errors)
        return code, value

    def error_of(self, value):
        error = value["error"]
        self.assertTrue(error["code"] and error["text"] and error["remedy"], error)
        return error

    def test_pair_file(self):
        rows = {
            "missing vip": (re.sub(r"(?m)^vip.*\n", "", self.text), "vip"),
            "vip is no address": (re.sub(r'(?m)^vip.*$', 'vip = "milvus.example"', self.text), "vip"),
            "vip is a number": (re.sub(r"(?m)^vip.*$", "vip = 7", self.text), "vip"),
            "port out of range": (re.sub(r"(?m)^port.*$", "port = 70000", self.text), "port"),
            "unknown field": (self.text.replace("user =", "usr ="), "usr"),
            "no host": (re.sub(r"(?m)^host.*\n", "", self.text), "host"),
            "not TOML": (self.text + "\nthis is not toml\n", ""),
        }
        for name, (text, field) in rows.items():
            with self.subTest(name):
                code, value = self.status(text)
                error = self.error_of(value)
                self.assertEqual(code, 65, error)
                said = " ".join(map(str, error.values()))
                self.assertIn("pair.toml", said)
                self.assertRegex(said, r"line \d+|:\d+")
                self.assertIn(field, said)

    def test_no_pair_file(self):
        code, value, errors = milvus_ha(self.lab, "status", pair=self.folder / "none.toml")
        self.assertEqual(code, 65, errors)
        self.assertIn("none.toml", " ".join(map(str, self.error_of(value).values())))

    def test_wrong_key(self):
        key = self.folder / "id_wrong"
        if not key.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
        code, value = self.status(re.sub(r"(?m)^identity.*$", f'identity = "{key}"', self.text))
        error = self.error_of(value)
        self.assertEqual(code, 77, error)
        self.assertIn("key", error["text"] + error["remedy"])

    def known_hosts(self, content):
        path = self.folder / "known_hosts"
        path.write_text(content)
        return re.sub(r"(?m)^known_hosts.*$", f'known_hosts = "{path}"', self.text)

    def test_unknown_host_key(self):
        text = self.known_hosts("")
        code, value = self.status(text)
        error = self.error_of(value)
        self.assertEqual(code, 77, error)
        self.assertIn("SHA256:", error["text"] + error["remedy"])
        self.assertIn("--accept-new", error["remedy"])
        code, value, errors = milvus_ha(self.lab, "status", "--accept-new", pair=self.write(text))
        self.assertEqual(code, 0, errors)
        code, value = self.status(text)
        self.assertNotEqual(code, 77, value)

    def test_changed_host_key(self):
        lines = Path(self.lab.status["known_hosts"]).read_text().splitlines()
        first, second = [line for line in lines if "ed25519" in line][:2]
        swapped = f"{first.split()[0]} {' '.join(second.split()[1:])}\n{second.split()[0]} {' '.join(first.split()[1:])}\n"
        text = self.known_hosts(swapped)
        for extra in ([], ["--accept-new"]):
            with self.subTest(extra=extra):
                code, value, _ = milvus_ha(self.lab, "status", *extra, pair=self.write(text))
                error = self.error_of(value)
                self.assertEqual(code, 77, error)
                self.assertEqual(error["code"], "host-key-changed")

    def test_refused_port(self):
        code, value = self.status(re.sub(r"(?m)^port.*$", "port = 2222", self.text))
        error = self.error_of(value)
        self.assertEqual(code, 69, error)
        self.assertIn("2222", " ".join(map(str, error.values())))

    def test_one_node_with_a_refused_port_still_shows_the_other(self):
        code, value = self.status(re.sub(r"(?m)^port.*$", "port = 2222", self.text, count=1))
        self.assertEqual(code, 1, value)
        self.assertEqual([node["reachable"] for node in value["nodes"]], [False, True])
        self.assertIn("2222", " ".join(reason["text"] for reason in value["reasons"]))

    def test_no_such_container(self):
        code, value = self.status(re.sub(r"(?m)^container.*$", 'container = "mivlus"', self.text))
        self.assertNotEqual(code, 0)
        reasons = [reason for reason in value["reasons"] if reason["code"] == "container-missing"]
        self.assertTrue(reasons, value["reasons"])
        self.assertIn("mivlus", reasons[0]["text"])
        self.assertEqual(value["nodes"][0]["container"]["state"], "missing")

    def test_no_keepalived(self):
        binary = "/usr/sbin/keepalived"
        self.lab.run("exec", "backup", "systemctl", "stop", "keepalived")
        self.lab.run("exec", "backup", "mv", binary, binary + ".away")
        try:
            code, value = self.status(self.text)
            self.assertEqual(code, 1, value)
            said = [reason["text"] for reason in value["reasons"] if reason["node"] == "backup"]
            self.assertIn("keepalived is not installed", " ".join(said))
        finally:
            self.lab.run("exec", "backup", "mv", binary + ".away", binary)
            self.lab.run("exec", "backup", "systemctl", "start", "keepalived")
        self.healthy()

    def test_no_docker_permission(self):
        code, value = self.status(re.sub(r"(?m)^user.*$", 'user = "nobodyha"', self.text))
        self.assertNotEqual(code, 0)
        said = " ".join(reason["text"] for reason in value["reasons"])
        self.assertIn("docker", said.lower())
        self.assertIsNone(value["nodes"][0]["container"]["state"] if value["nodes"][0]["container"] else None)

    def test_users_who_are_not_root(self):
        for user, codes in {"operator": {0}, "viewer": {0, 1}}.items():
            with self.subTest(user):
                code, value = self.status(re.sub(r"(?m)^user.*$", f'user = "{user}"', self.text))
                self.assertIn(code, codes, value)
                self.assertEqual(value["active"], "master")
                self.assertEqual(value["nodes"][0]["container"]["state"], "running")


if __name__ == "__main__":
    unittest.main()
