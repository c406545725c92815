"""A few of the nights that `make attack` stops."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from attacks.counted import Counted


def test_stopped_nights_leave_the_old_ledger_or_the_new_one(tmp_path):
    # In a process of its own, for it forks: threads of other tests would not be there. The seed begins with one of
    # each kind.
    command = [sys.executable, "-m", "attacks", "--piece", "4", "--seed", "96", "--folder", str(tmp_path)]
    root = Path(__file__).parents[2]
    paths = os.pathsep.join(map(str, (root / "src", root / "tests")))
    done = subprocess.run(
        [*command, "stopped_nights"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counted = Counted.from_text(done.stdout.splitlines()[-1])
    assert (counted.findings, counted.tried) == ([], 4)
