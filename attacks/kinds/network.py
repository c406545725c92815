"""Every command under strace, with settings, logs and queries that name hosts: a socket of the network is a finding."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from attacks.counted import Counted
from auditscan.settings import config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = 16
STEP = 8

_SOCKET = re.compile(r"socket\((AF_\w+)")
_LOG = (
    '{{"transfer_id":"T-{0}","occurred_at":"2026-01-15T10:00:00Z","sender":"CMS","recipient":"ICE","states":["CA"],'
    '"elements":["ssn"],"actor":"x@{1}","system":"https://{1}/x","source":"s3://{1}/x"}}\n'
)


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Trace so many commands; without strace none can be made, and none is counted."""
    counted = Counted()
    if shutil.which("strace") is None:
        return counted
    drawn = random.Random(seed)
    host = f"host{seed % 1000}.example.org"
    (folder / "logs").mkdir()
    (folder / "logs" / "a.ndjson").write_text("".join(_LOG.format(number, host) for number in range(20)))
    (folder / "logs" / "r.csv").write_text(f"Date,Recipient,State,Elements\n2026-01-16,https://{host},CA,ssn\n")
    environment = {name: text for name, text in os.environ.items() if not name.startswith(config.PREFIX)} | {
        "XDG_STATE_HOME": str(folder / "state"), "XDG_CONFIG_HOME": str(folder / "config"),
        "http_proxy": f"http://{host}:3128", "https_proxy": f"http://{host}:3128",
    }  # fmt: skip
    commands = _commands(host, drawn)
    for number in range(count):
        command = next(commands)
        trace = folder / "trace"
        trace.unlink(missing_ok=True)
        traced = ["strace", "-f", "-qq", "-e", "trace=socket,connect,sendto", "-o", str(trace)]
        done = subprocess.run([*traced, sys.executable, "-m", "auditscan", *command], cwd=folder, env=environment,
                              capture_output=True, text=True, timeout=300, check=False)  # fmt: skip
        told = f"seed {seed}, number {number}: {command!r} ended with {done.returncode}"
        if not trace.exists():
            if number == 0:
                return counted  # Where nobody may be traced, nothing is counted either.
            counted.broke(f"{told}: it was not traced: {done.stderr[-200:]}")
            continue
        opened = set(_SOCKET.findall(trace.read_text(errors="replace"))) - {"AF_UNIX", "AF_LOCAL"}
        if opened:
            counted.broke(f"{told}: it opened {', '.join(sorted(opened))}")
        elif done.returncode == 1:
            counted.broke(f"{told}: a fault: {done.stderr[-300:]}")
        else:
            counted.held("no socket")
    return counted


def _commands(host: str, drawn: random.Random) -> Iterator[list[str]]:
    """Command lines without end, the first of which make a case and a ledger."""
    sql = [f"select * from 'https://{host}/x.csv'", f"from read_csv('http://{host}/x.csv')", "install httpfs",
           f"attach 'https://{host}/x.duckdb'", f"copy answers to 's3://{host}/x.csv'", "load httpfs",
           "update extensions"]  # fmt: skip
    yield ["scan", "logs", "--db", "case.duckdb"]
    night = ["nightly", "--logs", "logs", "--ledger", "ledger"]
    yield night
    while True:
        yield from (
            ["report", "--db", "case.duckdb"],
            ["query", "--sql", drawn.choice(sql), "--db", "case.duckdb"],
            ["explain", "T-1", "--db", "case.duckdb"],
            ["verify", "--ledger", "ledger", "--logs", "logs"],
            ["sources", "detect", "logs"],
            ["scan", f"https://{host}/logs"],
            ["query", "--sql", drawn.choice(sql), "--db", "case.duckdb"],
            ["policy", "show"],
            ["scan", "logs", "--policy", f"https://{host}", "--queries", f"s3://{host}"],
            ["compare", "--ledger", "ledger"],
            ["status", "--ledger", "ledger"],
            [*night, "--dry-run"],
            ["--config", f"https://{host}/auditscan.toml", "scan", "logs"],
        )
