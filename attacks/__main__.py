"""Attack auditscan and write down how it ended.

    python -m attacks [--times 1] [--seed 7] [--folder DIR] [--write] [KIND ...]

Every kind of attack is cut into pieces, and each piece runs in a process of its own, as many at once as there are
processors: an attack may end the process, or make it wait for ever, and that is a finding. With `--write` the counts
go to docs/attacks.md. The exit code says whether anything was found.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import random
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from attacks import kinds
from attacks.counted import Counted
from attacks.page import Row, write_page

if TYPE_CHECKING:
    from types import ModuleType

PIECE_SECONDS = 900
"""After so long a piece is stopped, and what it did is a finding."""


@dataclass(slots=True)
class Kind:
    """A kind of attack, and what came of it."""

    name: str
    module: ModuleType
    counted: Counted = field(default_factory=Counted)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Piece:
    """Attacks of one kind that one process makes."""

    kind: Kind
    count: int
    seed: int


def main() -> int:
    """Run what was asked for; return 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=float, default=1, help="how many times the usual number of attacks")
    parser.add_argument("--seed", type=int, help="of all that is drawn; another one each time where none is given")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder otherwise")
    parser.add_argument("--write", action="store_true", help="write the counts into docs/attacks.md")
    parser.add_argument("--piece", metavar="COUNT", type=int, help="make so many attacks of one kind in this process")
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(names()))
    asked = parser.parse_args()
    seed = random.SystemRandom().randrange(1_000_000) if asked.seed is None else asked.seed
    with tempfile.TemporaryDirectory(prefix="auditscan-attack-", dir=asked.folder) as folder:
        if asked.piece is not None:
            print(load(asked.kinds[0]).module.attack(asked.piece, seed, Path(folder)).as_text())
            return 0
        chosen = [load(name) for name in (asked.kinds or names())]
        started = time.monotonic()
        run(chosen, asked.times, seed, Path(folder))
    minutes = (time.monotonic() - started) / 60
    rows = [
        Row(one.name, (one.module.__doc__ or "").splitlines()[0], one.counted, seed, one.seconds / 60) for one in chosen
    ]
    found = sum(len(row.counted.findings) for row in rows)
    print(f"{sum(row.counted.tried for row in rows):,} attacks, seed {seed}, {minutes:.0f} minutes: {found} findings")
    if asked.write:
        write_page(rows)
    return 1 if found else 0


def names() -> list[str]:
    """The kinds that there are."""
    return sorted(module.name for module in pkgutil.iter_modules(kinds.__path__))


def load(name: str) -> Kind:
    """A kind by its name."""
    return Kind(name, importlib.import_module(f"attacks.kinds.{name}"))


def run(chosen: list[Kind], times: float, seed: int, folder: Path) -> None:
    """Make all attacks of some kinds, and count them there."""
    pieces = []
    for kind in chosen:
        left = max(1, round(kind.module.FULL * times))
        drawn = random.Random(f"{seed} {kind.name}")
        while left > 0:
            count = min(left, kind.module.STEP)
            pieces.append(Piece(kind, count, drawn.randrange(1 << 31)))
            left -= count
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = pool.map(lambda piece: _in_a_process(piece, folder), pieces)
        for number, (piece, (counted, seconds)) in enumerate(zip(pieces, done, strict=True), start=1):
            piece.kind.counted.add(counted)
            piece.kind.seconds += seconds
            print(f"{number}/{len(pieces)} {piece.kind.name}: {counted.tried:,} in {seconds:.0f} s", flush=True)
            for finding in counted.findings:
                print(f"  FOUND {finding}", flush=True)


def _in_a_process(piece: Piece, folder: Path) -> tuple[Counted, float]:
    command = [sys.executable, "-m", "attacks", "--piece", str(piece.count), "--seed", str(piece.seed)]
    command += ["--folder", str(folder), piece.kind.name]
    started = time.monotonic()
    why = ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PIECE_SECONDS, check=False)
        lines = done.stdout.splitlines()
        if done.returncode == 0 and lines:
            return Counted.from_text(lines[-1]), time.monotonic() - started
        why = f"ended with {done.returncode}: {done.stderr[-500:]}"
    except subprocess.TimeoutExpired:
        why = f"did not end in {PIECE_SECONDS} seconds"
    counted = Counted()
    counted.broke(f"{piece.count} attacks of `{piece.kind.name}` with seed {piece.seed} {why}")
    return counted, time.monotonic() - started


if __name__ == "__main__":
    sys.exit(main())
