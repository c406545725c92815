"""The page on the log format shows four ways to write the same thing, and its traps are as it says."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from auditscan.library import Library
from auditscan.policy import load
from auditscan.scanning.scan import ScanResult, scan
from auditscan.store import Store, open_store
from tools import make_samples

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

FORMAT = (Path(__file__).parents[2] / "docs" / "canonical-log.md").read_text()


@contextlib.contextmanager
def scanned(path: Path) -> Iterator[tuple[Store, ScanResult]]:
    with open_store(None, Library.shipped(), threads=2) as store:
        yield store, scan(store, [path], load(), date(2026, 11, 22))


def example(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```$", FORMAT, re.DOTALL | re.MULTILINE)
    assert len(found) == 1, language
    return found[0]


def answers(path: Path) -> list[tuple[Any, ...]]:
    """Every answer with the evidence of its findings, but for file and place."""
    with scanned(path) as (store, result):
        assert [(file.status, file.records) for file in result.files] == [("read", 3)]
        assert not result.files[0].quarantined
        return store.rows(
            "select columns(lambda c: c not in ('source_file', 'source_record', 'place', 'record_key')), "
            "(select list(f.rule || f.evidence order by f.rule) from findings f where f.transfer_id = a.transfer_id) "
            "from answers a order by transfer_id"
        )


def test_the_four_formats_say_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for kind in ("ndjson", "json", "csv"):
        (tmp_path / f"log.{kind}").write_text(example(kind))
    with duckdb.connect() as connection:
        connection.execute(example("sql"))
    first = answers(tmp_path / "log.ndjson")
    for kind in ("json", "csv", "parquet"):
        assert answers(tmp_path / f"log.{kind}") == first, kind


# (change, column, what the page says comes of it)
TRAPS: list[tuple[dict[str, Any], str, object]] = [
    ({"states": ["06"]}, "states", ["CA"]),
    ({"states": [6]}, "states", ["unknown"]),
    ({"states": "CA;OR"}, "states", ["unknown"]),
    ({"states": []}, "states", ["unknown"]),
    ({"populations": ["N/A"]}, "verdict_now", "review"),
    ({"elements": []}, "verdict_now", "review"),
    ({"sender": None}, "verdict_now", "review"),
    ({"sender": None, "recipient": None}, "verdict_now", "unattributed"),
    ({"occurred_at": "2025-08-12T02:30:00"}, "regime_then", "R0"),
    ({"occurred_at": "2025-08-12"}, "regime_then", "R1"),
    ({"occurred_at": "2026-02-03 09:05-05:00"}, "occurred_at", "2026-02-03T14:05:00Z"),
    ({"occurred_at": "02/03/2026"}, "verdict_then", "review"),
    ({"occurred_at": 1754965800}, "verdict_then", "review"),
    ({"record_count": 5.0}, "record_count", 5),
    ({"record_count": "1,200"}, "record_count", None),
    ({"outcome": "kaput"}, "outcome", "unknown"),
]


def test_traps_are_as_the_page_says(tmp_path: Path) -> None:
    plain = json.loads(example("ndjson").splitlines()[0]) | {"states": ["OR"]}
    records = [plain | {"transfer_id": f"T-{n:02}"} | trap[0] for n, trap in enumerate(TRAPS)]
    path = tmp_path / "traps.ndjson"
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    with scanned(path) as (store, _):
        for n, (change, column, expected) in enumerate(TRAPS):
            found = store.one(f"select {column} from answers where transfer_id = $1", [f"T-{n:02}"])
            assert found == expected, change


def test_page_and_program_name_the_same_fields() -> None:
    named = re.findall(r"^\| `(\w+)` \|", FORMAT, re.MULTILINE)
    assert tuple(named) == make_samples.FIELDS
