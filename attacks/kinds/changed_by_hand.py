"""A ledger and its receipts, changed by hand between two nights: tables, definitions, receipts, signatures, copies."""

from __future__ import annotations

import random
import shutil
from typing import TYPE_CHECKING

import duckdb

from attacks.counted import Counted
from attacks.ledgers import NIGHTS, Kept, keep
from auditscan.ledger.receipts import canonical
from ledger_evidence import opened, rewritten, sealed_anew, shelf

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FULL = 100
STEP = 50

Change = tuple[str, "Callable[[Path, Kept, random.Random], object]"]

DEFINITIONS = (
    "create or replace view findings as select 1 as a",
    "drop view disclosure_bits",
    "create or replace macro finding_id(rule, about) as 'f'",
    "create macro mine(a) as a",
    "create macro mine(a) as table select a",
    "create view mine as select 1 as a",
    "create table mine as select 1 as a",
    "create schema mine",
    "create schema mine; create table mine.records as select 1 as a",
    "create type mine as enum ('a', 'b')",
    "create sequence mine",
    "create index mine on records (record_key)",
    "alter table records add column mine varchar",
    "alter table contexts drop column authority",
    "alter table scans rename to scans_of_before",
    "alter table judgments alter column verdict set default 'outside'",
    "comment on table records is 'mine'",
    "comment on view answers is 'mine'",
    "comment on column answers.verdict_now is 'mine'",
    "comment on macro finding_id is 'mine'",
    "comment on table records is null",
    "drop table tallies",
)
"""Statements that change what a ledger is made of."""

REMOVED = "a receipt file is removed"

RECEIPTS: tuple[Change, ...] = (
    ("a receipt file says another day", lambda ledger, _, draw: _edit(_one(ledger, draw), as_of="2025-01-01")),
    ("a receipt file is cut", lambda ledger, _, draw: _cut(_one(ledger, draw), draw)),
    (REMOVED, lambda ledger, _, draw: _one(ledger, draw).unlink()),
    ("receipt files are exchanged", lambda ledger, *_: _exchange(*shelf(ledger)[:2])),
    ("signatures are exchanged", lambda ledger, *_: _exchange(*_signatures(ledger)[:2])),
    ("a signature is removed", lambda ledger, _, draw: draw.choice(_signatures(ledger)).unlink()),
    ("a receipt of no scan", lambda ledger, *_: shutil.copy(shelf(ledger)[0], ledger / "receipts/000009.json")),
    ("a receipt of the table says something else", lambda ledger, *_: _sql(
        ledger, "update receipts set body = replace(body, 'name', 'mane') where scan_id = 2")),
    ("a receipt of the table has another hash", lambda ledger, *_: _sql(
        ledger, "update receipts set sha256 = sha256(body || ' ') where scan_id = 3")),
    ("a receipt stands twice in the table", lambda ledger, *_: _sql(
        ledger, "insert into receipts from receipts where scan_id = 1")),
    ("no receipt is left in the table", lambda ledger, *_: _sql(ledger, "delete from receipts")),
    ("no receipt is left at all", lambda ledger, *_: (
        _sql(ledger, "delete from receipts"), shutil.rmtree(ledger / "receipts"))),
    ("the last receipt is gone from both", lambda ledger, *_: _take_back(ledger, records=False)),
    ("the last night is gone with its records", lambda ledger, *_: _take_back(ledger, records=True)),
    ("an older database beside new receipts", lambda ledger, kept, _: shutil.copy(
        kept.folder / "older/ledger.duckdb", ledger)),
    ("older receipts beside a new database", lambda ledger, kept, _: (
        shutil.rmtree(ledger / "receipts"), shutil.copytree(kept.folder / "older/receipts", ledger / "receipts"))),
    ("the database is gone, the receipts are not", lambda ledger, *_: (ledger / "ledger.duckdb").unlink()),
    ("receipts without their signatures, sealed anew", lambda ledger, *_: sealed_anew(
        ledger, lambda told: told["configuration"].update({"sign-key": None}))),
)  # fmt: skip

SEALED: tuple[tuple[str, Callable[[dict, random.Random], object]], ...] = (
    ("the day of now", lambda told, _: told.update(as_of="2025-07-01")),
    ("the first day asked about", lambda told, _: told.update(since="2025-07-01")),
    ("the order in force", lambda told, _: told.update(regime_now="R1")),
    (
        "when it began",
        lambda told, draw: told["clock"].update(started_at=f"2026-03-01T01:{draw.randrange(10, 60)}:00Z"),
    ),
    (
        "when it ended",
        lambda told, draw: told["clock"].update(finished_at=f"2026-03-09T01:{draw.randrange(10, 60)}:00Z"),
    ),
    ("the exit code", lambda told, _: told["byproducts"].update(exit_code=10)),
    ("the exit code of its row", lambda told, _: told["byproducts"]["scan"].update(exit_code=10)),
    ("verdicts now", lambda told, draw: told["byproducts"]["verdicts_now"].update(enjoined=draw.randrange(50, 90))),
    ("verdicts then", lambda told, draw: told["byproducts"]["verdicts_then"].update(outside=draw.randrange(50, 90))),
    ("flagged", lambda told, draw: told["byproducts"].update(flagged=draw.randrange(50, 90))),
    ("totals", lambda told, draw: told["byproducts"]["totals"].update(transfers=draw.randrange(50, 90))),
    ("why it was incomplete", lambda told, _: told["byproducts"].update(incomplete_because=["nothing"])),
    ("missed nights", lambda told, draw: told["byproducts"].update(missed=draw.randrange(2, 9))),
    ("findings", lambda told, _: told["byproducts"]["finding_spans"].append({"rule": "mine"})),
    ("rules", lambda told, _: told["byproducts"]["rules"].pop()),
    ("the policy", lambda told, _: told["environment"].update(policy_sha256="0" * 64)),
)
"""Changes to what receipts say, in a chain that is made anew to fit; the ledger still says otherwise."""

ACCOUNTS: tuple[tuple[str, Callable[[dict, random.Random], object]], ...] = (
    ("records of a log", lambda log, draw: _add(log, draw, "records", "transfers")),
    ("unreadable records of a log", lambda log, draw: _add(log, draw, "records", "quarantined")),
    ("others of a log", lambda log, draw: _add(log, draw, "records", "not_transfers")),
    ("the first time of a log", lambda log, _: log.update(first_time="2020-01-01 00:00:00")),
    ("the zone of a log", lambda log, _: log.update(zone="Asia/Tokyo")),
    ("the format of a log", lambda log, _: log.update(format="other")),
    ("the bytes of a log", lambda log, draw: log.update(bytes=draw.randrange(10_000, 20_000))),
)
"""The same for the accounting of a log in the first receipt."""

CELLS = {
    "BOOLEAN": "not coalesce({0}, false)",
    "DATE": "coalesce({0}, date '2026-01-01') + 1",
    "TIMESTAMP": "coalesce({0}, timestamp '2026-01-01') + to_seconds(1)",
    "BLOB": "'\\x01'::blob",
    "VARCHAR": "coalesce({0}, '') || '{1}'",
    "VARCHAR[]": "list_append(coalesce({0}, []), '{1}')",
}
"""Another value of a type."""


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Make changes, each to a copy of its own, and look at it at once and after one more night."""
    draw = random.Random(seed)
    counted = Counted()
    kept = keep(folder)
    with opened(folder / "ledger") as connection:
        tables = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
    drawn = [
        *(_of_table(table, draw) for table in draw.sample(tables, k=len(tables))[: max(1, count * 2 // 5)]),
        *draw.sample([(sql, _runs(sql)) for sql in DEFINITIONS], k=len(DEFINITIONS))[: count // 5],
        *draw.sample(RECEIPTS, k=len(RECEIPTS))[: count // 5],
    ]
    sealed = [_sealed(name, change) for name, change in SEALED] + [_account(name, change) for name, change in ACCOUNTS]
    drawn += draw.sample(sealed, k=len(sealed))[: count - len(drawn) - 1]
    for what, change in drawn[: max(0, count - 1)]:
        ledger = kept.copy(folder / "mine")
        try:
            change(ledger, kept, draw)
        except duckdb.Error as error:
            counted.broke(f"{what} could not be tried: {error}")
            continue
        _look(counted, kept, ledger, what)
    _whole_chain(counted, kept, kept.copy(folder / "mine"), draw)
    return counted


def _look(counted: Counted, kept: Kept, ledger: Path, what: str) -> None:
    """Count a change that `verify` has to notice at once, and a night later, if that night was not refused."""
    whole = shelf(kept.folder / "ledger")
    if not kept.differing(ledger):
        counted.broke(f"{what}: verify says that all is well")
    elif kept.night(ledger):
        counted.held("noticed, and the next night refused")
    elif kept.differing(ledger):
        counted.held("noticed, at once and a night later")
    elif what == REMOVED and all((ledger / "receipts" / path.name).read_bytes() == path.read_bytes() for path in whole):
        counted.held("documented: the next night writes the file again, byte by byte")
    else:
        counted.broke(f"{what}: one night later verify says that all is well")


def _whole_chain(counted: Counted, kept: Kept, ledger: Path, draw: random.Random) -> None:
    """Change what judges, and make all receipts anew to fit: as documented, the published head alone tells of it."""
    if draw.random() < 0.5:
        shutil.rmtree(ledger)
        shutil.copytree(kept.folder / "older", ledger)
        what = "an older copy of everything"
    else:
        _sql(ledger, "update judgments set verdict = 'outside', content = 'outside' where verdict = 'enjoined'")
        sealed_anew(ledger)
        what = "a chain made anew"
    found = kept.differing(ledger, head=True)
    if any(each.startswith("head") for each in found):
        counted.held("documented: the published head tells")
    else:
        counted.broke(f"{what}: the published head does not tell, {found}")


def _of_table(table: str, draw: random.Random) -> Change:
    """A change to the rows of a table, which ends with other rows than it had."""
    how = draw.choice(("update", "delete", "insert"))

    def change(ledger: Path, _: Kept, draw: random.Random) -> None:
        with opened(ledger) as connection:
            rows = connection.execute(f'select count(*) from "{table}"').fetchone()[0]
            columns = connection.execute(f'select column_name, column_type from (describe "{table}")').fetchall()
            row = f'rowid = (select rowid from "{table}" order by rowid limit 1 offset {draw.randrange(max(rows, 1))})'
            if not rows:
                connection.execute(f'insert into "{table}" ({columns[0][0]}) values (null)')
            elif how == "update":
                column, kind = draw.choice(columns)
                known = CELLS.get(kind) or ("null" if kind.startswith(("STRUCT", "ENUM")) else "coalesce({0}, 0) + 1")
                cell = known.format(f'"{column}"', f"x{draw.randrange(100)}")
                before = _rows(connection, table)
                connection.execute(f'update "{table}" set "{column}" = {cell} where {row}')
                if _rows(connection, table) == before:
                    connection.execute(f'delete from "{table}" where {row}')
            elif how == "delete":
                connection.execute(f'delete from "{table}" where {row}')
            else:
                connection.execute(f'insert into "{table}" from "{table}" where {row}')

    return f"{how} in {table}", change


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """The rows of a table in one order: an update of a list moves its row to the end."""
    return sorted(map(repr, connection.execute(f'from "{table}"').fetchall()))


def _runs(sql: str) -> Callable[[Path, Kept, random.Random], object]:
    return lambda ledger, *_: _sql(ledger, sql)


def _sql(ledger: Path, sql: str) -> None:
    with opened(ledger) as connection:
        connection.execute(sql)


def _one(ledger: Path, draw: random.Random) -> Path:
    return draw.choice(shelf(ledger))


def _signatures(ledger: Path) -> list[Path]:
    return sorted((ledger / "receipts").glob("*.minisig"))


def _edit(path: Path, **said: object) -> None:
    rewritten(path, lambda told: told.update(said))


def _cut(path: Path, draw: random.Random) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: draw.randrange(len(data))])


def _exchange(one: Path, other: Path) -> None:
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _take_back(ledger: Path, *, records: bool) -> None:
    for path in (ledger / "receipts").glob(f"{NIGHTS:06}*"):
        path.unlink()
    _sql(ledger, f"delete from receipts where scan_id = {NIGHTS}")
    if records:
        for table in ("scans", "scan_rules", "sources"):
            _sql(ledger, f"delete from {table} where scan_id = {NIGHTS}")


def _sealed(name: str, change: Callable[[dict, random.Random], object]) -> Change:
    def seal(ledger: Path, _: Kept, draw: random.Random) -> None:
        sealed_anew(ledger, lambda told: change(told, draw) if told["scan_id"] == NIGHTS else None)
        _sign(ledger)

    return f"a chain made anew, with another {name}", seal


def _account(name: str, change: Callable[[dict, random.Random], object]) -> Change:
    def in_first(told: dict, draw: random.Random) -> None:
        logs = [log for key, log in sorted(told["materials"].items()) if key.startswith("log:") and "records" in log]
        if told["scan_id"] == 1:
            change(draw.choice(logs), draw)

    def seal(ledger: Path, _: Kept, draw: random.Random) -> None:
        sealed_anew(ledger, lambda told: in_first(told, draw))
        _sign(ledger)

    return f"a chain made anew, with another {name}", seal


def _add(log: dict, draw: random.Random, *names: str) -> None:
    more = draw.randrange(1, 9)
    for name in names:
        log[name] = log.get(name, 0) + more


def _sign(ledger: Path) -> None:
    """Sign all receipts anew: whoever makes a chain anew on the machine has the key."""
    from auditscan.ledger.receipts import signature
    from auditscan.ledger.receipts.receipt import signed_comment

    for path in shelf(ledger):
        data = path.read_bytes()
        number = canonical.read(data)["scan_id"]
        comment = signed_comment(number, canonical.sha256(data))
        key = ledger.parent / "key"
        path.with_name(f"{path.name}.minisig").write_bytes(signature.sign(data, key, comment))
