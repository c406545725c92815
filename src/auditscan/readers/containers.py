"""Containers: what collectors, consoles and exports put around the records of a log.

The same record comes alone, behind the stamp of a system log, as text in a field of a collector's object, or in a cell
of a console's table. Each such thing is one row of `containers.csv`, and an `Opening` takes it off: a stream of the log
in its container in, a stream of as many lines out, each the record of that line or a blank one, so that a record keeps
its place in the file. Openings follow one another: a line of Docker may hold a system log, and that a record.
"""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from auditscan.policy import normalize
from auditscan.readers.csv_rows import NO_REST, Header, cells_of, take_apart
from auditscan.readers.json_array import ArrayLines, InsideArray
from auditscan.readers.json_text import Member, members
from auditscan.readers.model import Quarantine, SetAside
from auditscan.readers.raw import CHUNK, LineByLine, Pull, read_up_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.readers.model import FileReport
    from auditscan.readers.raw import ByteStream

_TIMES = ("timestamp", "time")
"""Fields beside a record that tell when it came, as look-up words."""

_LINE_ENDS = re.compile(r"[\r\n]+")

OTHER_PROGRAM = "a line of another program in a system log"
"""What the lines are counted as that a log of one program in a system log does not have."""

_PAIR = {"field", "value"}
"""What an answer of CloudWatch Logs Insights makes of each field: an object with its name and its value."""


class Way(NamedTuple):
    """A row of the table: one way in which records are contained."""

    what: str
    becomes: str
    """What stands in the place of what was cut off, as `re` expands it."""
    told: str


@cache
def ways() -> Mapping[str, tuple[Way, ...]]:
    """The table: list | field | before -> its rows, in their order."""
    text = resources.files(__package__).joinpath("containers.csv").read_text(encoding="utf-8")
    found: dict[str, list[Way]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["kind"], []).append(Way(row["what"], row["becomes"], row["told"]))
    return {kind: tuple(rows) for kind, rows in found.items()}


@dataclass(frozen=True, slots=True)
class Opening:
    """One container, and how it is taken off."""

    kind: str
    """before: the beginning of a line | program: lines of others in a system log | field: of an object |
    quoted: a text in JSON | pairs: an object in two columns | rows: a table's |
    items: objects in an array or behind one another | inside: objects in a list that outer objects hold."""
    what: str = ""
    """A pattern, a program, a field as a look-up word, what parts cells, or the list's key."""
    becomes: str = ""
    """What stands in the place of what is cut off; of a program the pattern that finds its name."""
    told: str = ""
    keep: bool = False
    """Whether the record stays in an object, beside the time that its container gives it."""

    @property
    def unit(self) -> str:
        """What the number of a record counts once this is taken off: line | item | item of <key>."""
        return {"items": "item", "inside": f"item of {self.what}"}.get(self.kind, "line")

    def stream(self, source: ByteStream) -> Pull:
        """What it contains, a line each."""
        if self.kind == "items":
            return ArrayLines(source)
        if self.kind == "inside":
            return InsideArray(source, self.what)
        return _STREAMS[self.kind](source, self)


class Contained(LineByLine):
    """What a container holds, and what of it is no record for anybody."""

    def __init__(self, source: ByteStream, opening: Opening) -> None:
        super().__init__(source)
        self._opening = opening
        self.quarantined = Quarantine()
        """Where what cannot be read goes, if somebody wants to know."""
        self.unreadable = 0
        self.aside: dict[str, SetAside] = {}
        """Why lines are no transfers -> how many."""
        self._names: tuple[re.Pattern[bytes], re.Pattern[bytes]] | None = None

    def look_for(self, names: str, others: str) -> None:
        """Count which lines that are set aside name a part of DHS, as the macro `names_dhs` does."""
        self._names = re.compile(names.encode()), re.compile(others.encode())

    def _names_dhs(self, line: bytes) -> bool:
        if self._names is None or not self._names[0].search(line):
            return False
        return self._names[0].search(self._names[1].sub(b" ", line)) is not None

    def account(self, report: FileReport) -> None:
        """Add that to the accounting of the file, once all is read: other threads add to it until then."""
        report.records += self.unreadable
        for why, aside in self.aside.items():
            report.records += aside.records
            report.not_transfers += aside.records
            report.count_aside(why, aside)


def within(line: str) -> list[Member]:
    """The fields of the object that a line holds, also one that is written as pairs of a name and a value.

    Raises ValueError where it holds none.
    """
    if line.lstrip()[:1] != "[":
        return members(line)
    pairs = json.loads(line)
    if not all(isinstance(pair, dict) and pair.keys() == _PAIR and isinstance(pair["field"], str) for pair in pairs):
        raise ValueError("no list of fields")
    return [Member(pair["field"], pair["value"], json.dumps(pair["value"], ensure_ascii=False)) for pair in pairs]


class _Lines(Contained):
    """A line out for every line in."""

    def __init__(self, source: ByteStream, opening: Opening) -> None:
        super().__init__(source, opening)
        self._number = 0

    def _opened(self, line: bytes) -> bytes:
        """What a line that is not blank contains, without its end."""
        raise NotImplementedError

    def _made(self, line: bytes) -> bytes:
        self._number += 1
        return (self._opened(line.removesuffix(b"\r")) if line.strip() else b"") + b"\n"

    def _kept(self, time: str | None, record: bytes) -> bytes:
        """The record, beside the time of its container where that is wanted; `time` is JSON."""
        if not self._opening.keep or time is None or record[:1] != b"{":
            return record
        return b'{"timestamp":%s,"message":%s}' % (time.encode(), record)


class _Before(_Lines):
    """Cuts off what stands before a record."""

    def __init__(self, source: ByteStream, opening: Opening) -> None:
        super().__init__(source, opening)
        self._pattern = re.compile(opening.what.encode())
        self._timed = "time" in self._pattern.groupindex

    def _opened(self, line: bytes) -> bytes:
        found = self._pattern.match(line)
        if found is None:
            return line
        record = found.expand(self._opening.becomes.encode()) + line[found.end() :]
        time = found["time"] if self._timed else None
        return self._kept(None if time is None else json.dumps(time.decode()), record)


class _Program(_Lines):
    """Leaves the lines of one program of a system log, as they stand."""

    def __init__(self, source: ByteStream, opening: Opening) -> None:
        super().__init__(source, opening)
        self._pattern = re.compile(opening.becomes.encode())

    def _opened(self, line: bytes) -> bytes:
        found = self._pattern.match(line)
        if found is None or found["program"] == self._opening.what.encode():
            return line
        naming = self._names_dhs(line)
        one = SetAside(1, 1, int(naming), 1 if naming else None)
        self.aside[OTHER_PROGRAM] = self.aside.get(OTHER_PROGRAM, SetAside()).with_block(one, self._number - 1)
        return b""


class _Field(_Lines):
    """Takes records out of a field; an object without it stands by itself."""

    def _opened(self, line: bytes) -> bytes:
        try:
            found = within(line.decode())
        except ValueError:
            return line
        held = next((one for one in found if normalize(one.key) == self._opening.what), None)
        if held is None:
            return line
        record = _on_one_line(held.raw)
        time = next((one.raw for one in found if normalize(one.key) in _TIMES), None)
        return self._kept(time, record)


def _on_one_line(raw: str) -> bytes:
    """A record from a value as JSON has it: between tokens a blank does as well as the end of a line."""
    text = json.loads(raw) if raw[:1] == '"' else raw
    return _LINE_ENDS.sub(" ", text.rstrip("\r\n")).encode("utf-8", "surrogatepass")


class _Quoted(_Lines):
    """Takes a record out of the quotes of a text in JSON."""

    def _opened(self, line: bytes) -> bytes:
        try:
            text = line.decode().strip()
            return _on_one_line(text) if text[:1] == '"' else line
        except ValueError:
            return line


class _Pairs(_Lines):
    """Makes an object of a list of names and values."""

    def _opened(self, line: bytes) -> bytes:
        try:
            found = within(line.decode())
        except ValueError:
            return line
        return ("{" + ",".join(f"{json.dumps(one.key)}:{one.raw}" for one in found) + "}").encode("utf-8", "replace")


class _Rows(Contained):
    """Makes an object of every row of a table, on the line on which the row begins."""

    def __init__(self, source: ByteStream, opening: Opening) -> None:
        super().__init__(source, opening)
        self._delimiter = opening.what
        self._header: Header | None = None
        self._offset = self._before = 0
        self._left_open = NO_REST

    def _piece(self) -> bytes:
        while not self._ended:
            chunk = read_up_to(self._stream, CHUNK)
            self._ended = len(chunk) < CHUNK
            content = self._rest + chunk
            cut = len(content) if self._ended else content.rfind(b"\n") + 1
            content, self._rest = content[:cut], content[cut:]
            if piece := self._read(content):
                return piece
        return b""

    def _read(self, content: bytes) -> bytes:
        blanks = b""
        while self._header is None and content:
            line, _, content = content.partition(b"\n")
            self._offset += len(line) + 1
            self._before += 1
            blanks += b"\n"
            if line.strip():
                cells = cells_of(line.decode("utf-8", "replace").rstrip("\r"), self._delimiter)
                # Of two columns of one name the first is read.
                places = {normalize(cell) or f"column {at}": at for at, cell in reversed(list(enumerate(cells)))}
                self._header = Header(cells, self._delimiter, tuple(places), places)
        if self._header is None or not (content or self._left_open.text):
            return blanks
        rows = take_apart(
            content, self._header, self._offset, self._before, self._ended, self.quarantined, self._left_open
        )
        self.unreadable += rows.records - rows.readable
        self._left_open = rows.rest
        self._offset += len(content)
        self._before += rows.lines
        return blanks + b"".join(self._objects(rows.clean, rows.lines))

    @property
    def _cells(self) -> list[str]:
        return [] if self._header is None else self._header.cells

    def _objects(self, clean: bytearray, lines: int) -> Iterator[bytes]:
        """The rows at their lines, blank lines between them."""
        written = 0
        for number, *cells in csv.reader(io.StringIO(clean.decode(), newline="")):
            yield b"\n" * (int(number) - 1 - written)
            written = int(number)
            named = list(zip(self._cells, cells, strict=True))
            record = json.dumps({name: cell for name, cell in reversed(named) if cell}, ensure_ascii=False)
            yield record.encode("utf-8", "surrogateescape") + b"\n"
        yield b"\n" * (lines - written)


_STREAMS = {
    "before": _Before,
    "program": _Program,
    "field": _Field,
    "quoted": _Quoted,
    "pairs": _Pairs,
    "rows": _Rows,
}
