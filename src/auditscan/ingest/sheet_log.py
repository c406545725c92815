"""Workbooks, and registers in text that are not too long, table by table, each by what it was taken for.

Whoever keeps a table for people puts titles above it, sums below it, and a second table beside it. So their rows are
looked at one by one, here; only records go on to the engine, with the cells that are mapped.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.errors import AccountingError
from auditscan.ingest.csv_log import CsvLog, CsvWorker
from auditscan.ingest.holder import names_of_dhs
from auditscan.ingest.register_log import HEAD_BYTES, RegisterLog, RegisterWorker
from auditscan.ingest.sheet_plan import plan_sheets
from auditscan.policy import normalize
from auditscan.readers.blocks import Block
from auditscan.readers.csv_rows import Header, Row, each_row
from auditscan.readers.load_file import NEW_LINE
from auditscan.readers.model import SetAside
from auditscan.registers.dates import are_swapped, doubted
from auditscan.registers.layout import looks_disclosed
from auditscan.registers.propose import DATED, delimited_head, propose_table
from auditscan.registers.tables import HEADING, Aside, Record, sort_rows, unmerged
from auditscan.registers.workbooks import Sheet, read_workbook
from auditscan.registers.wrapped import joined

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from auditscan.ingest.formats import Format
    from auditscan.ingest.sheet_plan import Plan
    from auditscan.readers.model import FileReport
    from auditscan.registers.mapping import Mapping
    from auditscan.store import Store

WHOLE_BYTES = 8 << 20
"""A text of up to so many bytes and lines is looked at as a whole. Longer ones hold one table, or are not read."""

WHOLE_LINES = 200_000

BLOCK_ROWS = 50_000
SHEET_STEP = 2_000_000
"""Rows of the second sheet are numbered from here, those of the third from twice that: more than a sheet can have."""

NOTHING_READ = "no column that is read has a cell in it"

_ENCODED = json.JSONEncoder(ensure_ascii=False).encode
_SERIAL = re.compile(r"[1-9]\d{4}(?:\.\d+)?")
_DAYS_1904 = 1462
"""From a number of days counted from 1904 to the same day as it is counted from 1900."""


class SheetLog(RegisterLog):
    """Loads the tables of a file. A record's number is its line; of a workbook its row, plus SHEET_STEP a sheet."""

    whole_rows = True

    def __init__(
        self,
        store: Store,
        report: FileReport,
        source_id: int,
        zone: str,
        formats: Sequence[Format],
        asked: Format | None = None,
        mapping: Mapping | None = None,
    ) -> None:
        register = next(one for one in formats if one.reader == "register")
        super().__init__(store, report, source_id, zone, register, mapping, asked=asked)
        self._formats = formats
        self._sheets: list[Sheet] = []
        self._rows: list[Row] = []
        """Of a text, the line and the bytes of each row."""
        self._readers: dict[str, CsvWorker] = {}
        self._swapped: list[int] = []
        """The columns whose dates may have day and month swapped."""
        names, own = names_of_dhs(store)
        self._names_dhs, self._states_own = re.compile(names), re.compile(own)
        self._beside: dict[tuple[int, int], int] = {}
        """How many tables of a sheet, whose header stands in one row, were read before."""

    def load_book(self, path: Path) -> None:
        """Read every sheet; raises DamagedFile where the workbook cannot be opened, or its mapping does not fit."""
        self._sheets = list(read_workbook(path))
        self.report.sheets += [sheet.name for sheet in self._sheets]
        plans = plan_sheets(self._sheets, self.evidence, self._formats, self._asked, self._mapping)
        notes = [
            f"sheet {self._sheets[plan.sheet].name!r}: {note}"
            for place, plan in enumerate(plans)
            if plan.taken is not None and not any(plan.sheet == one.sheet and one.taken for one in plans[:place])
            for note in self._sheets[plan.sheet].notes
        ]
        self._load(plans, notes)

    def load_text(self, content: bytes) -> None:
        """Read a text; raises DamagedFile where its mapping does not fit."""
        text = content[:HEAD_BYTES].decode("utf-8", "replace")
        delimiter, rows = delimited_head(text)
        best = propose_table(rows)
        width = 2 if best is None else max(best.header.width, len(rows[best.header.row - 1]))
        self._rows = list(each_row(content, width, delimiter))
        if NEW_LINE.encode() in content:
            self._rows = [
                replace(row, cells=[cell.replace(NEW_LINE, "\n") for cell in row.cells]) for row in self._rows
            ]
        for row in self._rows:
            if row.reason:
                self._quarantine(row.line, row.reason, row)
        sheet = Sheet("", [row.cells if row.reason is None else [] for row in self._rows])
        self._sheets = [sheet]
        plans = plan_sheets([sheet], self.evidence, self._formats, self._asked, self._mapping)
        headers = [plan.part.header.row for plan in plans if plan.taken is not None and plan.part.header is not None]
        if headers:
            self.look_above(content, self._rows[min(headers) - 1].line - 1)
        # What is blank above the first header is part of its title.
        first = min((plan.part.first_row for plan in plans if plan.taken is not None), default=len(self._rows))
        for row in self._rows[first:]:
            if not row.cells and row.reason is None:
                self.report.blank_lines += 1
            elif row.reason is None and not any(map(str.strip, row.cells)):
                self._set_aside(row.line, "an empty row")
        self._load(plans, [])

    def _load(self, plans: Sequence[Plan], notes: list[str]) -> None:
        read = any(plan.taken is not None for plan in plans)
        named: dict[str, None] = {}
        try:
            for plan in plans:
                if plan.taken is None:
                    notes += self._left(plan, read)
                    continue
                known = plan.taken.log_format
                named["csv" if known is None else known.name] = None
                if plan.table is not None and plan.part.header is not None:
                    self._register(plan)
                else:
                    self._foreign(plan, known)
            for worker in self._readers.values():
                worker.staging.write()
        finally:
            for worker in self._readers.values():
                worker.staging.close()
        if named:
            self.report.format = ", ".join(named)
        else:
            self.report.status = "unrecognized"
            notes = notes or ["no sheet of it holds anything"]
        self.report.note = "; ".join(filter(None, (self.report.note, *dict.fromkeys(notes))))

    def _left(self, plan: Plan, read: bool) -> list[str]:
        """Account for rows that are not read; return what has to be said of them."""
        sheet = self._sheets[plan.sheet]
        rows = [(row, cells) for row, cells in plan.part.rows(sheet.rows) if any(map(str.strip, cells))]
        count = f"{len(rows)} row{'s' if len(rows) != 1 else ''}"
        if read and plan.missing:
            for row, cells in rows:
                if sum(map(bool, map(str.strip, cells))) > 1:
                    self._unread(plan, row, cells, f"not read: {plan.why}")
                else:
                    self._set_aside(self._number(plan, row), HEADING, cells)
        elif read and plan.inside:
            for row, cells in rows:
                self._set_aside(self._number(plan, row), f"part of another table: {plan.why}", cells)
        if not sheet.name:
            return [] if read else [plan.why]
        where = f"sheet {sheet.name!r}" + (f", from row {plan.part.first_row}," if plan.inside else "")
        return [f"{where} was not read: {plan.why} ({count})"]

    # --- a register -----------------------------------------------------------------------------

    def _register(self, plan: Plan) -> None:
        sheet, part, table, header = self._sheets[plan.sheet], plan.part, plan.table, plan.part.header
        if table is None or header is None:
            return
        unmerged(sheet.rows, header, sheet.merges, sheet.first_column)
        below = [cells for _, cells in part.rows(sheet.rows)]
        self.settle(table, header, below)
        self.tell_doubt(plan.proposed.doubt if plan.proposed is not None else "", sheet.name)
        # Dates that a spreadsheet made of what it could read may have day and month swapped.
        self._swapped = [
            place
            for name in DATED
            for place in self.places.get(name, ())
            if sheet.name and table.dates == "mixed" and are_swapped([row[place] for row in below if place < len(row)])
        ]
        used = sorted({place for places in self.places.values() for place in places} | self.beside.places)
        self.fields = tuple(f"cell_{place}" for place in used)
        told = (*self.fields, "whole_record")
        self.header = Header(
            cells=list(told), delimiter=",", fields=told, columns={name: place for place, name in enumerate(told)}
        )
        worker = self._readers.setdefault("register", RegisterWorker(self))
        if isinstance(worker, RegisterWorker):
            worker.renew()
        width = header.width
        if self._rows:
            width = max([width, *(len(row.cells) for row in self._rows[header.row - 1 : header.first_data_row - 1])])
        offset = self._offset(plan)
        lines: list[bytes] = []
        rows = joined(sort_rows(part.rows(sheet.rows), header), self.places, self._is)
        for one in rows:
            number = self._rows[one.row - 1].line if self._rows else one.row + offset
            cells = [*one.cells]
            if isinstance(one, Aside):
                self._set_aside(number, one.reason, cells)
            elif not isinstance(one, Record):
                self._unread(plan, one.row, cells, one.reason)
            elif not any(place < len(cells) and cells[place].strip() for place in used):
                if looks_disclosed([cells], self.evidence):
                    self._unread(plan, one.row, cells, NOTHING_READ)
                else:
                    self._set_aside(number, NOTHING_READ, cells)
            elif self._rows and part.columns is None and any(map(str.strip, cells[width:])):
                self._unread(plan, one.row, cells, f"{len(cells)} cells where the header has {width}")
            elif self._rows and part.columns is not None and part.columns[0]:
                # Two records on one line cannot both be cited by it.
                self._unread(plan, one.row, cells, "it stands beside another table: make a file of each")
            else:
                lines.append(self._line(number, cells, used, header.cells, since_1904=sheet.since_1904))
                if len(lines) == BLOCK_ROWS:
                    _numbered(worker, lines)
                    lines = []
        if lines:
            _numbered(worker, lines)

    def _line(
        self, number: int, cells: list[str], used: Sequence[int], names: Sequence[str], *, since_1904: bool
    ) -> bytes:
        """A record as the engine takes it: its number, the cells that are mapped, and all of them as one text."""
        told = [(names[place] if place < len(names) else "", cell) for place, cell in enumerate(cells) if cell.strip()]
        cells += [""] * (used[-1] + 1 - len(cells)) if used else []
        for place in self._swapped:
            cells[place] = doubted(cells[place])
        if since_1904:
            for place in (*self.places.get("occurred_at", ()), *self.places.get("occurred_until", ())):
                if _SERIAL.fullmatch(cells[place].strip()):
                    days = float(cells[place]) + _DAYS_1904
                    cells[place] = str(int(days) if days.is_integer() else days)
        return _line(number, [*(cells[place] for place in used), _ENCODED(told)])

    def _is(self, field: str, cell: str) -> bool:
        """Whether a cell by itself is what a field holds."""
        return bool(self.evidence.fits(field, [cell]))

    # --- a table of another system ----------------------------------------------------------------

    def _foreign(self, plan: Plan, log_format: Format | None) -> None:
        """Read the rows of another system's table, or of a canonical log, by the SQL of its format."""
        cells = plan.part.header.cells if plan.part.header is not None else []
        name = "" if log_format is None else log_format.name
        log = CsvLog(self.store, self.report, self.source_id, self.zone, ",", log_format=log_format)
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if (word := normalize(cell)) in log.fields:
                columns.setdefault(word, place)
        # The engine reads the cells that were written for it, in the order of their columns.
        log.header = Header(list(columns), ",", log.fields, {word: at for at, word in enumerate(columns)})
        unknown = [cell for place, cell in enumerate(cells) if cell and place not in columns.values()]
        if log_format is None:
            self.report.fields.update(columns)
            for cell in unknown:
                self.report.count_unknown(cell, 0)
        worker = self._readers[f"{name}, {len(self._readers)}"] = CsvWorker(log)
        lines = [
            _line(self._number(plan, row), [row_cells[place] for place in columns.values()])
            for row, row_cells in plan.part.rows(self._sheets[plan.sheet].rows)
            if any(map(str.strip, row_cells))
        ]
        for begin in range(0, len(lines), BLOCK_ROWS):
            _numbered(worker, lines[begin : begin + BLOCK_ROWS])

    # --- accounting -------------------------------------------------------------------------------

    def _offset(self, plan: Plan) -> int:
        """What is added to the row of a sheet; tables side by side are told apart as if sheets came again."""
        if self._rows:
            return 0
        key = (plan.sheet, plan.part.first_row)
        again = self._beside[key] = self._beside.get(key, -1) + 1
        names = [sheet.name for sheet in self._sheets]
        while len(self.report.sheets) < len(names) * (again + 1):
            self.report.sheets += names
        return (plan.sheet + again * len(names)) * SHEET_STEP

    def _number(self, plan: Plan, row: int) -> int:
        return self._rows[row - 1].line if self._rows else row + plan.sheet * SHEET_STEP

    def _set_aside(self, number: int, reason: str, cells: Sequence[str] = ()) -> None:
        text = self._states_own.sub(" ", "\n".join(cells))
        one = SetAside(1, number, 1, number) if self._names_dhs.search(text) else SetAside(1, number)
        self.report.count_aside(reason, one)
        self.report.not_transfers += 1
        self.report.records += 1

    def _unread(self, plan: Plan, row: int, cells: Sequence[str], reason: str) -> None:
        self._quarantine(self._number(plan, row), reason, self._rows[row - 1] if self._rows else cells)

    def _quarantine(self, number: int, reason: str, row: Row | Sequence[str]) -> None:
        if isinstance(row, Row):
            raw, offset = row.raw, row.offset
        else:
            raw, offset = "\t".join(row).rstrip("\t").encode("utf-8", "replace"), None
        self.report.quarantined.add(number, reason, offset, raw)
        self.report.records += 1


def _numbered(worker: CsvWorker, lines: list[bytes]) -> None:
    """Read rows that bring their numbers."""
    content = b"".join(lines)
    with Block(len(content)) as block:
        block.fill(content)
        outcome = worker.read(block, len(lines), longest=max(map(len, lines)))
        if outcome is None:
            raise AccountingError(
                "rows of a table were lost while they were read",
                hint="this is a fault of auditscan: report it; nothing was written",
            )
        worker.keep(outcome, lines=0)


def _line(number: int, cells: Sequence[str]) -> bytes:
    """A row as CSV that the engine takes as it stands."""
    quoted = [cell.replace('"', '""').replace("\x00", " ") for cell in cells]
    return ('"' + '","'.join([str(number), *quoted]) + '"\n').encode("utf-8", "replace")
