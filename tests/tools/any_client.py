"""Opens a kept database as any DuckDB client would, without auditscan, and runs everything that can be run on it.

    python any_client.py DATABASE QUERIES

It opens the database by itself, and then attached to another under a name of its own, in a session with another
clock and another order of work. Writes one JSON object: `failed`, what could not be run and why, and `moved`, what
gives other rows the second time. Runs by hand with any version of DuckDB too.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb

VARIABLES = (
    "set variable explain_id = (select min(transfer_id) from transfers)",
    "set variable record_keys = (select list(record_key) from (select record_key from kept_records limit 3))",
    "set variable table_name = 'answers'",
)
SESSIONS = {
    "connect": ("set TimeZone = 'UTC'", "set disabled_optimizers = 'join_order,build_side_probe_side'"),
    "attach": ("set TimeZone = 'America/New_York'", "set preserve_insertion_order = false"),
}
"""How the database is opened -> what is set then: first as a scan sets it, and then as somebody else might have it."""
RELATIONS = """
select table_name from duckdb_tables() where database_name = current_database() and not internal
union all
select view_name from duckdb_views() where database_name = current_database() and not internal
order by 1
"""


def opened(database: str, way: str) -> duckdb.DuckDBPyConnection:
    if way == "connect":
        return duckdb.connect(database, read_only=True)
    connection = duckdb.connect()
    connection.execute(f"attach '{database}' as another_name (read_only)")
    connection.execute("use another_name")
    return connection


def summed(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    """SQL for what a query gives, whatever the order of its rows; times with a zone are compared as instants."""
    columns = connection.execute(f"describe {query}").fetchall()
    shown = [f'epoch_us("{name}")' if "TIME ZONE" in kind else f'"{name}"' for name, kind, *_ in columns]
    return f"select count(*), sum(hash({', '.join(shown)})::hugeint)::varchar from (\n{query}\n) looked_at"


def main(database: str, queries: str) -> dict[str, object]:
    failed: dict[str, str] = {}
    found: dict[str, set[object]] = {}
    asked: dict[str, str] = {}
    ran = dict.fromkeys(SESSIONS, 0)
    for way, session in SESSIONS.items():
        with opened(database, way) as connection:
            relations = {name: f"from {name}" for (name,) in connection.execute(RELATIONS).fetchall()}
            files = {
                path.stem: path.read_text(encoding="utf-8")
                for kind in ("rules", "reports")
                for path in sorted(Path(queries, kind).glob("*.sql"))
            }
            for setting in (*session, *VARIABLES):
                connection.execute(setting)
            for name, sql in (relations | files).items():
                try:
                    if name not in asked:
                        # As it stands, once; its rows are summed in each of the sessions.
                        if name in relations:
                            connection.execute(f"create or replace temp table looked_into as from {name} limit 1")
                        else:
                            connection.execute(sql).fetchall()
                        body = sql[sql.index("*/") + 2 :].strip().rstrip(";") if name in files else sql
                        asked[name] = summed(connection, body if name in relations else f"from ({body})")
                    found.setdefault(name, set()).add(connection.execute(asked[name]).fetchone())
                    ran[way] += 1
                except duckdb.Error as error:
                    failed[name] = str(error)
    moved = [name for name, values in found.items() if len(values) > 1]
    return {"duckdb": duckdb.__version__, "ran": min(ran.values()), "failed": failed, "moved": moved}


if __name__ == "__main__":
    json.dump(main(*sys.argv[1:]), sys.stdout)
    # The test looks at this: nothing of ours may be needed.
    sys.exit(any(name.split(".")[0] == "auditscan" for name in sys.modules))
