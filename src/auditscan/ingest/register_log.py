"""Disclosure registers: tables in text, and sheets of workbooks, by what a mapping or their headers say.

The engine reads the cells; each different text in them is taken apart once, here, and joined by the SQL of the source.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from auditscan.errors import AccountingError
from auditscan.ingest.csv_log import CsvLog
from auditscan.readers.blocks import Block
from auditscan.readers.csv_rows import Header, needs_care
from auditscan.registers.columns import FIELDS as MAPPED
from auditscan.registers.columns import LIST_FIELDS
from auditscan.registers.counts import read_count
from auditscan.registers.dates import read_date
from auditscan.registers.propose import delimited_head, propose_table
from auditscan.registers.tables import Aside, header_at, sort_rows, unmerged
from auditscan.registers.tables import Header as TableHeader
from auditscan.registers.values import KINDS, Evidence, separators_of
from auditscan.registers.workbooks import read_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

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

_HELD = tuple(name for name in MAPPED if name != "ignored")
_DATES = ("occurred_at", "occurred_until")
_COUNTS = ("record_count", "event_count", "bytes")
_TRACED = frozenset({"occurred_until", "event_count", "recipient_address", "file_name", "bytes", "note"})


def evidence_of(store: Store) -> Evidence:
    """Return what the policy in the database says of words in cells."""
    return Evidence(
        {kind: frozenset(word for (word,) in store.rows(f"select alias_key from policy_{kind}")) for kind in KINDS}  # noqa: S608 - our own tables
    )


class RegisterLog(CsvLog):
    """Loads a register in text. A record's number is that of its row, the title and the header counted."""

    def __init__(
        self,
        store: Store,
        report: FileReport,
        source_id: int,
        zone: str,
        log_format: Format,
        mapping: Mapping | None = None,
    ) -> None:
        super().__init__(store, report, source_id, zone, ",", log_format=log_format)
        self._staging.store.run("register_cells")
        self._evidence = evidence_of(store)
        self._mapping = mapping
        self._table: TableMapping | None = None
        self._header_found: TableHeader | None = None
        self._places: dict[str, list[int]] = {}

    def _header(self, content: bytes) -> tuple[Header | None, int]:
        text = content[:HEAD_BYTES].decode("utf-8", "replace")
        if len(content) > HEAD_BYTES:
            text = text[: text.rfind("\n") + 1]
        delimiter, rows = delimited_head(text)
        self._delimiter = delimiter
        problem = self._choose(rows, None)
        found = self._header_found
        if problem or found is None:
            return Header(cells=["", ""], delimiter=delimiter, problem=problem or "no header was found"), 0
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for _ in range(found.first_data_row - 1):
            next(lines)
        used = 0
        for _ in range(lines.line_num):
            used = content.index(b"\n", used) + 1
        self._before = found.first_data_row - 1
        # The header's own row has every column; cells of a header may end before those of its rows do.
        widths = map(len, rows[found.row - 1 : found.first_data_row - 1])
        return self._cells(found, max(found.width, *widths)), used

    def _choose(self, rows: Sequence[list[str]], sheet: Sheet | None) -> str | None:
        """Settle header and columns by the mapping, or by a proposal; return why that cannot be done."""
        self._header_found = self._table = None
        if self._mapping is None:
            table = propose_table(rows, self._evidence, sheet)
            if table is None:
                return "no row names two of the fields of a transfer"
            self._header_found, self._table = table.header, table.mapping
        else:
            named = [one for one in self._mapping.tables if sheet is None or one.sheet in (None, sheet.name)]
            if not named:
                return "the mapping names no table of it"
            self._table = named[0]
            merges, first = ((), 1) if sheet is None else (sheet.merges, sheet.first_column)
            self._header_found = header_at(rows, self._table.header_row, self._table.header_rows, merges, first)
            if self._header_found is None:
                return f"it ends above row {self._table.header_row}, where its mapping has the header"
        try:
            self._places = self._table.places(self._header_found.cells)
        except ValueError as error:
            return f"its mapping does not fit: {error}"
        self._set_constants(self._table)
        used = {place for places in self._places.values() for place in places}
        left = [cell for place, cell in enumerate(self._header_found.cells) if cell and place not in used]
        self._report.unknown_fields.update(dict.fromkeys(left, 0))
        return None

    def _set_constants(self, table: TableMapping) -> None:
        self._staging.store.set(**{f"shared_{name}": "\n".join(values) for name, values in table.constants.items()})

    def _cells(self, found: TableHeader, width: int) -> Header:
        fields = tuple(f"cell_{place}" for place in range(width))
        self._fields = fields
        cells = [*found.cells, *[""] * (width - found.width)]
        return Header(
            cells=cells,
            delimiter=self._delimiter,
            fields=fields,
            columns={name: place for place, name in enumerate(fields)},
        )

    def _given(self, staging: MappedStaging) -> set[str]:
        held = {*self._places, *(self._table.constants if self._table else ())}
        return (staging.fields & held) - _TRACED

    def _whole(self, content: bytes, header: Header) -> tuple[bytes, str] | None:
        """Cells in quotes too, which registers are full of: where each line closes its quotes, none swallows rows."""
        plain = super()._whole(content, header)
        if plain is not None:
            return plain
        text = content.replace(b"\r\n", b"\n")
        if needs_care(text.replace(b'"', b"."), header):
            return None
        if any(line.count(b'"') & 1 for line in text.split(b"\n")):
            return None
        return text, '"'

    # --- one block ------------------------------------------------------------------------------

    def _open_rows(self, store: Store) -> None:
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
        constants = self._table.constants if self._table else {}
        parts = []
        for name in _HELD:
            cells = [f"nullif(trim(cell_{place}), '')" for place in self._places.get(name, ())]
            if len(cells) > 1:
                text = f"nullif(concat_ws(chr(10), {', '.join(cells)}), '')"
            elif cells:
                text = cells[0]
            else:
                text = f"getvariable('shared_{name}')" if name in constants else "null::varchar"
            parts.append(f"{text} as {name}")
        return ", ".join(parts)

    def _set_aside(self, store: Store) -> None:
        """Look at rows that might be none: those half empty, those that speak of totals, those like the header."""
        found = self._header_found
        if found is None:
            return
        width = len(self._fields)
        filled = " + ".join(f"coalesce((cell_{place} > '')::integer, 0)" for place in range(width))
        named = next(place for place, cell in enumerate(found.cells) if cell)
        cells = ", ".join(self._fields)
        doubtful = store.rows(
            f"select record_no, {cells} from incoming_rows where ({filled}) * 2 <= $1 "  # noqa: S608 - places only
            f"or contains(lower(cell_0), 'total') or contains(lower($2), lower(trim(cell_{named})))",
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
        for name in (*_DATES, *_COUNTS, *sorted(LIST_FIELDS)):
            if not self._places.get(name) and not (self._table and name in self._table.constants):
                continue
            kind = "date" if name in _DATES else "count" if name in _COUNTS else name
            plain = {
                # A bare number and a day or time in ISO form are read by the engine itself.
                "date": f"day_of({name}) is not null or usual_instant_of({name}) is not null",
                "count": f"grouped_count({name}) is not null",
            }.get(kind, "false")
            texts = store.rows(
                f"select distinct {name} from register_rows where {name} is not null and not coalesce({plain}, false) "  # noqa: S608 - our own names
                f"and not exists (from register_cells c where c.kind = $1 and c.cell = {name})",
                [kind],
            )
            columns = {"kind": "varchar", "cell": "varchar", "items": "varchar[]", "begins": "varchar",
                       "ends": "varchar", "number": "bigint"}  # fmt: skip
            store.insert("register_cells", columns, [(kind, text, *self._read(kind, text)) for (text,) in texts])

    def _read(self, kind: str, text: str) -> tuple[Any, Any, Any, Any]:
        """Items, first and last day, number of one cell."""
        if kind == "date":
            span = read_date(text, self._table.dates if self._table else "us")
            return (None, None, None, None) if span is None else (None, span.begin, span.end, None)
        if kind == "count":
            return None, None, None, read_count(text)
        if kind == "elements":
            return self._evidence.elements.read(text), None, None, None
        separators = separators_of(self._table.separators if self._table else ())
        return self._evidence.items(kind, text, separators), None, None, None


class RegisterBook(RegisterLog):
    """Loads the registers in a workbook. A record's number is that of its row in the sheet."""

    def load_book(self, path: Path) -> None:
        """Read every sheet; raises DamagedFile where the workbook cannot be opened."""
        notes: list[str] = []
        read = 0
        try:
            for place, sheet in enumerate(read_workbook(path)):
                if not sheet.rows:
                    continue
                problem = self._choose(sheet.rows, sheet)
                if problem or self._header_found is None:
                    notes.append(f"sheet {sheet.name!r} was not read: {problem}")
                    continue
                read += 1
                if place:
                    notes.append(f"rows of sheet {sheet.name!r} are numbered from {place * SHEET_STEP:,}")
                notes += [f"sheet {sheet.name!r}: {note}" for note in sheet.notes]
                self._sheet(sheet, self._header_found, place * SHEET_STEP)
            self._staging.write()
        finally:
            self._staging.close()
        if not read:
            self._report.status = "unrecognized"
        self._report.note = "; ".join(filter(None, (self._report.note, *notes)))

    def _sheet(self, sheet: Sheet, found: TableHeader, offset: int) -> None:
        unmerged(sheet.rows, found, sheet.merges, sheet.first_column)
        header = self._cells(found, max(map(len, sheet.rows)))
        first = found.first_data_row
        for begin in range(first, len(sheet.rows) + 1, BLOCK_ROWS):
            rows = enumerate(sheet.rows[begin - 1 : begin - 1 + BLOCK_ROWS], start=begin)
            lines = [_line(number + offset, cells) for number, cells in rows if any(map(str.strip, cells))]
            if not lines:
                continue
            content = b"".join(lines)
            with Block(len(content)) as block:
                block.fill(content)
                longest = max(map(len, lines))
                if not self._stage(block, header, len(lines), 0, longest=longest):
                    raise AccountingError(
                        f"rows of the sheet {sheet.name!r} were lost while they were read",
                        where=self._report.path,
                        hint="this is a fault of auditscan: report it; nothing was written",
                    )
            self._report.records += len(lines)


def _line(number: int, cells: Sequence[str]) -> bytes:
    """A row as CSV that the engine takes as it stands."""
    quoted = [cell.replace('"', '""').replace("\x00", " ") for cell in cells]
    return ('"' + '","'.join([str(number), *quoted]) + '"\n').encode("utf-8", "replace")
