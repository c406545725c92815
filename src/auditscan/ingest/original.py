"""One record as it stands in its file, found again by its number.

Numbers are those of a scan: the file is recognized, unpacked and decoded as a scan does it, and then gone through to
the record, which is not changed on its way here.
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from auditscan.disk.private import private_folder
from auditscan.errors import NoInputError, UsageError
from auditscan.ingest.detection import looked, register_format
from auditscan.ingest.log_file import places_of
from auditscan.ingest.parquet_log import PARQUET_MAGIC
from auditscan.ingest.register_log import HEAD_BYTES as REGISTER_HEAD
from auditscan.ingest.sheet_log import SHEET_STEP
from auditscan.readers.csv_rows import MAX_OPEN_BYTES, cells_of, first_row
from auditscan.readers.encodings import Utf8
from auditscan.readers.json_array import ArrayLines, InsideArray
from auditscan.readers.load_file import NEW_LINE
from auditscan.readers.model import MAX_RECORD_BYTES
from auditscan.readers.raw import CHUNK, Fixed, HashedFile, Prefixed, UntilCut, read_up_to
from auditscan.readers.sniff import HEAD_BYTES
from auditscan.readers.unpack import unpacked
from auditscan.registers.beginnings import is_workbook
from auditscan.registers.beside import taken_beside
from auditscan.registers.mapping import read_mapping
from auditscan.registers.propose import delimited_head, header_above
from auditscan.registers.workbooks import column_letters, read_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.ingest.reads import Reads
    from auditscan.ingest.recognized import Recognized
    from auditscan.library import Library
    from auditscan.readers.raw import ByteStream
    from auditscan.registers.mapping import Mapping

Fields = list[tuple[str, str]]

_CUT = "only its beginning is shown: it is too long to be read as a record"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which record of a file."""

    number: int
    unit: str | None = None
    """What the number counts, where that was said: line | row | item."""
    sheet: str | None = None
    """The sheet of a workbook, where one was named; `number` is then the row in it."""


@dataclass(slots=True)
class Original:
    """A record as it stands in its file."""

    place: str
    """Where it is, as a person says it: `line 13`."""
    raw: str = ""
    """Its text, line ends within it too; empty where the file has no text of it: Parquet, workbooks."""
    fields: Fields = field(default_factory=list)
    """The name and text of each of its fields, in their order; none where its text has no fields."""
    notes: list[str] = field(default_factory=list)
    """What is odd about it."""


def read_original(path: Path, shown: str, wanted: Wanted, library: Library, reads: Reads) -> Original:
    """Return a record of a file called `shown`, which lies at `path` and is no archive.

    Raises NoInputError where the file has no such record, UsageError where it counts otherwise, DamagedFile where it
    cannot be read as far as there, and OSError.
    """
    source = HashedFile(path)
    try:
        stream = UntilCut(unpacked(source)[0])
        head = read_up_to(stream, HEAD_BYTES)
        if head.startswith(PARQUET_MAGIC) or (is_workbook(head) and register_format(library) is not None):
            with private_folder() as folder:
                copy = folder / "log"
                with copy.open("wb") as file:
                    whole = Prefixed(head, stream)
                    while piece := read_up_to(whole, CHUNK):
                        file.write(piece)
                if head.startswith(PARQUET_MAGIC):
                    return _row(copy, shown, wanted)
                return _Book(copy, shown, _mapped(path, reads)).row(wanted)
        return _Text(path, shown, library, reads, Prefixed(head, stream)).record(wanted)
    finally:
        source.close()


class _Text:
    """A file of text, at its beginning."""

    def __init__(self, path: Path, shown: str, library: Library, reads: Reads, stream: ByteStream) -> None:
        self._path = path
        self._shown = shown
        self._reads = reads
        seen = looked(stream, UntilCut(stream), path, library, reads)
        self._note = seen.encoding
        self._head, self._stream = seen.head, seen.stream
        self._taken: Recognized = seen.taken

    def record(self, wanted: Wanted) -> Original:
        """The record of that number."""
        places = places_of(self._taken) or "line"
        unit = places.split(" ")[0]
        if wanted.sheet is not None or wanted.unit not in (None, unit):
            raise UsageError(
                f"this file has {unit}s and no {'sheets' if wanted.sheet is not None else f'{wanted.unit}s'}",
                where=self._shown,
                hint=f"name its record as in `{self._shown}, {_spoken(places, wanted.number)}`",
            )
        found = self._item(places, wanted.number) if unit == "item" else self._line(wanted.number)
        if self._note:
            found.notes.append(f"the file is written in {self._note}".replace("in read as", "in"))
        return found

    def _item(self, places: str, number: int) -> Original:
        place = _spoken(places, number)
        for opening in self._taken.openings:
            self._stream = opening.stream(self._stream)
            if opening.unit == places:
                content = _from_line(self._stream, number, self._shown).split(b"\n", 1)[0].decode("utf-8", "replace")
                return Original(place, content, _json_fields(content))
        if self._taken.kind == "prepared" and self._taken.records not in ("json", "inside"):
            return self._element(place, number)
        items = InsideArray(self._stream, self._taken.inside) if " of " in places else ArrayLines(self._stream)
        for count in range(number):
            item = items.item()
            if item is None:
                raise _none(self._shown, place, count, "items")
        return Original(place, str(item), _json_fields(str(item)), [_CUT] if items.passed_over else [])

    def _element(self, place: str, number: int) -> Original:
        """An element of XML: found by its place in a first reading, taken as it stands in a second."""
        from auditscan.readers.xml_records import xml_records

        count = 0
        with closing(_Kept(self._stream)) as kept:
            for record in xml_records(kept):
                count = record.number
                if count == number:
                    before = kept.lines_before(record.byte_offset)
                    raw = kept.between(record.byte_offset, record.byte_offset + record.byte_length)
                    notes = [f"it begins on line {before + 1:,}"]
                    return Original(place, raw.decode("utf-8", "replace"), [], notes)
        raise _none(self._shown, place, count, "items")

    def _line(self, number: int) -> Original:
        place = _spoken("line", number)
        header: tuple[list[str], str, int] | None = None
        rows = next((one.what for one in self._taken.openings if one.kind == "rows"), None)
        if self._taken.kind == "csv" or rows is not None:
            header = self._csv_header(rows or self._taken.delimiter)
        elif self._taken.kind == "register":
            self._stream = self._as_utf8()
            header = self._register_header(number)
        content = _from_line(self._stream, number, self._shown)
        if header is None or number <= header[2]:
            raw = content.split(b"\n", 1)[0]
            text = raw.decode("utf-8", "replace").removesuffix("\r")
            notes = ["this line stands in the header"] * (header is not None) + [_CUT] * (len(raw) >= MAX_RECORD_BYTES)
            return Original(
                place, text, [] if header is not None else _json_fields(self._contained(raw) or text), notes
            )
        cells, delimiter, _ = header
        raw, found, reason = first_row(content, cells, delimiter)
        text = raw.decode("utf-8", "replace").removesuffix("\r")
        if not found or not text.strip():
            return Original(place, text, [], [reason] if reason else [])
        names = [*cells, *[""] * (len(found) - len(cells))]
        fields = [(name, cell.replace(NEW_LINE, "\n")) for name, cell in zip(names, found, strict=False)]
        return Original(place, text, fields, [reason] if reason else [])

    def _contained(self, line: bytes) -> str:
        """What a line contains; '' where it is in no container."""
        if not self._taken.openings:
            return ""
        stream: ByteStream = Fixed(line + b"\n")
        for opening in self._taken.openings:
            stream = replace(opening, keep=False).stream(stream)
        return read_up_to(stream, MAX_RECORD_BYTES if len(line) > CHUNK else CHUNK).decode("utf-8", "replace")

    def _csv_header(self, delimiter: str) -> tuple[list[str], str, int]:
        """The cells of the header, what parts them, and the line it stands on."""
        lines = self._head.decode("utf-8", "replace").split("\n")
        at = next((place for place, line in enumerate(lines) if line.strip()), 0)
        return cells_of(lines[at].rstrip("\r"), delimiter), delimiter, at + 1

    def _rows_above(self, text: str, delimiter: str, number: int) -> int:
        """How many rows begin on or above a line: a cell may go over several of them."""
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        count = 0
        for _ in lines:
            if lines.line_num > number:
                break
            count += 1
        return count + 1

    def _register_header(self, number: int) -> tuple[list[str], str, int] | None:
        content = read_up_to(self._stream, REGISTER_HEAD)
        self._stream = Prefixed(content, self._stream)
        text = content.decode("utf-8", "replace")
        if len(content) == REGISTER_HEAD:
            text = text[: text.rfind("\n") + 1]
        delimiter, rows = delimited_head(text)
        header = header_above(rows, _mapped(self._path, self._reads), None, self._rows_above(text, delimiter, number))
        if header is None:
            return None
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for _ in range(header.first_data_row - 1):
            next(lines)
        width = max(header.width, *(len(row) for row in rows[header.row - 1 : header.first_data_row - 1]))
        return [*header.cells, *[""] * (width - header.width)], delimiter, lines.line_num

    def _as_utf8(self) -> ByteStream:
        try:
            self._head[: self._head.rfind(b"\n") + 1].decode("utf-8")
        except UnicodeDecodeError:
            return Utf8(self._stream, "cp1252")
        return self._stream


class _Kept:
    """A stream that keeps what was read of it on disk."""

    def __init__(self, source: ByteStream) -> None:
        self._source = source
        self._file = tempfile.SpooledTemporaryFile(max_size=32 << 20)  # noqa: SIM115 -- as long as this is

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        count = self._source.readinto(view)
        self._file.write(view[:count])
        return count

    def close(self) -> None:
        """Let go of what was kept."""
        self._file.close()

    def between(self, begin: int, end: int) -> bytes:
        """The bytes from one place to another."""
        self._file.seek(begin)
        return self._file.read(end - begin)

    def lines_before(self, place: int) -> int:
        """How many lines end before a place."""
        self._file.seek(0)
        pieces = range(0, place, CHUNK)
        return sum(self._file.read(min(CHUNK, place - piece)).count(b"\n") for piece in pieces)


class _Book:
    """A workbook."""

    def __init__(self, path: Path, shown: str, mapping: Mapping | None) -> None:
        self._path = path
        self._shown = shown
        self._mapping = mapping

    def row(self, wanted: Wanted) -> Original:
        """A row of one of its sheets."""
        sheets = list(read_workbook(self._path))
        place, number = divmod(wanted.number, SHEET_STEP)
        # Of tables side by side, those further right are numbered as if the sheets came again.
        place %= len(sheets) or 1
        if wanted.sheet is not None:
            named = [at for at, sheet in enumerate(sheets) if sheet.name == wanted.sheet]
            place, number = named[0] if named else len(sheets), wanted.number
        if place >= len(sheets) or wanted.unit not in (None, "row"):
            raise NoInputError(
                f"the workbook has no sheet {wanted.sheet!r}" if wanted.sheet else "this is a workbook: it has sheets",
                where=self._shown,
                why="its sheets are " + ", ".join(f'"{sheet.name}"' for sheet in sheets),
                hint=f'name its record as in `{self._shown}, sheet "{sheets[0].name if sheets else "1"}", row 2`',
            )
        sheet = sheets[place]
        said = f'sheet "{sheet.name}", row {number}'
        if not 0 < number <= len(sheet.rows):
            raise _none(self._shown, said, len(sheet.rows), "rows in this sheet")
        header = header_above(sheet.rows, self._mapping, sheet, number)
        names = header.cells if header is not None and number >= header.first_data_row else []
        cells = sheet.rows[number - 1]
        fields = [
            (f"{column_letters(sheet.first_column + at)} {names[at] if at < len(names) else ''}".rstrip(), cell)
            for at, cell in enumerate(cells)
            if cell.strip() or (at < len(names) and names[at])
        ]
        return Original(said, "", fields, ["the sheet is hidden in the workbook"] if sheet.hidden else [])


def _row(path: Path, shown: str, wanted: Wanted) -> Original:
    """A row of a Parquet file."""
    import duckdb

    if wanted.sheet is not None or wanted.unit not in (None, "row"):
        raise UsageError(
            "this is a Parquet file: it has rows", where=shown, hint=f"name its record as in `{shown}, row 20`"
        )
    place = _spoken("row", wanted.number)
    with duckdb.connect() as connection:
        total = connection.execute(
            "select sum(num_rows)::bigint from parquet_file_metadata($1)", [str(path)]
        ).fetchone()
        count = int(total[0] or 0) if total else 0
        if not 0 < wanted.number <= count:
            raise _none(shown, place, count, "rows")
        found = connection.execute(
            "select columns(*)::varchar from read_parquet($1) limit 1 offset $2", [str(path), wanted.number - 1]
        )
        names = [column[0] for column in found.description or ()]
        values = found.fetchone() or ()
    return Original(place, "", [(name, "" if cell is None else cell) for name, cell in zip(names, values, strict=True)])


def _from_line(stream: ByteStream, number: int, shown: str) -> bytes:
    """What stands from a line on: that line whole, and as much behind it as a row could take."""
    before, content = 0, b""
    while piece := read_up_to(stream, CHUNK):
        ends = piece.count(b"\n")
        if before + ends < number - 1:
            before += ends
            content = piece
            continue
        at = 0
        for _ in range(number - 1 - before):
            at = piece.index(b"\n", at) + 1
        content = piece[at:] + read_up_to(stream, MAX_OPEN_BYTES)
        while b"\n" not in content and len(content) < MAX_RECORD_BYTES and (more := read_up_to(stream, CHUNK)):
            content += more
        if content:
            return content
        before += ends
        content = piece
    total = before + (not content.endswith(b"\n") if content else 0)
    raise _none(shown, _spoken("line", number), total, "lines")


def _none(shown: str, place: str, count: int, noun: str) -> NoInputError:
    return NoInputError(
        f"there is no {place}",
        where=shown,
        why=f"the file has {count:,} {noun}",
        hint="take the place from the report, which names it with the file; the file may be another than it was",
    )


def _spoken(places: str, number: int) -> str:
    """As the macro `place_text` says it."""
    return f"item {number}{places[4:]}" if places.startswith("item of ") else f"{places} {number}"


def _mapped(path: Path, reads: Reads) -> Mapping | None:
    found = reads.mapping or taken_beside(path, yes=reads.trust)
    return None if found is None or not found.exists() else read_mapping(found)


def _json_fields(text: str) -> Fields:
    """The fields of a JSON object, those inside of others by their path; none where the text is no object."""
    if text.lstrip("\ufeff \t\r\n")[:1] != "{":
        return []
    try:
        held = json.loads(text.lstrip("\ufeff"), parse_int=str, parse_float=str, strict=False)
    except (ValueError, RecursionError):
        return []
    fields: Fields = []
    waiting: list[tuple[str, Any]] = [("", held)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict) and value:
            waiting += [(f"{name}.{key}" if name else key, inner) for key, inner in reversed(value.items())]
        elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
            waiting += [(f"{name}[{place}]", inner) for place, inner in reversed(list(enumerate(value, start=1)))]
        elif isinstance(value, list):
            fields.append((name, "; ".join(map(_scalar, value))))
        else:
            fields.append((name, _scalar(value)))
    return fields


def _scalar(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
