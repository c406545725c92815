"""What auditscan is measured against: bare reads, and an analyst's afternoon.

python -m bench.baselines read LOG      a typed read of every column, nothing written
python -m bench.baselines analyst LOG   the verdicts of a log, counted, by one query
python -m bench.baselines copy DB OUT   the engine's own copy of the answer rows
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import duckdb

COLUMNS = {
    "transfer_id": "VARCHAR",
    "occurred_at": "TIMESTAMPTZ",
    "sender": "VARCHAR",
    "recipient": "VARCHAR",
    "actor": "VARCHAR",
    "action": "VARCHAR",
    "system": "VARCHAR",
    "authority": "VARCHAR",
    "programs": "VARCHAR[]",
    "states": "VARCHAR[]",
    "elements": "VARCHAR[]",
    "populations": "VARCHAR[]",
    "record_count": "BIGINT",
    "purpose": "VARCHAR",
    "outcome": "VARCHAR",
}

AS_OF = date(2026, 11, 22)


def connect() -> duckdb.DuckDBPyConnection:
    """Two threads and no progress bar, as in every other measurement."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def relation(connection: duckdb.DuckDBPyConnection, log: str) -> None:
    """Name the log `log`, its columns typed."""
    if log.endswith(".parquet"):
        connection.read_parquet(log).create_view("log")
    else:
        connection.read_json(log, columns=COLUMNS, format="newline_delimited").create_view("log")


def read(log: str) -> None:
    """Read every column of the log and keep nothing but a hash."""
    connection = connect()
    relation(connection, log)
    print(connection.execute("select bit_xor(hash(log)) from log").fetchall())


def analyst(log: str) -> None:
    """Print how many transfers have each pair of verdicts, from one query over the log and the policy tables."""
    from auditscan.policy import COLUMNS as POLICY
    from auditscan.policy import load

    connection = connect()
    relation(connection, log)
    policy = load()
    for name, columns in POLICY.items():
        connection.execute(f"create table {name} ({', '.join(f'{column} {kind}' for column, kind in columns)})")
        rows = [list(column) for column in zip(*policy.tables[name], strict=True)]
        places = ", ".join(f"unnest(${place}::{kind}[])" for place, (_, kind) in enumerate(columns, start=1))
        if rows:
            connection.execute(f"insert into {name} select {places}", rows)
    query = (Path(__file__).parent / "analyst.sql").read_text()
    rows = connection.execute(query, {"as_of": AS_OF}).fetchall()
    print(json.dumps({f"{then} {now}": count for then, now, count in rows}))


def copy(database: str, out: str) -> None:
    """Write the answer rows of a kept database in their order, by the engine's own copy."""
    connection = connect()
    # As much memory as it wants: with two gigabytes it cannot put whole answers in order.
    connection.execute(f"attach '{database}' as auditscan (read_only)")
    connection.execute("use auditscan")
    kind = {".ndjson": "json", ".csv": "csv", ".parquet": "parquet"}[Path(out).suffix]
    connection.execute(
        f"copy (select * from answers order by occurred_at nulls last, transfer_id, source_file, source_record) "
        f"to '{out}' (format {kind})"
    )


if __name__ == "__main__":
    {"read": read, "analyst": analyst, "copy": copy}[sys.argv[1]](*sys.argv[2:])
