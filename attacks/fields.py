"""The fields of logs, whatever their form, so that attacks can change one of them."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

TEXT = object()
"""The step of a path from a text to the JSON that it holds."""

Step = Any
Path_ = tuple[Step, ...]

MOST_AROUND = 5
"""An object with a list and fewer other fields than this stands around records; one with more is a record."""

_MARK = "\ue000here\ue000"
_WORD = re.compile(r"[^\s\"'=|,;()\[\]{}<>&?]+")


def text_of(log: Path) -> str:
    """The text of a log, unpacked."""
    raw = log.read_bytes()
    if log.suffix == ".gz":
        raw = gzip.decompress(raw)
    return raw.decode("utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")


def form_of(text: str) -> str:
    """json | table | lines: how the fields of a log are told apart."""
    if text.lstrip()[:1] in "{[":
        return "json"
    return "table" if re.match(r"[^ ,\t<]+[,\t]", text) else "lines"


def read_json(text: str) -> tuple[list[Any], bool]:
    """The values of a log, and whether each stands in a line of its own; else there is one."""
    try:
        return [json.loads(text)], False
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()], True


def json_text(values: Sequence[Any], *, by_line: bool) -> str:
    """Values as `read_json` reads them."""
    return "".join(json.dumps(value) + "\n" for value in values) if by_line else json.dumps(values[0], indent=1)


def read_table(text: str) -> tuple[list[list[str]], str]:
    """The rows of a table, and what parts its cells."""
    delimiter = "\t" if "\t" in text.split("\n", 1)[0] else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)), delimiter


def table_text(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Rows as `read_table` reads them."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue()


def header_of(rows: Sequence[Sequence[str]]) -> int:
    """The place of a table's header: the first row that has more than two cells, or the first."""
    return next((place for place, row in enumerate(rows) if len(row) > 2), 0)


@dataclass(frozen=True, slots=True)
class Value:
    """What is put into a field."""

    text: str
    """As it stands in a cell or a line."""
    json: str
    """As JSON text."""


class Log:
    """A log as records: what stands before them, and how they stand in a row."""

    def __init__(self, text: str) -> None:
        self.form = form_of(text)
        self.records: list[Any] = []
        self._head = self._tail = ""
        self._parted_by = "\n"
        if self.form == "json":
            self._take_json(text)
        elif self.form == "table":
            rows, self._delimiter = read_table(text)
            first = header_of(rows) + 1
            self._head = table_text(rows[:first], self._delimiter)
            self.records = rows[first:]
            self._parted_by = ""
        else:
            lines = text.split("\n")
            self.records = [line for line in lines if line.strip()]

    def _take_json(self, text: str) -> None:
        values, by_line = read_json(text)
        home = None if by_line else _list_of_records(values[0])
        if home is None:
            self.records = values
            return
        self.records = _at(values[0], home)
        raw = json.dumps(_with(values[0], home, _MARK))
        self._head, self._tail = raw.split(json.dumps(_MARK))
        self._head, self._tail, self._parted_by = self._head + "[", "]" + self._tail, ",\n"

    def with_more(self, records: Iterable[str], at_least: int = 1) -> str:
        """The log with more records, as `changed` gives them, behind its own; these are repeated up to a number."""
        own = [self._written(record) for record in self.records]
        own *= -(-at_least // max(len(own), 1))
        return self._head + self._parted_by.join([*own, *records]) + self._tail + "\n"

    def _written(self, record: Any) -> str:
        if self.form == "json":
            return json.dumps(record)
        return table_text([record], self._delimiter) if self.form == "table" else record

    def fields(self, record: Any) -> Iterator[Path_]:
        """The paths of all fields of a record, those that hold others included."""
        if self.form == "json":
            yield from _paths(record)
        elif self.form == "table":
            for place, cell in enumerate(record):
                yield (place,)
                yield from ((place, *path) for path in _paths(cell))
        else:
            yield from ((found.start(), found.end()) for found in _WORD.finditer(record))

    def changed(self, record: Any, path: Path_, value: Value) -> str:
        """The record with a value in the place of a field, as it is written."""
        if self.form == "json":
            return _raw(_with(record, path, _MARK, value.json), value.json)
        if self.form == "table":
            cells = [*record]
            cells[path[0]] = _with(cells[path[0]], path[1:], _MARK, value.json) if path[1:] else value.text
            return table_text([cells], self._delimiter)
        return record[: path[0]] + value.text + record[path[1] :]


def _list_of_records(value: Any) -> tuple[Step, ...] | None:
    """The path to the outermost list of objects; None where a value holds none near its root."""
    if isinstance(value, list):
        return ()
    for key, held in value.items():
        if isinstance(held, list) and held and len(value) < MOST_AROUND and all(isinstance(one, dict) for one in held):
            return (key,)
    return None


def _at(value: Any, path: Path_) -> Any:
    for step in path:
        value = value[step]
    return value


def _paths(value: Any) -> Iterator[Path_]:
    if isinstance(value, dict | list):
        for key, held in value.items() if isinstance(value, dict) else enumerate(value):
            yield (key,)
            yield from ((key, *path) for path in _paths(held))
    elif isinstance(value, str) and value[:1] in ("{", "[") and (held := _as_json(value)) is not None:
        yield from ((TEXT, *path) for path in _paths(held))


def _as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _with(value: Any, path: Path_, new: Any, raw: str = "") -> Any:
    """A copy of a value with another one behind a path; JSON within a text is written with `raw` in its place."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if step is TEXT:
        return _raw(_with(json.loads(value), rest, new, raw), raw)
    copy = value.copy()
    copy[step] = _with(value[step], rest, new, raw)
    return copy


def _raw(value: Any, raw: str) -> str:
    return json.dumps(value).replace(json.dumps(_MARK), raw)
