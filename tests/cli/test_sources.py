"""`auditscan sources`, and the options that say how logs are to be read."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from auditscan.cli import run

XFERLOG = "Wed Jan  7 14:40:02 2026 472 198.51.100.20 4026 /out/elg.csv b _ o r icepull sftp 0 * c\n"
UPLOAD = XFERLOG.replace(" o r ", " i r ")
REGISTER = (
    "Accounting of disclosures\n\n"
    "Date of disclosure,Released to,States,Data disclosed,No. of individuals\n"
    '6/10/2025,ICE ERO,"CA, IL and WA","Names, SSNs","1,200"\n'
    'Total,,,,"1,200"\n'
)


@pytest.fixture
def logs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.log").write_text(XFERLOG + UPLOAD)
    (folder / "b.csv").write_text(REGISTER)
    (folder / "c.ndjson").write_text('{"transfer_id": "a", "sender": "CMS"}\n')
    (folder / "d.txt").write_text("dear diary\n")
    (folder / "README.md").write_text("about\n")
    return Path("logs")


def scanned(capsys, *arguments):
    run(["scan", *map(str, arguments), "--json"])
    return json.loads(capsys.readouterr().out)


def test_each_file_is_told_with_why(logs, capsys):
    assert run(["sources", "detect", str(logs), "--json"]) == 20
    found = {row["path"]: row for row in json.loads(capsys.readouterr().out)}
    assert {path: (row["format"], row["sure"]) for path, row in found.items()} == {
        "logs/README.md": (None, "skipped"),
        "logs/a.log": ("xferlog", "certain"),
        "logs/b.csv": ("register", "likely"),
        "logs/c.ndjson": ("canonical ndjson", "certain"),
        "logs/d.txt": (None, "unknown"),
    }
    assert all(row["why"] for row in found.values())


def test_the_table_fits_its_width(logs, capsys):
    run(["sources", "detect", str(logs), "--width", "80"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "In logs/"
    assert max(map(len, lines)) <= 80
    assert any(line.split() == ["UNRECOGNIZED", "1"] for line in lines)
    assert any(line.strip().startswith("UNRECOGNIZED: no JSON") for line in lines[lines.index("d.txt") :])


def test_folders_stand_for_their_files_unless_all_are_asked_for(tmp_path, capsys):
    for month in ("07", "08"):
        folder = tmp_path / "trail" / "2025" / month
        folder.mkdir(parents=True)
        for name in "ab":
            (folder / f"{name}.log").write_text(XFERLOG)
        (folder / "a.pdf").write_bytes(b"%PDF-")
    (tmp_path / "other.log").write_text(XFERLOG)
    assert run(["sources", "detect", str(tmp_path)]) == 0
    shown = capsys.readouterr().out
    assert "trail/...  xferlog: 4 files" in shown
    assert "trail/...  no log: 2 files: 2 PDF" in shown
    assert "other.log" in shown
    run(["sources", "detect", "--full", str(tmp_path)])
    assert "trail/2025/07/a.log  xferlog" in capsys.readouterr().out


def test_sheets_of_a_workbook_are_shown_with_their_columns(tmp_path, capsys):
    import polars as pl
    from xlsxwriter import Workbook

    with Workbook(tmp_path / "book.dat") as book:
        held = {"Date of disclosure": ["6/10/2025"], "Released to": ["ICE ERO"], "Data disclosed": ["SSNs"]}
        pl.DataFrame(held).write_excel(book, worksheet="CY 2025", position="A3")
        pl.DataFrame({"a": [1]}).write_excel(book, worksheet="notes")
    assert run(["sources", "detect", "--json", str(tmp_path / "book.dat")]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert row["sheets"][0] == {
        "sheet": "CY 2025",
        "format": "register",
        "read_because": "row 3 is the header of a register",
        "header_row": 3,
        "columns": {"Date of disclosure": "occurred_at", "Released to": "recipient", "Data disclosed": "elements"},
    }
    assert row["sheets"][1]["sheet"] == "notes"
    assert "why" in row["sheets"][1]


def test_what_is_excluded_is_listed_counted_and_told(logs, capsys):
    assert run(["scan", str(logs), "--exclude", "*.txt", "--exclude", "logs/c.*", "--exclude", "none", "--json"]) != 20
    told = capsys.readouterr()
    files = {file["path"]: (file["status"], file["note"]) for file in json.loads(told.out)["files"]}
    assert files["logs/d.txt"] == ("skipped", "excluded by *.txt")
    assert files["logs/c.ndjson"] == ("skipped", "excluded by logs/c.*")
    assert files["logs/a.log"][0] == "read"
    assert told.err.splitlines()[:3] == ["1 file excluded by *.txt", "1 file excluded by logs/c.*",
                                         "no file excluded by none"]  # fmt: skip
    assert run(["sources", "detect", str(logs), "--exclude", "d.txt"]) == 0


def test_nothing_but_known_logs_is_no_failure(logs, capsys):
    assert run(["sources", "detect", "logs/a.log", "logs/b.csv"]) == 0


def test_every_format_is_listed(capsys):
    assert run(["sources", "--json"]) == 0
    listed = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert {"register", "snowflake_queries", "xferlog", "fhir_audit"} <= listed.keys()
    assert run(["sources"]) == 0
    shown = capsys.readouterr().out
    assert all(f" {name} " in shown for name in listed)


def test_a_mapping_is_written_corrected_and_followed(logs, capsys):
    assert run(["sources", "map", "logs/b.csv", "--out", "logs/b.csv.mapping.toml"]) == 0
    path = Path("logs/b.csv.mapping.toml")
    columns = tomllib.loads(path.read_text())["tables"][0]["columns"]
    assert {column["column"]: column["field"] for column in columns}["Data disclosed"] == "elements"
    path.write_text(path.read_text().replace('# sender = "CMS"', 'sender = "CMS"'))
    asked = ["query", "--sql", "select sender, states, elements, record_count from transfers", "logs/b.csv",
             "--format", "ndjson"]  # fmt: skip
    assert run(["scan", "logs/b.csv"]) == 20
    capsys.readouterr()
    run(["--trust", *asked])
    (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert row == {"sender": "CMS", "states": ["CA", "IL", "WA"], "elements": ["Names", "SSNs"], "record_count": 1200}


def test_a_mapping_is_never_written_over(logs, capsys):
    Path("mine.toml").write_text("corrected by hand")
    assert run(["sources", "map", "logs/b.csv", "--out", "mine.toml"]) == 2
    assert Path("mine.toml").read_text() == "corrected by hand"
    assert "there is a file of this name" in capsys.readouterr().err


def test_what_is_no_register_is_refused(logs, capsys):
    assert run(["sources", "map", "logs/d.txt"]) == 2
    assert "no table was found" in capsys.readouterr().err


def test_a_format_that_is_named_is_read_whatever_it_looks_like(logs, capsys):
    Path("odd.log").write_text("begin of log\n" * 9 + XFERLOG)
    assert scanned(capsys, "odd.log")["files"][0]["status"] == "unrecognized"
    file = scanned(capsys, "odd.log", "--log-format", "xferlog")["files"][0]
    assert (file["status"], file["transfers"], file["quarantined"]) == ("read", 1, 9)


def test_a_format_that_nobody_knows_is_refused(logs, capsys):
    assert run(["scan", "logs/a.log", "--log-format", "xferlogs"]) == 2
    assert "there is no log format named xferlogs" in capsys.readouterr().err


def test_whose_systems_the_logs_are_makes_them_the_sender(logs, capsys):
    asked = "select t.sender, v.verdict_now from transfers t join verdicts v using (record_key)"
    for held_by, found in ((None, (None, "unattributed")), ("CMS", ("CMS", "review"))):
        options = [] if held_by is None else ["--held-by", held_by]
        run(["query", "--sql", asked, "logs/a.log", "--format", "ndjson", *options])
        (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert (row["sender"], row["verdict_now"]) == found


def test_a_file_is_not_read_otherwise_into_the_same_database(logs, capsys):
    run(["scan", "logs/a.log", "--db", "case.duckdb"])
    assert run(["scan", "logs/a.log", "--db", "case.duckdb", "--held-by", "CMS"]) == 2
    assert "read under other settings" in capsys.readouterr().err


def test_records_that_are_no_transfers_are_counted_by_reason(logs, capsys):
    found = scanned(capsys, "logs/a.log", "logs/b.csv")
    assert {file["path"]: file["not_transfers"] for file in found["files"]} == {"logs/a.log": 1, "logs/b.csv": 1}
    run(["query", "records_set_aside", "logs/a.log", "logs/b.csv", "--format", "ndjson"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["reason"], row["records"], row["first_file"], row["first_record"]) for row in rows] == [
        ("a line of totals", 1, "logs/b.csv", 5),
        ("an upload to the server", 1, "logs/a.log", 2),
    ]
    run(["report", "logs/a.log"])
    assert "an upload to the server" in capsys.readouterr().out


MAPPED = """version = 1
kind = "register"

[[tables]]
header_row = 1

[[tables.columns]]
field = "occurred_at"
column = {where}

[[tables.columns]]
field = "recipient"
column = "who"

[[tables.columns]]
field = "elements"
column = "what"
"""


@pytest.fixture
def mapped(tmp_path, monkeypatch):
    """A register in `kept` whose mapping lies beside it."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "kept"
    folder.mkdir()
    (folder / "list.csv").write_text("when,until,who,what\n2025-07-01,2025-09-01,ICE,names\n")
    (folder / "list.csv.mapping.toml").write_text(MAPPED.format(where='"when"'))
    return folder


def test_an_edited_mapping_is_no_other_reading_of_a_kept_file(mapped, capsys):
    run(["--trust", "scan", "kept", "--db", "case.duckdb"])
    # A copy has no mapping beside it, and says what the file said.
    (mapped / "copy.csv").write_bytes((mapped / "list.csv").read_bytes())
    assert run(["scan", "kept", "--db", "case.duckdb"]) not in (2, 20)
    (mapped / "list.csv.mapping.toml").write_text(MAPPED.format(where='"until"'))
    capsys.readouterr()
    assert run(["scan", "kept", "--db", "case.duckdb"]) == 2
    shown = capsys.readouterr().err
    assert "kept/list.csv" in shown
    assert "read under other settings" in shown


def test_an_edited_mapping_stops_the_night(mapped, capsys):
    options = ["nightly", "--logs", "kept", "--ledger", "ledger"]
    assert run(["--trust", *options]) not in (2, 20)
    (mapped / "list.csv.mapping.toml").write_text(MAPPED.format(where='"until"'))
    capsys.readouterr()
    assert run(options) == 2
    assert "read under other settings" in capsys.readouterr().err


def test_a_mapping_that_is_not_there_is_a_mistake_in_typing(logs, capsys):
    assert run(["scan", str(logs), "--mapping", "nofile.toml"]) == 2
    assert "there is no such file\n  where: --mapping nofile.toml" in capsys.readouterr().err


def test_what_holds_no_columns_is_named_when_they_are_asked_for(tmp_path, capsys):
    (tmp_path / "a.csv").write_bytes(b"%PDF-1.7 ...")
    (tmp_path / "b.csv").write_bytes(b"PAR1\x00\x00")
    for name, what in (("a.csv", "PDF"), ("b.csv", "no text")):
        assert run(["sources", "map", str(tmp_path / name)]) == 2
        assert f"no columns can be found in it: it is {what}" in capsys.readouterr().err.replace(
            "a file of this kind: ", ""
        )
