"""Parquet logs, in slices of rows, whatever types their columns have.

What the columns of a canonical log say again is recognized by them, and only the rest is staged. The rows of any other
log become objects, a line each, and go the way of JSON: the same recognition, the same SQL.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditscan.disk.private import private_folder
from auditscan.ingest.formats import format_named, formats_of
from auditscan.ingest.recognize import recognize
from auditscan.ingest.recognized import Recognized
from auditscan.ingest.staging import Staging
from auditscan.policy import normalize
from auditscan.readers.model import FIELDS, FileReport
from auditscan.readers.raw import Pull, read_up_to
from auditscan.readers.sniff import HEAD_BYTES, is_canonical

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from auditscan.ingest.reads import Reads
    from auditscan.library import Library
    from auditscan.readers.raw import ByteStream
    from auditscan.store import Store

PARQUET_MAGIC = b"PAR1"

SLICE_ROWS = 491_520
"""Four row groups of the engine."""
FIRST_ROWS = SLICE_ROWS // 16
"""Of a log of which nothing is known: each next slice ends four times as far, until they are of full size."""
SAID_ROWS = 1000
"""To know what the records of a smaller log said takes longer than it spares others."""
OBJECT_ROWS = 20_000
"""Rows of another system that are made objects together."""
FETCHED_ROWS = 1000

_NESTED = ("LIST", "ARRAY", "STRUCT", "MAP", "UNION", "VARIANT")
_LISTS = ("programs", "states", "elements", "populations")
_NO_SCALAR = {"transfer_id": "bad_id", "occurred_at": "bad_time", "record_count": "bad_count"}


class ParquetLog:
    """Loads one Parquet log. Every value becomes text or JSON text, so that no type loses any."""

    def __init__(self, store: Store, report: FileReport, source_id: int, zone: str) -> None:
        self._report = report
        self._staging = Staging(store, "canonical_json", source_id, zone, "json")

    def load(self, path: Path) -> None:
        """Read every row; raises duckdb.Error where the file is damaged.

        The path must be free of the characters that the engine takes for a pattern of names.
        """
        try:
            self._load(str(path))
        finally:
            self._staging.close()

    def _load(self, path: str) -> None:
        store = self._staging.store
        names, total = _columns(store.connection, path), int(store.one(_ROWS, [path]))
        spelling: dict[str, int] = {}
        for place, column in enumerate(names):
            name = normalize(column)
            if name not in FIELDS:
                self._report.unknown_fields[column] = total
            elif name in spelling:
                self._unrecognized(f"two columns are named {name}: which counts cannot be known")
                return
            else:
                spelling[name] = place
        if not spelling:
            self._unrecognized("it has none of the fields of a transfer")
            return
        self._report.fields.update(spelling)
        # Places, not names: nothing of the log's own text becomes SQL. The number comes behind
        # them.
        places = [f"c{place}" for place in range(len(names))]
        store.set(log_path=path)
        whole = f"({_ALL}) t ({', '.join(places)}, row_no)"
        if any(column.lower() == "file_row_number" for column in names):
            whole = f"({_ALL_COUNTED}) t ({', '.join(places)}, row_no)"
        described = store.rows(f"describe select {', '.join(places)} from {whole}")  # noqa: S608 - places only
        kinds = [kind for _, kind, *_ in described]
        columns = {name: (places[place], kinds[place]) for name, place in spelling.items()}
        lists_cast = all(columns[name][1] == "VARCHAR[]" for name in _LISTS if name in columns)
        selected = ["row_no + 1 as record_no", "null::json as unread", "null::varchar as others"]
        for name in FIELDS:
            selected += _values(name, columns.get(name))
        for name in _LISTS:
            said = f"{columns[name][0]}::varchar" if lists_cast and name in columns else name
            selected.append(f"{said} as said_{name}")
        selected += _typed(columns)
        store.connection.execute(
            f"create or replace temp view incoming as select {', '.join(selected)} from {whole} "  # noqa: S608 - places only
            f"anti join ({_WRITTEN}) w on row_no + 1 = w.record_no "
            "where row_no >= getvariable('slice_begin') and row_no < getvariable('slice_end')"
        )
        store.set(lists_cast=lists_cast)
        known = store.has_rows("memory.said_disclosures")
        begin, end = 0, SLICE_ROWS if known else FIRST_ROWS
        while begin < total:
            store.set(slice_begin=begin, slice_end=min(end, total))
            left = min(end, total) - begin - (store.run("recognize")[0][0] if known else 0)
            if left:
                self._staging.stage()
                self._staging.keep(self._staging.account().records, 0)
                if total > SAID_ROWS:
                    store.run("said")
                    known = True
            begin, end = end, min(end * 4, end + SLICE_ROWS)
        self._report.records += total
        self._staging.write()

    def _unrecognized(self, why: str) -> None:
        self._report.status, self._report.note = "unrecognized", why


_ALL = "select * from read_parquet(getvariable('log_path'), file_row_number = true)"
# For a log that has a column of that name itself; this way every slice counts from the first row.
_ALL_COUNTED = "select *, row_number() over () - 1 from read_parquet(getvariable('log_path'))"
# What of a slice is written already.
_WRITTEN = (
    "select record_key % 68719476736 as record_no from records "
    "where record_key > getvariable('source_id')::bigint * 68719476736 + getvariable('slice_begin')::bigint "
    "and record_key <= getvariable('source_id')::bigint * 68719476736 + getvariable('slice_end')::bigint"
)
_ROWS = "select coalesce(sum(num_rows), 0)::bigint from parquet_file_metadata($1)"


def parquet_taken_for(
    connection: DuckDBPyConnection, path: Path, name: str, library: Library, reads: Reads
) -> Recognized:
    """What a Parquet file called `name` is taken for, by its columns and first rows; raises duckdb.Error.

    The path must be free of the characters that the engine takes for a pattern of names.
    """
    asked = None if reads.log_format is None else format_named(library, reads.log_format)
    names = _columns(connection, str(path))
    if asked is None and is_canonical(names):
        return Recognized("parquet", None, "its columns are those of a canonical log")
    head = read_up_to(ObjectRows(connection, path), HEAD_BYTES)
    found = recognize(head[: head.rfind(b"\n") + 1] or head, name, formats_of(library), asked, as_rows=True)
    by_row = found.kind in ("ndjson", "lines", "prepared") and all(one.unit == "line" for one in found.openings)
    if by_row and found.log_format is not None:
        return found
    if not head:
        return Recognized(None, None, "it has no rows, and not the columns of a canonical log")
    like = f": {found.why}" if found.why.startswith("most like") else ""
    return Recognized(None, None, f"its columns are those of no log format that auditscan knows{like}")


class ObjectRows(Pull):
    """The rows of a Parquet file as lines of JSON, in their order; raises duckdb.Error where they cannot be read."""

    def __init__(self, connection: DuckDBPyConnection, path: Path) -> None:
        super().__init__()
        self._connection = connection.cursor()
        self._path = str(path)
        names = _columns(connection, self._path)
        self._total = int(connection.execute(_ROWS, [self._path]).fetchall()[0][0])
        self._begin = 0
        self._open = False
        # Places, not names: nothing of the log's own text becomes SQL.
        places = [f"c{place}" for place in range(len(names))]
        whole = _ALL_COUNTED if any(name.lower() == "file_row_number" for name in names) else _ALL
        self._whole = f"({whole}) t ({', '.join([*places, 'row_no'])})"
        self._set(log_path=self._path, column_names=names)
        described = self._connection.execute(f"describe select {', '.join(places)} from {self._whole}").fetchall()  # noqa: S608
        # Text that its writer did not mark as text.
        texts = [
            f"coalesce(try(decode({place})), {place}::varchar)" if kind == "BLOB" else place
            for place, (_, kind, *_) in zip(places, described, strict=True)
        ]
        pairs = ", ".join(f"getvariable('column_names')[{at}], {text}" for at, text in enumerate(texts, start=1))
        self._object = f"json_object({pairs})::varchar"

    def _set(self, **variables: object) -> None:
        for name, value in variables.items():
            self._connection.execute(f"set variable {name} = $1", [value])

    def _piece(self) -> bytes:
        while True:
            if not self._open:
                if self._begin >= self._total:
                    return b""
                self._set(slice_begin=self._begin, slice_end=self._begin + OBJECT_ROWS)
                self._begin += OBJECT_ROWS
                self._connection.execute(
                    f"select {self._object} from {self._whole} "  # noqa: S608 - places only
                    "where row_no >= getvariable('slice_begin') and row_no < getvariable('slice_end') order by row_no"
                )
                self._open = True
            rows = self._connection.fetchmany(FETCHED_ROWS)
            if rows:
                return b"".join(text.encode() + b"\n" for (text,) in rows)
            self._open = False


def _columns(connection: DuckDBPyConnection, path: str) -> list[str]:
    """The columns' own names: the engine renames those that differ in case only."""
    schema = connection.execute("select name, coalesce(num_children, 0) from parquet_schema($1)", [path]).fetchall()
    names: list[str] = []
    at = 1  # the first entry is the file itself
    while at < len(schema):
        names.append(schema[at][0])
        inside = schema[at][1]
        at += 1
        while inside:
            inside += schema[at][1] - 1
            at += 1
    return names


def _typed(columns: Mapping[str, tuple[str, str]]) -> list[str]:
    """Time and count of columns that hold such values themselves; null where they have to be read from a text."""
    instant, people = "null::timestamp", "null::bigint"
    place, kind = columns.get("occurred_at", ("", ""))
    if kind.startswith("TIMESTAMP"):
        written = instant = f"timezone('UTC', {place})"
        if not kind.endswith("ZONE"):
            written = f"{place}::timestamp"
            instant = f"timezone(getvariable('source_zone'), {written}) at time zone 'UTC'"
        instant = f"case when {written} between timestamp '1000-01-01' and timestamp '9999-12-30' then {instant} end"
    place, kind = columns.get("record_count", ("", ""))
    if kind in ("BIGINT", "INTEGER"):
        people = f"case when {place} >= 0 then {place}::bigint end"
    return [f"{instant} as instant", f"{people} as people"]


def _is_nested(kind: str) -> bool:
    return kind.startswith(_NESTED) or kind.endswith("]")


def _values(name: str, column: tuple[str, str] | None) -> list[str]:
    """What the mapping expects of a field: plain text for those of _NO_SCALAR, else JSON."""
    bad = _NO_SCALAR.get(name)
    value, unreadable = "null::varchar", "null::varchar"
    if column is not None:
        place, kind = column
        if kind == "BLOB":
            # Text that its writer did not mark as text. Other bytes are shown as the engine shows
            # them.
            place = f"coalesce(try(decode({place})), {place}::varchar)"
        if bad is None:
            value = f"to_json({place})::varchar"
            if kind in ("FLOAT", "DOUBLE"):
                # JSON has no word for what is no number: it becomes text.
                odd = f"to_json({place}::varchar)::varchar"
                value = f"case when isfinite({place}) then {value} else {odd} end"
        elif _is_nested(kind):
            unreadable = f"to_json({place})::varchar"
        else:
            value = f"({place})::varchar"
    made = [f"{value} as {name}"]
    return made if bad is None else [*made, f"{unreadable} as {bad}"]


@contextmanager
def parquet_file(whole: ByteStream, work: Path | None = None) -> Iterator[Path]:
    """A copy of the file in a folder of ours, the one where the engine may open files; it goes with the block.

    So what is read is what was hashed, and nothing in the log's own name is taken for a pattern.
    """
    with private_folder(work) as folder:
        named = folder / "log.parquet"
        with named.open("wb") as copy:
            while piece := read_up_to(whole, 1 << 20):
                copy.write(piece)
        yield named


def parquet_fault(path: Path) -> str:
    """Why the engine cannot read a Parquet file; its own words name no file of the user's."""
    with path.open("rb") as file:
        file.seek(0, 2)
        file.seek(max(0, file.tell() - len(PARQUET_MAGIC)))
        ended = file.read() == PARQUET_MAGIC
    if not ended:
        return "the Parquet file is cut off: the table of contents at its end is missing"
    return "the Parquet data are damaged, or of a kind that cannot be read"
