"""What a night writes down about itself, and the files that it leaves."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import pytest

from auditscan.ledger.receipts import canonical, receipt
from auditscan.store import open_store
from scans import LIBRARY

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def made(kept):
    """The ledger, and the hashes of its receipts."""
    files = sorted((kept / "ledger" / "receipts").glob("*.json"))
    return kept, [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]


def bodies(folder: Path) -> list[dict]:
    return [json.loads(path.read_text()) for path in sorted((folder / "ledger" / "receipts").glob("*.json"))]


def test_each_receipt_names_the_bytes_of_the_one_before(made):
    folder, hashes = made
    files = sorted((folder / "ledger" / "receipts").glob("*.json"))
    assert [file.name for file in files] == ["000001.json", "000002.json"]
    with open_store(folder / "ledger" / "ledger.duckdb", LIBRARY, read_only=True) as store:
        assert store.rows("select scan_id, sha256 from receipts order by 1") == [(1, hashes[0]), (2, hashes[1])]
    first, second = bodies(folder)
    assert (first["previous"], second["previous"]) == (None, {"scan_id": 1, "sha256": hashes[0]})


def test_a_receipt_has_the_shape_of_a_link(made):
    one = bodies(made[0])[0]
    assert one["_type"] == "link"
    assert one["command"] == ["auditscan", "nightly"]
    assert all("sha256" in material for material in one["materials"].values())
    assert all("sha256" in product for product in one["products"].values())
    assert set(one["environment"]) >= {"auditscan", "duckdb", "python"}


def test_every_input_is_there_with_its_accounting(made):
    folder, _ = made
    first, second = bodies(folder)
    found = first["materials"][f"log:{folder}/logs/b.ndjson"]
    data = (folder / "logs" / "b.ndjson").read_bytes()
    assert (found["sha256"], found["bytes"]) == (hashlib.sha256(data).hexdigest(), len(data))
    counted = {name: found[name] for name in ("records", "transfers", "not_transfers", "duplicates", "quarantined")}
    assert counted == {"records": 3, "transfers": 1, "not_transfers": 0, "duplicates": 1, "quarantined": 1}
    assert (found["first_time"], found["last_time"]) == ("2026-02-01 12:01:00", "2026-02-01 12:07:00")
    assert [name for name in second["materials"] if name.startswith("log:")] == [
        f"log:{folder}/logs/{name}.ndjson" for name in "ac"
    ]
    grown = second["materials"][f"log:{folder}/logs/a.ndjson"]
    assert (grown["change"], grown["records"], grown["lines_before"]) == ("grown", 1, 3)


def test_every_query_and_policy_file_is_there(made):
    materials = bodies(made[0])[0]["materials"]
    for query in LIBRARY.queries:
        (name,) = [name for name in materials if name.endswith(f"/{query.path.name}")]
        assert materials[name]["sha256"] == hashlib.sha256(query.path.read_bytes()).hexdigest()
    assert "policy:regimes.toml" in materials


def test_the_answers_are_those_that_the_scan_read(made):
    first, second = (body["products"]["answers.ndjson"] for body in bodies(made[0]))
    assert (first["scope"], first["answers"]) == ("all", 4)
    assert (second["scope"], second["answers"]) == ("new", 3)


def test_no_secret_stands_in_a_receipt(made):
    text = "".join(path.read_text() for path in (made[0] / "ledger" / "receipts").glob("*.json"))
    assert "secret" not in text.replace('"secret":', "")
    assert bodies(made[0])[0]["configuration"]["notify"] == "set"


def test_a_receipt_that_has_no_file_gets_one_and_one_that_differs_is_left(made, tmp_path):
    folder = tmp_path / "ledger"
    shutil.copytree(made[0] / "ledger", folder)
    first, second = sorted((folder / "receipts").glob("*.json"))
    before = first.read_bytes()
    first.unlink()
    second.write_bytes(b"{}\n")
    with open_store(folder / "ledger.duckdb", LIBRARY, read_only=True) as store:
        problems = receipt.export(folder, store)
    assert first.read_bytes() == before
    assert second.read_bytes() == b"{}\n"
    assert problems == ["000002.json is not the receipt that the ledger holds; it was left as it is"]


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]\n", b"\xff\n", b'{"_type":"link"}\n', b'{"_type": "link","scan_id":1}\n', b"[" * 100_000],
    ids=["nothing", "open", "a list", "no text", "no scan", "a blank", "deep"],
)
def test_what_is_no_receipt(data):
    with pytest.raises(canonical.NotCanonical):
        canonical.read(data)
