"""Places, holders and what came in: who a mapped record is from and to, told with a small format of the tests' own."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from auditscan.cli import run
from auditscan.library import Library
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import POLICY

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = """/*
title = "Gate"
description = "A format of the tests."
reader = "json"
fields = ["gate", "id", "from", "place", "to", "by", "way", "op", "bytes", "end"]
needs = ["gate"]
*/
select
    record_no,
    case
        when way = 'in' then 'an upload to the server'
        when op = 'login' then 'a login'
        when op is not null and op <> 'get' then unknown_operation(op)
    end as set_aside,
    way = 'in' as arrives,
    id as transfer_id,
    '2026-03-02T10:00:00Z' as occurred_at,
    "from" as sender,
    list_filter([place], lambda x: x is not null) as places,
    "to" as recipient,
    "by" as actor,
    'download' as action,
    ['CA'] as states,
    ['medicaid'] as programs,
    ['ssn'] as elements,
    ['undocumented'] as populations,
    'declared' as element_basis,
    file_outcome("end", bytes) as outcome,
    try_cast(bytes as bigint) as bytes
from incoming
"""


@pytest.fixture(scope="module")
def at_once(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The answers of one log with the records of several tests, by their ids."""
    folder = tmp_path_factory.mktemp("gate")
    (folder / "own" / "sources").mkdir(parents=True)
    (folder / "own" / "sources" / "gate.sql").write_text(FORMAT)
    lines = [json.dumps({"gate": "1", **one}) + "\n" for one in (*PLACES, *SEVERAL, *ENDS)]
    (folder / "gate.ndjson").write_text("".join(lines))
    with open_store(None, Library.shipped([folder / "own"]), threads=1) as store:
        scan(store, [folder / "gate.ndjson"], POLICY, date(2026, 11, 22))
        columns = ("sender_agency", "recipient_agency", "verdict_now", "outcome")
        rows = store.rows(f"select transfer_id, {', '.join(columns)} from answers")
        assert len(rows) == len(lines)
        return {transfer_id: dict(zip(columns, said, strict=True)) for transfer_id, *said in rows}


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Scan records of the format; return its summary and the answers by their ids."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "own" / "sources").mkdir(parents=True)
    (tmp_path / "own" / "sources" / "gate.sql").write_text(FORMAT)

    def ask(records: list[dict[str, str]], *arguments: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
        (tmp_path / "gate.ndjson").write_text("".join(json.dumps({"gate": "1", **one}) + "\n" for one in records))
        asked = [
            "scan",
            "gate.ndjson",
            "--queries",
            "own",
            "--as-of",
            "2026-11-22",
            "--json",
            "--out",
            "answers.ndjson",
        ]
        code = run([*asked, *arguments])
        summary = json.loads(capsys.readouterr().out)
        assert summary["exit_code"] == code
        answers = [json.loads(line) for line in (tmp_path / "answers.ndjson").read_text().splitlines()]
        return summary, {answer["transfer_id"]: answer for answer in answers}

    return ask


def parties(answers: dict[str, dict[str, Any]]) -> dict[str, tuple[str | None, str | None, str]]:
    return {name: (one["sender_agency"], one["recipient_agency"], one["verdict_now"]) for name, one in answers.items()}


def of(answers: dict[str, dict[str, Any]], records: list[dict[str, str]]) -> dict[str, dict[str, Any]]:
    """The answers about some records."""
    return {one["id"]: answers[one["id"]] for one in records}


PLACES = [
    {"id": "ice database", "place": "ICE_DB", "to": "ICE_READ"},
    {"id": "both databases", "place": "ICE_DB; IDRC_PRD", "to": "ICE_READ"},
    {"id": "cms database", "place": "IDRC_PRD", "to": "ICE_READ"},
    {"id": "cms word", "place": "CMS_WORK_AREA", "to": "ICE_READ"},
    {"id": "nobody's database", "place": "AAA_REF", "to": "ICE_READ"},
    {"id": "word DHS", "place": "DHS", "to": "x@ice.dhs.gov"},
    {"id": "opaque", "from": "79a59df900b949e5", "to": "x@ice.dhs.gov"},
    {"id": "account", "from": "123456789012", "to": "x@ice.dhs.gov"},
    {"id": "address", "from": "198.51.100.7", "to": "x@ice.dhs.gov"},
    {"id": "named", "from": "Deloitte", "to": "x@ice.dhs.gov"},
    {"id": "irs", "from": "IRS", "to": "x@ice.dhs.gov"},
    {"id": "none", "to": "x@ice.dhs.gov"},
]


def test_a_place_makes_cms_the_sender_and_never_dhs(at_once: dict[str, dict[str, Any]]) -> None:
    assert parties(of(at_once, PLACES)) == {
        "ice database": (None, "ICE", "review"),
        "both databases": ("CMS", "ICE", "enjoined"),
        "cms database": ("CMS", "ICE", "enjoined"),
        # One word of a longer name: somebody has to look.
        "cms word": ("CMS", "ICE", "review"),
        "nobody's database": (None, "ICE", "review"),
        "word DHS": (None, "ICE", "review"),
        "opaque": (None, "ICE", "review"),
        "account": (None, "ICE", "review"),
        "address": (None, "ICE", "review"),
        "named": (None, "ICE", "review"),
        "irs": ("IRS", "ICE", "out_of_scope"),
        "none": (None, "ICE", "review"),
    }


def test_the_holder_counts_where_the_log_names_places_and_numbers_only(judged: Any) -> None:
    _, answers = judged(PLACES, "--held-by", "CMS")
    found = parties(answers)
    assert found.pop("named") == (None, "ICE", "review")
    assert found.pop("irs") == ("IRS", "ICE", "out_of_scope")
    assert found.pop("cms word") == ("CMS", "ICE", "review")
    assert set(found.values()) == {("CMS", "ICE", "enjoined")}


SEVERAL = [
    {"id": "1", "from": "CMS", "to": "clerk@cms.hhs.gov; officer@ice.dhs.gov"},
    {"id": "2", "from": "CMS", "to": "x@fema.dhs.gov; someone@vendor.example; officer@ice.dhs.gov"},
    {"id": "3", "from": "CMS", "to": "IDRC_ICE_XTR; u@irs.example"},
    {"id": "4", "from": "CMS", "to": "IDRC_ICE_XTR; u@ice.dhs.gov"},
    {"id": "5", "from": "IRS; CMS", "to": "ICE"},
]


def test_of_several_recipients_dhs_counts_wherever_it_stands(at_once: dict[str, dict[str, Any]]) -> None:
    assert parties(of(at_once, SEVERAL)) == {
        "1": ("CMS", "ICE", "enjoined"),
        "2": ("CMS", "ICE", "enjoined"),
        "3": ("CMS", "ICE", "review"),
        "4": ("CMS", "ICE", "enjoined"),
        "5": ("CMS", "ICE", "enjoined"),
    }


UPLOADS = [
    {"id": "by cms", "way": "in", "by": "cms_eft"},
    {"id": "by somebody", "way": "in", "by": "bob"},
    {"id": "by oregon", "way": "in", "by": "Oregon DHS"},
]


def test_what_came_into_a_system_of_dhs_is_a_transfer(judged: Any) -> None:
    summary, answers = judged(UPLOADS, "--held-by", "ICE")
    assert summary["totals"]["not_transfers"] == 0
    assert parties(answers) == {
        "by cms": ("CMS", "ICE", "enjoined"),
        "by somebody": (None, "ICE", "review"),
        "by oregon": ("STATE", "ICE", "out_of_scope"),
    }


def test_what_came_into_a_system_of_cms_is_none(judged: Any) -> None:
    summary, answers = judged(UPLOADS, "--held-by", "CMS")
    assert (summary["totals"]["not_transfers"], answers, summary["exit_code"]) == (3, {}, 0)


def test_a_record_that_is_set_aside_and_names_dhs_is_shown(judged: Any, capsys: Any) -> None:
    records = [
        {"id": "1", "op": "login", "by": "x@ice.dhs.gov"},
        {"id": "2", "op": "login", "by": "clerk@dhs.oregon.gov"},
        {"id": "3", "op": "login", "by": "notice.office@state.example"},
        {"id": "4", "way": "in", "by": "P#EFT.ON.ICE"},
    ]
    summary, _ = judged(records)
    assert (summary["set_aside_naming_dhs"], summary["unknown_operations"], summary["exit_code"]) == (2, 0, 11)
    assert run(["scan", "gate.ndjson", "--queries", "own"]) == 11
    assert "2 set-aside records name DHS" in capsys.readouterr().err
    assert run(["report", "gate.ndjson", "--queries", "own", "--section", "others"]) == 0
    out = capsys.readouterr().out
    assert "1 of them names DHS  first gate.ndjson, line 1" in " ".join(out.split()).replace(" first", "  first")


def test_an_operation_that_no_list_knows_is_shown(judged: Any) -> None:
    summary, _ = judged([{"id": "1", "op": "teleport", "by": "bob"}, {"id": "2", "op": "login", "by": "bob"}])
    assert (summary["set_aside_naming_dhs"], summary["unknown_operations"], summary["exit_code"]) == (0, 1, 11)


ENDS = [
    {"id": f"{end} {size}", "from": "CMS", "to": "ICE", "end": end, **({"bytes": size} if size else {})}
    for end, size in (
        *(("success", "5"), ("success", "0"), ("success", ""), ("failure", "402000000"), ("failure", "0")),
        *(("failure", ""), ("partial", "5"), ("partial", "0"), ("unknown", "0"), ("denied", "0"), ("denied", "7")),
        ("kaput", "5"),
    )
]


def test_how_a_file_ended_follows_from_its_status_and_its_bytes(at_once: dict[str, dict[str, Any]]) -> None:
    assert {name: one["outcome"] for name, one in of(at_once, ENDS).items()} == {
        "success 5": "success",
        "success 0": "empty",
        "success ": "success",
        "failure 402000000": "partial",
        "failure 0": "failure",
        "failure ": "failure",
        "partial 5": "partial",
        "partial 0": "failure",
        "unknown 0": "unknown",
        # A word of the log's own is looked up as it is.
        "denied 0": "failure",
        "denied 7": "failure",
        "kaput 5": "unknown",
    }


def test_records_without_ids_that_differ_in_anything_are_different_transfers(tmp_path: Path, capsys: Any) -> None:
    said = {"occurred_at": "2026-02-03", "sender": "CMS", "recipient": "ICE", "states": "CA", "elements": "ssn"}
    rows = [{**said, "media": "A-1"}, {**said, "media": "A-2"}, {**said, "media": "A-1"}, {**said, "media": ""}]
    (tmp_path / "a.ndjson").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "b.json").write_text(json.dumps(rows))
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    (tmp_path / "c.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "d.csv").write_text("\n".join(['"' + line.replace(",", '","') + '"' for line in lines]) + "\n")
    assert run(["scan", str(tmp_path), "--json"]) == 12
    summary = json.loads(capsys.readouterr().out)
    # The same rows in four forms are the same three transfers.
    assert (summary["transfers"], summary["totals"]["duplicates"]) == (3, 13)
