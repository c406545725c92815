"""Disclosure registers: tables in text, and sheets of workbooks, by what a mapping or their headers say.

The engine reads the cells; each different text in them is taken apart once, here, and joined by the SQL of the source.
"""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from auditscan.errors import AccountingError
from auditscan.ingest.csv_log import CsvLog, CsvWorker
from auditscan.readers.blocks import Block
from auditscan.readers.csv_rows import Header, needs_care
from auditscan.registers.columns import FIELDS as MAPPED
from auditscan.registers.columns import LIST_FIELDS
from auditscan.registers.counts import read_count, what_is_counted
from auditscan.registers.dates import doubt_real_days, read_date
from auditscan.registers.flags import Beside, beside
from auditscan.registers.propose import DATED, days_of, delimited_head, no_register, propose_table
from auditscan.registers.tables import Aside, header_at, sort_rows, unmerged
from auditscan.registers.tables import Header as TableHeader
from auditscan.registers.values import KINDS, Evidence, separators_of
from auditscan.registers.workbooks import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.formats import Format
    from auditscan.ingest.mapped import MappedStaging
    from auditscan.readers.model import FileReport
    from auditscan.registers.mapping import Mapping, TableMapping
    from auditscan.registers.workbooks import Sheet
    from auditscan.store import Store

__all__ = ["RegisterBook", "RegisterLog", "evidence_of"]

HEAD_BYTES = 1 << 18
"""The header, and the cells that decide what columns hold, are looked for in so much of a text."""

BLOCK_ROWS = 50_000
SHEET_STEP = 2_000_000
"""Rows of the second sheet are numbered from here, those of the third from twice that: more than a sheet can have."""

_HELD = tuple(name for name in MAPPED if name not in ("ignored", "flag"))
_DATES = DATED
_COUNTS = ("record_count", "event_count", "bytes")
_TRACED = frozenset({"occurred_until", "event_count", "recipient_address", "file_name", "bytes", "note"})


def evidence_of(store: Store) -> Evidence:
    """Return what the policy in the database says of words in cells."""
    words = {
        kind: dict(store.rows(f"select alias_key, {means} from policy_{kind}"))  # noqa: S608 - our own tables
        for kind, means in KINDS.items()
    }
    plaintiffs = store.rows(
        "select state from policy_regime_states where status = 'covered' group by state "
        "having count(*) = (select count(distinct regime_id) from policy_regime_states where status = 'covered') "
        "order by state"
    )
    return Evidence(words, [state for (state,) in plaintiffs])


class RegisterLog(CsvLog):
    """Loads a register in text. A record's number is that of the line on which it begins, title and header counted."""

    def __init__(
        self,
        store: Store,
        report: FileReport,
        source_id: int,
        zone: str,
        log_format: Format,
        mapping: Mapping | None = None,
        workers: int = 1,
    ) -> None:
        super().__init__(store, report, source_id, zone, ",", log_format=log_format, workers=workers)
        self.evidence = evidence_of(store)
        self._mapping = mapping
        self.table: TableMapping | None = None
        self.header_found: TableHeader | None = None
        self.places: dict[str, list[int]] = {}
        self.beside = Beside()
        """Columns that are no fields and tell of elements."""
        self.since_1904 = False
        self.doubt = ""
        """What a reader must know of how the days of a table were read."""
        self.counted: set[str | None] = set()
        """What the columns of counts count, as far as their headers say."""
        self.cells_read: dict[tuple[str, str], tuple[Any, Any, Any, Any]] = {}
        """What each different text of a column means, whoever of the workers met it first."""

    def _worker(self, _: BlockLog) -> RegisterWorker:
        return RegisterWorker(self)

    def find_header(self, content: bytes) -> tuple[Header | None, int]:
        """The header by what its cells are called, or by the mapping; titles may stand above it."""
        text = content[:HEAD_BYTES].decode("utf-8", "replace")
        if len(content) > HEAD_BYTES:
            text = text[: text.rfind("\n") + 1]
        delimiter, rows = delimited_head(text)
        self.delimiter = delimiter
        problem = self.choose(rows, None)
        found = self.header_found
        if problem or found is None:
            return Header(cells=["", ""], delimiter=delimiter, problem=problem or "no header was found"), 0
        if self._mapping is None and len(content) > HEAD_BYTES and self.table is not None:
            self._settle_days(content, found, self.table)
        self.tell_doubt()
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for _ in range(found.first_data_row - 1):
            next(lines)
        used = 0
        for _ in range(lines.line_num):
            used = content.index(b"\n", used) + 1
        # The header's own row has every column; cells of a header may end before those of its rows do.
        widths = map(len, rows[found.row - 1 : found.first_data_row - 1])
        return self.set_cells(found, max(found.width, *widths)), used

    def choose(self, rows: Sequence[list[str]], sheet: Sheet | None) -> str | None:
        """Settle header and columns by the mapping, or by a proposal; return why that cannot be done."""
        self.header_found = self.table = None
        if self._mapping is None:
            table = propose_table(rows, self.evidence, sheet)
            if table is None:
                return "no row names two of the fields of a transfer"
            if other := no_register(table.header.cells):
                return other
            self.header_found, self.table = table.header, table.mapping
            self.doubt = table.doubt
        else:
            named = [one for one in self._mapping.tables if sheet is None or one.sheet in (None, sheet.name)]
            if not named:
                return "the mapping names no table of it"
            self.table = named[0]
            merges, first = ((), 1) if sheet is None else (sheet.merges, sheet.first_column)
            self.header_found = header_at(rows, self.table.header_row, self.table.header_rows, merges, first)
            if self.header_found is None:
                return f"it ends above row {self.table.header_row}, where its mapping has the header"
        found = self.header_found.cells
        try:
            self.places, placed = self.table.places(found), self.table.placed(found)
        except ValueError as error:
            return f"its mapping does not fit: {error}"
        self._look_beside(rows, sheet, {place: one.field for place, one in placed.items()},
                          {place: one.element for place, one in placed.items()})  # fmt: skip
        used = {place for places in self.places.values() for place in places}
        used |= {place for place, *_ in self.beside.flags}
        # The sheets of a workbook may count different things.
        self.counted |= {what_is_counted(self.header_found.cells[at]) for at in self.places.get("record_count", ())}
        self.report.counts = next(iter(self.counted)) if len(self.counted) == 1 else None
        left = [cell for place, cell in enumerate(self.header_found.cells) if cell and place not in used]
        self.report.unknown_fields.update(dict.fromkeys(left, 0))
        return None

    def _look_beside(
        self, rows: Sequence[list[str]], sheet: Sheet | None, fields: dict[int, str], named: dict[int, str]
    ) -> None:
        """Find the columns that tell of elements and hold no field, and the days that a spreadsheet swapped."""
        found, table = self.header_found, self.table
        if found is None or table is None:
            return
        below = rows[found.first_data_row - 1 :]
        self.beside = beside(found.cells, fields, named, below, self.evidence.flags)
        if self.beside.flags:
            self.places.setdefault("elements", [])
        self.since_1904 = getattr(sheet, "since_1904", False)
        if sheet is not None and table.dates == "mixed":
            doubt_real_days(below, [place for name in DATED for place in self.places.get(name, ())])

    def _settle_days(self, content: bytes, found: TableHeader, table: TableMapping) -> None:
        """Settle the order of the days by all rows at hand: a head of them may hold none that tells."""
        places = [place for name in DATED for place in self.places.get(name, ())]
        text = content.decode("utf-8", "replace")
        try:
            rows = list(csv.reader(io.StringIO(text[: text.rfind("\n") + 1], newline=""), delimiter=self.delimiter))
        except csv.Error:
            return  # the rows that hold such cells are told where they are read
        if days := days_of(rows, found, places):
            self.table, self.doubt = replace(table, dates=days.order), days.doubt

    def tell_doubt(self, sheet: Sheet | None = None) -> None:
        """Note what a reader must know of how the days of a table were read."""
        if self.doubt:
            said = f"sheet {sheet.name!r}: {self.doubt}" if sheet is not None else self.doubt
            self.report.note = "; ".join(filter(None, (self.report.note, said)))
        self.doubt = ""

    def set_cells(self, found: TableHeader, width: int) -> Header:
        """Take so many cells of each row as its fields, and return the header that says so."""
        fields = tuple(f"cell_{place}" for place in range(width))
        self.fields = fields
        cells = [*found.cells, *[""] * (width - found.width)]
        return Header(
            cells=cells,
            delimiter=self.delimiter,
            fields=fields,
            columns={name: place for place, name in enumerate(fields)},
        )


class RegisterWorker(CsvWorker):
    """Reads blocks of one register on a connection of its own."""

    def __init__(self, log: RegisterLog) -> None:
        super().__init__(log)
        self._register = log
        self.staging.store.run("register_cells")

    def given(self, staging: MappedStaging) -> set[str]:
        """The canonical fields of which the register has a column, or its mapping a value for all rows."""
        held = {*self._register.places, *(self._register.table.constants if self._register.table else ())}
        return (staging.fields & held) - _TRACED

    def whole(self, content: bytes) -> tuple[bytes, str] | None:
        """Cells in quotes too, which registers are full of: where each line closes its quotes, none swallows rows."""
        plain = super().whole(content)
        if plain is not None:
            return plain
        text = content.replace(b"\r\n", b"\n")
        if needs_care(text.replace(b'"', b"."), self.header):
            return None
        if any(line.count(b'"') & 1 for line in text.split(b"\n")):
            return None
        return text, '"'

    def numbered(self, lines: list[bytes]) -> None:
        """Read rows that bring their numbers."""
        content = b"".join(lines)
        with Block(len(content)) as block:
            block.fill(content)
            outcome = self.read(block, len(lines), longest=max(map(len, lines)))
            if outcome is None:
                raise AccountingError(
                    "rows of a workbook were lost while they were read",
                    where=self._report.path,
                    hint="this is a fault of auditscan: report it; nothing was written",
                )
            self.keep(outcome, lines=0)

    # --- one block ------------------------------------------------------------------------------

    def cell(self, place: str) -> str:
        """A cell without blanks around it, and without what guards it from spreadsheets; null where nothing is left."""
        return f"unguarded_cell(nullif(trim({place}), ''))"

    def open_rows(self, store: Store) -> None:
        """Make the view `incoming` of the fields of the rows, each different cell of theirs taken apart."""
        constants = self._register.table.constants if self._register.table else {}
        # A list of this file's own: the values of another file's mapping stay set.
        store.set(shared_fields=[name for name in constants if name not in self._register.places])
        store.set(**{f"shared_{name}": "\n".join(values) for name, values in constants.items()})
        store.set(**self._register.beside.variables())
        store.connection.execute("delete from register_asides")
        store.connection.execute(
            f"create or replace temp view register_rows as select record_no, {self._selected()} "  # noqa: S608 - places only
            "from incoming_rows"
        )
        self._set_aside(store)
        self._take_apart(store)
        store.connection.execute(
            "create or replace temp view incoming as select r.*, a.reason as set_aside, a.unreadable "
            "from register_rows r left join register_asides a on r.record_no = a.record_no"
        )

    def _selected(self) -> str:
        """The fields of the register as expressions of cells, by place; nothing of its text becomes SQL."""
        constants = self._register.table.constants if self._register.table else {}
        parts = []
        for name in _HELD:
            cells = [f"cell_{place}" for place in self._register.places.get(name, ())]
            if name == "elements" and name in self._register.places:
                text = self._register.beside.elements(cells)
            elif len(cells) > 1:
                text = f"nullif(concat_ws(chr(10), {', '.join(cells)}), '')"
            elif cells:
                text = cells[0]
            else:
                text = f"getvariable('shared_{name}')" if name in constants else "null::varchar"
            parts.append(f"{text} as {name}")
        return ", ".join([*parts, f"{self._register.beside.left_out()} as left_out"])

    def _set_aside(self, store: Store) -> None:
        """Look at rows that might be none: those half empty, those that speak of totals, those like the header."""
        found = self._register.header_found
        if found is None:
            return
        width = len(self._register.fields)
        filled = " + ".join(f"(cell_{place} is not null)::integer" for place in range(width))
        named = next(place for place, cell in enumerate(found.cells) if cell)
        cells = ", ".join(self._register.fields)
        doubtful = store.rows(
            f"select record_no, {cells} from incoming_rows where ({filled}) * 2 <= $1 "  # noqa: S608 - places only
            f"or contains(lower(coalesce({cells}, '')), 'total') or contains(lower($2), lower(cell_{named}))",
            [width, found.cells[named]],
        )
        self._put_asides(store, ((number, [cell or "" for cell in row]) for number, *row in doubtful), found)

    def _put_asides(self, store: Store, rows: Iterable[tuple[int, list[str]]], found: TableHeader) -> None:
        shown = TableHeader(-found.rows, found.cells, found.rows)
        asides: list[tuple[int, str]] = []
        for number, cells in rows:
            said = next(sort_rows([(number, cells)], shown), None)
            if said is None:
                asides.append((number, "an empty row"))
            elif isinstance(said, Aside):
                asides.append((number, said.reason))
        store.insert("register_asides", {"record_no": "bigint", "reason": "varchar"}, asides)

    # --- each different cell once -----------------------------------------------------------------

    def _take_apart(self, store: Store) -> None:
        table = self._register.table
        held = {*self._register.places, *(table.constants if table else ()), "left_out"}
        # What stands in them repeats together: so the rows are gone through once for all of them.
        store.connection.execute(
            f"create or replace temp table register_lists as select distinct {', '.join(sorted(LIST_FIELDS))} "  # noqa: S608 - our own names
            "from register_rows"
        )
        for name in (*_DATES, *_COUNTS, *sorted(LIST_FIELDS), "left_out"):
            if name not in held:
                continue
            kind = "date" if name in _DATES else "count" if name in _COUNTS else name
            plain = {
                # A bare number and a day or time in ISO form are read by the engine itself.
                "date": f"day_of({name}) is not null or usual_instant_of({name}) is not null",
                "count": f"grouped_count({name}) is not null",
            }.get(kind, "false")
            rows = "register_lists" if name in LIST_FIELDS else "register_rows"
            texts = store.rows(
                f"select distinct {name} from {rows} where {name} is not null and not coalesce({plain}, false) "  # noqa: S608 - our own names
                f"and not exists (from register_cells c where c.kind = $1 and c.cell = {name})",
                [kind],
            )
            columns = {"kind": "varchar", "cell": "varchar", "items": "varchar[]", "begins": "varchar",
                       "ends": "varchar", "number": "bigint"}  # fmt: skip
            store.insert("register_cells", columns, [(kind, text, *self._meaning(kind, text)) for (text,) in texts])

    def _meaning(self, kind: str, text: str) -> tuple[Any, Any, Any, Any]:
        """Items, first and last day, number of one cell, taken apart once for all workers."""
        known = self._register.cells_read
        if (kind, text) not in known:
            known[kind, text] = self._read(kind, text)
        return known[kind, text]

    def _read(self, kind: str, text: str) -> tuple[Any, Any, Any, Any]:
        table = self._register.table
        if kind == "date":
            span = read_date(text, table.dates if table else "us", self._register.since_1904)
            return (None, None, None, None) if span is None else (None, span.begin, span.end, None)
        if kind == "count":
            return None, None, None, read_count(text)
        if kind == "elements":
            return self._register.evidence.flags.row(text), None, None, None
        if kind == "left_out":
            return self._register.evidence.flags.left_out(text), None, None, None
        separators = separators_of(table.separators if table else ())
        return self._register.evidence.items(kind, text, separators), None, None, None


class RegisterBook(RegisterLog):
    """Loads the registers in a workbook. A record's number is that of its row, plus SHEET_STEP a sheet before it."""

    def load_book(self, path: Path) -> None:
        """Read every sheet; raises DamagedFile where the workbook cannot be opened."""
        notes: list[str] = []
        read = 0
        worker = RegisterWorker(self)
        try:
            for place, sheet in enumerate(read_workbook(path)):
                self.report.sheets.append(sheet.name)
                if not sheet.rows:
                    continue
                problem = self.choose(sheet.rows, sheet)
                if problem or self.header_found is None:
                    notes.append(f"sheet {sheet.name!r} was not read: {problem}")
                    continue
                read += 1
                self.tell_doubt(sheet)
                notes += [f"sheet {sheet.name!r}: {note}" for note in sheet.notes]
                self._sheet(worker, sheet, self.header_found, place * SHEET_STEP)
            worker.staging.write()
        finally:
            worker.staging.close()
        if not read:
            self.report.status = "unrecognized"
        self.report.note = "; ".join(filter(None, (self.report.note, *notes)))

    def _sheet(self, worker: RegisterWorker, sheet: Sheet, found: TableHeader, offset: int) -> None:
        unmerged(sheet.rows, found, sheet.merges, sheet.first_column)
        self.header = self.set_cells(found, max(map(len, sheet.rows)))
        first = found.first_data_row
        for begin in range(first, len(sheet.rows) + 1, BLOCK_ROWS):
            rows = enumerate(sheet.rows[begin - 1 : begin - 1 + BLOCK_ROWS], start=begin)
            lines = [_line(number + offset, cells) for number, cells in rows if any(map(str.strip, cells))]
            if lines:
                worker.numbered(lines)


def _line(number: int, cells: Sequence[str]) -> bytes:
    """A row as CSV that the engine takes as it stands."""
    quoted = [cell.replace('"', '""').replace("\x00", " ") for cell in cells]
    return ('"' + '","'.join([str(number), *quoted]) + '"\n').encode("utf-8", "replace")
