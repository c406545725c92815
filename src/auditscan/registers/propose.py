"""A first mapping of a register, from its headers and some of its cells."""

from __future__ import annotations

import csv
import io
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.registers.cells import clean
from auditscan.registers.columns import Column, recognize_all
from auditscan.registers.dates import Days, order_of
from auditscan.registers.mapping import MappedColumn, Mapping, TableMapping
from auditscan.registers.tables import Record, find_header, sort_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.registers.tables import Header
    from auditscan.registers.values import Evidence
    from auditscan.registers.workbooks import Sheet

__all__ = ["DATED", "ProposedTable", "days_of", "delimited_head", "no_register", "propose_table", "proposed"]

SAMPLED = 500
"""So many records below the header are looked at."""

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
    for signs, least, what in _OTHER_LISTS:
        if len(words & signs) >= least:
            found = ", ".join(f"`{cell}`" for cell in cells if signs & set(re.findall(r"[a-z]+", cell.lower())))
            return f"looks like {what}, not like a register of disclosures: its header has {found}"
    return ""


_OTHER_LISTS = (
    (frozenset({"privilege", "privileged"}), 1, "a privilege log"),
    (
        frozenset({"bates", "begbates", "endbates", "begdoc", "enddoc", "begno", "endno", "custodian"}),
        1,
        "an index of documents",
    ),
    (frozenset({"author", "subject", "cc", "bcc"}), 2, "a list of letters or mail"),
)
"""Words of a header, how many of them it takes, and what the table then is."""


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
    """Return what a table is taken for; None where no header with two fields of a transfer is found."""
    merges, first = ((), 1) if sheet is None else (sheet.merges, sheet.first_column)
    header = find_header(rows, merges, first)
    if header is None:
        return None
    records = _records(rows, header, SAMPLED)
    values = [_different(records, place) for place in range(header.width)]
    columns = recognize_all(header.cells, values, None if evidence is None else evidence.fits)
    days = days_of(rows, header, [place for place, column in enumerate(columns) if column.field in DATED], sheet)
    mapped: list[MappedColumn] = []
    unmapped: list[MappedColumn] = []
    for place, column in enumerate(columns):
        if not column.header and not values[place]:
            continue
        same = header.cells.count(column.header) > 1 or not column.header
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
        sheet=None if sheet is None else sheet.name,
        dates="us" if days is None else days.order,
        notes=tuple(notes),
    )
    return ProposedTable(header, columns, mapping, unmapped, "" if days is None else days.doubt)


DATED = ("occurred_at", "occurred_until")


def days_of(
    rows: Sequence[list[str]], header: Header, places: Sequence[int], sheet: Sheet | None = None
) -> Days | None:
    """Return how the days of some columns are written, by all rows; None where there is no day."""
    cells = [cell for place in places for cell in _different(_records(rows, header), place)]
    # Of text nobody knows what a spreadsheet made of it.
    return order_of(cells, cells if sheet is not None else ()) if cells else None


def _records(rows: Sequence[list[str]], header: Header, most: int | None = None) -> list[list[str]]:
    """The cells of the first so many records below a header."""
    found = (one.cells for one in sort_rows(enumerate(rows, start=1), header) if isinstance(one, Record))
    return list(itertools.islice(found, most))


def proposed(tables: Sequence[ProposedTable]) -> tuple[Mapping, list[list[MappedColumn]]]:
    """Return the mapping of a file of some tables, and the columns of each that are left open."""
    return Mapping(tuple(table.mapping for table in tables)), [table.unmapped for table in tables]


def _different(records: Sequence[Sequence[str]], place: int) -> list[str]:
    """The different cells of a column that are not blank, in the order met."""
    return list(dict.fromkeys(cell for row in records if place < len(row) and (cell := clean(row[place]))))


def _example(cell: str) -> str:
    shown = " ".join(cell.split())
    return shown if len(shown) <= _EXAMPLE else shown[:_EXAMPLE] + "..."
