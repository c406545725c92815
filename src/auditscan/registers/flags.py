"""Columns that are no field of a transfer and still say which elements were disclosed.

A matrix has a column for each element, with a yes or no in it. And a column that was not read at all may name elements:
what it says is not known, so that no row of it is taken for harmless.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.registers.cells import clean, is_redacted
from auditscan.registers.columns import Synonyms
from auditscan.registers.elements import FLAG, SEGMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditscan.registers.elements import ElementReader

__all__ = ["Beside", "beside", "unread_items"]

_ASKED = frozenset({"request", "ask", "seek", "sought", "propose", "proposed"})
_WHOLE = "\x1f"
"""Before the name of a column that names elements by its header, whatever its cells say."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The columns of one table beside those that hold fields, by their places from 0."""

    flags: tuple[tuple[int, str, bool], ...] = ()
    """Place, name of the element, and whether a blank cell leaves it open: where others say no."""
    unread: tuple[tuple[int, str], ...] = ()
    """Place and header of those that were not read; those that name elements by their headers are marked."""

    def elements(self, cells: Sequence[str]) -> str:
        """Return the expression of all that a row says of elements; `cells` are the columns that list them."""
        said = list(cells)
        for number, (place, _, open_blank) in enumerate(self.flags, start=1):
            cell = f"coalesce(cell_{place}, '')" if open_blank else f"cell_{place}"
            said.append(f"getvariable('flag_names')[{number}] || chr({ord(FLAG)}) || {cell}")
        return _joined(said)

    def left_out(self) -> str:
        """Return the expression of the cells that were not read, each behind the name of its column."""
        return _joined(
            f"getvariable('unread_names')[{number}] || chr({ord(FLAG)}) || cell_{place}"
            for number, (place, _) in enumerate(self.unread, start=1)
        )

    def variables(self) -> dict[str, list[str]]:
        """Return what the expressions ask for."""
        return {"flag_names": [name for _, name, _ in self.flags], "unread_names": [name for _, name in self.unread]}


def _joined(parts: Iterable[str]) -> str:
    parts = list(parts)
    return f"nullif(concat_ws(chr({ord(SEGMENT)}), {', '.join(parts)}), '')" if parts else "null::varchar"


def beside(
    headers: Sequence[str],
    fields: Mapping[int, str],
    named: Mapping[int, str],
    rows: Sequence[Sequence[str]],
    reader: ElementReader,
) -> Beside:
    """Return the columns beside those of the fields; `rows` are those below the header.

    `fields` gives the field of each column that a mapping names, or that was recognized; `named` the elements of flags.
    """
    table = Synonyms.shipped()
    flags: list[tuple[int, str, bool]] = []
    unread: list[tuple[int, str]] = []
    listed = "elements" in fields.values()
    for place, header in enumerate(headers):
        name = fields.get(place)
        if name == "flag":
            cells = {clean(row[place]) for row in rows if place < len(row)}
            flags.append((place, named.get(place) or header, any(cell and reader.denies_flag(cell) for cell in cells)))
        elif name not in (None, "note"):
            continue
        elif clean(header):
            tokens = table.tokens(header)
            if listed and _ASKED & set(tokens):
                continue  # what was asked for, where another column says what was given
            plain = " ".join(header.split())
            known = tokens in table.exact or tokens in table.by_values
            by_header = name is None and not known and bool(reader.names(plain) or reader.named_by(plain))
            unread.append((place, f"{_WHOLE}{plain}" if by_header else plain))
    return Beside(tuple(flags), tuple(unread))


def unread_items(text: str, reader: ElementReader) -> list[str]:
    """Return one item for each column of a row that names elements and was not read."""
    items = []
    for segment in text.split(SEGMENT):
        name, _, cell = segment.partition(FLAG)
        whole = name.startswith(_WHOLE)
        cell = clean(cell)
        if not cell or (whole and reader.denies_flag(cell)):
            continue
        if whole or (not is_redacted(cell) and reader.names(cell)):
            items.append(f'unread column "{name.removeprefix(_WHOLE)}"')
    return items
