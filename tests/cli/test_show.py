"""`auditscan show`, and `explain --record`: the record as it stands in its file."""

from __future__ import annotations

import gzip
import json
import tarfile
import zipfile

import duckdb
import pytest
import xlsxwriter

from auditscan.cli import run

ROWS = (
    "transfer_id,occurred_at,sender,recipient,states,elements,purpose\n"
    'A-1,2026-02-01,CMS,ICE,CA,ssn,"two\nlines, and a comma"\n'
    "\n"
    "A-2,2026-02-02,CMS,ICE,CA;TX,diagnosis code;names,x\n"
    "A-3,2026-02-03,CMS,ICE\n"
)
LINES = (
    '{"transfer_id":"N-1","sender":"CMS"}\n\n'
    '{"transfer_id":"N-2","sender":"CMS","elements":["ssn","sex"],"x":{"y":1.50}}\n'
)
CLOUDTRAIL = {
    "Records": [
        {
            "eventTime": "2026-01-07T19:40:02Z", "eventSource": "s3.amazonaws.com", "eventName": "GetObject",
            "userIdentity": {"accountId": "444455556666"}, "eventID": f"e{n}",
            "requestParameters": {"bucketName": "b", "key": f"k{n}"},
        }
        for n in (1, 2)
    ]
}  # fmt: skip
ATNA = (
    "<AuditMessage>\n<EventIdentification EventActionCode='R' EventDateTime='2026-01-07T19:40:02Z'/>\n"
    "<ActiveParticipant UserID='{0}'/></AuditMessage>\n"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("shown")
    (made / "a.csv").write_text(ROWS)
    (made / "a.ndjson").write_text(LINES)
    (made / "utf16.csv").write_text(ROWS, encoding="utf-16")
    (made / "cr.csv").write_bytes(ROWS.replace("two\nlines", "two lines").replace("\n", "\r").encode())
    (made / "trail.json.gz").write_bytes(gzip.compress(json.dumps(CLOUDTRAIL, indent=1).encode()))
    (made / "array.json").write_text('[{"transfer_id":"J-1","sender":"CMS"},\n{"transfer_id":"J-2",\n"sender":"CMS"}]')
    (made / "atna.xml").write_text(ATNA.format("one") + "\n" + ATNA.format("two"))
    (made / "register.csv").write_text(
        "Log of disclosures\n\nNo.,Date of Disclosure,Disclosed To,Description of Data\n"
        '1,7/1/2025,ICE,"SSN;\ndiagnosis"\n2,7/2/2025,ICE,names\n'
    )
    (made / "server.log").write_text(
        "Tue Jul  1 10:00:00 2025 3 10.0.0.7 5 /out/a b _ o r ice sftp 0 * c\n" * 2
        + "Tue Jul  1 10:00:00 2025 3 10.0.0.7 5 /out/\x1b[31m b _ o r ice sftp 0 * c\n"
    )
    with zipfile.ZipFile(made / "all.zip", "w") as archive:
        archive.writestr("in/a.csv", ROWS)
        inner = made / "inner.tar"
        with tarfile.open(inner, "w") as tar:
            tar.add(made / "a.ndjson", "deep.ndjson")
        archive.write(inner, "inner.tar")
        inner.unlink()
    duckdb.sql("select 'P-' || range as transfer_id, 'CMS' as sender, null as outcome from range(30)").write_parquet(
        str(made / "p.parquet")
    )
    with xlsxwriter.Workbook(made / "book.xlsx") as book:
        book.add_worksheet("Contacts").write_row(0, 0, ["Name"])
        sheet = book.add_worksheet("2025, old")
        sheet.write_row(1, 1, ["Date of Disclosure", "Disclosed To", "Description of Data", "State"])
        sheet.write_row(2, 1, ["7/1/2025", "ICE", "SSN", "CA"])
    return made


@pytest.fixture
def show(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)

    def shown(*arguments):
        code = run(["show", *arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return shown


def record(show, *arguments):
    code, out, err = show(*arguments, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.parametrize(
    ("place", "said", "raw", "fields"),
    [
        ("a.csv:2", "line 2", 'A-1,2026-02-01,CMS,ICE,CA,ssn,"two\nlines, and a comma"', {"elements": "ssn"}),
        ("a.csv, line 5", "line 5", "A-2,2026-02-02,CMS,ICE,CA;TX,diagnosis code;names,x", {"states": "CA;TX"}),
        ("a.csv, record 5", "line 5", "A-2,2026-02-02,CMS,ICE,CA;TX,diagnosis code;names,x", {"transfer_id": "A-2"}),
        ("a.csv:6", "line 6", "A-3,2026-02-03,CMS,ICE", {}),
        ("a.csv:4", "line 4", "", {}),
        ("utf16.csv:5", "line 5", "A-2,2026-02-02,CMS,ICE,CA;TX,diagnosis code;names,x", {"states": "CA;TX"}),
        ("cr.csv:4", "line 4", "A-2,2026-02-02,CMS,ICE,CA;TX,diagnosis code;names,x", {"states": "CA;TX"}),
        ("a.ndjson:3", "line 3", LINES.split("\n")[2], {"elements": "ssn; sex", "x.y": "1.50"}),
        ("trail.json.gz, item 2 of Records", "item 2 of Records", None, {"requestParameters.key": "k2"}),
        ("array.json:2", "item 2", '{"transfer_id":"J-2",\n"sender":"CMS"}', {"transfer_id": "J-2"}),
        ("atna.xml:2", "item 2", ATNA.format("two").strip(), {}),
        ("register.csv:4", "line 4", '1,7/1/2025,ICE,"SSN;\ndiagnosis"', {"Description of Data": "SSN;\ndiagnosis"}),
        ("register.csv:6", "line 6", "2,7/2/2025,ICE,names", {"Disclosed To": "ICE"}),
        ("server.log:2", "line 2", None, {}),
        ("all.zip/in/a.csv:5", "line 5", "A-2,2026-02-02,CMS,ICE,CA;TX,diagnosis code;names,x", {"states": "CA;TX"}),
        ("all.zip/inner.tar/deep.ndjson:1", "line 1", LINES.split("\n", maxsplit=1)[0], {"transfer_id": "N-1"}),
        ("p.parquet, row 20", "row 20", "", {"transfer_id": "P-19", "outcome": ""}),
        ('book.xlsx, sheet "2025, old", row 3', 'sheet "2025, old", row 3', "", {"E State": "CA"}),
        ("book.xlsx:2025, old:3", 'sheet "2025, old", row 3', "", {"B Date of Disclosure": "7/1/2025"}),
        ("book.xlsx:2000003", 'sheet "2025, old", row 3', "", {"D Description of Data": "SSN"}),
    ],
)  # fmt: skip
def test_the_record_of_a_place(show, place, said, raw, fields):
    found = record(show, place)
    assert found["place"] == said
    assert raw is None or found["raw"] == raw
    held = {field["field"]: field["text"] for field in found["fields"]}
    assert fields.items() <= held.items()


def test_it_is_the_place_that_a_scan_names(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    names = ["a.csv", "array.json", "trail.json.gz", "register.csv", "p.parquet", "book.xlsx", "all.zip", "server.log"]
    sql = "select source_file || ', ' || place as cited, transfer_id from transfers order by all"
    assert run(["query", "--sql", sql, *names, "--format", "ndjson"]) in (0, 20)
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["cited"] for row in rows} >= {
        "a.csv, line 2", "array.json, item 2", "trail.json.gz, item 2 of Records", "p.parquet, row 30",
        "register.csv, line 6", 'book.xlsx, sheet "2025, old", row 3', "all.zip/inner.tar/deep.ndjson, line 3",
        "server.log, line 3",
    }  # fmt: skip
    for row in rows:
        if "-" not in row["transfer_id"][:2]:
            continue
        assert run(["show", row["cited"], "--json"]) == 0
        shown = json.loads(capsys.readouterr().out)
        assert row["transfer_id"] in [field["text"] for field in shown["fields"]], row


def test_text_of_others_does_not_reach_the_terminal(show):
    code, out, _ = show("server.log:3")
    assert code == 0
    assert "\x1b" not in out
    assert "/out/\\x1b[31m" in out


@pytest.mark.parametrize(
    ("place", "code", "said"),
    [
        ("a.csv", 2, "names no place in a file"),
        ("a.csv:0", 2, "counted from 1"),
        ("a.csv:99", 3, "the file has 6 lines"),
        ("trail.json.gz:3", 3, "the file has 2 items"),
        ("trail.json.gz, line 3", 2, "this file has items and no lines"),
        ("p.parquet:31", 3, "the file has 30 rows"),
        ("book.xlsx:2024:3", 3, 'its sheets are "Contacts", "2025, old"'),
        ("book.xlsx:Contacts:9", 3, "the file has 1 rows in this sheet"),
        ("none.csv:1", 3, "there is no such file"),
        ("all.zip:1", 3, "this is an archive"),
        ("all.zip/in/b.csv:1", 3, "the archive holds no such file"),
    ],
)
def test_what_cannot_be_shown(show, place, code, said):
    found, out, err = show(place)
    assert (found, out) == (code, "")
    assert said in err
    assert "  do: " in err


@pytest.fixture
def kept(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "a.csv").write_text(ROWS)
    assert run(["scan", "logs", "--db", "k.duckdb", "--as-of", "2026-03-01"]) == 20
    capsys.readouterr()
    return tmp_path / "logs" / "a.csv"


def test_a_file_is_held_against_what_was_scanned(kept, capsys):
    def state(code, place="logs/a.csv:5"):
        assert run(["show", place, "--db", "k.duckdb", "--json"]) == code
        return json.loads(capsys.readouterr().out)

    assert state(0)["state"] == "same"
    assert state(0, "a.csv:5")["file"] == "logs/a.csv"
    kept.write_text(ROWS + "A-4,2026-02-04,CMS,ICE,CA,ssn,x\n")
    assert state(0)["state"] == "grown"
    kept.write_text(ROWS.replace("A-1", "B-1"))
    found = state(21)
    assert (found["state"], len(found["scanned"])) == ("changed", 64)
    assert found["scanned"] != found["sha256"]
    assert run(["show", "logs/a.csv:5", "--db", "k.duckdb"]) == 21
    assert "NOT WHAT WAS SCANNED" in capsys.readouterr().out
    kept.unlink()
    assert run(["show", "a.csv:5", "--db", "k.duckdb"]) == 3
    assert "the file is gone" in capsys.readouterr().err
    assert run(["show", "b.csv:5", "--db", "k.duckdb"]) == 3
    assert "the database holds no file of this name" in capsys.readouterr().err


def test_an_explanation_shows_the_record_and_marks_what_decided(kept, capsys):
    asked = ["explain", "A-2", "--db", "k.duckdb", "--as-of", "2026-03-01", "--record"]
    assert run(asked) == 0
    out = capsys.readouterr().out
    assert "logs/a.csv, line 5\n  The file: as it was scanned.\n" in out
    assert "\n  A-2,2026-02-02,CMS,ICE,CA;TX,diagnosis code;names,x\n" in out
    marked = {line.split()[1] for line in out.splitlines() if line.startswith("  > ")}
    assert marked == {"states", "elements"}
    assert run([*asked, "--json"]) == 0
    (explained,) = json.loads(capsys.readouterr().out)
    assert [shown["place"] for shown in explained["records"]] == ["line 5"]
    kept.write_text(ROWS.replace("A-1", "B-1"))
    assert run(asked) == 0
    out = capsys.readouterr().out
    assert "is not shown: the file is NOT WHAT WAS SCANNED" in out
    assert "A-2,2026" not in out


def test_bytes_of_unreadable_records_are_kept_only_where_asked(kept, capsys):
    def held(*more):
        assert run(["scan", "logs", "--db", f"{len(more)}.duckdb", *more]) == 20
        with duckdb.connect(f"{len(more)}.duckdb", read_only=True) as database:
            return database.sql("select source_record, bytes::varchar, byte_length from quarantine").fetchall()

    assert held() == [(6, None, 22)]
    assert held("--keep-bytes") == [(6, "A-3,2026-02-03,CMS,ICE", 22)]
