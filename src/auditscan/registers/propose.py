"""A first mapping of a register, from its headers and some of its cells."""

from __future__ import annotations

import csv
import io
import itertools
import re
import sys
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditscan.registers.cells import clean
from auditscan.registers.columns import Column, recognize_all
from auditscan.registers.dates import Days, order_of
from auditscan.registers.layout import Part, find_parts
from auditscan.registers.mapping import MappedColumn, Mapping, TableMapping
from auditscan.registers.tables import Header, Record, column_of, find_header, header_at, sort_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditscan.registers.values import Evidence
    from auditscan.registers.workbooks import Sheet

SAMPLED = 500
"""So many records below the header are looked at."""

# As for logs: a cell is at most as long as the text it stands in.
csv.field_size_limit(sys.maxsize)

EXAMPLES = 3
_EXAMPLE = 60
_DELIMITERS = ",\t;|"


@dataclass(frozen=True, slots=True)
class ProposedTable:
    """What one table was taken for."""

    header: Header
    columns: list[Column]
    mapping: TableMapping
    unmapped: list[MappedColumn]
    """Columns with a header that no field was found for."""
    part: Part
    """Where it stands."""
    doubt: str = ""
    """What a reader of the answers must know of how the days were read."""

    @property
    def fields(self) -> set[str]:
        """The fields of a transfer that its columns hold."""
        held = {str(column.field) for column in self.columns if column.judged}
        return held - {"flag"} | ({"elements"} if "flag" in held else set())


def no_register(cells: Sequence[str]) -> str:
    """Return what a table with this header looks like that is no register of disclosures; '' where it may be one.

    Lists of documents have dates, parties and descriptions too, and none of their rows is a transfer.
    """
    words = {word for cell in cells for word in re.findall(r"[a-z]+", cell.lower())}
    says_so = bool(words & _DISCLOSED)
    for signs, least, what, surely in _OTHER_LISTS:
        if len(words & signs) >= least and (surely or not says_so):
            found = ", ".join(f"`{cell}`" for cell in cells if signs & set(re.findall(r"[a-z]+", cell.lower())))
            return f"looks like {what}, not like a register of disclosures: its header has {found}"
    return ""


_CITED = frozenset({"bates", "begbates", "endbates", "begdoc", "enddoc", "begno", "endno", "nativefile", "nativelink",
                    "textpath", "filepath"})  # fmt: skip
"""Words of columns that say where a record was printed or lies: kept, so that it can be cited."""

_DISCLOSED = frozenset({"disclosed", "disclosure", "disclosures", "elements"})
"""Words of a header that say what a register is kept for: beside them, numbers of pages are only places to cite."""

_OTHER_LISTS = (
    (frozenset({"privilege", "privileged"}), 1, "a privilege log", True),
    (
        frozenset({"bates", "begbates", "endbates", "begdoc", "enddoc", "begno", "endno", "docid", "begattach",
                   "nativefile", "nativelink", "textpath", "parentid"}),
        1,
        "an index of documents",
        False,
    ),
    (frozenset({"custodian", "filename", "filepath", "subject", "attachment"}), 2, "an index of documents", False),
    (frozenset({"author", "subject", "cc", "bcc"}), 2, "a list of letters or mail", True),
    (frozenset({"award", "grant", "grantee", "amount", "obligated", "obligation", "payment"}), 2,
     "a list of grants or payments", False),
    (frozenset({"phone", "email", "title", "extension", "hire", "supervisor"}), 3, "a list of people", False),
    (frozenset({"requester", "fee", "processing", "appeal", "track", "foia", "exemption", "closed"}), 3,
     "a log of FOIA requests", False),
)  # fmt: skip
"""Words of a header, how many of them it takes, what the table then is, and whether whatever else the header says."""

_LEAST = 3
"""A header that names fewer fields of a transfer is taken for a register only where a mapping says so."""

_CONTACTS = frozenset({"phone", "telephone", "email", "fax", "extension"})

_ANCHORS = {
    "occurred_at": "a day", "transfer_id": "an id", "authority": "an authority", "purpose": "a purpose",
}  # fmt: skip


def why_no_register(table: ProposedTable) -> str:
    """Return why a table is taken for none of disclosures, as far as its header says; '' for a register."""
    if other := no_register(table.header.cells):
        return other
    surely = {
        column.field
        for column in table.columns
        if column.judged and column.sure != "weak" and column_of(column.header).sure not in ("weak", "none")
    }
    words = {word for cell in table.header.cells for word in re.findall(r"[a-z]+", cell.lower())}
    if words & _CONTACTS and not table.fields & {"elements", "purpose", "authority", "transfer_id"}:
        return "looks like a list of people or offices, not like a register of disclosures"
    lacks = []
    if not surely & {"recipient", "elements"}:
        lacks.append("surely who received something, or what")
    if not table.fields & set(_ANCHORS):
        lacks.append(", ".join(list(_ANCHORS.values())[:-1]) + " or a purpose")
    if not lacks and len(table.fields) < _LEAST:
        lacks.append(f"a third field: a register has at least {_LEAST}")
    if not lacks:
        return ""
    found = ", ".join(f"`{column.header}` = {column.field}" for column in table.columns if column.judged)
    return f"row {table.header.row} names {found}, but not {' nor '.join(lacks)}"


def is_summary(table: ProposedTable, others: Sequence[ProposedTable]) -> bool:
    """Whether a table only counts what other tables of its workbook list."""
    counts = table.fields & {"record_count", "event_count"}
    lists = {"transfer_id", "elements", "purpose", "authority", "action"}
    return (
        bool(counts)
        and not table.fields & lists
        and any(one is not table and "elements" in one.fields and len(one.fields) > len(table.fields) for one in others)
    )


def delimited_head(text: str) -> tuple[str, list[list[str]]]:
    """Return the delimiter of a table in text, and its first rows; the last line of a cut text is left out.

    Rows are numbered as a spreadsheet would number them: a blank line is a row.
    """
    best: tuple[tuple[int, int], str, list[list[str]]] | None = None
    for delimiter in _DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        header = find_header(rows)
        score = (0 if header is None else len(header.cells), text.count(delimiter))
        if best is None or score > best[0]:
            best = score, delimiter, rows
    return (",", []) if best is None else best[1:]


def propose_table(
    rows: Sequence[list[str]], evidence: Evidence | None = None, sheet: Sheet | None = None
) -> ProposedTable | None:
    """Return what the table is taken for that names most fields; None where no header names two of a transfer."""
    return max(propose_tables(rows, evidence, sheet), key=lambda table: len(table.fields), default=None)


def propose_tables(
    rows: Sequence[list[str]], evidence: Evidence | None = None, sheet: Sheet | None = None
) -> list[ProposedTable]:
    """Return what each table is taken for, from above to below."""
    merges, first = ((), 1) if sheet is None else (sheet.merges, sheet.first_column)
    parts = find_parts(rows, merges, first)
    return [proposed_part(rows, part, part.header, evidence, sheet) for part in parts if part.header is not None]


def proposed_part(
    rows: Sequence[list[str]], part: Part, header: Header, evidence: Evidence | None, sheet: Sheet | None
) -> ProposedTable:
    """Return what one table is taken for."""
    in_workbook = sheet is not None and bool(sheet.name)
    numbered = list(part.rows(rows))
    if not in_workbook:
        # In text such a row is unreadable: where a quote or a comma of one is lost, it says nothing of the columns.
        wide = width_of(rows, header)
        numbered = [(number, cells) for number, cells in numbered if not any(map(str.strip, cells[wide:]))]
    records = _records(numbered, header, SAMPLED)
    values = [_different(records, place) for place in range(header.width)]
    columns = recognize_all(header.cells, values, None if evidence is None else evidence.fits)
    columns = [
        replace(one, field="note", why="it says where the page is", sure="likely")
        if one.field is None and _CITED & set(re.findall(r"[a-z]+", one.header.lower()))
        else one
        for one in columns
    ]
    dated = [place for place, column in enumerate(columns) if column.field in DATED]
    # Of text nobody knows what a spreadsheet made of it.
    days = _days_of(numbered, header, dated, in_workbook=in_workbook)
    often = Counter(header.cells)
    mapped: list[MappedColumn] = []
    unmapped: list[MappedColumn] = []
    for place, column in enumerate(columns):
        if not column.header and not values[place]:
            continue
        same = often[column.header] > 1 or not column.header or part.columns is not None
        examples = tuple(_example(cell) for cell in values[place][:EXAMPLES])
        made = MappedColumn(column.header, column.field or "", place + 1 if same else None, column.why, examples)
        (mapped if column.field else unmapped).append(made)
    notes = ["no column holds a day"] if days is None else [f"days: {days.why}"]
    if sheet is not None and sheet.hidden:
        notes.append("this sheet is hidden in the workbook")
    mapping = TableMapping(
        header_row=header.row,
        header_rows=header.rows,
        columns=tuple(mapped),
        sheet=None if sheet is None else sheet.name or None,
        dates="us" if days is None else days.order,
        notes=tuple(notes),
    )
    return ProposedTable(header, columns, mapping, unmapped, part, "" if days is None else days.doubt)


DATED = ("occurred_at", "occurred_until")


def width_of(rows: Sequence[Sequence[str]], header: Header) -> int:
    """Return how many cells a row of a table in text has at most: its header's own row may end in blank ones."""
    return max(header.width, *map(len, rows[header.row - 1 : header.first_data_row - 1]))


def _days_of(
    numbered: Iterable[tuple[int, list[str]]], header: Header, places: Sequence[int], *, in_workbook: bool = False
) -> Days | None:
    """Return how the days of some columns are written, by all rows; None where there is no day."""
    records = _records(numbered, header) if places else []
    cells = [cell for place in places for cell in _different(records, place)]
    return order_of(cells, cells if in_workbook else ()) if cells else None


def _records(numbered: Iterable[tuple[int, list[str]]], header: Header, most: int | None = None) -> list[list[str]]:
    """The cells of the first so many records below a header."""
    found = (one.cells for one in sort_rows(numbered, header) if isinstance(one, Record))
    return list(itertools.islice(found, most))


def header_above(rows: Sequence[list[str]], mapping: Mapping | None, sheet: Sheet | None, row: int) -> Header | None:
    """Return the header that a row stands below, by the mapping or by what its cells are called."""
    if mapping is None:
        headers = [table.header for table in propose_tables(rows, None, sheet)]
    else:
        named = [one for one in mapping.tables if sheet is None or one.sheet in (None, sheet.name)]
        merges, first = ((), 1) if sheet is None else (sheet.merges, sheet.first_column)
        found = (header_at(rows, one.header_row, one.header_rows, merges, first) for one in named if not one.skip)
        headers = [header for header in found if header is not None]
    above = [header for header in headers if header.row < row] or headers[:1]
    if not above:
        return None
    last = max(header.row for header in above)
    # Of tables side by side each has a part of the header.
    beside = [header for header in above if header.row == last]
    width = max(header.width for header in beside)
    cells = [next((one.cells[at] for one in beside if at < one.width and one.cells[at]), "") for at in range(width)]
    return Header(last, cells, beside[0].rows)


def proposed(tables: Sequence[ProposedTable]) -> tuple[Mapping, list[list[MappedColumn]]]:
    """Return the mapping of a file of some tables, and the columns of each that are left open.

    Beside a register, a table that is none is left out, and a sheet of a workbook with nothing else is said to be.
    """
    registers = [table for table in tables if not why_no_register(table) and not is_summary(table, tables)]
    kept = registers or list(tables)
    sheets = {table.mapping.sheet for table in kept}
    skipped = {
        table.mapping.sheet: TableMapping(1, (), table.mapping.sheet, skip=True, notes=(_why_left(table),))
        for table in tables
        if table.mapping.sheet not in sheets
    }
    mapping = Mapping((*(table.mapping for table in kept), *skipped.values()))
    return mapping, [*(table.unmapped for table in kept), *([] for _ in skipped)]


def _why_left(table: ProposedTable) -> str:
    return why_no_register(table) or "it only counts what another table lists"


def _different(records: Sequence[Sequence[str]], place: int) -> list[str]:
    """The different cells of a column that are not blank, in the order met."""
    return list(dict.fromkeys(cell for row in records if place < len(row) and (cell := clean(row[place]))))


def _example(cell: str) -> str:
    shown = " ".join(cell.split())
    return shown if len(shown) <= _EXAMPLE else shown[:_EXAMPLE] + "..."
