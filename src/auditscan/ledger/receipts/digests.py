"""Hashes of what lies in a ledger: of records file by file, of what each scan added, of all that may change.

Rows become lines of text, lines are joined in blocks of 10,000, and the hash of a table is the hash of the hashes
of its blocks: so memory stays flat, and anybody with the database and a client can make them again.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from auditscan.store import KEYS_A_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auditscan.store import Store

RECORDS_AT_ONCE = 200_000
"""Records whose lines are in memory together: some 50 MB. A multiple of the records a block."""

BLOCK_ROWS = 10_000

Part = tuple[int | None, str]
"""A scan, and what it added to."""

SHAPE = 2
"""Of a receipt. In one of the shape 1 the line of a record does not hold what its disclosure and context say."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The hash of some rows."""

    sha256: str
    rows: int

    def as_json(self) -> dict[str, object]:
        """Return it as it stands in a receipt."""
        return {"sha256": self.sha256, "rows": self.rows}


def together(blocks: Iterable[tuple[str, int]]) -> Digest:
    """Return the hash over the hashes of blocks, which come with the rows each of them has."""
    digest, rows = hashlib.sha256(), 0
    for sha256, count in blocks:
        digest.update(f"{sha256}\n".encode())
        rows += count
    return Digest(digest.hexdigest(), rows)


def of_records(store: Store, last_keys: Sequence[int], shape: int = SHAPE) -> dict[int, Digest]:
    """Return source_id -> hash of its records, for the files with these highest record_keys; in ascending order.

    `shape` is that of the receipt that names the hash, or is to name it.
    """
    store.set(receipt_shape=shape)
    blocks: dict[int, list[tuple[str, int]]] = {}
    for first, until in _spans(sorted(last_keys)):
        for source_id, sha256, records in store.run("receipt_record_blocks", first_key=first, until_key=until):
            blocks.setdefault(source_id, []).append((sha256, records))
    return {source_id: together(found) for source_id, found in blocks.items()}


def _spans(last_keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Cut files into spans of record_keys: small files share one, a large one has several, whole blocks each."""
    begin = held = 0
    for last in last_keys:
        first = last - last % KEYS_A_SOURCE
        if not held and begin < first:
            begin = first
        held += last - first + 1
        if held < RECORDS_AT_ONCE:
            continue
        if begin < first:
            yield begin, first
            begin = first
        while last - begin >= RECORDS_AT_ONCE:
            yield begin, begin + RECORDS_AT_ONCE
            begin += RECORDS_AT_ONCE
        yield begin, last + 1
        begin, held = last + 1, 0
    if held:
        yield begin, last_keys[-1] + 1


def of_parts(store: Store, scan_id: int | None = None, *, events: bool = True) -> dict[Part, Digest]:
    """Return (scan, part) -> hash of what the scan added there; of every scan where none is named.

    Without `events`, all but findings on single transfers: they take longer than all the rest.
    """
    return {key: of_lines(lines) for key, lines in lines_of_parts(store, scan_id, events=events)}


def lines_of_parts(
    store: Store, scan_id: int | None = None, *, events: bool = True
) -> Iterator[tuple[Part, Iterator[str]]]:
    """Yield (scan, part) and its lines; read them before the next."""
    store.set(receipt_scan=scan_id)
    rows = _rows(store, store.library.get("receipt_parts").sql)
    for key, group in itertools.groupby(rows, key=lambda row: (row[0], row[1])):
        yield key, (line for _, _, line in group)
    if not events:
        return
    blocks: dict[Part, list[str]] = {}
    for first, until in _spans([last for (last,) in store.rows(_LAST_KEYS, [scan_id, KEYS_A_SOURCE])]):
        for scan, part, line in store.run("receipt_event_blocks", first_key=first, until_key=until):
            blocks.setdefault((scan, part), []).append(line)
    for key, lines in sorted(blocks.items()):
        yield key, iter(lines)


_LAST_KEYS = """
select max(key)
from finding_spans
where reads = 'transfers' and ($1::integer is null or first_scan = $1 or until_scan = $1)
group by key // $2
order by 1
"""
"""The last record of each file on which a scan began or ended to find something; of every scan for none."""


def of_state(store: Store, first_record: int | None) -> dict[str, Digest]:
    """Return table -> hash of its rows, for all that a later scan may change, and of the definitions of everything.

    Of repeats, conflicts and traces those of records from `first_record` on; None is all of them.
    """
    digests = {"definitions": of_lines(_definitions(store))}
    for name, lines in _lines_of_tables(store, first_record):
        few = [line for (line,) in store.rows(f"{lines} limit {BLOCK_ROWS + 1}")]
        if len(few) <= BLOCK_ROWS:
            # In the order of the engine. To plan its sort for each of some sixty tables takes longer than all the rest.
            digests[name] = of_lines(sorted(few, key=str.encode))
            continue
        # As `of_lines` does it, by the engine: for half a million of lines three times faster.
        blocks = store.rows(
            "select sha256(string_agg(line, chr(10) order by line)), count(*) from ("  # noqa: S608 - see below
            f"select line, (row_number() over (order by line) - 1) // {BLOCK_ROWS} as block from ({lines}) l"
            ") n group by block order by block"
        )
        digests[name] = together(blocks)
    return digests


def lines_of_state(store: Store, first_record: int | None) -> Iterator[tuple[str, Iterator[str]]]:
    """Yield each table of `of_state` and its lines; read them before the next."""
    yield "definitions", iter(_definitions(store))
    for name, lines in _lines_of_tables(store, first_record):
        yield name, (line for (line,) in _rows(store, f"{lines} order by line"))


def _lines_of_tables(store: Store, first_record: int | None) -> Iterator[tuple[str, str]]:
    """Yield the name of each table and the query for its lines, in no order."""
    for schema, name, of_records_ in store.run("receipt_tables"):
        # Names from the catalog, quoted: a table that somebody put there must be hashed too.
        table = ".".join('"' + part.replace('"', '""') + '"' for part in (schema, name))
        narrowed = f" where record_key >= {int(first_record)}" if of_records_ and first_record is not None else ""
        shown = name if schema == "main" else f"{schema}.{name}"
        yield shown, f"select to_json(t)::varchar as line from {table} t{narrowed}"  # noqa: S608


_CAST = re.compile(r"\bAS (\w+)")
_EXCLUDED = re.compile(r"\bEXCLUDE \(([^()]*)\)")


def _definitions(store: Store) -> list[str]:
    """Return what the database is made of with one name a type and one order of the columns that a star leaves out.

    The engine writes both otherwise after a database was closed than before.
    """
    types = dict(store.rows("select lower(type_name), logical_type from duckdb_types()"))
    return sorted(
        _EXCLUDED.sub(
            lambda excluded: f"EXCLUDE ({', '.join(sorted(excluded[1].split(', ')))})",
            _CAST.sub(lambda cast: f"AS {types.get(cast[1].lower(), cast[1])}", line),
        )
        for (line,) in store.run("receipt_definitions")
    )


def _rows(store: Store, sql: str) -> Iterator[tuple[Any, ...]]:
    cursor = store.connection.execute(sql)
    while rows := cursor.fetchmany(BLOCK_ROWS):
        yield from rows


def of_lines(lines: Iterable[str]) -> Digest:
    """Return the hash of lines in their order; none of them holds a line feed."""
    return together(_blocks(lines))


def _blocks(lines: Iterable[str]) -> Iterator[tuple[str, int]]:
    block: list[str] = []
    for line in lines:
        block.append(line)
        if len(block) == BLOCK_ROWS:
            yield _hash(block), len(block)
            block = []
    if block:
        yield _hash(block), len(block)


def _hash(block: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(block).encode()).hexdigest()
