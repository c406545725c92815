"""What is measured: a row says which command, against what, and what it should take at most."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.policy import what_ifs
from bench import DAY
from bench.inputs import NIGHT, OPTIONS, SCAN
from bench.measure import CommandFailed
from bench.page import Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.inputs import Workshop

READ = "python -m bench.baselines read"
REPORT = f"python -m auditscan report {OPTIONS}"
UNITS = {
    "wall": ("wall", 1, "s"),
    "minutes": ("wall", 60, "min"),
    "cpu": ("cpu", 1, "s"),
    "peak": ("peak", 1e9, "GB"),
    "printed": ("printed", 1, "bytes"),
}
"""Which figure of a run, by how much it is divided, and how that is called."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: the greatest of some commands, over that of another command where there is one."""

    name: str
    """The part of the bench, behind which a hyphen may stand."""
    what: str
    at_most: float
    unit: str
    commands: tuple[str, ...]
    bare: str = ""
    check: Callable[[str, str], None] | None = None
    """Looks at what command and baseline printed; raises CommandFailed where they disagree."""

    def line(self, workshop: Workshop) -> Line:
        """Measure it; raises CommandFailed."""
        attribute, divisor, unit = UNITS[self.unit]
        bare = workshop.figures(self.bare) if self.bare else None
        ours = [workshop.figures(command) for command in self.commands]
        if self.check and bare:
            self.check(bare.output, ours[0].output)
        values = [getattr(figures, attribute) / divisor for figures in ours]
        measured = ", ".join(f"{value:.3g}" for value in values) + f" {unit}"
        if not bare:
            return Line(self.name, max(values), measured)
        other = getattr(bare, attribute) / divisor
        return Line(self.name, max(values) / other, f"{measured} ÷ {other:.3g} {unit}")


def same_verdicts(query: str, summary: str) -> None:
    """Raise CommandFailed unless the analyst's query and the scan found the same verdicts."""
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
        message = f"the verdicts differ: {theirs} against {ours}"
        raise CommandFailed(message)


def row(name: str, what: str, at_most: float, unit: str, *commands: str, **more: object) -> Row:
    """A row with one command or several."""
    return Row(name, what, at_most, unit, commands, **more)


def against(name: str, what: str, at_most: float, ours: str = f"{REPORT} --db $new") -> Row:
    """A scan over a bare read of the same log, which has the name of the row."""
    log = "$" + name.replace("-", "_")
    return row(name, f"{what} ÷ bare read", at_most, "wall", f"{ours} {log}", bare=f"{READ} {log}")


SYSTEMS = (("snowflake", "Snowflake", 3.5), ("xferlog", "xferlog", 3.0), ("register", "register", 2.5))
AGAIN = "python -m auditscan report --db $kept_ndjson --as-of 2025-10-01 --threads 2"
DIFFS = [f"python -m auditscan policy diff base {each.name} --db $kept_double {OPTIONS}" for each in what_ifs()]
BYTES = "python -m bench.baselines bytes $many_lists $kept_many_lists $few_lists $kept_few_lists"
ANSWERS, COPY = f"{SCAN} --db $kept_ndjson --out $answers", "python -m bench.baselines copy $kept_ndjson $copied"
ANALYST, SUMMARY = "python -m bench.baselines analyst $half", f"{SCAN} $half --json"
BESIDE, ALONE = f"{NIGHT} --logs $year --ledger $ledger", f"{NIGHT} --logs $day --ledger $empty"
FIFTH, DOUBLE = f"{REPORT} $fifth", f"{REPORT} $double"
YEAR = f"{NIGHT} --logs $year --ledger $empty"
HELP, SAMPLES = "python -m auditscan --help", "python -m auditscan report sample_logs"
# As a user has it: few records are read on one core.
THREE = f"python -m auditscan report --as-of {DAY} $three"
DOCUMENT = f"python -m auditscan report --db $kept_pages --brief --no-pager {OPTIONS} --out"
PAGE, EXHIBIT, WORKBOOK = f"{DOCUMENT} $page", f"{DOCUMENT} $exhibit", f"{DOCUMENT} $workbook"
TESTS = "python -m pytest -q -n 2 --dist worksteal"

ROWS = (
    against("ndjson", "NDJSON with the report", 3.0),
    against("blanks", "the same log, blanks behind colons and commas,", 3.2),
    against("unknown", "the same log with one unknown field", 3.2),
    against("escapes", r"the same log with `\u00e9` and `\/` in its texts", 3.2),
    against("case", "the same log with keys in odd case", 3.2),
    against("broken", "the same log, one line in 10,000 broken off,", 3.2),
    against("large", "30 million transfers in NDJSON with the report", 3.0),
    against("parquet", "Parquet with the report", 4.5),
    against("parquet-lists", "Parquet with lists as text, with the report", 4.5),
    *(against(name, f"scan of a million records, {what}", at_most, SCAN) for name, what, at_most in SYSTEMS),
    against("snowflake-broken", "the same of Snowflake with the report, one line in 10,000 broken off,", 3.8),
    row(
        "texts", "scan of 20,000 statements, no two texts alike, ÷ taking these apart one after the other", 0.7, "wall",
        f"{SCAN} $texts", bare="python -m bench.baselines texts $texts",
    ),
    row(
        "made", "20,000 statements, each other one on a table that another made, ÷ of the usual ones, processor time",
        3, "cpu", f"{SCAN} $made", bare=f"{SCAN} $few_texts",
    ),
    against("csv", "scan of a million rows of canonical CSV, all cells in quotes,", 3.0, SCAN),
    against("mixed", "a million records each of five formats in one folder, with the report", 3.5),
    row("answers", "writing the answer file ÷ the engine's copy of the same rows", 1.3, "wall", ANSWERS, bare=COPY),
    row("again", "judging again under another as-of date, seconds", 0.8, "wall", AGAIN),
    row("diff", "slowest `policy diff` with a what-if, 10 million transfers, seconds", 0.7, "wall", *DIFFS),
    row(
        "analyst", "scan ÷ the analyst's query, 2.5 million transfers", 0.6, "wall", SUMMARY,
        bare=ANALYST, check=same_verdicts,
    ),
    row("three", "three records, processor seconds", 0.7, "cpu", THREE),
    row("samples", "the sample logs, processor seconds", 2.5, "cpu", SAMPLES),
    row("small-ndjson", "1,000 small files of NDJSON, processor seconds", 4, "cpu", f"{REPORT} $small_ndjson"),
    row("small-xferlog", "1,000 small files of xferlog, processor seconds", 4, "cpu", f"{REPORT} $small_xferlog"),
    row(
        "lists", "300,000 records, 264,000 distinct disclosures ÷ 2,000, processor time", 2, "cpu",
        f"{REPORT} --db $new $many_lists", bare=f"{REPORT} --db $new $few_lists",
    ),
    row(
        "parties", "300,000 records, each with a recipient of its own ÷ with few, processor time", 5, "cpu",
        f"{REPORT} --db $new $many_parties", bare=f"{REPORT} --db $new $few_lists",
    ),
    row("lists-bytes", "bytes of database a distinct disclosure", 250, "printed", BYTES),
    row("memory", "peak memory in GB, a million transfers and ten", 0.7, "peak", FIFTH, DOUBLE),
    row("memory-growth", "peak memory of ten times the transfers", 1.2, "peak", DOUBLE, bare=FIFTH),
    row("large-memory", "peak memory in GB, 30 million transfers", 0.7, "peak", f"{REPORT} --db $new $large"),
    *(row(f"{name}-memory", f"peak memory in GB, {what}", 1.5, "peak", f"{SCAN} ${name}") for name, what, _ in SYSTEMS),
    row(
        "night", "a nightly scan of one day beside a year of 5 million transfers ÷ alone", 1.5, "wall", BESIDE,
        bare=ALONE,
    ),
    row("night-memory", "peak memory in GB, that night and the year at once", 1.5, "peak", BESIDE, YEAR),
    row("page", "the 10,000 worst of 100,000 transfers as a page, processor seconds", 5, "cpu", PAGE),
    row("exhibit", "the 5,000 worst of them as an exhibit, processor seconds", 5, "cpu", EXHIBIT),
    row("exhibit-memory", "peak memory in GB, that exhibit", 0.5, "peak", EXHIBIT),
    row("workbook", "100,000 transfers as a workbook, processor seconds", 60, "cpu", WORKBOOK),
    row("workbook-memory", "peak memory in GB, that workbook", 0.2, "peak", WORKBOOK),
    row("help", "`auditscan --help` ÷ `python -c pass`", 17, "wall", HELP, bare="python -c pass"),
    row("suite", "the tests on two cores, minutes", 5, "minutes", TESTS),
)  # fmt: skip
ON_REQUEST = ("large", "suite")
"""Parts that take long, and are measured only where they are named or have their flag."""


def part(name: str) -> list[Row]:
    """The rows of a part, or the one row of that name."""
    return [row for row in ROWS if name in (row.name, row.name.split("-")[0])]
