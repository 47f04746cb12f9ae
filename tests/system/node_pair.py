# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's two hosts with milvus-ha-node in place of keepalived and the guide's scripts."""

import json
import subprocess

from pair import PROGRAM, ROOT, LabTest, wait_for

NODE = PROGRAM.with_name("milvus-ha-node")
ADDRESS = {"master": "192.168.1.85", "backup": "192.168.1.38"}
INTERFACE = {"master": "enp7s0", "backup": "enp3s0"}
PRIORITY = {"master": 110, "backup": 91}
VIP = "192.168.1.104"
WITNESS = "192.168.1.10"  # the lab's LAN itself


KEEPALIVED_CONF = """global_defs {{
    vrrp_notify_fifo /run/milvus-ha.vrrp
}}
track_file milvus_ha {{
    file /run/milvus-ha.fault
    weight 0
    init_file 1
}}
vrrp_instance VI_1 {{
    state BACKUP
    nopreempt
    interface {interface}
    version 3
    virtual_router_id 51
    priority {priority}
    advert_int 0.1
    virtual_ipaddress {{
        {vip}/32
    }}
    track_file {{
        milvus_ha weight 0
    }}
}}
"""


def other(host):
    return "backup" if host == "master" else "master"


class NodeTest(LabTest):
    """A lab whose hosts run the node program; each host's configuration is `config` with what a test changes."""

    def inside(self, host, script, check=True, text=None):
        done = subprocess.run([str(ROOT / "tests/lab/lab"), "exec", host, "sh", "-c", script], env=self.lab.env,
                              input=text, capture_output=True, timeout=90)
        if check and done.returncode != 0:
            raise AssertionError(f"{host}: {script}: exit {done.returncode}\n{done.stdout.decode()}{done.stderr.decode()}")
        return done.stdout.decode()

    def put(self, host, path, content, mode="644"):
        folder = path.rsplit("/", 1)[0]
        self.inside(host, f"mkdir -p {folder} && cat >{path}.new && chmod {mode} {path}.new && mv {path}.new {path}",
                    text=content)

    def config(self, host, **change):
        values = {"interface": INTERFACE[host], "version": 3, "vrid": 51, "priority": PRIORITY[host],
                  "advert_interval_seconds": 0.1, "vips": [VIP + "/32"], "peer": ADDRESS[other(host)],
                  "witness": WITNESS, "container": "milvus", **change}
        return "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items() if value is not None)

    def install(self, host):
        self.inside(host, "systemctl disable -q --now keepalived; docker stop -t 1 milvus >/dev/null; "
                          f"ip address del {VIP}/24 dev {INTERFACE[host]} 2>/dev/null; true")
        self.put(host, "/usr/sbin/milvus-ha-node", NODE.read_bytes(), "755")
        self.put(host, "/etc/systemd/system/milvus-ha-node.service",
                 (ROOT / "resources/systemd/milvus-ha-node.service").read_bytes())
        self.inside(host, "systemctl daemon-reload")

    def configure(self, host, **change):
        self.put(host, "/etc/milvus-ha/node.toml", self.config(host, **change).encode(), "640")

    def use_keepalived(self, host):
        """The other engine: keepalived has VRRP and the VIP, the node program has the rest."""
        self.inside(host, "systemctl disable -q --now milvus-ha-node 2>/dev/null; systemctl stop keepalived; "
                          "docker stop -t 1 milvus >/dev/null; rm -f /run/milvus-ha.fault; true")
        self.put(host, "/etc/keepalived/keepalived.conf", KEEPALIVED_CONF.format(
            interface=INTERFACE[host], priority=PRIORITY[host], vip=VIP).encode())
        self.configure(host, engine="keepalived", end_connections=True)
        self.inside(host, "systemctl enable -q keepalived && systemctl start keepalived")

    def begin(self, host):
        self.inside(host, "systemctl enable -q milvus-ha-node && systemctl restart milvus-ha-node")

    def status(self, host):
        text = self.inside(host, "milvus-ha-node status", check=False)
        return json.loads(text) if text.strip() else {}

    def state(self, host):
        status = self.status(host)
        return (status["vrrp"]["state"], status["milvus"]) if status else None

    def settled(self, active, deadline_s=30):
        """MASTER with Milvus on one host, BACKUP without on the other."""
        def look():
            return self.state(active) == ("MASTER", "running") and self.state(other(active)) == ("BACKUP", "stopped")
        try:
            wait_for(look, deadline_s, f"{active} serves")
        except AssertionError as error:
            raise AssertionError(f"{error}: {self.status('master')} {self.status('backup')}\n{self.log('master')}\n"
                                 f"{self.log('backup')}") from None

    def log(self, host, since=0.0):
        text = self.inside(host, "cat /var/log/milvus-ha/node.jsonl 2>/dev/null", check=False)
        return "\n".join(text.splitlines()[-25:])

    def switch(self, host):
        done = subprocess.run([str(ROOT / "tests/lab/lab"), "exec", host, "milvus-ha-node", "switchover", "--reason", "test"],
                              env=self.lab.env, capture_output=True, text=True, timeout=90)
        return done.returncode, done.stdout

    def start_alone_s(self, host):
        """How long `docker start` takes on this host by itself, in seconds; Milvus must run nowhere meanwhile."""
        took = self.inside(host, "a=$(date +%s%N); docker start milvus >/dev/null; b=$(date +%s%N); echo $((b - a))")
        self.inside(host, "docker stop -t 1 milvus >/dev/null")
        return int(took) / 1e9
