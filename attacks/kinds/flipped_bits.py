"""Single bits flipped in receipts, their signatures, the logs and the database of a ledger."""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING

import duckdb

from attacks.counted import Counted
from attacks.ledgers import Kept, keep
from auditscan.ledger.receipts.chain import check_chain, check_signatures, check_table, read_shelf, table_of
from auditscan.ledger.receipts.logs_at_hand import check_logs
from auditscan.store import open_store
from scans import LIBRARY

if TYPE_CHECKING:
    from pathlib import Path

FULL = 420
STEP = 210

SHARES = ("receipts",) * 6 + ("logs",) * 5 + ("database",) * 10


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Flip one bit at a time, in turn of each kind of file, and put it back."""
    draw = random.Random(seed)
    counted = Counted()
    kept = keep(folder)
    ledger = kept.copy(folder / "mine")
    with open_store(ledger / "ledger.duckdb", LIBRARY, read_only=True) as store:
        table = table_of(store)
    links, _ = read_shelf(ledger)
    receipts = sorted((ledger / "receipts").iterdir())
    logs = sorted((folder / "logs").iterdir())
    database = ledger / "ledger.duckdb"
    whole = _read(database)
    for number in range(count):
        share = SHARES[number * 8 % len(SHARES)]
        path = database if share == "database" else draw.choice(receipts if share == "receipts" else logs)
        data = bytearray(path.read_bytes())
        place, bit = draw.randrange(len(data)), draw.randrange(8)
        data[place] ^= 1 << bit
        what = f"{path.name}, byte {place}, bit {bit}"
        before = path.read_bytes()
        path.write_bytes(data)
        if share == "receipts":
            found, problems = read_shelf(ledger)
            checks = (
                check_chain(found, problems),
                check_table(found, table),
                check_signatures(found, folder / "key.pub"),
            )
            noticed = any(check.outcome == "differs" for check in checks)
            # The first line of a signature is a remark that nothing covers: minisign has it so.
            remark = path.suffix == ".minisig" and place < before.index(b"\n")
            _count(counted, what, noticed=noticed, without_effect=remark)
        elif share == "logs":
            noticed = check_logs(links, []).outcome == "differs"
            _count(counted, what, noticed=noticed, without_effect=False)
        elif _read(database, whole[0]) == whole:
            counted.held("without effect: all tables and views read the same")
        else:
            _count(counted, what, noticed=bool(_differing(kept, ledger)), without_effect=False)
        path.write_bytes(before)
    return counted


def _count(counted: Counted, what: str, *, noticed: bool, without_effect: bool) -> None:
    if noticed:
        counted.held("noticed")
    elif without_effect:
        counted.held("without effect: in a remark that no signature covers")
    else:
        counted.broke(f"{what}: verify does not notice")


def _differing(kept: Kept, ledger: Path) -> list[str]:
    try:
        return kept.differing(ledger)
    except Exception as error:  # noqa: BLE001 -- any other error is a finding
        return [] if not isinstance(error, duckdb.Error) else [str(error)]


def _read(database: Path, tables: str = "") -> tuple[str, ...]:
    """A hash of what is in the tables of a database, and one of what its views show, if the tables have that hash."""
    try:
        with open_store(database, LIBRARY, read_only=True, threads=2) as store:
            found = _hash(store.rows, "duckdb_tables")
            return (found, _hash(store.rows, "duckdb_views")) if tables in ("", found) else (found,)
    except Exception as error:  # noqa: BLE001 -- it cannot be read
        return (str(error),)


def _hash(rows, kind: str) -> str:
    name = kind.removeprefix("duckdb_").removesuffix("s")
    digest = hashlib.sha256()
    for (found,) in rows(
        f"select {name}_name from {kind}() where database_name = 'auditscan' and not internal order by 1"
    ):
        digest.update(found.encode())
        sql = (
            f'select sha256(string_agg(line, chr(10) order by line)) from (select t::varchar as line from "{found}" t)'
        )
        digest.update(str(rows(sql)).encode())
    return digest.hexdigest()
