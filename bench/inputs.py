"""What is measured on: invented logs, and the folders and databases that are made of them."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections import ChainMap
from dataclasses import dataclass, field
from string import Template
from typing import TYPE_CHECKING

from bench import DAY
from bench.measure import ROOT, CommandFailed, Figures, measure

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = f"--as-of {DAY} --threads 2"
SCAN = f"python -m auditscan scan --exit-zero {OPTIONS}"
NIGHT = f"python -m auditscan --no-config nightly --exit-zero {OPTIONS}"


@dataclass(frozen=True, slots=True)
class Input:
    """Something made once a folder, by commands: `$it` is its path, `$count` how many records it has."""

    suffix: str
    commands: tuple[str, ...]
    share: float = 1
    """Of the rows that were asked for."""


def log(kind: str, suffix: str, share: float = 1) -> Input:
    """A log of one of the kinds that can be generated."""
    return Input(suffix, (f"python -m bench.generate {kind} $count $it",), share)


def parts(source: str, suffix: str, how: str) -> Input:
    """A folder with the lines of a log in many files, split as `how` says."""
    return Input("", ("mkdir $it", f"split {how} -d -a 3 --additional-suffix={suffix} ${source} $it/part-"))


FIFTH, SMALL, LISTS, PAGES = 0.2, 0.004, 0.06, 0.02
INPUTS = {
    **{name: log(name, ".ndjson") for name in ("ndjson", "blanks", "unknown", "escapes", "case", "broken")},
    "half": log("ndjson", ".ndjson", 0.5),
    "fifth": log("ndjson", ".ndjson", FIFTH),
    "double": log("ndjson", ".ndjson", 2),
    "large": log("ndjson", ".ndjson", 6),
    "parquet": log("parquet", ".parquet"),
    "parquet_lists": log("parquet_lists", ".parquet"),
    "snowflake": log("snowflake", ".ndjson", FIFTH),
    "xferlog": log("xferlog", ".log", FIFTH),
    "register": log("register", ".csv", FIFTH),
    "parquet_fifth": log("parquet", ".parquet", FIFTH),
    # Lines end as those of a spreadsheet do.
    "csv": Input(".csv", ("python -m bench.generate csv $count $it", r"sed -i s/$$/\\r/ $it"), FIFTH),
    "snowflake_broken": Input(".ndjson", ("cp $snowflake $it", "sed -i 7~10000s/.$$// $it")),
    # As where a query says of which day it wants to know: no text runs twice.
    "texts": Input(
        ".ndjson",
        ("python -m bench.generate snowflake $count $it", r"perl -pi -e 's/load_id = \d+/load_id = $$./' $it"),
        SMALL,
    ),
    "few_texts": log("snowflake", ".ndjson", SMALL),
    # As where an extract is made anew each hour: a table, and a file of it.
    "made": Input(
        ".ndjson",
        (
            "cp $few_texts $it",
            r"""perl -pi -e 's/"QUERY_TEXT":"[^"]*/$$. % 2 ? $$made : $$put/e; BEGIN {
            $$made = q("QUERY_TEXT":"create or replace table IDRC_PRD.X.Z as select ssn, dob from IDRC_PRD.MDCD.T_1);
            $$put = q("QUERY_TEXT":"copy into @out/z.csv from (select * from IDRC_PRD.X.Z)) }' $it""",
        ),
        SMALL,
    ),
    "mixed": Input("", ("mkdir $it", "ln $fifth $parquet_fifth $snowflake $xferlog $register $it")),
    "three": Input(".ndjson", ("python -m bench.generate ndjson 3 $it",)),
    "few_lines": log("ndjson", ".ndjson", SMALL),
    "small_ndjson": parts("few_lines", ".ndjson", "-l 20"),
    "few_pushes": log("xferlog", ".log", SMALL),
    "small_xferlog": parts("few_pushes", ".log", "-l 20"),
    "pages": log("ndjson", ".ndjson", PAGES),
    "many_lists": log("many_lists", ".ndjson", LISTS),
    "few_lists": log("few_lists", ".ndjson", LISTS),
    # As where the number of a job or a person stands in the name.
    "many_parties": Input(
        ".ndjson",
        ("python -m bench.generate few_lists $count $it", r"""perl -pi -e 's/"recipient":"[^"]*/$$& $$./' $it"""),
        LISTS,
    ),
    **{
        f"kept_{name}": Input(".duckdb", (f"{SCAN} ${name} --db $it",))
        for name in ("ndjson", "double", "many_lists", "few_lists", "pages")
    },
    "year": parts("ndjson", ".ndjson", "-n l/366"),
    "day": Input("", ("mkdir $it", "ln $year/part-365.ndjson $it")),
    # It has not seen the last day. A log that changed just before it was hashed is hashed again: hence two nights.
    "kept_year": Input(
        "",
        (
            "rm -f $year/part-365.ndjson",
            *(f"{NIGHT} --logs $year --ledger $it",) * 2,
            "ln -f $day/part-365.ndjson $year",
        ),
    ),
}

OUTPUTS = {
    "new": (".duckdb", None),
    "answers": (".ndjson", None),
    "copied": (".ndjson", None),
    "page": (".html", None),
    "exhibit": (".pdf", None),
    "workbook": (".xlsx", None),
    "ledger": ("", "kept_year"),
    "empty": ("", None),
}
"""What commands write: its suffix, and the input that it is again before each run; without one it is taken away."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """Makes the inputs that commands name, and measures each command once."""

    folder: Path
    rows: int
    runs: int
    measured: dict[str, Figures] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take away what an earlier version of auditscan may have made."""
        for path in self.folder.glob("kept_*"):
            _remove(path)

    def figures(self, command: str) -> Figures:
        """What a command takes; raises CommandFailed."""
        if command not in self.measured:
            outputs = [name for name in OUTPUTS if f"${name}" in command.split()]
            words = self.words(command)
            self.measured[command] = measure(words, self.runs, lambda: self._put_back(outputs))
        return self.measured[command]

    def words(self, command: str, **known: object) -> list[str]:
        """The words of a command with the paths of what it names, for this Python."""
        words = [Template(word).substitute(ChainMap(known, self)) for word in shlex.split(command)]
        return [sys.executable, *words[1:]] if words[0] == "python" else words

    def __getitem__(self, name: str) -> Path:
        """Where an input or output is; the input is made if it is not there."""
        if name in OUTPUTS:
            return self.folder / f"{name}{OUTPUTS[name][0]}"
        made = INPUTS[name]
        path = self.folder / f"{name}{made.suffix}"
        if not path.exists():
            # Half an input, after an interruption, must not pass for a whole one.
            half = self.folder / f"half-made-{path.name}"
            _remove(half)
            count = max(1, int(self.rows * made.share))
            for words in [self.words(command, it=half, count=count) for command in made.commands]:
                # In a process of its own: the memory of whoever starts a command counts as that of the command.
                ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
                if ended.returncode:
                    message = f"{shlex.join(words)} ended with {ended.returncode}:\n{ended.stderr[-2000:]}"
                    raise CommandFailed(message)
            half.rename(path)
        return path

    def _put_back(self, outputs: list[str]) -> None:
        for name in outputs:
            _remove(self[name])
            origin = OUTPUTS[name][1]
            if origin:
                shutil.copytree(self[origin], self[name])


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
