"""The CSV policy files: their columns, how their rows are keyed, how they are read.

A row's key is what an overlay replaces by; its *target* is what the key stands for. Two rows of
one file with one key are a slip of the pen when their targets differ and harmless when not.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.policy import parties
from auditscan.policy.words import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditscan.policy.problems import Problems, Source, Where


def _words(cells: Sequence[str]) -> tuple[str, ...]:
    """Return the cells of a key as look-ups compare words; raises ValueError for one that is no word."""
    key = tuple(map(normalize, cells))
    if not all(key):
        named = " and ".join(map(repr, cells))
        raise ValueError(f"{named} has no letter and no digit; give a word to look up")
    return key


@dataclass(frozen=True, slots=True)
class Shape:
    """What a file must look like."""

    columns: tuple[str, ...]
    key: tuple[str, ...]
    target: tuple[str, ...]
    may_be_blank: frozenset[str] = frozenset()
    may_be_missing: frozenset[str] = frozenset()
    """Columns an overlay's file may leave out: they are blank, or worked out from the others."""
    as_key: Callable[[Sequence[str]], tuple[str, ...]] = _words
    """The cells of the key in the form that is compared; raises ValueError with what is wrong and what to do."""
    keeps_rest: bool = True
    """Whether a row that replaces another keeps what it says in the columns that the overlay leaves out."""


SHAPES: Mapping[str, Shape] = {
    "agencies.csv": Shape(("alias", "agency", "side"), ("alias",), ("agency", "side")),
    "codes.csv": Shape(
        ("element", "code", "meaning", "note", "source"),
        ("element", "code"),
        ("meaning",),
        may_be_blank=frozenset({"note"}),
    ),
    "elements.csv": Shape(
        ("element_key", "element", "category", "also", "files", "description"),
        ("element_key",),
        ("category", "also"),
        may_be_blank=frozenset({"also", "files", "description"}),
        may_be_missing=frozenset({"element_key", "also", "files", "description"}),
    ),
    "outcomes.csv": Shape(("alias", "outcome"), ("alias",), ("outcome",)),
    parties.FILE: Shape(
        ("kind", "value", "agency", "certainty", "source"),
        ("kind", "value"),
        ("agency",),
        may_be_blank=frozenset({"certainty", "source"}),
        may_be_missing=frozenset({"certainty", "source"}),
        as_key=parties.key_of,
        # Who says so goes with what is said.
        keeps_rest=False,
    ),
    "populations.csv": Shape(("alias", "population"), ("alias",), ("population",)),
    "programs.csv": Shape(("alias", "program"), ("alias",), ("program",)),
    "purposes.csv": Shape(("alias", "purpose"), ("alias",), ("purpose",)),
    "states.csv": Shape(("code", "usps", "name", "code_system"), ("code",), ("usps", "name", "code_system")),
    "whole_country.csv": Shape(("alias",), ("alias",), ()),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a CSV policy file, blanks at the ends of its cells removed."""

    where: Where
    cells: Mapping[str, str]
    """Every column of the file's shape, blank where the file does not have it."""
    given: frozenset[str]
    """The columns the file does have."""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def target(self, shape: Shape) -> tuple[str, ...]:
        """Return what the row's key stands for."""
        return tuple(self.cells[column] for column in shape.target)


Rows = dict[tuple[str, ...], Row]
"""The rows of one file by their normalized key."""


def read_rows(source: Source, text: str, problems: Problems) -> Rows:
    """Return the rows of a CSV policy file by key; what is wrong goes to `problems`.

    That of an overlay may leave out columns that can be worked out, and may hold a header only.
    """
    shape = SHAPES[source.name]
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: Rows = {}
    header: list[str] | None = None
    last_line = 0
    try:
        for record in records:
            # A quoted cell may span lines: the record begins after the one before it.
            where, last_line = source.at(last_line + 1), records.line_num
            if not any(cell.strip() for cell in record):
                if len(record) > 1:
                    problems.add(where, "every cell is blank", "fill the row or delete it")
                continue
            cells = [cell.strip() for cell in record]
            if header is None:
                header = cells
                if not _header_holds(header, shape, where, problems, overlay=source.overlaid):
                    return {}
            elif len(cells) != len(header):
                problems.add(
                    where,
                    f"the row has {len(cells)} cells where the header has {len(header)}",
                    "quote cells that hold a comma, or fill the missing cells",
                )
            else:
                _keep(rows, where, dict(zip(header, cells, strict=True)), shape, problems)
    except csv.Error as error:
        problems.add(source.at(records.line_num), f"not readable as CSV: {error}", "check quotes")
    if not rows and not (source.overlaid and header) and source.name not in problems.files:
        problems.add(source.at(1), "holds no rows", "add one or delete the file")
    return rows


def _header_holds(header: list[str], shape: Shape, where: Where, problems: Problems, *, overlay: bool) -> bool:
    """Tell whether rows can be read under this header."""
    wanted = ", ".join(shape.columns)
    sound = True
    for column in dict.fromkeys(header):
        if column not in shape.columns:
            problems.add(where, f"unknown column {column!r}", f"the columns are: {wanted}")
            sound = False
        elif header.count(column) > 1:
            problems.add(where, f"column {column!r} stands twice", "keep one")
            sound = False
    for column in shape.columns:
        if column not in header and not (overlay and column in shape.may_be_missing):
            problems.add(where, f"column {column!r} is missing", f"the columns are: {wanted}")
            sound = False
    return sound


def _keep(rows: Rows, where: Where, given: Mapping[str, str], shape: Shape, problems: Problems) -> None:
    """Put one row among the others of its file, or say why it cannot be."""
    full = {column: given.get(column, "") for column in shape.columns}
    if "element_key" in shape.columns and "element_key" not in given:
        full["element_key"] = normalize(full["element"])
    row = Row(where, full, frozenset(given))
    sound = True
    for column in shape.columns:
        if column in given and not given[column] and column not in shape.may_be_blank:
            problems.add(where, f"column {column!r} is blank", "fill the cell")
            sound = False
    if not sound:
        return
    try:
        key = shape.as_key([full[column] for column in shape.key])
    except ValueError as error:
        wrong, _, do = str(error).rpartition("; ")
        problems.add(where, wrong, do)
        return
    if "element_key" in full and full["element_key"] != normalize(full["element"]):
        problems.add(
            where,
            f"element_key {full['element_key']!r} is not the normalized form of {full['element']!r}",
            f"write {normalize(full['element'])!r} or, in an overlay, leave the column out",
        )
        return
    other = rows.get(key)
    if other is None:
        rows[key] = row
    elif other.target(shape) != row.target(shape):
        problems.add(
            where,
            f"{' '.join(full[column] for column in shape.key)!r} is the same word as in line "
            f"{other.where.line} and stands for something else",
            "keep one of the two",
        )
    elif tuple(full.values()) < tuple(other.cells.values()):
        # Which spelling is shown must not hang on the order of the rows.
        rows[key] = row
