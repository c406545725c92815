"""What can be opened from Python, and what cannot."""

from __future__ import annotations

from datetime import UTC, date, datetime

import duckdb
import pytest

import auditscan
from api import AS_OF, left, transfer, verdicts, write


def test_a_kept_database_and_its_logs_answer_alike(kept, session, tmp_path):
    log = kept.with_name("log.ndjson")
    expected = verdicts(session)
    assert expected["T-1"] == "enjoined"
    assert len(expected) == 5
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "a.ndjson").write_bytes(log.read_bytes())
    for source in (str(log), iter([log]), folder):
        with auditscan.connect(source, as_of=date(2026, 3, 1), threads=1) as other:
            assert verdicts(other) == expected
            assert other.complete


def test_a_list_of_logs(tmp_path):
    logs = [write(tmp_path / f"{number}.ndjson", transfer(number)) for number in (1, 2)]
    with auditscan.connect(logs, as_of=AS_OF) as session:
        assert sorted(verdicts(session)) == ["T-1", "T-2"]


def test_a_kept_database_is_judged_again_in_a_copy(kept, session, tmp_path):
    assert verdicts(session)["T-5"] == "review"
    policy = auditscan.Policy.load("names-permitted")
    for given in (policy, "names-permitted"):
        with auditscan.connect(kept, as_of=AS_OF, policy=given) as other:
            assert verdicts(other)["T-5"] == "permitted"
            assert other.policy.overlays
    with auditscan.connect(kept, as_of="2025-07-01") as before:
        assert set(verdicts(before).values()) == {"outside"}
        assert before.as_of == date(2025, 7, 1)
    with auditscan.connect(kept, as_of=AS_OF, policy=["R2.categories.name=permitted"], since="2026-02-03") as later:
        assert verdicts(later) == verdicts(session) | {"T-1": "out_of_scope", "T-2": "out_of_scope", "T-5": "permitted"}


def test_queries_of_ones_own(kept, tmp_path):
    (tmp_path / "ours" / "reports").mkdir(parents=True)
    (tmp_path / "ours" / "reports" / "how_many.sql").write_text(
        '/*\ntitle = "How many"\ndescription = "Transfers."\n\n[params.at_least]\ntype = "integer"\ndefault = 0\n'
        'unit = "people"\ndescription = "From how many."\n*/\n'
        "select count(*) as n from answers where record_count >= coalesce(getvariable('at_least')::integer, 0)\n"
    )
    with auditscan.connect(kept, as_of=AS_OF, queries=tmp_path / "ours") as session:
        assert session.query("how_many").item() == 5
        assert session.query("how_many", at_least=30).item() == 3
        with pytest.raises(auditscan.UsageError, match="'many' is no integer"):
            session.query("how_many", at_least="many")


def test_what_cannot_be_opened(kept, tmp_path):
    log = kept.with_name("log.ndjson")
    missing = tmp_path / "missing"
    junk = tmp_path / "junk.duckdb"
    junk.write_bytes(b"12345678DUCK" + bytes(4096))
    stranger = tmp_path / "stranger.duckdb"
    duckdb.connect(str(stranger)).close()
    empty = tmp_path / "empty"
    empty.mkdir()
    for source, error, said in (
        *(
            (one, auditscan.NoInputError, "missing: there is no such file or folder")
            for one in (missing, str(missing), [missing], (str(missing),), iter([missing]))
        ),
        (empty, auditscan.NoInputError, "no log to read"),
        (junk, auditscan.StoreError, "no database that DuckDB can open"),
        (stranger, auditscan.StoreError, "not made by auditscan"),
        ([], auditscan.UsageError, "nothing to look at"),
        ("", auditscan.UsageError, "no file or folder"),
        ("a\0b", auditscan.UsageError, "no file or folder"),
        (b"log", auditscan.UsageError, "no file or folder"),
        (None, auditscan.UsageError, "no file or folder"),
        ([log, 3], auditscan.UsageError, "3 is no file"),
        ([log, kept], auditscan.UsageError, "a database among logs"),
    ):
        with pytest.raises(error, match=said):
            auditscan.connect(source, as_of=AS_OF)
    assert left(tmp_path) == []


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"as_of": "2026-02-30"}, "as_of"),
        ({"as_of": "20260301"}, "as_of"),
        ({"as_of": 20260301}, "as_of"),
        ({"as_of": datetime(2026, 3, 1, tzinfo=UTC)}, "as_of"),
        ({"since": "June"}, "since"),
        ({"zone": "Mars/Phobos"}, "zone"),
        ({"zone": None}, "zone"),
        ({"log_format": 3}, "log_format"),
        ({"held_by": " "}, "held_by"),
        ({"link": "yes"}, "link"),
        ({"threads": 0}, "threads"),
        ({"threads": True}, "threads"),
        ({"threads": 1.5}, "threads"),
        ({"memory": "lots"}, "memory"),
        ({"memory": 2}, "memory"),
        ({"timeout": -1}, "timeout"),
        ({"timeout": float("nan")}, "timeout"),
        ({"timeout": "300"}, "timeout"),
        ({"queries": 7}, "queries"),
        ({"policy": 7}, "policy"),
        ({"policy": [None]}, "policy"),
        ({"policy": "no-such-thing"}, "no-such-thing"),
    ],
)
def test_arguments_that_cannot_be_used(kept, given, where):
    with pytest.raises(auditscan.UsageError) as caught:
        auditscan.connect(kept, **({"as_of": AS_OF} | given))
    assert caught.value.where == where
    assert caught.value.hint


def test_a_faulty_overlay_names_file_and_line(kept, tmp_path):
    write(tmp_path / "states.csv", "code,usps,name,code_system\nOR,XX,Oregon,USPS\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "states.csv").rename(tmp_path / "mine" / "states.csv")
    with pytest.raises(auditscan.PolicyError, match=r"states\.csv:2"):
        auditscan.connect(kept, policy=tmp_path / "mine")
