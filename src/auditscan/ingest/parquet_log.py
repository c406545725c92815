"""Parquet logs, in slices of rows, whatever types their columns have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ingest.staging import Staging
from auditscan.policy import normalize
from auditscan.readers.model import FIELDS, FileReport

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from auditscan.store import Store

SLICE_ROWS = 500_000


class ParquetLog:
    """Loads one Parquet log. Every value becomes JSON text first, so that types cannot lose anything."""

    def __init__(self, store: Store, report: FileReport, source_id: int, zone: str) -> None:
        self._store = store
        self._report = report
        self._staging = Staging(store, "canonical_json", source_id, zone, "json")

    def load(self, path: Path) -> None:
        """Read every row; raises duckdb.Error where the file is damaged."""
        from duckdb import ColumnExpression, ConstantExpression

        connection = self._staging.store.connection
        whole = connection.read_parquet(str(path), file_row_number=True)
        total = self._store.one("select sum(num_rows)::bigint from parquet_file_metadata($1)", [str(path)])
        spelling: dict[str, str] = {}
        for column in whole.columns:
            name = normalize(column)
            if column == "file_row_number":
                continue
            if name not in FIELDS:
                self._report.unknown_fields[column] = total
            elif name in spelling:
                self._report.status = "unrecognized"
                self._report.note = f"two columns are named {name}: which counts cannot be known"
                return
            else:
                spelling[name] = column
        if not spelling:
            self._report.status = "unrecognized"
            self._report.note = "it has none of the fields of a transfer"
            return
        self._report.fields.update(spelling)
        types = {column: kind.id for column, kind in zip(whole.columns, whole.types, strict=True)}
        for begin in range(0, total, SLICE_ROWS):
            number = ColumnExpression("file_row_number")
            rows = whole.filter(
                (number >= ConstantExpression(begin)) & (number < ConstantExpression(begin + SLICE_ROWS))
            )
            selected = [(number + ConstantExpression(1)).alias("record_no")]
            selected += [_value(name, spelling.get(name), types) for name in FIELDS]
            for name, bad in _NO_SCALAR.items():
                nested = name in spelling and types[spelling[name]] in _NESTED
                selected.append(_text(spelling[name] if nested else None).alias(bad))
            rows.project(*selected).create_view("incoming", replace=True)
            self._staging.stage()
            account = self._staging.account()
            self._staging.keep(account.records, 0)
            self._report.records += account.records
        self._staging.write()
        self._staging.close()


_NESTED = frozenset({"list", "array", "struct", "map", "union"})
_NO_SCALAR = {"transfer_id": "bad_id", "occurred_at": "bad_time", "record_count": "bad_count"}


def _value(name: str, column: str | None, types: dict[str, str]) -> duckdb.Expression:
    """A field as the mapping expects it: plain text for the three of _NO_SCALAR, else JSON text."""
    if column is None or (name in _NO_SCALAR and types[column] in _NESTED):
        return _text(None).alias(name)
    if name in _NO_SCALAR:
        return _text(column).alias(name)
    from duckdb import ColumnExpression, FunctionExpression

    return FunctionExpression("to_json", ColumnExpression(column)).cast("varchar").alias(name)


def _text(column: str | None) -> duckdb.Expression:
    from duckdb import ColumnExpression, ConstantExpression

    value = ConstantExpression(None) if column is None else ColumnExpression(column)
    return value.cast("varchar")
