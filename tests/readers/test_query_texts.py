"""Many texts are analyzed by processes of their own, and say what they say one by one."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import duckdb
import pytest

from auditscan.cli import run
from auditscan.ingest import parsed
from auditscan.readers import query_texts
from auditscan.readers.query_text import analyze
from auditscan.readers.query_texts import COLUMNS, each_batch, rows_of

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [
    "select ssn_num, birth_dt from tmsis_elgblty where submtg_state_cd in ('06', '17')",
    "copy into @out.x/y.csv from (select * from IDRC_PRD.CMS_VDM_VIEW_MDCD.T_1)",
    "select 'ünïcödé \\ud800' as x, \u2028 from t -- \x00",
    "select a from (select",
    "",
]


MANY = 20
"""Texts, of which a process is worth its start for every ten here."""


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_texts, "WORTH_A_PROCESS", 10)


def batches(count: int) -> list[list[str]]:
    """So many different texts."""
    texts = [f"{TEXTS[place % len(TEXTS)]} -- {place}" for place in range(count)]
    return [texts[begin : begin + 5] for begin in range(0, count, 5)]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen[bytes]]:
    """The processes that were started."""
    found: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(*words: object, **options: object) -> subprocess.Popen[bytes]:
        found.append(popen(*words, **options))  # type: ignore[call-overload]
        return found[-1]

    monkeypatch.setattr(query_texts.subprocess, "Popen", start)
    return found


def told(count: int, cores: int) -> list[tuple[list[str], list[list[object]]]]:
    return list(each_batch(batches(count), "snowflake", count, cores))


def alone(count: int) -> list[tuple[list[str], list[list[object]]]]:
    return [(texts, rows_of(texts, "snowflake")) for texts in batches(count)]


def test_many_texts_say_the_same_in_order_and_no_process_is_left(started: list[subprocess.Popen[bytes]]) -> None:
    assert told(MANY, 2) == alone(MANY)
    assert len(started) == 2
    assert all(process.poll() is not None for process in started)


@pytest.mark.parametrize(("count", "cores"), [(5, 2), (MANY - 1, 2), (MANY, 1)])
def test_few_texts_or_one_core_start_none(count: int, cores: int, started: list[subprocess.Popen[bytes]]) -> None:
    assert [texts for texts, _ in told(count, cores)] == batches(count)
    assert not started


def test_what_a_process_does_not_answer_is_found_here(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    count = 2 * MANY
    found = each_batch(batches(count), "snowflake", count, 2)
    first = next(found)
    for process in started:
        process.kill()
    assert [first, *found] == alone(count)

    def fail(*_: object, **_also: object) -> None:
        raise PermissionError("no process may be started here")

    monkeypatch.setattr(query_texts.subprocess, "Popen", fail)
    assert told(MANY, 2) == alone(MANY)


def test_none_is_left_when_nobody_asks_any_more(started: list[subprocess.Popen[bytes]]) -> None:
    count = 3 * MANY
    found = each_batch(batches(count), "snowflake", count, 2)
    next(found)
    found.close()  # type: ignore[attr-defined]
    assert started
    assert all(process.poll() is not None for process in started)


def test_where_python_is_part_of_another_program_that_is_not_started(
    started: list[subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("/usr/bin/server", None):
        monkeypatch.setattr(sys, "executable", name)
        assert next(each_batch(batches(MANY), "snowflake", MANY, 2))[0] == batches(MANY)[0]
    assert not started


def test_modules_are_not_taken_from_the_folder_one_stands_in(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # type: ignore[arg-type]
    for name in ("sqlglot.py", "json.py"):
        with open(name, "w", encoding="utf-8") as file:  # noqa: PTH123 - in the folder one stands in
            file.write("raise SystemExit('taken from here')")
    monkeypatch.setattr(query_texts, "rows_of", None)
    count = MANY
    assert sum(len(rows) for _, rows in each_batch(batches(count), "snowflake", count, 2)) == count


def test_a_row_has_all_that_an_analysis_tells() -> None:
    for text in TEXTS:
        found = analyze(text, "snowflake")
        (row,) = rows_of([text], "snowflake")
        told = dict(zip(COLUMNS, row, strict=True))
        assert set(told) == set(found.__slots__)
        for name, value in told.items():
            known = getattr(found, name)
            plain = (
                [part._asdict() if hasattr(part, "_asdict") else part for part in known]
                if isinstance(known, tuple)
                else known
            )
            assert value == (plain or None if name == "problem" else plain)


def test_a_scan_says_the_same_of_a_log_whose_texts_were_analyzed_side_by_side(
    tmp_path: Path,
    started: list[subprocess.Popen[bytes]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = (
        "create table IDRC_PRD.X.Z as select bene_ssn, dob from IDRC_PRD.CMS_VDM_VIEW_MDCD.BENE",
        *(f"copy into @out/{name}.csv from (select * from IDRC_PRD.X.Z)" for name in "abc"),
        *TEXTS[:2],
    )
    log = tmp_path / "history.ndjson"
    fields = {"WAREHOUSE_NAME": "W", "USER_NAME": "U", "EXECUTION_STATUS": "SUCCESS", "SESSION_ID": 7}
    log.write_text(
        "".join(
            json.dumps({"QUERY_ID": f"q{n}", "QUERY_TEXT": text, "START_TIME": f"2025-08-0{n + 1}T13:00:04Z", **fields})
            + "\n"
            for n, text in enumerate(texts)
        )
    )
    monkeypatch.setattr(query_texts, "WORTH_A_PROCESS", 1)
    monkeypatch.setattr(parsed, "AT_ONCE", 2)
    told = []
    for cores in (1, 2):
        database = tmp_path / f"{cores}.duckdb"
        words = ["scan", str(log), "--db", str(database), "--as-of", "2026-03-01", "--threads", str(cores)]
        assert run(words) == 11
        with duckdb.connect(database, read_only=True) as kept:
            told.append(
                kept.execute("select transfer_id, elements, reasons, verdict_now from answers order by all").fetchall()
            )
            noted = kept.execute("select count(*) from traces where note like '%made by%'").fetchone()
    assert told[0] == told[1]
    assert noted == (3,)
    # The texts by themselves, and those that are read together with the statement that made their table.
    assert len(started) == 4
