"""The report as a workbook: that every cell is what it looks like, and nothing is lost where Excel has limits."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import UTC, date, datetime
from itertools import pairwise

import duckdb
import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from asking import AS_OF, RECORD
from auditscan.cli import run
from auditscan.documents import cells
from auditscan.documents.content import Content, Made
from auditscan.documents.forms import write_all
from auditscan.questions.report import Selection, collect
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from auditscan.text import printable
from hostile import TEXTS, write_log
from scans import LIBRARY, POLICY

SHEETS = (
    "How to read this", "Figures", "Barred now", "Barred then", "Review by reason", "All transfers", "Findings",
    "Files read", "Not read", "Sources of law",
)  # fmt: skip
ROWS = SHEETS[2:]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The workbook of a hostile log, and the database it was made of."""
    folder, out = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("out")
    write_log(folder / "=a @b.ndjson")
    more = {**RECORD, "transfer_id": "many", "record_count": 10**15, "elements": ["diagnosis", "😀" * 40_000]}
    days = [{**RECORD, "transfer_id": day, "occurred_at": day} for day in ("2026-02-03", "1899-02-03")]
    lines = [json.dumps(record) for record in (more, *days, {**RECORD, "transfer_id": "tried", "outcome": "failure"})]
    (folder / "more.ndjson").write_text("\n".join(lines) + "\n")
    (folder / "cover.pdf").write_bytes(b"%PDF-1.4\n")
    assert run(["scan", str(folder), "--as-of", AS_OF, "--db", str(out / "kept.duckdb")]) == 20
    assert (
        run(["report", "--db", str(out / "kept.duckdb"), "--as-of", AS_OF, "--brief", "--out", str(out / "x.xlsx")])
        == 0
    )
    return out


@pytest.fixture(scope="module")
def book(made):
    return openpyxl.load_workbook(made / "x.xlsx")


@pytest.fixture(scope="module")
def kept(made):
    with duckdb.connect(str(made / "kept.duckdb"), read_only=True) as connection:
        yield connection


def column(sheet, head):
    """The cells of a column below its head."""
    place = [cell.value for cell in sheet[1]].index(head)
    return [row[place] for row in sheet.iter_rows(min_row=2)]


def by_id(book, head):
    """Id of a transfer -> its cell in a column of all transfers."""
    sheet = book["All transfers"]
    ids = [cell.value for cell in column(sheet, "transfer")]
    return dict(zip(ids, column(sheet, head), strict=True))


def test_the_sheets_can_be_filtered_and_keep_their_heads(book):
    assert tuple(book.sheetnames) == SHEETS
    for name in ROWS:
        sheet = book[name]
        assert sheet.freeze_panes == "B2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert all(width.width >= 8 for width in sheet.column_dimensions.values())


def test_notes_on_heads_are_the_comments_of_the_database(book, kept):
    said = dict(
        kept.execute("select column_name, comment from duckdb_columns() where table_name = 'answer_rows'").fetchall()
    )
    notes = {cell.value: cell.comment.text for cell in book["All transfers"][1]}
    assert len(notes) == len([cell for cell in book["All transfers"][1] if cell.value])
    for head, name in (
        ("verdict now", "verdict_now"),
        ("day at the court", "court_day"),
        ("data known by", "element_basis"),
    ):
        assert notes[head] == said[name]
    for name in ROWS[:-1]:
        assert all(cell.comment for cell in book[name][1] if cell.value != "what to do"), name


def test_days_moments_and_counts_are_such(book):
    when = by_id(book, "when (UTC)")
    assert str(when["other 0"].value) == "2026-02-11 05:30:00"
    assert str(when["2026-02-03"].value) == "2026-02-03 00:00:00"
    assert when["2026-02-03"].number_format == "yyyy-mm-dd"
    assert when["1899-02-03"].value == "1899-02-03"
    assert by_id(book, "day at the court")["other 0"].value.date() == date(2026, 2, 10)
    count = by_id(book, "count")
    assert count["other 0"].value == RECORD["record_count"]
    assert count["many"].value == str(10**15)
    assert all(isinstance(cell.value, int) for cell in column(book["Files read"], "records"))


def test_text_is_text(made, book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in "sndb", (sheet.title, cell.coordinate)
                assert cell.hyperlink is None
    ids = {unescape(cell.value): cell for cell in column(book["All transfers"], "transfer")}
    for kind in ("formula", "plus", "minus", "at"):
        assert ids[TEXTS[kind]].data_type == "s"
        assert ids[TEXTS[kind]].quotePrefix
    assert {TEXTS["number"], TEXTS["address"], TEXTS["html"], TEXTS["wide"], TEXTS["excel"]} <= ids.keys()
    assert {r"a\x1b[31mred\x07 \x1b]8;;http://evil.example\x07x", r"abc\u202edef\u2066", r"\ufffe\uffff"} <= ids.keys()
    with zipfile.ZipFile(made / "x.xlsx") as parts:
        names = parts.namelist()
        assert not [name for name in names if re.search(r"vba|externalLink|connections|hyperlink", name)]
        assert not [name for name in names if b"<f>" in parts.read(name) or b"<hyperlink" in parts.read(name)]


def test_what_is_too_long_for_a_cell_is_cut_and_says_so(book):
    text = by_id(book, "data as logged")["many"].value
    assert len(text.encode("utf-16-le")) // 2 <= 32_767
    assert text.startswith("diagnosis; 😀😀")
    assert text.endswith("The record in its file has all 40,011.]")
    assert TEXTS["long"] in {cell.value for cell in column(book["All transfers"], "transfer")}


def test_verdicts_are_words_whose_colors_are_darker_the_worse(book):
    def light(color):
        parts = [int(color[-6:][place : place + 2], 16) / 255 for place in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lights = [light(fill) for fill, _ in cells.FILLS.values()]
    assert all(one + 0.15 < other for one, other in pairwise(lights))
    for fill, letters in cells.FILLS.values():
        dark, bright = sorted((light(fill), light(letters)))
        assert (bright + 0.05) / (dark + 0.05) > 7
    for cell in column(book["Barred now"], "verdict now"):
        assert cell.value == "enjoined"
        assert cell.fill.fgColor.rgb == "FF" + cells.FILLS["enjoined"][0][1:]


def test_every_transfer_file_and_record_is_in_its_sheets(book, kept):
    def count(sql):
        return kept.execute(sql).fetchone()[0]

    def rows(name):
        return book[name].max_row - 1

    assert rows("All transfers") == count("select count(*) from verdicts")
    assert rows("Findings") == count("select count(*) from findings")
    for name, verdict in (("Barred now", "verdict_now"), ("Barred then", "verdict_then")):
        assert rows(name) == count(f"select count(*) from verdicts where {verdict} = 'enjoined' and not attempt")
    reviewed = {cell.value for cell in column(book["Review by reason"], "transfer")}
    assert len(reviewed) == count("select count(*) from verdicts where verdict_now = 'review' and not attempt")
    files = {cell.value for name in ("Files read", "Not read") for cell in column(book[name], "file")}
    assert files == {path for (path,) in kept.execute("select path from accounting").fetchall()}
    hashes = {cell.value for cell in column(book["Files read"], "SHA-256")}
    assert hashes == {one for (one,) in kept.execute("select sha256 from accounting where status = 'read'").fetchall()}
    kinds = [cell.value for cell in column(book["Not read"], "what")]
    assert kinds.count("record") == count("select count(*) from quarantine") == 1


def test_rows_come_in_the_order_of_the_queries_that_list_them(book, kept):
    for name, query in (
        ("All transfers", "listed_transfers"),
        ("Review by reason", "listed_reviews"),
        ("Findings", "listed_findings"),
    ):
        listed = kept.execute(LIBRARY.get(query).sql)
        place = [name for name, *_ in listed.description].index("transfer_id")
        ids = [printable(row[place]) for row in listed.fetchall()]
        assert [unescape(cell.value) for cell in column(book[name], "transfer")] == ids, name
        assert len(ids) > 10


def test_a_sheet_that_is_full_goes_on_in_another(tmp_path, monkeypatch):
    log = write_log(tmp_path / "a.ndjson")
    monkeypatch.setattr(cells, "MOST_ROWS", 30)
    assert run(["report", str(log), "--as-of", AS_OF, "--brief", "--out", str(tmp_path / "x.xlsx")]) == 0
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    parts = [name for name in book.sheetnames if name.startswith("All transfers")]
    assert parts == ["All transfers", "All transfers (2)"]
    ids = [cell.value for name in parts for cell in column(book[name], "transfer")]
    assert len(ids) == len(set(ids)) == 2 * len(TEXTS)
    assert all(book[name].freeze_panes == "B2" for name in parts)
    told = [cell.value for cell in book["How to read this"]["A"] if cell.value]
    assert any(line.startswith("All transfers and All transfers (2): ") for line in told)


def test_the_same_moment_gives_the_same_bytes_in_every_form(tmp_path):
    log = write_log(tmp_path / "a.ndjson")
    made = Made("auditscan report a.ndjson", datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    written = []
    for threads in (1, 2):
        folder = tmp_path / str(threads)
        folder.mkdir()
        with open_store(None, LIBRARY, threads=threads) as store:
            scan(store, [log], POLICY, date.fromisoformat(AS_OF))
            content = Content(store, collect(store, Selection()), made)
            write_all(content, [folder / "x.xlsx", folder / "x.md"])
        written.append([(folder / name).read_bytes() for name in ("x.xlsx", "x.md")])
    assert written[0] == written[1]
    assert openpyxl.load_workbook(folder / "x.xlsx").properties.created.isoformat() == "2026-03-02T09:30:00"
