"""Measure auditscan against bare reads of the same files in the same run, and write the ratios down.

    python -m bench [--rows 5000000] [--runs 3] [--folder DIR] [--write]
    python -m bench --formats [--rows 1000000] [--runs 3] [--folder DIR]    only the logs of other systems

Everything is a whole process, start-up included, on two threads; medians are quoted. With `--write` the
figures go to bench/RESULTS.md. The logs are made first, unless the folder holds them already.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.baselines import AS_OF
from bench.formats import SUFFIX
from bench.generate import generate
from bench.ledger import day_beside_a_year
from bench.measure import Figures, measure, python

RESULTS = Path(__file__).parent / "RESULTS.md"
TWO = ["--threads", "2"]
ROWS = 5_000_000
FORMAT_ROWS = 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One ratio and what it should be at most."""

    what: str
    value: float
    at_most: float
    detail: str

    def row(self) -> str:
        met = "met" if self.value <= self.at_most else "**missed**"
        return f"| {self.what} | {self.value:.3g} | {self.at_most:g} | {met} | {self.detail} |"


def auditscan(*arguments: str) -> list[str]:
    """The command line of this checkout's auditscan."""
    return [sys.executable, "-m", "auditscan", *arguments]


def bench(module: str, *arguments: str) -> list[str]:
    """One of the baselines."""
    return [sys.executable, "-m", module, *arguments]


def ratio(what: str, ours: Figures, bare: Figures, at_most: float) -> Line:
    """Our wall time over theirs."""
    return Line(what, ours.wall / bare.wall, at_most, f"{ours.wall:.2f} s ÷ {bare.wall:.2f} s")


def logs(folder: Path, rows: int) -> tuple[Path, Path]:
    """The generated logs, made if they are not there."""
    paths = folder / f"{rows}.ndjson", folder / f"{rows}.parquet"
    for path in paths:
        if not path.exists():
            generate(rows, path)
    return paths


def run(folder: Path, rows: int, runs: int) -> list[Line]:
    """Every figure, in the order of the results page."""
    ndjson, parquet = logs(folder, rows)
    as_of = ["--as-of", AS_OF.isoformat(), *TWO]
    database = folder / "kept.duckdb"

    def scan_new(log: Path) -> Figures:
        def remove() -> None:
            database.unlink(missing_ok=True)

        return measure(auditscan("report", str(log), "--db", str(database), *as_of), runs, before=remove)

    lines = []
    bare_parquet = measure(bench("bench.baselines", "read", str(parquet)), runs)
    lines.append(ratio("scan of Parquet with the report ÷ bare read", scan_new(parquet), bare_parquet, 4))
    bare = measure(bench("bench.baselines", "read", str(ndjson)), runs)
    scanned = scan_new(ndjson)
    lines.insert(0, ratio("scan of NDJSON with the report ÷ bare typed read", scanned, bare, 3))

    out, copied = folder / "answers.ndjson", folder / "copied.ndjson"
    ours = measure(auditscan("scan", "--db", str(database), "--out", str(out), "--exit-zero", *as_of), 1)
    theirs = measure(bench("bench.baselines", "copy", str(database), str(copied)), 1)
    lines.append(ratio("writing the answer file ÷ the engine's copy of the same rows", ours, theirs, 1.3))

    again = measure(auditscan("report", "--db", str(database), "--as-of", "2025-10-01", *TWO), runs)
    lines.append(ratio("judging again under another as-of date ÷ first scan", again, scanned, 0.05))

    few, _ = logs(folder, rows // 2)
    query = measure(bench("bench.baselines", "analyst", str(few)), 1)
    summary = measure(auditscan("scan", str(few), "--json", "--exit-zero", *as_of), 1)
    lines.append(ratio(f"scan ÷ the analyst's query, {rows // 2:,} transfers", summary, query, 0.6))
    same_verdicts(query.output, summary.output)

    small, _ = logs(folder, rows // 5)
    large, _ = logs(folder, rows * 2)
    peaks = [measure(auditscan("report", str(log), *as_of), 1).peak for log in (small, large)]
    lines.append(Line("peak memory in GB", max(peaks) / 1e9, 1.5, f"{rows * 2:,} transfers"))
    lines.append(
        Line(
            "peak memory of ten times the transfers",
            peaks[1] / peaks[0],
            1.2,
            f"{peaks[1] / 1e6:.0f} MB ÷ {peaks[0] / 1e6:.0f} MB",
        )
    )
    lines.append(what_if(folder, large, rows * 2, runs))
    beside, alone, first = day_beside_a_year(ndjson, rows, folder, AS_OF.isoformat(), runs)
    lines.append(ratio(f"a nightly scan of one day beside a year of {rows:,} transfers ÷ alone", beside, alone, 1.5))
    peak = max(beside.peak, first.peak)
    lines.append(
        Line("peak memory of nightly scans in GB", peak / 1e9, 1.5, f"{first.wall:.0f} s for the year at once")
    )
    lines.append(
        ratio("auditscan --help ÷ python -c pass", measure(auditscan("--help"), 9), measure(python("pass"), 9), 17)
    )
    return lines


def other_formats(folder: Path, rows: int, runs: int) -> list[Line]:
    """Logs of other systems, each against a bare read of the same file, and the memory the scan takes."""
    lines = []
    for kind, suffix in SUFFIX.items():
        log = folder / f"{kind}-{rows}{suffix}"
        if not log.exists():
            # In a process of its own: the memory of whoever starts a command counts as that of the command.
            measure(bench("bench.formats", "make", kind, str(rows), str(log)), 1, warm=False)
        bare = measure(bench("bench.formats", "read", kind, str(log)), runs)
        ours = measure(auditscan("scan", str(log), "--exit-zero", "--as-of", AS_OF.isoformat(), *TWO), runs)
        lines.append(ratio(f"scan of {rows:,} records, {kind} ÷ bare read", ours, bare, 4))
        lines.append(Line(f"peak memory in GB, {kind}", ours.peak / 1e9, 1.5, f"{rows:,} records"))
    return lines


def what_if(folder: Path, log: Path, rows: int, runs: int) -> Line:
    """The slowest comparison of the shipped policy with a what-if that ships, on a kept database."""
    from auditscan.policy import what_ifs

    database = folder / "large.duckdb"
    first = measure(
        auditscan("scan", str(log), "--db", str(database), "--exit-zero", "--as-of", AS_OF.isoformat(), *TWO),
        1,
        before=lambda: database.unlink(missing_ok=True),
    )
    options = ["--db", str(database), "--as-of", AS_OF.isoformat(), *TWO]
    compared = [measure(auditscan("policy", "diff", "base", each.name, *options), runs) for each in what_ifs()]
    slowest = max(compared, key=lambda figures: figures.wall)
    return ratio(f"slowest `policy diff` with a what-if ÷ first scan, {rows:,} transfers", slowest, first, 0.05)


def same_verdicts(query: str, summary: str) -> None:
    """Stop unless the analyst's query and the scan found the same verdicts."""
    theirs: dict[str, int] = {}
    for pair, count in json.loads(query).items():
        now = pair.split()[1]
        theirs[now] = theirs.get(now, 0) + count
    found = json.loads(summary)
    # The query does not ask how a transfer ended.
    ours = {verdict: count for verdict, count in found["verdicts_now"].items() if verdict != "attempt"}
    for verdict, count in found["attempts"]["verdicts_now"].items():
        ours[verdict] = ours.get(verdict, 0) + count
    if theirs != {verdict: count for verdict, count in ours.items() if count}:
        raise SystemExit(f"the verdicts differ: {theirs} against {ours}")


def page(lines: list[Line], rows: int, runs: int) -> str:
    """The results page."""
    import duckdb

    processor = next(
        (line.split(":")[1].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if "model name" in line),
        platform.processor(),
    )
    head = [
        "# Results",
        "",
        (
            f"Made by `python -m bench --rows {rows} --runs {runs} --write` on {datetime.now(UTC):%Y-%m-%d}: "
            f"{processor}, two threads, Python {platform.python_version()}, DuckDB {duckdb.__version__}. "
            "Whole processes, medians; only the ratios mean something on another machine."
        ),
        "",
        "| what | ratio | at most | | measured |",
        "| --- | ---: | ---: | --- | --- |",
    ]
    notes = ""
    if RESULTS.exists() and "\n## Notes" in RESULTS.read_text():
        notes = "\n## Notes" + RESULTS.read_text().split("\n## Notes", 1)[1]
    return "\n".join([*head, *(line.row() for line in lines)]) + "\n" + notes


def main() -> None:
    """Parse the command line, measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=None, help="5,000,000, with --formats 1,000,000")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--formats", action="store_true", help="only the logs of other systems, nothing is written")
    given = parser.parse_args()
    if given.formats and given.write:
        parser.error("--formats alone makes no whole page to --write")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        if given.formats:
            rows = given.rows or FORMAT_ROWS
            made = page(other_formats(folder, rows, given.runs), rows, given.runs)
        else:
            rows = given.rows or ROWS
            lines = [*run(folder, rows, given.runs), *other_formats(folder, FORMAT_ROWS, given.runs)]
            made = page(lines, rows, given.runs)
    print(made)
    if given.write:
        RESULTS.write_text(made)


if __name__ == "__main__":
    main()
