"""A call, and a text of several statements, counts once with what it ran, in whatever log of the scan that stands."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.ingest import mapped
from auditscan.readers import blocks
from auditscan.readers.model import SetAside
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import EXAMPLES, LIBRARY, POLICY

REASON = "a call or text whose statements are records of their own"
SHOWS, LOADS = "select ssn_num from tmsis_elgblty where submtg_state_cd = '06'", "insert into x values (1)"


def query(number: str, text: str, kind: str = "SELECT", **more: str) -> str:
    said = {
        "QUERY_ID": number,
        "QUERY_TYPE": kind,
        "EXECUTION_STATUS": "SUCCESS",
        "ROLE_NAME": "ICE_ERO",
        "QUERY_TEXT": text,
    }
    return json.dumps({**said, "START_TIME": "2026-03-02T10:00:00Z", **more}) + "\n"


def call(number: str, text: str = "call extract_it('06')", kind: str = "CALL", **more: str) -> str:
    return query(number, text, kind, **more)


def ran(number: str, parent: str, text: str = SHOWS) -> str:
    return query(number, text, text.split(maxsplit=1)[0].upper(), PARENT_QUERY_ID=parent)


def read(folder: Path) -> tuple[dict[str, tuple], list[str]]:
    """What a scan says of each file, which adds up, and the ids of its transfers."""
    with open_store(None, LIBRARY, threads=2) as store:
        files = scan(store, [folder], POLICY, date(2026, 4, 1)).files
        said = {Path(f.path).name: (f.records, f.not_transfers, f.set_aside) for f in files}
        written = store.rows("select parse_filename(path), records, not_transfers from sources")
        assert sorted(written) == sorted((name, records, others) for name, (records, others, _) in said.items())
        sums = "records = transfers + not_transfers + duplicates + quarantined"
        assert store.rows(f"select * from accounting where not ({sums})") == []
        return said, [id_ for (id_,) in store.rows("select transfer_id from answers order by all")]


def write(folder: Path, **logs: str) -> Path:
    for name, text in logs.items():
        (folder / f"{name}.ndjson").write_text(text)
    return folder


def test_what_it_ran_stands_in_another_log(tmp_path):
    write(
        tmp_path,
        a=call("p1", ROLE_NAME="XTR") + call("p2") + call("p3") + query("q1", SHOWS),
        b=ran("q2", "p1") + ran("q3", "p2", LOADS) + ran("q4", "p3") + ran("q5", "p0"),
    )
    said, ids = read(tmp_path)
    assert ids == ["p2", "q1", "q2", "q4", "q5"]
    (records, others, reasons), b = said["a.ndjson"], said["b.ndjson"]
    assert (records, others) == (4, 2)
    # Its first record, and the first of those that name a part of DHS.
    assert reasons == {REASON: SetAside(2, 1, 1, 3)}
    assert b[:2] == (4, 1)


def test_what_names_itself_or_another_kind_of_database_is_no_call_of_it(tmp_path):
    job = {"job_id": "p2", "user_email": "u", "query": "select a from b.c; select 2", "state": "DONE"}
    script = {**job, "statement_type": "SCRIPT"}
    child = {**job, "job_id": "q2", "query": "select ssn_num from a.b", "statement_type": "SELECT"}
    write(
        tmp_path,
        a=call("p1", SHOWS + "; " + SHOWS, "MULTI_STATEMENT", ROOT_QUERY_ID="p1") + ran("q1", "p2"),
        b=json.dumps({**script, "parent_job_id": None}) + "\n" + json.dumps({**child, "parent_job_id": "p3"}) + "\n",
    )
    said, ids = read(tmp_path)
    assert ids == ["p1", "p2", "q1", "q2"]
    assert {others for _, others, _ in said.values()} == {0}


@pytest.mark.parametrize("blank", ["", " ", "NULL", "-"])
def test_what_stands_for_no_id_is_none(tmp_path, blank):
    child = query("q2", SHOWS, PARENT_QUERY_ID=blank, ROOT_QUERY_ID=blank)
    write(tmp_path, a=call(blank) + query("q1", SHOWS), b=child)
    said, ids = read(tmp_path)
    assert len(ids) == 3
    assert {others for _, others, _ in said.values()} == {0}


@st.composite
def histories(draw):
    """Records of calls and of what they ran, in any order; the calls that count beside nothing."""
    lines, left = [], set()
    for number in range(draw(st.integers(1, 8))):
        text, kind = draw(st.sampled_from([("call x()", "CALL"), (SHOWS + "; " + LOADS, "MULTI_STATEMENT")]))
        lines.append(call(f"p{number}", text, kind))
        for place, shows in enumerate(draw(st.lists(st.booleans(), max_size=3))):
            lines.append(ran(f"c{number}-{place}", f"p{number}", SHOWS if shows else LOADS))
            left |= {f"p{number}"} if shows else set()
    lines += [query(f"q{number}", SHOWS) for number in range(draw(st.integers(0, 3)))]
    return draw(st.permutations(lines)), left


@given(history=histories(), cut=st.integers(1, 5), size=st.sampled_from([400, 3000, 1 << 20]), few=st.booleans())
@settings(max_examples=EXAMPLES, deadline=None)
def test_wherever_a_history_is_cut(tmp_path_factory, history, cut, size, few):
    lines, left = history
    folder = tmp_path_factory.mktemp("cut")
    write(folder, **{f"part-{at}": "".join(lines[at::cut]) for at in range(cut) if lines[at::cut]})
    expected = sorted(
        one["QUERY_ID"] for one in map(json.loads, lines) if one["QUERY_ID"] not in left and one["QUERY_TEXT"] != LOADS
    )
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(blocks, "BLOCK_BYTES", size)
        if not few:
            patched.setattr(mapped, "FEW_BYTES", 0)
        said, ids = read(folder)
    assert ids == expected
    assert sum(records for records, *_ in said.values()) == len(lines)
    assert sum(aside.records for *_, why in said.values() for name, aside in why.items() if name == REASON) == len(left)


def test_a_copy_says_the_same_and_no_report_shows_what_was_left_out(tmp_path, capsys):
    calls = call("p1", "call odd_word_of_a_call('06')", ROLE_NAME="ROLE_OF_A_CALL")
    write(tmp_path, a=calls + query("q1", SHOWS), b=calls + query("q1", SHOWS), c=ran("q2", "p1"))
    said, ids = read(tmp_path)
    assert ids == ["q1", "q2"]
    assert [said[name][:2] for name in ("a.ndjson", "b.ndjson")] == [(2, 1), (2, 1)]
    assert run(["report", str(tmp_path), "--held-by", "CMS", "--as-of", "2026-04-01"]) == ExitCode.CLEAN
    assert run(["query", "unknown_agency", str(tmp_path), "--held-by", "CMS"]) == ExitCode.CLEAN
    shown = capsys.readouterr().out
    assert "1 record that is no transfer (most often a call or text" in shown
    assert "ROLE_OF_A_CALL" not in shown


ANSWERS = "transfer_id, verdict_now, verdict_then, reasons, source_file, source_record from answers order by all"
ACCOUNTS = "path, records, transfers, not_transfers from accounting order by path"
OTHERS = "reason, records, naming from records_set_aside"


@pytest.mark.parametrize("first", ["a", "b"])
@pytest.mark.parametrize("part", [False, True])
def test_logs_of_two_scans_are_as_those_of_one(tmp_path, capsys, first, part):
    logs = {
        "a": call("p1") + call("p2") + query("q1", SHOWS) + ran("q4", "p4") + call("p6") + ran("q6", "p6"),
        "b": ran("q2", "p1") + ran("q3", "p2", LOADS) + call("p4") + call("p5") + call("p1"),
    }
    write(tmp_path, **logs)
    scanned = ["--no-config", "scan", "--held-by", "CMS", "--as-of", "2026-04-01", "--exit-zero"]
    kept, other, whole = (str(tmp_path / f"{name}.duckdb") for name in ("kept", "other", "whole"))
    assert run([*scanned, f"{tmp_path}/a.ndjson", f"{tmp_path}/b.ndjson", "--db", whole]) == ExitCode.CLEAN
    second = "b" if first == "a" else "a"
    assert run([*scanned, f"{tmp_path}/{first}.ndjson", "--db", other if part else kept]) == ExitCode.CLEAN
    beside = ["--part", other] if part else []
    assert run([*scanned, f"{tmp_path}/{second}.ndjson", *beside, "--db", kept]) == ExitCode.CLEAN
    capsys.readouterr()
    for asked in (ANSWERS, ACCOUNTS, OTHERS):
        said = [
            run(["query", "--sql", "select " + asked, "--db", db]) or capsys.readouterr().out for db in (kept, whole)
        ]
        assert said[0] == said[1]


def test_a_night_leaves_it_out_too(tmp_path, capsys):
    logs = tmp_path / "logs"
    logs.mkdir()
    write(logs, a=call("p1") + query("q1", SHOWS), b=ran("q2", "p1"))
    ledger = ["--ledger", str(tmp_path / "ledger")]
    nightly = ["--no-config", "nightly", "--logs", str(logs), "--held-by", "CMS", *ledger, "--as-of", "2026-04-01"]
    for _ in range(2):
        assert run(nightly) == ExitCode.ENJOINED
    assert run(["verify", *ledger]) == ExitCode.CLEAN
