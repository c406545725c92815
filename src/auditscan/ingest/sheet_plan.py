"""What becomes of every row of a sheet, or of a text with columns, before any of it is read.

A sheet goes through the same recognition as a text: the table formats of other systems, canonical logs, registers.
Registers may hold several tables. What is none is told with its reason; where its rows look like disclosures all the
same, they count as records that could not be read.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.ingest.formats import format_named, formats_of
from auditscan.ingest.recognize import among_tables, recognize
from auditscan.ingest.recognized import Recognized
from auditscan.readers.model import DamagedFile
from auditscan.registers.beside import SUFFIX, taken_beside, unused_beside
from auditscan.registers.layout import Part, continues, find_parts, looks_disclosed
from auditscan.registers.mapping import MappingError, TableMapping, read_mapping
from auditscan.registers.propose import is_summary, proposed_part, why_no_register
from auditscan.registers.proposing import sheets as sheets_of
from auditscan.registers.tables import Header, header_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from auditscan.ingest.formats import Format
    from auditscan.ingest.reads import Reads
    from auditscan.library import Library
    from auditscan.registers.mapping import Mapping
    from auditscan.registers.propose import ProposedTable
    from auditscan.registers.values import Evidence
    from auditscan.registers.workbooks import Sheet

MOST_PARTS = 500
"""Whoever writes a new header every few rows did not write a table."""

_TRIED = 10
"""In so many rows from the top the header of another system's table is looked for."""
_SHOWN = 120
"""So many rows tell what a sheet is."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Some rows of a sheet and what is done with them."""

    sheet: int
    """The place of the sheet, from 0."""
    part: Part
    taken: Recognized | None = None
    """What they are read as; None where they are not read."""
    table: TableMapping | None = None
    """Of a register, what its columns hold."""
    proposed: ProposedTable | None = None
    why: str = ""
    """Why they are not read, or why they are read as this."""
    missing: bool = False
    """Whether they look like records, and count as such that could not be read."""
    inside: bool = False
    """Whether they lie beside what is read of the same sheet."""


def plan_sheets(
    sheets: Sequence[Sheet],
    evidence: Evidence,
    formats: Sequence[Format],
    asked: Format | None = None,
    mapping: Mapping | None = None,
) -> list[Plan]:
    """Return what becomes of every sheet that holds anything, in their order, and of each from above to below.

    `asked` is the format that was asked for. Raises DamagedFile for a mapping that does not fit.
    """
    register = next((one for one in formats if one.reader == "register"), None)
    if register is None:
        return []
    if mapping is not None:
        return _Mapped(sheets, evidence, register, mapping).plans()
    return _Unmapped(sheets, evidence, formats, register, asked).plans()


def plan_book(path: Path, library: Library, reads: Reads, evidence: Evidence) -> tuple[list[Sheet], list[Plan]]:
    """Return the sheets of a workbook and what a scan would make of them.

    Raises OSError, and DamagedFile where it cannot be opened or its mapping cannot be followed.
    """
    asked = None if reads.log_format is None else format_named(library, reads.log_format)
    mapping = mapping_of(path, reads)[0] if asked is None or asked.reader == "register" else None
    found = sheets_of(path)
    return found, plan_sheets(found, evidence, formats_of(library), asked, mapping)


def mapping_of(path: Path, reads: Reads) -> tuple[Mapping | None, str]:
    """Return the mapping that was named, or lies beside a file, and what to say of it.

    Raises DamagedFile for one that cannot be followed.
    """
    try:
        found = reads.mapping or taken_beside(path, yes=reads.trust)
    except UsageError as error:
        raise DamagedFile(error.message) from error
    if found is None:
        unused = unused_beside(path)
        called = f"{path.name}{SUFFIX}"
        return (
            None,
            "" if unused is None else f"{unused.name} lies beside it and is not used: it must be called {called}",
        )
    try:
        return read_mapping(found), f"read by the mapping {found.name}"
    except UsageError as error:
        raise DamagedFile(f"its mapping cannot be read: {error}") from error
    except MappingError as error:
        faults = "; ".join(map(str, error.problems))
        raise DamagedFile(f"its mapping cannot be followed: {faults}") from error


class _Unmapped:
    def __init__(
        self,
        sheets: Sequence[Sheet],
        evidence: Evidence,
        formats: Sequence[Format],
        register: Format,
        asked: Format | None,
    ) -> None:
        self._sheets = sheets
        self._evidence = evidence
        self._formats = formats
        self._register = register
        self._asked = asked

    def plans(self) -> list[Plan]:
        plans = [plan for place, sheet in enumerate(self._sheets) for plan in self._of(place, sheet)]
        registers = [plan.proposed for plan in plans if plan.proposed is not None and plan.taken is not None]
        settled: list[Plan] = []
        last: Plan | None = None
        """The register whose rows a sheet without a header may go on with."""
        for planned in plans:
            plan = self._settled(planned, plans, registers, last)
            if plan.taken is not None:
                last = plan if plan.table is not None else None
            settled.append(plan)
        return settled

    def _settled(
        self, plan: Plan, plans: Sequence[Plan], registers: Sequence[ProposedTable], last: Plan | None
    ) -> Plan:
        """What becomes of some rows, seen beside the rest of the workbook."""
        if plan.proposed is not None and is_summary(plan.proposed, registers):
            beside = any(one.taken is not None and one.sheet == plan.sheet and one is not plan for one in plans)
            why = "it only counts what another table lists"
            return Plan(plan.sheet, plan.part, proposed=plan.proposed, why=why, inside=beside)
        if plan.taken is None and plan.part.header is None and not plan.inside and last is not None:
            return self._continued(plan, last)
        return plan

    def _of(self, place: int, sheet: Sheet) -> Iterator[Plan]:
        if not sheet.rows:
            return
        # A text was recognized before: it is a register.
        if sheet.name and (self._asked is None or self._asked.reader != "register"):
            if (found := self._foreign(sheet)) is not None:
                part, taken = found
                yield Plan(place, part, taken, why=taken.why)
                return
            if self._asked is not None:
                why = f"it is no table of {self._asked.name}, the format that was asked for"
                yield Plan(place, Part(1, len(sheet.rows)), why=why, missing=True)
                return
        yield from self._tables(place, sheet)

    def _foreign(self, sheet: Sheet) -> tuple[Part, Recognized] | None:
        """A table of another system, or a canonical log; the lines above its header are left."""
        tried = self._formats if self._asked is None else (self._asked,)
        for at in range(min(_TRIED, len(sheet.rows))):
            if sum(map(bool, map(str.strip, sheet.rows[at]))) < 2:
                continue
            text = _as_text(sheet.rows[at : at + _SHOWN])
            taken = among_tables(text, tried)
            if taken is None and self._asked is None and not any(any(map(str.strip, row)) for row in sheet.rows[:at]):
                guess = recognize(text.encode("utf-8", "replace"), "sheet", self._formats)
                taken = guess if guess.kind == "csv" and guess.log_format is None else None
            if taken is not None:
                header = Header(at + 1, [cell.strip() for cell in sheet.rows[at]])
                return Part(at + 1, len(sheet.rows), header), taken
        return None

    def _tables(self, place: int, sheet: Sheet) -> Iterator[Plan]:
        parts = find_parts(sheet.rows, sheet.merges, sheet.first_column)
        if len(parts) > MOST_PARTS:
            raise DamagedFile(f"it holds {len(parts):,} tables, and more than {MOST_PARTS:,} are not taken")
        tables = [
            None if part.header is None else proposed_part(sheet.rows, part, part.header, self._evidence, sheet)
            for part in parts
        ]
        reasons = [None if table is None else self._why_not(table) for table in tables]
        is_read = "" in reasons
        for number, (part, table, why) in enumerate(zip(parts, tables, reasons, strict=True)):
            if why == "" and table is not None:
                said = f"row {table.header.row} is the header of a register"
                yield Plan(place, part, Recognized("register", self._register, said), table.mapping, table, said)
                continue
            above = number == 0 and table is None and is_read
            if above and not self._missing(sheet, part, titles=True):
                continue
            yield Plan(
                place,
                part,
                proposed=table,
                why=why or ("it stands above the header" if above else "no row of it names two fields of a transfer"),
                missing=above or (not (why or "").startswith("looks like") and self._missing(sheet, part)),
                inside=is_read,
            )

    def _why_not(self, table: ProposedTable) -> str:
        return "" if self._asked is not None else why_no_register(table)

    def _missing(self, sheet: Sheet, part: Part, *, titles: bool = False) -> bool:
        return looks_disclosed([cells for _, cells in part.rows(sheet.rows)], self._evidence, titles=titles)

    def _continued(self, plan: Plan, last: Plan) -> Plan:
        """Rows without a header as more of the table before them, where their cells fit its columns."""
        if last.table is None or last.part.header is None:
            return plan
        sheet, header = self._sheets[plan.sheet], last.part.header
        same_place = sheet.first_column == self._sheets[last.sheet].first_column
        rows = [cells for _, cells in plan.part.rows(sheet.rows)]
        if not same_place or not continues(rows, last.table.places(header.cells), header.width, self._evidence):
            return plan
        shown = Header(plan.part.first_row - 1, header.cells, 1)
        part = Part(plan.part.first_row, plan.part.last_row, shown)
        why = f'it goes on with the table of sheet "{self._sheets[last.sheet].name}"'
        return Plan(plan.sheet, part, last.taken, last.table, None, why)


class _Mapped:
    def __init__(self, sheets: Sequence[Sheet], evidence: Evidence, register: Format, mapping: Mapping) -> None:
        self._sheets = sheets
        self._evidence = evidence
        self._register = register
        self._mapping = mapping
        self._faults: list[str] = []

    def plans(self) -> list[Plan]:
        names = [sheet.name for sheet in self._sheets]
        for table in self._mapping.tables:
            if table.sheet is not None and names != [""] and table.sheet not in names:
                listed = ", ".join(f'"{name}"' for name in names)
                self._faults.append(f'it names the sheet "{table.sheet}", and the sheets are called {listed}')
        plans = [plan for place, sheet in enumerate(self._sheets) for plan in self._of(place, sheet)]
        if self._faults:
            raise DamagedFile(f"its mapping does not fit: {'; '.join(self._faults)}")
        if not plans:
            raise DamagedFile("its mapping does not fit: it names no table of it")
        return plans

    def _of(self, place: int, sheet: Sheet) -> Iterator[Plan]:
        if not sheet.rows:
            return
        everywhere = sheet.name != "" and place != self._first()
        whole = Part(1, len(sheet.rows))
        named = [table for table in self._mapping.tables if not sheet.name or table.sheet == sheet.name]
        if any(table.skip for table in named):
            yield Plan(place, whole, why="its mapping leaves it out")
            return
        tables = named or [table for table in self._mapping.tables if table.sheet is None]
        tables = sorted(tables, key=lambda table: table.header_row)
        found = []
        for number, table in enumerate(tables):
            following = [one.header_row - 1 for one in tables[number + 1 :] if one.header_row > table.header_row]
            last = min([*following[:1], table.last_row or len(sheet.rows), len(sheet.rows)])
            if following and table.last_row is None:
                last = _above_titles(sheet.rows, table.header_row, last)
            header = header_at(sheet.rows, table.header_row, table.header_rows, sheet.merges, sheet.first_column)
            fault = self._fault(header, table)
            if header is not None and not fault:
                found.append((Part(table.header_row, last, header), table))
            elif named or not everywhere:
                self._faults.append(f'sheet "{sheet.name}": {fault}' if sheet.name else fault)
        if not found:
            if not self._faults:
                yield Plan(place, whole, why="its mapping names no table of it", missing=self._missing(sheet, whole))
            return
        yield from self._between(place, sheet, found)

    def _between(self, place: int, sheet: Sheet, found: Sequence[tuple[Part, TableMapping]]) -> Iterator[Plan]:
        """The tables, and the rows above, between and below them that look like records."""
        headers = [part.header for part in find_parts(sheet.rows, sheet.merges, sheet.first_column) if part.header]
        begin = 1
        for part, table in found:
            above = Part(begin, part.first_row - 1)
            missing = part.first_row > begin and self._missing(sheet, above, titles=begin == 1)
            if part.first_row > begin and (missing or begin > 1):
                yield Plan(place, above, why="its mapping names no table here", missing=missing, inside=True)
            first = part.header.first_data_row if part.header else part.first_row
            other = next((one.row for one in headers if first < one.row <= part.last_row), None)
            last = part.last_row if other is None or table.last_row is not None else other - 1
            read = Part(part.first_row, last, part.header)
            yield Plan(place, read, Recognized("register", self._register, "its mapping says so"), table)
            if last < part.last_row:
                why = f"row {other} is another header, and its mapping names no table there"
                yield Plan(place, Part(last + 1, part.last_row), why=why, missing=True, inside=True)
            begin = part.last_row + 1
        rest = Part(begin, len(sheet.rows))
        if begin <= len(sheet.rows):
            missing = self._missing(sheet, rest)
            yield Plan(place, rest, why="its mapping names no table here", missing=missing, inside=True)

    def _first(self) -> int:
        return next((place for place, sheet in enumerate(self._sheets) if sheet.rows), 0)

    def _fault(self, header: Header | None, table: TableMapping) -> str:
        if header is None:
            return f"it ends above row {table.header_row}, where its mapping has the header"
        try:
            table.places(header.cells)
        except ValueError as error:
            return str(error)
        return ""

    def _missing(self, sheet: Sheet, part: Part, *, titles: bool = False) -> bool:
        return looks_disclosed([cells for _, cells in part.rows(sheet.rows)], self._evidence, titles=titles)


def _above_titles(rows: Sequence[Sequence[str]], header: int, last: int) -> int:
    """The last row of a table that another one follows: behind a blank row, a line alone is the title of that."""
    row = last
    while row > header and sum(map(bool, map(str.strip, rows[row - 1]))) == 1:
        row -= 1
    return row if row > header and not any(map(str.strip, rows[row - 1])) else last


def _as_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a table in text, one line each."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    for row in rows:
        last = max((place for place, cell in enumerate(row) if cell), default=-1)
        writer.writerow([" ".join(cell.split()) for cell in row[: last + 1]])
    return out.getvalue()
