"""Parquet logs, in slices of rows, whatever types their columns have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ingest.staging import Staging
from auditscan.policy import normalize
from auditscan.readers.model import FIELDS, FileReport

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.store import Store

SLICE_ROWS = 500_000

_NESTED = ("LIST", "ARRAY", "STRUCT", "MAP", "UNION", "VARIANT")
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
        names, total = _columns(store, path), int(store.one(_ROWS, [path]))
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
        selected = ["row_no + 1 as record_no", "null::json as unread"]
        columns = {name: (places[place], kinds[place]) for name, place in spelling.items()}
        for name in FIELDS:
            selected += _values(name, columns.get(name))
        for begin in range(0, total, SLICE_ROWS):
            store.set(slice_begin=begin, slice_end=begin + SLICE_ROWS)
            store.connection.execute(
                f"create or replace temp view incoming as select {', '.join(selected)} "  # noqa: S608
                f"from {whole} "
                "where row_no >= getvariable('slice_begin') and row_no < getvariable('slice_end')"
            )
            self._staging.stage()
            account = self._staging.account()
            self._staging.keep(account.records, 0)
            self._report.records += account.records
        self._staging.write()

    def _unrecognized(self, why: str) -> None:
        self._report.status, self._report.note = "unrecognized", why


_ALL = "select * from read_parquet(getvariable('log_path'), file_row_number = true)"
# For a log that has a column of that name itself; this way every slice counts from the first row.
_ALL_COUNTED = "select *, row_number() over () - 1 from read_parquet(getvariable('log_path'))"
_ROWS = "select coalesce(sum(num_rows), 0)::bigint from parquet_file_metadata($1)"


def _columns(store: Store, path: str) -> list[str]:
    """The columns' own names: the engine renames those that differ in case only."""
    schema = store.rows("select name, coalesce(num_children, 0) from parquet_schema($1)", [path])
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


def _values(name: str, column: tuple[str, str] | None) -> list[str]:
    """What the mapping expects of a field: plain text for those of _NO_SCALAR, else JSON."""
    bad = _NO_SCALAR.get(name)
    value, unreadable = "null::varchar", "null::varchar"
    if column is not None:
        place, kind = column
        nested = kind.startswith(_NESTED) or kind.endswith("]")
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
        elif nested:
            unreadable = f"to_json({place})::varchar"
        else:
            value = f"({place})::varchar"
    made = [f"{value} as {name}"]
    return made if bad is None else [*made, f"{unreadable} as {bad}"]
