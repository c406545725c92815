"""One day of new logs beside a year of kept days, against that day scanned into an empty ledger."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

from bench.measure import Figures, measure

if TYPE_CHECKING:
    from pathlib import Path

DAYS = 366
"""A year kept, and the day that is new."""


def split(log: Path, rows: int, folder: Path) -> list[Path]:
    """Write a log as one file a day, each with as many of its records, and return the files."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"day-{day:03}.ndjson" for day in range(DAYS)]
    if not paths[-1].exists():
        with log.open("rb") as lines:
            for path in paths:
                with path.open("wb") as file:
                    for _ in range(rows // DAYS):
                        file.write(next(lines))
    return paths


def nightly(logs: Path, ledger: Path, as_of: str) -> list[str]:
    """The command of a nightly scan."""
    command = [sys.executable, "-m", "auditscan", "--no-config", "nightly", "--exit-zero", "--threads", "2"]
    return [*command, "--logs", str(logs), "--ledger", str(ledger), "--as-of", as_of]


def day_beside_a_year(log: Path, rows: int, folder: Path, as_of: str, runs: int) -> tuple[Figures, Figures, Figures]:
    """Return what a day takes beside a year of kept days, what it takes alone, and what the year took at once."""
    *year, day = split(log, rows, folder / "days")
    logs, alone = folder / "logs", folder / "one-day"
    for path in (logs, alone):
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
    for path in year:
        (logs / path.name).hardlink_to(path)
    (alone / day.name).hardlink_to(day)
    kept, ledger, empty = folder / "ledger-kept", folder / "ledger", folder / "ledger-empty"

    shutil.rmtree(kept, ignore_errors=True)
    first = measure(nightly(logs, kept, as_of), 1, warm=False)
    # A file that was changed just before it was hashed is hashed again: the year is not such.
    measure(nightly(logs, kept, as_of), 1, warm=False)
    (logs / day.name).hardlink_to(day)

    def put_back() -> None:
        shutil.rmtree(ledger, ignore_errors=True)
        shutil.copytree(kept, ledger)

    beside = measure(nightly(logs, ledger, as_of), runs, before=put_back)
    alone_figures = measure(nightly(alone, empty, as_of), runs, before=lambda: shutil.rmtree(empty, ignore_errors=True))
    return beside, alone_figures, first
