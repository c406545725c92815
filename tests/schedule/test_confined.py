"""auditscan under the locks of its unit, without systemd: what confine.py does, it does as the unit says.

Run so, with root, on Linux 5.12 or newer: no write but to the ledger, no network, no home folder or /tmp but what
the unit shows, no capability, and the filters of system calls and of memory that may run as code.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

import pytest

from schedule.confine import read

CONFINE = Path(__file__).with_name("confine.py")
LOG = (
    '{"transfer_id":"T-1","occurred_at":"2025-09-01T12:00:00Z","sender":"CMS","recipient":"ICE",'
    '"programs":["medicaid"],"states":["CA"],"elements":["address"],"populations":["citizen"]}\n'
)

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid")
    or os.geteuid() != 0
    or not find_library("seccomp")
    or not shutil.which("systemd-analyze")
    or subprocess.run(["unshare", "--mount", "--net", "true"], capture_output=True, check=False).returncode != 0,
    reason="needs root that may make namespaces, libseccomp and systemd-analyze",
)

PROBE = """
import mmap, os, socket
for name, attempt in {
    "log": lambda: open("logs/log.ndjson", "a"),
    "new log": lambda: open("logs/x", "w"),
    "config": lambda: open("auditscan.toml", "a"),
    "system": lambda: open("/usr/x", "w"),
    "beside": lambda: open("x", "w"),
    "network": lambda: socket.create_connection(("127.0.0.1", 9)),
    "code": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC),
    "user": lambda: os.setuid(0),
    "haste": lambda: os.nice(-5),
    "machine": lambda: open("/proc/meminfo"),
    "secret": lambda: open("secret"),
}.items():
    try:
        attempt()
    except OSError:
        continue
    print("could:", name)
open("ledger/x", "w")
print(oct(os.stat("ledger/x").st_mode)[-3:], os.getuid())
"""


@pytest.fixture
def confined(installed):
    """Return what runs Python under the unit made for these settings."""
    (installed.folder / "logs" / "log.ndjson").write_text(LOG, encoding="utf-8")
    (installed.folder / "secret").write_text("not in the unit", encoding="utf-8")
    os.chown(installed.folder / "ledger", 65534, 65534)

    def under(*words: str) -> subprocess.CompletedProcess[str]:
        unit = installed.folder / "auditscan-nightly.service"
        unit.write_text(installed.files("systemd")[unit.name], encoding="utf-8")
        return subprocess.run(
            [sys.executable, str(CONFINE), str(unit), sys.executable, *words],
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            check=False,
            cwd=installed.folder,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )

    return under


def test_the_locks_hold(confined, installed):
    done = confined("-c", f"import os\nos.chdir({str(installed.folder)!r})\n{PROBE}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "600 65534\n", "")


def test_the_command_of_the_unit_runs_under_them(confined, installed):
    installed.set(logs=["logs"], ledger="ledger", as_of="2026-01-01", metrics="out/a.prom", run_log="out/runs.ndjson")
    # A day stands without quotation marks.
    installed.config.write_text(installed.config.read_text().replace('"2026-01-01"', "2026-01-01"), encoding="utf-8")
    (installed.folder / "out").mkdir()
    os.chown(installed.folder / "out", 65534, 65534)
    (command,) = read(installed.files("systemd")["auditscan-nightly.service"])["ExecStart"]
    words = shlex.split(command.removeprefix(":"))
    assert words[0] == sys.executable
    done = confined(*words[1:])
    assert done.returncode == 12, done.stderr
    assert "1 new transfers" in done.stderr
    assert sorted(path.name for path in (installed.folder / "out").iterdir()) == ["a.prom", "runs.ndjson"]
    files = [path for path in (installed.folder / "ledger").rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


TOOLS = """
import socket
import apprise, minisign, polars, prometheus_client
socket.socket().close()
frame = polars.DataFrame({"a": [1, 1, 2], "b": ["x", "y", "z"]})
print(frame.lazy().group_by("a").agg(polars.col("b").str.to_uppercase()).sort("a").collect().rows())
"""


def test_what_tells_signs_and_shapes_runs_under_them(confined, installed):
    installed.set(logs=["logs"], ledger="ledger", notify=["json://host"])
    done = confined("-c", TOOLS)
    assert (done.stdout, done.stderr) == ("[(1, ['X', 'Y']), (2, ['Z'])]\n", "")
