"""Run a command as a whole process and say what it took."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
"""Every command runs here."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As a user has it: Python keeps what it compiled."""
LONG, SHORT = 30, 0.3
"""Seconds. A longer command is run once, for a cold start is nothing to it; a shorter one at least nine times."""


class CommandFailed(Exception):
    """A command did not end as it should, and its figures mean nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run of a command took, or medians over several."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds on all processors together."""
    peak: int
    """Bytes of memory, the largest resident set."""
    output: str
    """Standard output of the last run."""

    @property
    def printed(self) -> float:
        """The number that the command printed."""
        return float(self.output)


def measure(command: list[str], runs: int, before: Callable[[], None] = lambda: None) -> Figures:
    """Run `command` `runs` times after one run that is not counted, each after a call of `before`.

    Without `runs` that one counts. Raises CommandFailed where a run fails.
    """
    first = _once(command, before)
    if first.wall > LONG or not runs:
        return first
    all_ = [_once(command, before) for _ in range(max(runs, 9) if first.wall < SHORT else runs)]
    return Figures(
        statistics.median(each.wall for each in all_),
        statistics.median(each.cpu for each in all_),
        max(each.peak for each in all_),
        all_[-1].output,
    )


def _once(command: list[str], before: Callable[[], None]) -> Figures:
    before()
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        begun = perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, cwd=ROOT, env=ENVIRONMENT)
        _, status, usage = os.wait4(process.pid, 0)
        wall = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        texts = []
        for file in (output, errors):
            file.seek(0)
            texts.append(file.read().decode())
    if process.returncode:
        message = f"{' '.join(command)} ended with {process.returncode}:\n{''.join(texts)[-2000:]}"
        raise CommandFailed(message)
    return Figures(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024, texts[0])
