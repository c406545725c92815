"""SQL and library queries from Python: values, refusals, limits."""

from __future__ import annotations

import traceback
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

import duckdb
import polars as pl
import pytest

import auditscan
from api import AS_OF


@pytest.mark.parametrize(
    "value",
    [
        0,
        -1,
        2**63,
        2**100,
        1.5,
        True,
        None,
        "",
        "O'Brien; drop table answers; --",
        "名前 \U0001f600 \u202e",
        "a\0b",
        b"\x00\xff",
        Decimal("1.10"),
        date(2026, 3, 1),
        datetime(2026, 3, 1, 12, 30),  # noqa: DTZ001 -- one without a zone
        datetime(2026, 3, 1, 12, 30, tzinfo=UTC),
        timedelta(days=1, seconds=2),
        [1, 2, None],
        ["a", "b;c"],
        {"a": 1, "b": ["x"]},
    ],
    ids=repr,
)
def test_values_come_back_as_they_went_in(session, value):
    found = session.sql("select $value as v, 1 as one", value=value)
    if isinstance(value, timedelta):
        assert found["v"].to_list() == ["1 day 00:00:02"]
    else:
        assert found["v"].to_list() == [value]


def test_values_that_polars_has_no_type_for_come_as_text(session):
    assert session.sql("select $v as v", v=[])["v"].to_list() == ["[]"]
    assert session.sql("select $v as v", v=UUID(int=7))["v"].to_list() == [str(UUID(int=7))]
    assert session.sql("select $v as v", v=time(1, 2, 3))["v"].cast(pl.String).str.slice(0, 8).to_list() == ["01:02:03"]


@pytest.mark.parametrize("value", [2**200, object(), {1, 2}, pl.Series([1]), "\ud800", len], ids=range(6))
def test_values_that_the_engine_cannot_take(session, value):
    with pytest.raises(auditscan.AuditscanError):
        session.sql("select $value", value=value)
    assert session.sql("select 1 as a").item() == 1


def test_values_are_never_sql(session):
    found = session.sql("select count(*) as n from answers where transfer_id = $id", id="x' or '1'='1")
    assert found.item() == 0
    with pytest.raises(auditscan.SqlError):
        session.sql("select * from answers where $id", id="true or true")
    for name in ("a b", "x; drop table answers", "é"):
        with pytest.raises(auditscan.AuditscanError):
            session.sql("select 1", **{name: 1})


def test_names_are_never_sql(session):
    for name in ("answers; drop table answers", "' or 1=1 --", "", "no_such", 'a"b', "../x"):
        with pytest.raises(auditscan.UsageError, match="no query is named"):
            session.query(name)
        with pytest.raises(auditscan.UsageError, match="no table or view is named"):
            session.describe(name)
        with pytest.raises(auditscan.NoInputError, match="no transfer has the id"):
            session.explain(name)
    with pytest.raises(auditscan.UsageError, match="it makes part of the database"):
        session.query("judge")
    with pytest.raises(auditscan.UsageError) as caught:
        session.describe("anwers")
    assert "did you mean answers" in caught.value.hint


def test_parameters_may_have_the_names_of_arguments(session):
    assert session.sql("select $text as a, $self as b", text="x", self=1).row(0) == ("x", 1)


@pytest.mark.parametrize(
    "text",
    [
        "copy answers to 'x.csv'",
        "select * from read_csv('/etc/passwd')",
        "attach 'x.duckdb'",
        "set memory_limit = '64GB'",
        "insert into records select * from records",
        "select 1; drop table records",
        "select nothing from answers",
        "selec 1",
        "",
        "select\0",
    ],
)
def test_what_sql_may_not_do(session, text, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = list(tmp_path.iterdir())
    with pytest.raises(auditscan.SqlError):
        session.sql(text)
    assert list(tmp_path.iterdir()) == before


@pytest.mark.parametrize("text", [None, 7, b"select 1", ["select 1"]])
def test_sql_is_text(session, text):
    with pytest.raises(auditscan.UsageError, match="is no SQL"):
        session.sql(text)


def test_limits_and_their_hints_name_arguments(kept):
    with auditscan.connect(kept, as_of=AS_OF, timeout=0.2) as session:
        for ask in (
            lambda: session.sql("select sum(a.range * b.range) from range(1000000) a, range(1000000) b"),
            lambda: session.duckdb.execute("select sum(a.range * b.range) from range(1000000) a, range(1000000) b"),
        ):
            with pytest.raises((auditscan.LimitError, duckdb.Error)) as caught:
                ask()
        with pytest.raises(auditscan.LimitError) as caught:
            session.sql("select sum(a.range * b.range) from range(1000000) a, range(1000000) b")
    assert "timeout=SECONDS" in caught.value.hint
    assert "--" not in "".join(traceback.format_exception(caught.value)).split("LimitError")[-1]
    with auditscan.connect(kept, as_of=AS_OF, memory="64MB") as session, pytest.raises(auditscan.LimitError) as caught:
        session.sql("select list(range) from range(100000000)")
    assert "memory=8GB" in caught.value.hint


def test_a_library_query_has_the_same_time(kept, tmp_path):
    (tmp_path / "ours" / "reports").mkdir(parents=True)
    (tmp_path / "ours" / "reports" / "slow.sql").write_text(
        '/*\ntitle = "Slow"\ndescription = "Never done."\n*/\n'
        "select sum(a.range * b.range) as n from range(1000000) a cross join range(1000000) b\n"
    )
    with (
        auditscan.connect(kept, as_of=AS_OF, timeout=0.2, queries=tmp_path / "ours") as session,
        pytest.raises(auditscan.LimitError),
    ):
        session.query("slow")


def test_a_traceback_shows_why_and_what_to_do(session):
    with pytest.raises(auditscan.UsageError) as caught:
        session.sql("select $state")
    shown = "".join(traceback.format_exception(caught.value))
    assert "do: give it one with state=VALUE" in shown
    assert shown.count("do:") == 1


def test_unsafe_lifts_the_lock_and_not_the_write_protection(kept, tmp_path):
    with auditscan.connect(kept, as_of=AS_OF, unsafe=True) as session:
        session.sql(f"copy (select 1 as a) to '{tmp_path / 'out.csv'}'")
        assert (tmp_path / "out.csv").read_text() == "a\n1\n"
        with pytest.raises(auditscan.SqlError):
            session.sql("delete from records")


def test_the_connection_of_the_engine(kept):
    with auditscan.connect(kept, as_of=AS_OF) as session:
        raw = session.duckdb
        raw.execute("select * from answers")
        # A result left open there is in nobody's way.
        assert session.sql("select count(*) from answers").item() == 5
        assert len(raw.fetchall()) == 5
        assert raw.execute("select current_setting('TimeZone')").fetchall() == [("UTC",)]
        for text in (
            "copy answers to 'x.csv'",
            "select * from read_text('/etc/passwd')",
            "set enable_external_access = true",
        ):
            with pytest.raises(duckdb.Error):
                raw.execute(text)
        raw.execute("set variable select_states = ['TX']")
        assert session.query("headline").equals(session.query("headline"))
        raw.execute("create temp table answers as select 1 as mine")
        assert session.sql("select count(*) from answers").item() == 5
