"""Columns that are no field of a transfer and still say which elements were disclosed.

A matrix has a column for each element, with a yes or no in it. And a column that was not read at all may name elements:
what it says is not known, so that no row of it is taken for harmless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.registers.cells import clean, is_redacted
from auditscan.registers.columns import Synonyms
from auditscan.registers.phrases import Phrases

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from auditscan.registers.elements import ElementReader
    from auditscan.registers.mapping import MappedColumn

_SEGMENT = "\x1d"
"""Parts the cells of several columns of one row."""
_FLAG = "\x1e"
"""Parts the name of an element, or of a column, from its cell."""
_MOST = 200
"""Of a table of more columns, those further out are looked at only where the rows at hand name elements in them."""
_WHOLE = "\x1f"
"""Before the name of a column that names elements by its header, whatever its cells say."""
_SIGNS = [f"chr({ord(sign)})" for sign in (_SEGMENT, _FLAG, _WHOLE)]
_ASKS = re.compile(r"\(\s*(?:y\s*/\s*n|yes\s*/\s*no|x|flag|check[^()]*|tick[^()]*|1\s*/\s*0)\s*\)|\?", re.IGNORECASE)
_WHO = frozenset(
    ("by", "contact", "requester", "recipient", "analyst", "officer", "official", "custodian", "employee", "staff")
)
_CONTACT = frozenset(
    ("phone", "telephone", "tel", "fax", "mobile", "cell", "email", "mail", "address", "street", "suite", "city",
     "town", "county", "state", "zip", "zipcode", "code", "postal", "postcode", "country", "mailing", "line",
     "number", "title", "office", "extension", "1", "2")
)  # fmt: skip
_YES = ("t", "\u25cf", "\u2022")
_PLAINLY = frozenset(
    ("y", "yes", "n", "no", "x", "true", "false", "t", "f", "1", "0", "included", "excluded", "not included",
     *"\u2611\u2610\u2713\u2714\u2705\u2717\u2718\u2612\u274c\u25cf\u25cb\u2022")
)  # fmt: skip
_NO = ("f", "\u2610", "\u25a1", "\u25cb", "[ ]", "[]")


@dataclass(frozen=True, slots=True)
class Beside:
    """The columns of one table beside those that hold fields, by their places from 0."""

    flags: tuple[tuple[int, str, bool], ...] = ()
    """Place, name of the element, and whether a blank cell leaves it open: where others say no."""
    unread: tuple[tuple[int, str], ...] = ()
    """Place and header of those that were not read; those that name elements by their headers are marked."""

    def elements(self, cells: Sequence[str]) -> str:
        """Return the expression of all that a row says of elements; `cells` are the columns that list them."""
        # What a cell holds never counts as one of our own signs.
        said = [
            f"case when {' or '.join(f'contains({cell}, {sign})' for sign in _SIGNS)} "
            f"then translate({cell}, {' || '.join(_SIGNS)}, '   ') else {cell} end"
            for cell in cells
        ]
        for number, (place, _, open_blank) in enumerate(self.flags, start=1):
            cell = f"coalesce(cell_{place}, '')" if open_blank else f"cell_{place}"
            said.append(f"getvariable('flag_names')[{number}] || chr({ord(_FLAG)}) || {cell}")
        return _joined(said)

    def left_out(self) -> str:
        """Return the expression of the cells that were not read, each behind the name of its column."""
        return _joined(
            f"getvariable('unread_names')[{number}] || chr({ord(_FLAG)}) || cell_{place}"
            for number, (place, _) in enumerate(self.unread, start=1)
        )

    @property
    def places(self) -> set[int]:
        """The places of all these columns."""
        return {place for place, *_ in self.flags} | {place for place, _ in self.unread}

    def variables(self) -> dict[str, list[str]]:
        """Return what the expressions ask for."""
        return {"flag_names": [name for _, name, _ in self.flags], "unread_names": [name for _, name in self.unread]}


def _joined(parts: Iterable[str]) -> str:
    parts = list(parts)
    together = parts[0] if len(parts) == 1 else f"concat_ws(chr({ord(_SEGMENT)}), {', '.join(parts)})"
    return f"nullif({together}, '')" if parts else "null::varchar"


def beside(
    headers: Sequence[str],
    named: Mapping[int, MappedColumn],
    rows: Sequence[Sequence[str]],
    flags_of: Flags,
    *,
    whole: bool,
) -> Beside:
    """Return the columns beside those of the fields.

    `named` gives, by place, the columns that a mapping names or that were recognized. `rows` are those of the table,
    its header among them; `whole` tells whether these are all, so that what none of them says is not looked for again.
    """
    table = Synonyms.shipped()
    flags: list[tuple[int, str, bool]] = []
    unread: list[tuple[int, str]] = []
    listed = any(one.field == "elements" for one in named.values())
    for place in range(max([len(headers), *map(len, rows)], default=0)):
        header = " ".join(headers[place].split()) if place < len(headers) else ""
        one = named.get(place)
        if one is not None and one.field not in ("flag", "note"):
            continue
        cells = {cell for row in rows if place < len(row) and (cell := clean(row[place]))} - {clean(header)}
        if one is not None and one.field == "flag":
            flags.append((place, one.element or header, any(flags_of.answer(cell) is False for cell in cells)))
            continue
        tokens = table.tokens(header)
        if (not header and not cells) or (listed and table.asking & set(tokens)):
            continue  # what was asked for says nothing where another column says what was given
        known = tokens in table.exact or tokens in table.by_values or _of_taking_part(set(tokens))
        mark = _WHOLE if one is None and not known and flags_of.mentions(header) else ""
        name = f"{mark}{header or f'column {place + 1}'}"
        if (whole or place >= len(headers) or place >= _MOST) and not any(
            flags_of.left_out(f"{name}{_FLAG}{cell}") for cell in cells
        ):
            continue
        unread.append((place, name))
    return Beside(tuple(flags), tuple(unread))


def _of_taking_part(words: set[str]) -> bool:
    """Whether a header speaks of somebody who took part, or of where to reach them, and not of people in the data."""
    return bool(words & _WHO) or words <= _CONTACT


class Flags:
    """Reads columns of one element, and those that were left out."""

    def __init__(self, reader: ElementReader, known: Collection[str]) -> None:
        self._reader = reader
        self._known = known

    def named_by(self, header: str) -> str:
        """Return what a header names, if it is the name of one or more elements and nothing else; else ''."""
        text = clean(_ASKS.sub(" ", header)).strip(" :?")
        words = text.split()
        # `Data Elements: SSN` in a header of two rows says no more than `SSN`.
        for size in range(min(3, len(words) - 1) + 1 if words else 0):
            if size and normalize(" ".join(words[:size])) not in Phrases.shipped().heading:
                continue
            rest = " ".join(words[size:]).strip(" :-\u2013\u2014")
            items = self._reader.read(rest)
            if items and all(normalize(item) in self._known for item in items):
                return rest
        return ""

    def mentions(self, header: str) -> bool:
        """Tell whether a header speaks of an element, be it that it was not disclosed."""
        return self._reader.mentions(header)

    def is_flag(self, cell: str) -> bool:
        """Tell whether a cell says yes or no in so many words, and not only that something does not apply."""
        return clean(cell).lower().strip(" .*") in _PLAINLY

    def answer(self, cell: str) -> bool | None:
        """Return whether a cell says yes; None where it says something else."""
        cell = clean(cell)
        word = cell.lower().strip(" .*")
        if self._reader.denials.is_yes(cell) or word in _YES:
            return True
        if self._reader.denials.is_no(cell) or word in _NO:
            return False
        return True if re.match(r"(?:yes|y)\b", word) and not self._reader.denials.denies(cell) else None

    def row(self, text: str) -> list[str]:
        """Return the items of all columns of a row that tell of elements."""
        items = [item for segment in text.split(_SEGMENT) for item in self._segment(segment)]
        return list(dict.fromkeys(items))

    def _segment(self, segment: str) -> list[str]:
        name, mark, cell = segment.partition(_FLAG)
        if not mark:
            return self._reader.read(segment)
        answer = self.answer(cell) if cell else None
        if answer is None:
            return [self._reader.denied(f"{name}: {clean(cell) or 'blank'}")]
        return self._reader.read(self.named_by(name) or name) if answer else []

    def left_out(self, text: str) -> list[str]:
        """Return one item for each column of a row that names elements and was not read."""
        items = []
        for segment in text.split(_SEGMENT):
            name, _, cell = segment.partition(_FLAG)
            whole = name.startswith(_WHOLE)
            cell = clean(cell)
            if not cell or (whole and self.answer(cell) is self._reader.denials.denies(name)):
                continue  # `SSN count` is none, `SSN withheld` is yes
            if whole or (not is_redacted(cell) and self._reader.names(cell)):
                items.append(f'unread column "{name.removeprefix(_WHOLE)}"')
        return items
