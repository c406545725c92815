"""What files are taken for, by format and by folder: what `auditscan sources detect` finds and shows."""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditscan.cli.streams import printable
from auditscan.questions.folders import common_folder, folder_of
from auditscan.readers.model import DamagedFile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rich.console import Console

    from auditscan.ingest import Reads
    from auditscan.ingest.sheet_plan import Plan
    from auditscan.library import Library
    from auditscan.readers.files import Found
    from auditscan.registers.values import Evidence
    from auditscan.registers.workbooks import Sheet

ODD = ("likely", "unknown")
"""How sure something must not be to be told of a folder as a whole."""


@dataclass(frozen=True, slots=True)
class Detected:
    """One file, and what it is taken for."""

    path: str
    format: str | None
    sure: str
    """certain | likely | no log | empty | skipped | unknown."""
    why: str
    tables: list[dict[str, Any]] = field(default_factory=list)
    """Of a workbook: each sheet with the row of its header and what its columns hold, or why it is not read."""

    @property
    def label(self) -> str:
        """What it is counted as."""
        if self.sure == "unknown":
            return "UNRECOGNIZED"
        return {"no log": f"no log: {self.why}", "empty": "empty", "skipped": "not read"}.get(
            self.sure, self.format or "not read"
        )

    def as_json(self) -> dict[str, Any]:
        """The file for a program; sheets only where there are some."""
        row: dict[str, Any] = {"path": self.path, "format": self.format, "sure": self.sure, "why": self.why}
        return row | ({"sheets": self.tables} if self.tables else {})


def detected(paths: Sequence[Path], library: Library, reads: Reads, evidence: Callable[[], Evidence]) -> list[Detected]:
    """Return what each file is taken for, members of archives among them; `evidence` is asked for by workbooks."""
    from auditscan.ingest import log_teller
    from auditscan.readers.files import find_files
    from auditscan.readers.members import opened

    found = []
    for entry in find_files(paths, reads.exclude, log_teller(library, reads)):
        with opened(entry) as files:
            found += [_one(file, library, reads, evidence) for file in files]
    return found


def _one(file: Found, library: Library, reads: Reads, evidence: Callable[[], Evidence]) -> Detected:
    from auditscan.ingest import detect
    from auditscan.readers.faults import in_words, is_not_of_the_file

    if file.skip:
        return Detected(file.shown, None, "skipped", file.skip)
    if file.fault:
        sure = {"no_log": "no log", "empty": "empty"}.get(file.status, "unknown")
        return Detected(file.shown, None, sure, file.fault)
    try:
        taken = detect(file.path, library, reads)
        if taken.kind == "workbook":
            return _workbook(file, library, reads, evidence)
    except OSError as error:
        return Detected(file.shown, None, "unknown", f"cannot be opened: {error.strerror}")
    except DamagedFile as error:
        return Detected(file.shown, None, "unknown", error.message)
    except BaseException as error:
        if is_not_of_the_file(error):
            raise
        return Detected(file.shown, None, "unknown", in_words(error))
    if taken.kind in (None, "no_log", "empty"):
        sure = {"no_log": "no log", "empty": "empty"}.get(taken.kind or "", "unknown")
        return Detected(file.shown, None, sure, taken.why)
    name = f"canonical {taken.kind}" if taken.log_format is None else taken.log_format.name
    return Detected(file.shown, name, taken.sure, taken.why)


def _workbook(file: Found, library: Library, reads: Reads, evidence: Callable[[], Evidence]) -> Detected:
    """A workbook, its sheets looked at as a scan does; raises DamagedFile where it cannot be opened, or its mapping."""
    from auditscan.ingest.sheet_plan import plan_book

    sheets, plans = plan_book(file.path, library, reads, evidence())
    tables = [_table(sheets[plan.sheet], plan) for plan in plans]
    formats = list(dict.fromkeys(table["format"] for table in tables if "format" in table))
    read = len({plan.sheet for plan in plans if plan.taken is not None})
    if not read:
        return Detected(file.shown, None, "unknown", "no sheet of it is a log or a register", tables)
    why = f"{read} of its {len(sheets)} sheets would be read"
    return Detected(file.shown, ", ".join(formats), "likely", why, tables)


def _table(sheet: Sheet, plan: Plan) -> dict[str, Any]:
    row: dict[str, Any] = {"sheet": sheet.name}
    if plan.taken is None or plan.part.header is None:
        return row | {
            "why": plan.why,
            "rows": sum(any(map(str.strip, cells)) for _, cells in plan.part.rows(sheet.rows)),
        }
    log_format = plan.taken.log_format
    named = {} if plan.table is None else {one.column: one.field for one in plan.table.columns}
    return row | {
        "format": "canonical csv" if log_format is None else log_format.name,
        "header_row": plan.part.header.row,
        "columns": {column: field for column, field in named.items() if column and field},
        "read_because": plan.why or plan.taken.why,
    }


_RANKS = {"empty": 1, "no log": 2, "skipped": 3, "unknown": 4}
"""Logs are told first, the most frequent first; then what is none, then what nobody knows."""


def draw(files: Sequence[Detected], console: Console, *, full: bool) -> None:
    """Write what there is by format, then by folder; with `full` every file in the place of folders."""
    from rich import box
    from rich.table import Table

    folder = common_folder([file.path for file in files])
    if folder:
        console.print(f"In {printable(folder)}", markup=False, highlight=False)
    counts = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    counts.add_column("taken for")
    counts.add_column("files", justify="right")
    of_label = Counter((_RANKS.get(file.sure, 0), file.label) for file in files)
    for (_, label), count in sorted(of_label.items(), key=lambda one: (one[0][0], -one[1], one[0])):
        counts.add_row(printable(label), f"{count:,}")
    console.print(counts)
    rows = [(file.path, file.label, _why(file)) for file in files] if full else _by_folder(files, folder)
    lines = [_line(path.removeprefix(folder), ": ".join(filter(None, said)), console.width) for path, *said in rows]
    lines += [
        _line(f'{file.path.removeprefix(folder)}, sheet "{table["sheet"]}"', _sheet_told(table), console.width)
        for file in files
        for table in file.tables
    ]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _line(name: str, said: str, width: int) -> str:
    """A name and what is said of it: on one line, or below it where that is too long; no name is broken."""
    name, said = printable(name), printable(said)
    if len(name) + len(said) + 2 <= width:
        return f"{name}  {said}"
    wrapped = textwrap.wrap(said, width - 4, break_on_hyphens=False, break_long_words=False)
    return "\n".join([name, *(f"    {line}" for line in wrapped)])


def _by_folder(files: Sequence[Detected], common: str) -> Iterator[tuple[str, str, str]]:
    """One line a folder and format; a file of its own line where it is alone, or where it is not sure what it is."""
    groups: dict[tuple[str, str], list[Detected]] = defaultdict(list)
    for file in files:
        key = file.path if file.sure in ODD else folder_of(file.path.removeprefix(common))
        groups[key, "no log" if file.sure == "no log" else file.label].append(file)
    for (place, label), group in groups.items():
        if len(group) == 1:
            yield group[0].path, group[0].label, _why(group[0])
            continue
        reasons = Counter(file.why if file.sure == "no log" else _why(file) for file in group)
        told = f"{len(group):,} files"
        if label == "no log":
            told += ": " + ", ".join(f"{count:,} {why}" for why, count in reasons.most_common())
        elif len(reasons) == 1:
            told += f": {next(iter(reasons))}"
        yield place or "in the folder itself", label, told


def _why(file: Detected) -> str:
    if file.sure == "no log":
        return ""
    return f"likely: {file.why}" if file.sure == "likely" else file.why


def _sheet_told(table: dict[str, Any]) -> str:
    """The row of a sheet's header, and what its columns hold."""
    if "why" in table:
        return f"not read: {table['why']} ({table['rows']} rows)"
    columns = ", ".join(f"{header} = {field}" for header, field in table["columns"].items())
    where = f"header in row {table['header_row']}" if table["header_row"] else table["read_because"]
    said = f"{where}: {columns or table['read_because']}"
    return said if table["format"] == "register" else f"{table['format']}, {said}"
