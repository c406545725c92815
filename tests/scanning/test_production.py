"""A production as the other side hands it over: it adds up, and what is cited stands where it is cited."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from auditscan.library import Library
from auditscan.policy import load
from auditscan.questions.summary import summarize
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from tools import make_production

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.questions.summary import Summary
    from auditscan.store import Store

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Store, Summary]]:
    folder = tmp_path_factory.mktemp("production")
    for name, content in make_production.make(40, 2).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with open_store(None, Library.shipped(), threads=2) as store:
        found = scan(store, [folder], load(), date(2026, 11, 22))
        yield folder, store, summarize(store, load(), found.files)


def test_the_same_seed_makes_the_same_files_and_another_others() -> None:
    assert make_production.make(40, 2) == make_production.make(40, 2)
    assert make_production.make(40, 2).keys() != make_production.make(40, 3).keys()


def test_every_sum_adds_up(production: tuple[Path, Store, Summary]) -> None:
    _, store, told = production
    counts = told.counts
    assert sum(counts.now.values()) == sum(counts.then.values()) == counts.transfers == told.totals["transfers"]
    found = dict(store.rows("select verdict_now, count(*) from answers_wide group by all"))
    assert found == {name: count for name, count in counts.now.items() if count}
    assert sum(counts.attempts_now.values()) == counts.now["attempt"]
    # Each is there to be added: none of the sums is one of nothing.
    assert all(counts.now[name] for name in ("enjoined", "review", "outside", "attempt", "unattributed"))


def test_what_is_no_log_is_missing_from_nothing(production: tuple[Path, Store, Summary]) -> None:
    _, _, told = production
    kinds = {line.note for line in told.files if line.status == "no_log"}
    assert kinds >= {"PDF", "mail message", "Word document", "image", "lock file", "load file", "preview pictures"}
    assert kinds >= {"empty CloudTrail file"}
    # A list of documents may be what somebody calls a register, and says so.
    assert [line.split(": ")[0].rpartition("/")[2] for line in told.incomplete_because] == [
        "Privilege_Log.csv is not a log that auditscan knows"
    ]


def test_every_transfer_stands_where_it_is_cited(production: tuple[Path, Store, Summary]) -> None:
    """Each file opened without auditscan, at the line, row or item that is cited."""
    _, store, told = production
    rows = store.rows(
        "select a.source_file, a.place, a.transfer_id, t.file_name from answers a "
        "left join transfer_traces t using (record_key)"
    )
    assert len(rows) == told.counts.transfers
    ways = set()
    for path, place, transfer_id, file_name in rows:
        cited, others = record_at(path, place)
        # Where a log gives no id, the name of the file that moved is what tells one record from the next.
        words = [word for word in (transfer_id, file_name) if word and word in cited]
        assert words, (path, place, cited)
        assert not any(words[0] in other for other in others), (path, place, "names the next record too")
        ways.add(re.sub(r'\d+|"[^"]*"', "N", place))
    assert ways == {"line N", "item N of Records", "sheet N, row N"}


def record_at(path: str, place: str) -> tuple[str, list[str]]:
    """The text at a place of a file, and those before and behind it."""
    records = records_of(path, place)
    number = int(place.rpartition(" ")[2] if not place.startswith("item") else place.split()[1])
    return records[number], [text for n, text in records.items() if n != number]


def records_of(path: str, place: str) -> dict[int, str]:
    if place.startswith("sheet"):
        return sheet_rows(path, place.split('"')[1])
    if place.startswith("item"):
        items = json.loads(unpacked(path))[place.split(" of ")[1]]
        return {number: json.dumps(item) for number, item in enumerate(items, 1)}
    if path.endswith(".csv"):
        return table_rows(path)
    lines = unpacked(path).split("\n")
    if "internal-sftp" in lines[0]:
        # A file that was opened and closed has a line for each; the one that says how much of it was read is cited.
        lines = [line if ": close " in line else "" for line in lines]
    return dict(enumerate(lines, 1))


@cache
def unpacked(path: str) -> str:
    content = Path(path).read_bytes()
    return (gzip.decompress(content) if path.endswith(".gz") else content).decode()


@cache
def table_rows(path: str) -> dict[int, str]:
    """The rows of a table by the line on which each begins."""
    rows, begins = {}, 1
    reader = csv.reader(io.StringIO(unpacked(path), newline=""))
    for row in reader:
        rows[begins] = "\t".join(row)
        begins = reader.line_num + 1
    return rows


@cache
def sheet_rows(path: str, name: str) -> dict[int, str]:
    """The rows of a sheet by number, from the XML within."""
    with zipfile.ZipFile(path) as book:
        names = [
            sheet.get("name") for sheet in ElementTree.fromstring(book.read("xl/workbook.xml")).iter(f"{SHEET}sheet")
        ]
        words = ["".join(s.itertext()) for s in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))]
        sheet = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{names.index(name) + 1}.xml"))
    return {
        int(row.get("r", "0")): "\t".join(
            words[int(value.text or "0")] if cell.get("t") == "s" else value.text or ""
            for cell in row
            for value in cell.iter(f"{SHEET}v")
        )
        for row in sheet.iter(f"{SHEET}row")
    }
