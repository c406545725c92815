"""The same records as the formats other than NDJSON hold them: texts, and lists of texts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from oracle import Record, csv_records, normalize
from oracle.reading import LIST_FIELDS, TEXT_FIELDS
from strategies.words import KEY_SPELLINGS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from strategies import Source

FIELDS = ("transfer_id", "occurred_at", *TEXT_FIELDS, *LIST_FIELDS, "record_count")
# What stands in cells that nobody judges, to move the lines of the rows below.
NOTES = ["", "", "see above", "one\ntwo", "one\r\n\r\ntwo\r\n", 'said "no", twice', "\n\n"]

Row = dict[str, Any]


def texts(fields: dict[str, Any]) -> Row:
    """Return what every format can say of a record: no objects, no numbers, no semicolon in an item."""
    given = {normalize(name): value for name, value in fields.items()}
    row: Row = {}
    for name in FIELDS:
        value = given.get(name)
        if name in LIST_FIELDS:
            items = value if isinstance(value, list) else [value]
            row[name] = [item for item in items if isinstance(item, str) and item.strip() and ";" not in item]
        else:
            row[name] = None if value is None or isinstance(value, dict | list | bool) else str(value)
    return row


def _cell(source: Source, value: str) -> str:
    if any(mark in value for mark in '",\r\n') or source.pick([False, False, True]):
        return '"' + value.replace('"', '""') + '"'
    return value


def csv_log(source: Source, rows: Sequence[Row]) -> str:
    """Return a CSV log as people make them: quotes at will, blank lines, line breaks in cells."""
    end = source.pick(["\n", "\r\n"])
    spell = source.pick(KEY_SPELLINGS)
    lines = [""] * source.pick([0, 1]) + [",".join([*map(spell, FIELDS), "note"])]
    for row in rows:
        cells = [";".join(value) if isinstance(value, list) else value or "" for value in row.values()]
        lines.append(",".join(_cell(source, cell) for cell in [*cells, source.pick(NOTES)]))
        lines += [""] * source.pick([0, 0, 0, 1, 2])
    return end.join(lines) + source.pick(["", end])


def write_each_format(source: Source, folder: Path, records: Sequence[Record]) -> list[Record]:
    """Write a part of the records in each format, and return them as the files hold them, with their places."""
    import polars

    rows = [texts(record.fields) for record in records]
    ndjson, array, table, cells = (rows[start::4] for start in range(4))
    lines = [json.dumps(row) + "\n" * source.pick([1, 1, 1, 2]) for row in ndjson]
    (folder / "a.ndjson").write_text("".join(lines), encoding="utf-8")
    (folder / "b.json").write_text(json.dumps(array, indent=source.pick([None, 1]), ensure_ascii=False), "utf-8")
    schema = {name: polars.List(polars.String) if name in LIST_FIELDS else polars.String for name in FIELDS}
    polars.DataFrame(table, schema=schema).write_parquet(folder / "c.parquet")
    text = csv_log(source, cells)
    (folder / "d.csv").write_bytes(text.encode())
    starts = [1 + sum(line.count("\n") for line in lines[:number]) for number in range(len(lines))]
    return [
        *(Record("a.ndjson", start, row) for start, row in zip(starts, ndjson, strict=True)),
        *(Record("b.json", number, row) for number, row in enumerate(array, 1)),
        *(Record("c.parquet", number, row) for number, row in enumerate(table, 1)),
        *csv_records("d.csv", text),
    ]
