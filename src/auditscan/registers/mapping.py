"""The mapping of a register: which of its columns holds which field, as a person has looked it over.

A mapping is a small TOML file, beside the register as `NAME.mapping.toml` or named for a scan. What a column is taken
for stands there in the open, and a scan follows it to the letter: a column that the mapping names and the register does
not have is a fault, never a blank.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from auditscan.errors import Problem, ProblemsError, UsageError
from auditscan.registers.cells import clean
from auditscan.registers.columns import FIELDS, LIST_FIELDS, MANY
from auditscan.registers.dates import ORDERS, Order
from auditscan.settings.toml_lines import line_of, read_toml
from auditscan.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from auditscan.settings.toml_lines import KeyPath

T = TypeVar("T")

VERSION = 1
SEPARATORS = (";", ",", "/", "and", "&")
"""What parts the items of a list of states, programs or populations, unless the mapping says otherwise."""

CONSTANTS = ("sender", "recipient", "actor", "action", "system", "authority", "programs", "states", "elements",
             "populations", "purpose", "outcome")  # fmt: skip
"""Fields that a mapping may give to every record."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_SHOWN = 60


class MappingError(ProblemsError):
    """A mapping that cannot be used; `problems` holds everything that is wrong with it."""

    subject = "the mapping"
    advice = "correct the file, or let `auditscan sources map` write a new one"


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """One column, and the field it holds."""

    column: str
    """What its header says."""
    field: str
    place: int | None = None
    """Its place from 1, where the header alone does not tell it from another."""
    why: str = ""
    examples: tuple[str, ...] = ()
    element: str = ""
    """Of a column that says yes or no: to which element, where its header does not say that."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """One table of a register."""

    header_row: int
    columns: tuple[MappedColumn, ...]
    sheet: str | None = None
    """The sheet of a workbook; None for text, or for every sheet that has these columns."""
    last_row: int | None = None
    """The last row of the table; None where it goes as far as the next table, or to the end."""
    skip: bool = False
    """Whether the sheet is left out, on purpose."""
    header_rows: int = 1
    dates: Order = "us"
    separators: tuple[str, ...] = SEPARATORS
    constants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """What a person should look at, for the comments of the file."""

    def places(self, header: Sequence[str]) -> dict[str, list[int]]:
        """Return the places, from 0, of the columns of each field; raises ValueError for one that is not there."""
        found: dict[str, list[int]] = {}
        for place, one in self.placed(header).items():
            if one.field not in ("ignored", "flag"):
                found.setdefault(one.field, []).append(place)
        return found

    def placed(self, header: Sequence[str]) -> dict[int, MappedColumn]:
        """Return every column that is named, by its place from 0; raises ValueError for one that is not there."""
        found: dict[int, MappedColumn] = {}
        said = [clean(cell).casefold() for cell in header]
        for one in self.columns:
            wanted = clean(one.column).casefold()
            fitting = [place for place, cell in enumerate(said) if cell == wanted]
            if one.place is not None:
                fitting = [place for place in fitting if place == one.place - 1]
            if len(fitting) != 1:
                many = f"{len(fitting)} columns are called" if fitting else "no column is called"
                called = ", ".join(f"`{_short(clean(cell))}`" for cell in header if clean(cell))
                hint = ": give its `place`" if fitting else f" in row {self.header_row}, which has {called or 'none'}"
                raise ValueError(f"{many} `{_short(one.column)}`{hint}")
            found[fitting[0]] = one
        return found


@dataclass(frozen=True, slots=True)
class Mapping:
    """The mapping of one file."""

    tables: tuple[TableMapping, ...]
    path: Path | None = None
    """Where it was read; None for one that was proposed."""


# --- reading ---------------------------------------------------------------------------------------


def read_mapping(path: Path) -> Mapping:
    """Return what a mapping says.

    Raises MappingError with everything that is wrong, by line, and UsageError for a file that cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError("the mapping cannot be read", where=str(path), why=error.strerror) from error
    values, places = read_toml(path, content, MappingError)
    reading = _Reading(str(path), places)
    tables = reading.file(values)
    if reading.problems:
        raise MappingError(reading.problems)
    return Mapping(tables, path)


class _Reading:
    """The faults of one mapping, collected while it is read."""

    def __init__(self, path: str, places: dict[KeyPath, list[int]]) -> None:
        self._path = path
        self._places = places
        self.problems: list[Problem] = []

    def file(self, values: dict[str, Any]) -> tuple[TableMapping, ...]:
        self._known((), values, ("version", "kind", "tables"))
        if values.get("version") != VERSION:
            self._fault(("version",), f"`version` must be {VERSION}")
        if values.get("kind", "register") != "register":
            self._fault(("kind",), '`kind` must be "register"')
        tables = values.get("tables")
        if not isinstance(tables, list) or not tables or not all(isinstance(one, dict) for one in tables):
            self._fault(("tables",), "a mapping has one or more `[[tables]]`")
            return ()
        return tuple(self._table(("tables", number), table) for number, table in enumerate(tables))

    def _table(self, at: KeyPath, table: dict[str, Any]) -> TableMapping:
        keys = ("sheet", "header_row", "header_rows", "last_row", "dates", "separators", "columns", "constants", "skip")
        self._known(at, table, keys)
        sheet = self._value(at, table, "sheet", None, lambda value: isinstance(value, str), "must be a text")
        if self._value(at, table, "skip", False, lambda value: isinstance(value, bool), "must be true or false"):
            if sheet is None:
                self._fault(at, "`skip` leaves out a sheet: name it with `sheet`")
            return TableMapping(1, (), sheet, skip=True)
        columns = table.get("columns")
        if not isinstance(columns, list) or not columns or not all(isinstance(one, dict) for one in columns):
            self._fault((*at, "columns"), "a table has one or more `[[tables.columns]]`")
            columns = []
        mapped = tuple(self._column((*at, "columns", number), one) for number, one in enumerate(columns))
        constants = self._constants((*at, "constants"), table.get("constants", {}), mapped)
        self._once(at, mapped)
        return TableMapping(
            header_row=self._value(at, table, "header_row", 1, lambda value: type(value) is int and value > 0,
                                   "must be the row of the header, from 1"),
            columns=mapped,
            sheet=sheet,
            last_row=self._value(at, table, "last_row", None, lambda value: type(value) is int and value > 0,
                                 "must be the last row of the table, from 1"),
            header_rows=self._value(at, table, "header_rows", 1, lambda value: value in (1, 2), "must be 1 or 2"),
            dates=self._value(at, table, "dates", "us", lambda value: value in ORDERS,
                              f"must be one of {', '.join(ORDERS)}"),
            separators=tuple(self._value(at, table, "separators", list(SEPARATORS), _are_texts,
                                         "must be a list of texts")),
            constants=constants,
        )  # fmt: skip

    def _column(self, at: KeyPath, one: dict[str, Any]) -> MappedColumn:
        self._known(at, one, ("column", "field", "place", "element"))
        column = self._value(at, one, "column", "", lambda value: isinstance(value, str), "must be a text")
        if "column" not in one:
            self._fault(at, "`column` is missing: what the header says")
        name = one.get("field")
        if name not in FIELDS:
            self._fault((*at, "field"), f"`field` must be one of {', '.join(FIELDS)}")
        place = self._value(at, one, "place", None, lambda value: _place_of(value) is not None,
                             'must be the place of the column, from 1, or its letters, as "F"')  # fmt: skip
        element = self._value(at, one, "element", "", lambda value: isinstance(value, str), "must be a text")
        if element and name != "flag":
            self._fault((*at, "element"), "`element` is for a column whose field is `flag`")
        return MappedColumn(column, str(name), _place_of(place), element=element)

    def _constants(self, at: KeyPath, given: object, columns: Sequence[MappedColumn]) -> dict[str, tuple[str, ...]]:
        if not isinstance(given, dict):
            self._fault(at, "`constants` must be a table")
            return {}
        # Flags tell of elements.
        mapped = {"elements" if one.field == "flag" else one.field for one in columns}
        read = {}
        for name, value in given.items():
            values = [value] if isinstance(value, str) else value
            if name not in CONSTANTS:
                self._fault((*at, name), f"`{name}` is no field that every record can share: {', '.join(CONSTANTS)}")
            elif not _are_texts(values) or (len(values) > 1 and name not in LIST_FIELDS):
                takes = "a text or a list of texts" if name in LIST_FIELDS else "a text"
                self._fault((*at, name), f"`{name}` must be {takes}")
            elif name in mapped:
                self._fault((*at, name), f"`{name}` is held by a column already")
            else:
                read[name] = tuple(values)
        return read

    def _once(self, at: KeyPath, columns: Sequence[MappedColumn]) -> None:
        """Note fields with more than one column, of those that hold one value."""
        seen: set[str] = set()
        for number, one in enumerate(columns):
            if one.field in MANY or one.field == "None":
                continue
            if one.field in seen:
                self._fault((*at, "columns", number, "field"), f"`{one.field}` is held by another column already")
            seen.add(one.field)

    def _known(self, at: KeyPath, values: dict[str, Any], keys: Sequence[str]) -> None:
        for key in values:
            if key not in keys:
                self._fault((*at, key), f"unknown key `{key}`; known are {', '.join(keys)}")

    def _value(
        self, at: KeyPath, values: dict[str, Any], key: str, default: T, fits: Callable[[Any], bool], must: str
    ) -> T:
        if key not in values:
            return default
        if not fits(values[key]):
            self._fault((*at, key), f"`{key}` {must}")
            return default
        return cast("T", values[key])

    def _fault(self, at: KeyPath, message: str) -> None:
        self.problems.append(Problem(self._path, line_of(self._places, at), message))


def _place_of(value: object) -> int | None:
    """The place of a column by its number or by its letters, as spreadsheets name it; None for neither."""
    if type(value) is int and value > 0:
        return value
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{1,3}", value):
        return None
    place = 0
    for letter in value.upper():
        place = place * 26 + ord(letter) - 64
    return place


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) and one.strip() for one in value)


# --- writing ---------------------------------------------------------------------------------------


def written(mapping: Mapping, register: str, unmapped: Sequence[Sequence[MappedColumn]] = ()) -> str:
    """Return a mapping as TOML for a person to look over, each column with why, and with examples.

    `unmapped` gives, a table, the columns that were not recognized: they stand in comments, ready to be filled in.
    """
    lines = [
        f"# Which column of {_comment(register)} holds which field of a transfer.",
        "# Look it over, correct it, and leave it beside the register: a scan then follows it.",
        f"# Fields: {', '.join(FIELDS[:11])},",
        f"#   {', '.join(FIELDS[11:])}.",
        f"version = {VERSION}",
        'kind = "register"',
    ]
    for number, table in enumerate(mapping.tables):
        lines += ["", "[[tables]]", *(f"# {_comment(note)}" for note in table.notes)]
        if table.sheet is not None:
            lines.append(f"sheet = {_text(table.sheet)}")
        if table.skip:
            lines.append("skip = true  # left out, on purpose")
            continue
        lines.append(f"header_row = {table.header_row}")
        if table.header_rows != 1:
            lines.append(f"header_rows = {table.header_rows}")
        lines.append(f'dates = "{table.dates}"  # 7/1/2025: "us" is July, "european" January, "iso" no date at all')
        if table.dates == "mixed":
            lines.append('# "mixed": only days above 12 tell, and the others are not read')
        lines.append(f"separators = [{', '.join(map(_text, table.separators))}]  # of states, programs, populations")
        for column in table.columns:
            lines += ["", *_about(column), "[[tables.columns]]", f"column = {_text(column.column)}"]
            if column.place is not None:
                lines.append(f"place = {column.place}")
            lines.append(f'field = "{column.field}"')
        for column in unmapped[number] if number < len(unmapped) else ():
            lines += ["", *_about(column), "# [[tables.columns]]", f"# column = {_text(column.column)}"]
            if column.place is not None:
                lines.append(f"# place = {column.place}")
            lines.append('# field = ""')
        lines += ["", "# What every record shares, where no column says it:", "[tables.constants]"]
        lines += [f"{name} = {_constant(name, values)}" for name, values in table.constants.items()]
        if not table.constants:
            lines += ['# sender = "CMS"', '# programs = ["medicaid"]']
    return "\n".join(lines) + "\n"


def _about(column: MappedColumn) -> list[str]:
    shown = [f"# {_comment(column.why)}"] if column.why else []
    return [*shown, *(f"#   {_comment(example)}" for example in column.examples)]


def _constant(name: str, values: Sequence[str]) -> str:
    return f"[{', '.join(map(_text, values))}]" if name in LIST_FIELDS else _text(values[0])


def _text(text: str) -> str:
    """A text as TOML: JSON's way of writing it is TOML's too; what a reader would not see is written by its number."""
    return "".join(
        letter
        if printable(letter) == letter
        else f"\\u{ord(letter):04x}"
        if ord(letter) < 1 << 16
        else f"\\U{ord(letter):08x}"
        for letter in json.dumps(text, ensure_ascii=False)
    )


def _comment(text: str) -> str:
    return _short(printable(_CONTROL.sub(" ", text)), 200)


def _short(text: str, length: int = _SHOWN) -> str:
    return text if len(text) <= length else text[: length - 3] + "..."
