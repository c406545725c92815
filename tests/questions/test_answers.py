"""The answer file: its formats, its order, and that it is whole or not there."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

import scans
import strategies
from auditscan.errors import StoreError, UsageError
from auditscan.questions import answers
from auditscan.questions.answers import FORMATS, AnswerFile
from auditscan.scanning.scan import scan
from auditscan.store import open_store

AS_OF = date(2026, 3, 1)
COLUMNS = [
    *("transfer_id", "occurred_at", "sender_agency", "recipient_agency", "states", "programs"),
    *("populations", "elements", "categories", "record_count", "outcome", "regime_now"),
    *("verdict_now", "regime_then", "verdict_then", "flag_category", "flag_state", "flagged"),
    *("plaintiff_states", "enjoined_categories", "unclassified_elements", "reasons"),
    *("source_file", "source_record", "place", "court_day", "attempt", "verdict_basis", "record_key"),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A judged database of transfers of all kinds."""
    records = strategies.many(1500, seed=11)
    with scans.scanned(tmp_path_factory.mktemp("logs"), records, AS_OF) as store:
        yield store


def written(store, path):
    """Write the answers and return the path."""
    with AnswerFile(path) as file:
        file.write(store)
    return path


def read(path):
    """Return the rows of an answer file as JSON values, whatever its format."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))
    if path.suffix == ".parquet":
        rows = duckdb.execute("select to_json(t) from read_parquet($1) t", [str(path)]).fetchall()
        return [json.loads(row) for (row,) in rows]
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def as_cell(value):
    """Return a value as a cell of CSV holds it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ";".join(value) if isinstance(value, list) else str(value)


def test_columns_are_the_promised_ones_in_every_format(store, tmp_path):
    for suffix in FORMATS:
        rows = read(written(store, tmp_path / f"a{suffix}"))
        assert list(rows[0]) == COLUMNS
        assert len(rows) == store.one("select count(*) from kept_records")


def test_all_formats_say_the_same(store, tmp_path):
    rows = read(written(store, tmp_path / "a.ndjson"))
    assert read(written(store, tmp_path / "a.parquet")) == rows
    cells = [{name: as_cell(value) for name, value in row.items()} for row in rows]
    assert read(written(store, tmp_path / "a.csv")) == cells


def test_rows_are_those_of_the_view(store, tmp_path):
    rows = read(written(store, tmp_path / "a.ndjson"))
    expected = [json.loads(row) for (row,) in store.rows("select to_json(t)::varchar from answers t")]

    def place(row):
        return row["source_file"], row["source_record"]

    assert sorted(rows, key=place) == sorted(expected, key=place)


def test_order_is_by_instant_then_id_file_and_record(tmp_path):
    times = [
        ("a", "2026-01-02T00:00:00.5Z"),
        ("z", "2026-01-02T00:00:00Z"),
        ("b", "2026-01-02"),
        ("c", "2026-01-01T23:30:00-01:00"),
        ("d", None),
        ("e", "2026-01-02T01:30:00+01:00"),
        ("A", None),
        ("f", "2026-01-02T00:00:00Z"),
        ("g", "not a time"),
    ]
    for name, some in (("2.ndjson", times[:5]), ("1.ndjson", times[4:])):
        lines = [json.dumps({"transfer_id": i, "occurred_at": t, "sender": name}) for i, t in some]
        (tmp_path / name).write_text("\n".join(lines))
    with open_store(None, scans.LIBRARY) as store:
        scan(store, [tmp_path], scans.POLICY, AS_OF)
        rows = read(written(store, tmp_path / "a.ndjson"))
    order = [(row["transfer_id"], Path(row["source_file"]).name) for row in rows]
    two, one = "2.ndjson", "1.ndjson"
    assert order == [
        ("b", two),
        ("f", one),
        ("z", two),
        ("a", two),
        ("c", two),
        ("e", one),
        ("A", one),
        ("d", one),
        ("d", two),
        ("g", one),
    ]


@pytest.mark.parametrize("suffix", FORMATS)
def test_slices_leave_no_trace(store, tmp_path, monkeypatch, suffix):
    path = written(store, tmp_path / f"a{suffix}")
    whole, rows = path.read_bytes(), read(path)
    monkeypatch.setattr(answers, "SLICE_ROWS", 97)
    written(store, path)
    # Where the pages of a Parquet file end follows the slices, whose size is fixed.
    assert (read(path) == rows) if suffix == ".parquet" else (path.read_bytes() == whole)
    # What hid the tables while slices were written is gone.
    assert store.rows("select view_name from duckdb_views() where database_name = 'temp' and not internal") == []


@pytest.mark.parametrize("suffix", FORMATS)
def test_no_transfers_make_a_file_without_rows(tmp_path, suffix):
    with scans.scanned(tmp_path / "logs", [], AS_OF) as store:
        path = written(store, tmp_path / f"a{suffix}")
    assert read(path) == []
    if suffix == ".csv":
        assert path.read_text() == ",".join(COLUMNS) + "\n"
    if suffix == ".parquet":
        described = duckdb.execute("describe from read_parquet($1)", [str(path)]).fetchall()
        assert [row[0] for row in described] == COLUMNS


def test_an_error_leaves_the_old_file(store, tmp_path):
    path = tmp_path / "a.ndjson"
    path.write_text("old\n")
    file = AnswerFile(path)

    def fail():
        with file:
            file.write(store)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert path.read_text() == "old\n"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.ndjson"]


def test_a_full_disk_is_said(store, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(answers.shutil, "copyfileobj", full)
    with pytest.raises(StoreError) as caught:
        written(store, tmp_path / "a.ndjson")
    assert (caught.value.why, caught.value.where) == ("No space left on device", str(tmp_path))
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert written(store, tmp_path / "a.ndjson").stat().st_size > 1000


def test_a_name_with_a_quote_is_a_name(store, tmp_path):
    path = written(store, tmp_path / "it's; drop table records --.CSV")
    assert path.stat().st_size > 1000


@pytest.mark.parametrize("name", ["a.txt", "a", "none/a.csv", "folder.csv"])
def test_a_name_that_cannot_be_used(tmp_path, name):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(UsageError):
        AnswerFile(tmp_path / name)
