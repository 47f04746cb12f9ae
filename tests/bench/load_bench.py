#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What watching costs while nothing happens: of an idle dashboard, of each node, and of a hundred pairs in one process."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
from pair import DASHBOARD, PROGRAM, Lab, milvus_ha, wait_for  # noqa: E402

SECONDS = int(os.environ.get("BENCH_SECONDS", "60"))
PAIRS = int(os.environ.get("BENCH_PAIRS", "100"))
SETTLE_S = 70  # until the clocks are known and nothing is new
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_of(pid):
    """Seconds of CPU that the process has had."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def cpu_of_threads(pid):
    """The same of each of its threads, by name and number."""
    threads = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        name = (task / "comm").read_text().strip()
        threads[f"{name} {task.name}"] = int((task / "schedstat").read_text().split()[0]) / 1e9
    return threads


def cpu_of_host(lab, host):
    """Seconds of CPU that all of the host's processes have had, by its cgroup."""
    name = f"mhalab-{lab.name}-{host}"
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        folder = Path(line.split()[4]) / name
        if (folder / "cpuacct.usage").exists():
            return int((folder / "cpuacct.usage").read_text()) / 1e9
        if (folder / "cpu.stat").exists() and "usage_usec" in (folder / "cpu.stat").read_text():
            return int((folder / "cpu.stat").read_text().split()[1]) / 1e6
    return None


def cpu_of_session(lab, host):
    """Seconds of CPU of the SSH session on the host, with all that it has started, ended or not; None without one."""
    used, children, sessions = {}, {}, []
    for process in Path("/proc").iterdir():
        try:
            fields = (process / "stat").read_text().rsplit(")", 1)[1].split()
            if process.name.isdigit() and f"mhalab-{lab.name}-{host}/" in (process / "cgroup").read_text():
                used[process.name] = sum(map(int, fields[11:15])) / TICKS  # its own, and its ended children's
                children.setdefault(fields[1], []).append(process.name)
                if b"@notty" in (process / "cmdline").read_bytes():
                    sessions.append(process.name)
        except OSError:  # it has ended, or is no process
            continue
    todo, total = sessions, 0.0
    while todo:
        process = todo.pop()
        total += used[process]
        todo += children.get(process, [])
    return total if used else None


def over(seconds, *counters):
    """How much each counter rises in so many seconds, as a share of a core."""
    before = [counter() for counter in counters]
    began = time.monotonic()
    time.sleep(seconds)
    passed = time.monotonic() - began
    return [None if b is None else (counter() - b) / passed * 100 for counter, b in zip(counters, before)]


def main():
    lab = Lab("benchload")
    try:
        lab.up()
        wait_for(lambda: milvus_ha(lab, "status")[0] == 0, 60, "a healthy pair")
        pair = lab.status["pair_file"]
        hosts = [lambda host=host: cpu_of_host(lab, host) for host in ("master", "backup")]
        alone = over(SECONDS, *hosts)
        with tempfile.TemporaryDirectory(prefix="milvus-ha-bench-") as folder:
            # exec all the way down: the process that is started is the dashboard.
            window = subprocess.Popen(
                lab.on_lan(DASHBOARD, "--pair", pair, "--history", f"{folder}/h.sqlite"),
                env={**lab.env, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": folder, "XDG_RUNTIME_DIR": folder})
            pid = wait_for(lambda: next((int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit()
                                         and is_dashboard(p, pair)), None), 20, "the dashboard")
            time.sleep(SETTLE_S)
            threads = cpu_of_threads(pid)
            sessions = [lambda host=host: cpu_of_session(lab, host) for host in ("master", "backup")]
            dashboard, *watched = over(SECONDS, lambda: cpu_of(pid), *hosts, *sessions)
            threads = {name: (used - threads.get(name, 0)) / SECONDS * 100 for name, used in cpu_of_threads(pid).items()}
            os.kill(pid, 15)
            window.wait(20)
        # What the host does of itself drifts: it is taken before and after.
        alone = [before and (before + after) / 2 for before, after in zip(alone, over(SECONDS, *hosts))]
        print(f"nothing happens for {SECONDS} s, as a share of a core")
        print(f"  an idle dashboard           {dashboard:6.2f} % (wanted: 0.5)")
        for name, share in sorted(threads.items(), key=lambda thread: -thread[1])[:4]:
            print(f"    {name.rsplit(' ', 1)[0]:25} {share:6.2f} %")
        for name, without, with_it, session in zip(("master", "backup"), alone, watched, watched[len(hosts):]):
            if without is not None:
                print(f"  {name}: being watched      {with_it - without:6.2f} % (wanted: 0.2; {without:.2f} % unwatched)")
            print(f"    its SSH session           {session:6.2f} %")
        for host in ("master", "backup"):  # more than ten sign in at once
            lab.run("exec", host, "sh", "-c", "echo MaxStartups 300 >/etc/ssh/sshd_config.d/bench.conf && systemctl reload ssh")
        subprocess.run(lab.on_lan(PROGRAM.with_name("many_pairs"), pair, PAIRS, SECONDS), env=lab.env, check=True)
    finally:
        lab.down()


def is_dashboard(process, pair):
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    return words[0] == os.fsencode(DASHBOARD) and os.fsencode(pair) in words


if __name__ == "__main__":
    main()
