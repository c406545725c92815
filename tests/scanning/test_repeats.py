"""Which ids are there more than once, whatever they look like."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from auditscan.scanning.scan import scan
from auditscan.store import open_store
from readers.reading import line
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.store import Store

LAST = 2**64 - 1


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database that has judged a log in which an id is there twice; tests put other ids into the place of its own."""
    log = tmp_path_factory.mktemp("repeats") / "log.ndjson"
    log.write_bytes(b"".join(map(line, ("T-1", "T-01", "T-001", "T-01"))))
    with open_store(None, LIBRARY, threads=1) as opened:
        scan(opened, [log], POLICY, date(2026, 3, 1))
        assert opened.one("select getvariable('ids_differ')") is False
        assert opened.one("select count(*) from duplicates") == 1
        opened.rows("create temp table one_record as select * from records limit 1")
        yield opened


@pytest.mark.parametrize(
    ("ids", "repeats", "by_number"),
    [
        (["T-1", "T-2", "T-64", "T-128"], 0, True),
        (["T-1", "T-2", "T-1"], 1, False),
        (["T-64", "T-0", "T-128", "T-64"], 1, False),
        # One number, and not one id.
        (["T-1", "T-01", "T-001"], 0, False),
        (["T-1", "T-01", "T-001", "T-01"], 1, False),
        (["T-1", "U-1", "U-2"], 0, False),
        (["T-1", "T-2", "U-2", "U-2"], 1, False),
        (["1", "2", "T-2", "T-2"], 1, False),
        (["T-1", "T-2", "T-x", "T-x"], 1, False),
        (["T-", "T-", "T-1"], 1, False),
        # Numbers with wide gaps, the last one there is, and one that is no number for the engine.
        (["T-1", "T-999999999"], 0, False),
        ([f"T-{LAST}", f"T-{LAST - 1}", f"T-{LAST - 64}"], 0, True),
        ([f"T-{LAST}", f"T-{LAST + 1}", f"T-{LAST + 1}"], 1, False),
    ],
)
def test_repeats(store: Store, ids: list[str], repeats: int, by_number: bool) -> None:
    for table in ("records", "duplicates", "conflicts"):
        store.rows(f"delete from {table}")
    store.rows(
        "insert into records select o.* replace (o.record_key + place as record_key, id as transfer_id) "
        "from one_record o cross join (select unnest($1) as id, generate_subscripts($1, 1) as place) given",
        [ids],
    )
    store.run("repeats")
    store.run("settle")
    assert store.one("select getvariable('ids_differ')") == by_number
    assert store.one("select count(*) from duplicates") == repeats
