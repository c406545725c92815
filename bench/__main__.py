"""Measure auditscan, mostly against bare reads of the same files in the same run, and write the figures down.

    python -m bench [PART ...] [--rows 5000000] [--runs 3] [--folder DIR] [--write] [--large] [--suite]

A part is the name of a row in bench/RESULTS.md, or what it has before its hyphen; without one every part is
measured but those that have a flag. Every command is a whole process, start-up included, on two threads; medians
are quoted. With `--write` each figure goes to bench/RESULTS.md when it is known, and the other rows stay as they
are. The logs (30 GB, with `--large` 45) are made first, unless the folder holds them already.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from bench.inputs import Workshop
from bench.measure import CommandFailed
from bench.page import HEAD, RESULTS, row_of, update
from bench.rows import ON_REQUEST, ROWS, part

FULL = 5_000_000


def main() -> None:
    """Parse the command line, measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--rows", type=int, default=FULL, help="of the plain log; others have a share of them")
    parser.add_argument("--runs", type=int, default=3, help="after one that is not counted; with 0 that one counts")
    parser.add_argument("--folder", type=Path, help="where the logs are made, and found the next time")
    parser.add_argument("--write", action="store_true")
    for name in ON_REQUEST:
        parser.add_argument(f"--{name}", dest="parts_too", action="append_const", const=name)
    given = parser.parse_args()
    if given.write and given.rows != FULL:
        parser.error("--write needs all the rows: what each figure should be at most holds for them")
    if unknown := [name for name in given.parts if not part(name)]:
        parser.error(f"no part {unknown[0]}; there are {', '.join(row.name for row in ROWS)}")
    names = [*(given.parts or (row.name for row in ROWS if row.name.split("-")[0] not in ON_REQUEST))]
    chosen = [row for name in (*names, *(given.parts_too or ())) for row in part(name)]
    print(HEAD)
    failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = (given.folder or Path(temporary)).resolve() / str(given.rows)
        folder.mkdir(parents=True, exist_ok=True)
        workshop = Workshop(folder, given.rows, given.runs)
        for row in dict.fromkeys(chosen):
            try:
                line = row.line(workshop)
            except CommandFailed as error:
                print(f"{row.name}: {error}", file=sys.stderr)
                failed += 1
                continue
            print(row_of(row, line), flush=True)
            if given.write:
                RESULTS.write_text(update(RESULTS.read_text(), ROWS, line))
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
