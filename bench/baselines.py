"""What auditscan is measured against: bare reads, and an analyst's afternoon.

python -m bench.baselines read LOG      a typed read of every column, nothing written; of a folder each log
python -m bench.baselines analyst LOG   the verdicts of a log, counted, by one query
python -m bench.baselines copy DB OUT   the engine's own copy of the answer rows
python -m bench.baselines bytes MANY MANY_DB FEW FEW_DB
                                        how much larger a database is for each distinct disclosure more in its log
python -m bench.baselines texts LOG     every statement of a history taken apart, one after the other
"""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path

import duckdb

from bench import DAY, formats

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

AS_OF = date.fromisoformat(DAY)


def connect() -> duckdb.DuckDBPyConnection:
    """Two threads and no progress bar, as in every other measurement."""
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute("set enable_progress_bar = false")
    connection.execute("set TimeZone = 'UTC'")
    return connection


def relation(connection: duckdb.DuckDBPyConnection, log: Path) -> duckdb.DuckDBPyRelation:
    """The records of a log, its columns typed."""
    kind = log.stem.removesuffix("_broken")
    if kind in formats.QUERIES:
        return formats.read(connection, str(log), kind)
    if log.suffix == ".csv":
        types = {key: kind for key, kind in COLUMNS.items() if not kind.endswith("[]")}
        return connection.read_csv(str(log), header=True, dtype=types)
    if log.suffix == ".parquet":
        return connection.read_parquet(str(log))
    with log.open("rb") as lines:
        keys = json.loads(next(lines))
    columns = {key: COLUMNS.get(key.lower(), "VARCHAR") for key in keys}
    return connection.read_json(
        str(log), columns=columns, format="newline_delimited", ignore_errors=log.stem == "broken"
    )


def read(path: str) -> None:
    """Read every column of a log, or of each log in a folder, and keep nothing but a hash."""
    connection = connect()
    for log in sorted(Path(path).iterdir()) if Path(path).is_dir() else [Path(path)]:
        relation(connection, log).create_view("log")
        print(connection.execute("select bit_xor(hash(log)) from log").fetchall())


def analyst(log: str) -> None:
    """Print how many transfers have each pair of verdicts, from one query over the log and the policy tables."""
    from auditscan.policy import COLUMNS as POLICY
    from auditscan.policy import load

    connection = connect()
    relation(connection, Path(log)).create_view("log")
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


def bytes_a_disclosure(many: str, many_database: str, few: str, few_database: str) -> None:
    """Print the difference of two databases over that of the distinct disclosures in their logs."""
    connection = connect()
    said = "sender, recipient, programs, states, elements, populations, purpose, authority"
    counts = []
    for log in (many, few):
        relation(connection, Path(log)).create_view("log")
        counts.append(connection.execute(f"select count(*) from (select distinct {said} from log)").fetchall()[0][0])
    print((Path(many_database).stat().st_size - Path(few_database).stat().st_size) / (counts[0] - counts[1]))


def texts(log: str) -> None:
    """Take the text of every record apart, and print how many there were."""
    from auditscan.readers.query_text import analyze

    with Path(log).open("rb") as lines:
        print(len([analyze(json.loads(line)["QUERY_TEXT"], "snowflake") for line in lines]))


if __name__ == "__main__":
    parts = {"read": read, "analyst": analyst, "copy": copy, "bytes": bytes_a_disclosure, "texts": texts}
    parts[sys.argv[1]](*sys.argv[2:])
