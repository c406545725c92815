"""Run a command as a whole process and say what it took."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Figures:
    """Medians over several runs of one command."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds on all processors together."""
    peak: int
    """Bytes of memory, the largest resident set."""
    output: str
    """Standard output of the last run."""


def measure(
    command: list[str], runs: int = 3, before: Callable[[], None] = lambda: None, *, warm: bool = True
) -> Figures:
    """Run `command` `runs` times after one run that is not counted, each after a call of `before`.

    Without `warm` every run is counted: for those that take minutes, and whose start-up is nothing to them.
    """
    walls, cpus, peaks, output = [], [], [], ""
    for run in range(1 - warm, runs + 1):
        before()
        begun = perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        output = process.stdout.read().decode()
        errors = process.stderr.read().decode()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{errors}")
        if run:
            walls.append(perf_counter() - begun)
            cpus.append(usage.ru_utime + usage.ru_stime)
            peaks.append(usage.ru_maxrss * 1024)
    return Figures(statistics.median(walls), statistics.median(cpus), max(peaks), output)


def python(code: str, *arguments: str) -> list[str]:
    """The command that runs a piece of Python with this interpreter."""
    return [sys.executable, "-c", code, *arguments]
