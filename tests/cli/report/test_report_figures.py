"""That every figure of a report is a sum over the answers, whatever it was narrowed to."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from auditscan.cli import streams
from auditscan.library import Library
from auditscan.policy import load
from auditscan.questions.report import Selection, collect
from auditscan.questions.summary import summarize
from auditscan.render.terminal import draw
from auditscan.scanning.scan import scan
from auditscan.store import open_store

AS_OF = date(2026, 11, 22)
VERDICTS = ("enjoined", "review", "permitted", "outside")


@pytest.fixture(scope="module")
def samples(judged_samples):
    """The sample logs, scanned, with their answers as dicts."""
    with open_store(judged_samples[0], Library.shipped(), threads=2, read_only=True) as store:
        result = store.connection.execute("select * from answers")
        names = [column[0] for column in result.description]
        yield store, [dict(zip(names, row, strict=True)) for row in result.fetchall()]


@pytest.fixture(scope="module")
def whole(samples):
    """The report on all of a selection, which is collected once."""
    return cache(lambda selection: collect(samples[0], selection, limit=1000))


def day_of(answer):
    """The calendar day in the court's zone of an answer; None without a time."""
    at = answer["occurred_at"]
    if at is None or len(at) == 10:
        return at and date.fromisoformat(at)
    return datetime.fromisoformat(at).astimezone(ZoneInfo("America/Los_Angeles")).date()


SELECTIONS = {
    "everything": (Selection(), lambda _: True),
    "state": (
        Selection(states=("CA", "TX")),
        lambda answer: {"CA", "TX"} & set(answer["states"]),
    ),
    "unknown state": (Selection(states=("unknown",)), lambda answer: "unknown" in answer["states"]),
    "recipient": (
        Selection(recipients=("CBP",)),
        lambda answer: answer["recipient_agency"] == "CBP",
    ),
    "unknown recipient": (
        Selection(recipients=("unknown",)),
        lambda answer: answer["recipient_agency"] is None,
    ),
    "verdict": (
        Selection(verdicts=("enjoined",)),
        lambda answer: "enjoined" in (answer["verdict_now"], answer["verdict_then"]),
    ),
    "days": (
        Selection(first_day=date(2025, 8, 12), last_day=date(2026, 1, 5)),
        lambda answer: day_of(answer) and date(2025, 8, 12) <= day_of(answer) <= date(2026, 1, 5),
    ),
    "from": (
        Selection(first_day=date(2026, 1, 6)),
        lambda answer: day_of(answer) and day_of(answer) >= date(2026, 1, 6),
    ),
    "all at once": (
        Selection(("NY", "CA"), ("ICE",), ("enjoined", "review"), None, date(2026, 2, 28)),
        lambda answer: (
            {"NY", "CA"} & set(answer["states"])
            and answer["recipient_agency"] == "ICE"
            and {"enjoined", "review"} & {answer["verdict_now"], answer["verdict_then"]}
            and day_of(answer)
            and day_of(answer) <= date(2026, 2, 28)
        ),
    ),
}


@pytest.mark.parametrize("name", SELECTIONS)
def test_every_figure_is_a_sum_over_the_answers(samples, whole, name):
    _, everything = samples
    selection, chosen = SELECTIONS[name]
    report = whole(selection)
    answers = [answer for answer in everything if chosen(answer)]
    assert name in ("everything",) or 0 < len(answers) < len(everything)
    classes = Counter(answer["verdict_now"] for answer in answers)
    scoped = [answer for answer in answers if answer["verdict_now"] not in ("out_of_scope", "unattributed")]
    judged = [answer for answer in scoped if not answer["attempt"]]
    people = sum(answer["record_count"] or 0 for answer in judged)

    headline = report.headline
    assert headline["transfers"] == len(answers)
    assert headline["out_of_scope"] == classes["out_of_scope"]
    assert headline["unattributed"] == classes["unattributed"]
    assert headline["attempts"] == len(scoped) - len(judged)
    assert (headline["judged"], headline["people"]) == (len(judged), people)
    for when in ("now", "then"):
        verdicts = Counter(answer[f"verdict_{when}"] for answer in judged)
        assert headline[f"barred_{when}"] == verdicts["enjoined"]
        assert headline[f"review_{when}"] == verdicts["review"]
    assert headline["attempts_barred_now"] == sum(
        answer["verdict_now"] == "enjoined" and answer["attempt"] for answer in scoped
    )

    pairs = Counter((answer["verdict_then"], answer["verdict_now"]) for answer in judged)
    assert {
        (row["verdict_then"], row["verdict_now"]): row["transfers"]
        for row in report.tables["then_and_now"]
        if row["transfers"]
    } == pairs
    assert len(report.tables["then_and_now"]) == 16

    flags = Counter((answer["flag_category"], answer["flag_state"]) for answer in judged)
    groups = report.tables["flag_groups"]
    assert {(row["flag_category"], row["flag_state"]): row["transfers"] for row in groups} == {
        pair: flags[pair] for pair in [(True, True), (True, False), (False, True), (False, False)]
    }
    assert sum(row["people"] for row in groups) == people

    states = Counter((state, answer["verdict_now"]) for answer in judged for state in answer["states"])
    assert {
        (row["state"], verdict): row[verdict]
        for row in report.tables["by_state"]
        for verdict in VERDICTS
        if row[verdict]
    } == states

    recipients = Counter((a["recipient_agency"] or "unknown", a["verdict_now"]) for a in judged)
    assert {
        (row["recipient"], verdict): row[verdict]
        for row in report.tables["by_recipient"]
        for verdict in VERDICTS
        if row[verdict]
    } == recipients

    barred = Counter(category for answer in judged for category in answer["enjoined_categories"])
    assert {
        row["key"]: row["transfers"] for row in report.tables["barred_content"] if row["kind"] == "category"
    } == barred

    weeks = Counter()
    for answer in judged:
        day = day_of(answer)
        monday = day and date.fromordinal(day.toordinal() - day.weekday())
        weeks[monday, answer["verdict_then"], answer["verdict_now"]] += 1
    assert {
        (row["week"], row["verdict_then"], row["verdict_now"]): row["transfers"] for row in report.tables["by_week"]
    } == weeks

    listed = report.tables["most_serious"]
    serious = [a for a in judged if {"enjoined", "review"} & {a["verdict_now"], a["verdict_then"]}]
    assert sum(row["like_it"] for row in listed) == len(serious)
    by_key = {answer["record_key"]: answer for answer in serious}
    for row in listed:
        answer = by_key[row["record_key"]]
        assert [finding["rule"] for finding in report.findings[row["record_key"]]] == answer["reasons"]
        assert (row["place"], row["court_day"], row["verdict_basis"]) == (
            answer["place"],
            answer["court_day"],
            answer["verdict_basis"],
        )


def test_report_scan_and_answers_give_one_set_of_numbers(samples, whole):
    store, everything = samples
    headline, counts = whole(Selection()).headline, summarize(store, load()).counts
    grouped = dict(store.rows("select verdict_now, count(*) from answers_wide group by all"))
    of_report = {
        "enjoined": headline["barred_now"],
        "review": headline["review_now"],
        "permitted": headline["permitted_now"],
        "outside": headline["outside_now"],
        "attempt": headline["attempts"],
        "unattributed": headline["unattributed"],
        "out_of_scope": headline["out_of_scope"],
    }
    assert of_report == counts.now == {verdict: grouped.get(verdict, 0) for verdict in counts.now}
    assert sum(of_report.values()) == headline["transfers"] == len(everything)
    assert (headline["flagged"], headline["not_cleared"]) == (counts.flagged, counts.not_cleared)
    assert headline["barred_now_deduced"] == counts.deduced
    assert headline["unattributed_barred"] == counts.unattributed_barred


@pytest.mark.parametrize(("text", "barred"), [("diagnosis_code, count(*)", set()), ("diagnosis_code", {"diagnosis"})])
def test_what_was_only_counted_holds_nothing_that_an_order_bars(tmp_path, text, barred):
    query = {
        "query_id": "q1",
        "query_text": f"select {text} from tmsis_elgblty where submtg_state_cd = '06' group by 1",
        "execution_status": "SUCCESS",
        "role_name": "ICE_READ",
        "start_time": "2026-02-10T10:00:00Z",
        "rows_produced": 9,
    }
    (tmp_path / "history.json").write_text(json.dumps(query) + "\n")
    with open_store(None, Library.shipped(), threads=1) as store:
        scan(store, [tmp_path], load(), AS_OF)
        assert {row["key"] for row in store.table("barred_content") if row["kind"] == "category"} == barred


def test_equal_disclosures_are_told_once(whole):
    rows = whole(Selection()).tables["most_serious"]
    several = [row for row in rows if row["like_it"] > 1]
    assert several
    for row in several:
        assert row["court_day"] is None or row["first_day"] <= row["court_day"] <= row["last_day"]


def test_the_report_of_the_sample_logs_is_short(samples, capsys):
    store, _ = samples
    draw(collect(store, Selection(), limit=10, logs="sample_logs"), streams.stdout_console(80))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) <= 250
    assert 10 < next(place for place, line in enumerate(lines) if line.startswith("Files are named as")) <= 24


def _steps_down(now, then):
    """How far down the list a transfer with these verdicts belongs."""
    if "enjoined" in (now, then):
        return 0 if now == then else 1 if now == "enjoined" else 2
    return 3 if now == "review" else 4


def test_the_worst_come_first_whatever_the_limit(samples, whole):
    store, _ = samples
    every = whole(Selection()).tables["most_serious"]
    ranks = [(_steps_down(row["verdict_now"], row["verdict_then"]), -(row["record_count"] or 0)) for row in every]
    assert ranks == sorted(ranks)
    assert {step for step, _ in ranks} == {0, 1, 2, 3, 4}
    for limit in (0, 1, 7, 10, 60):
        assert collect(store, Selection(), limit=limit).tables["most_serious"] == every[:limit]


def test_collecting_leaves_the_session_as_it_was(samples):
    store, everything = samples
    collect(store, Selection(states=("CA",)), limit=3)
    assert store.one("select count(*) from answers") == len(everything)
    assert collect(store, Selection(), limit=3).headline["transfers"] == len(everything)


def test_report_queries_narrow_in_any_session(samples):
    store, everything = samples
    sql = store.library.get("headline").sql
    try:
        store.set(select_recipients=["CBP"])
        count = store.rows(sql)[0][0]
    finally:
        store.set(select_recipients=None)
    assert count == sum(answer["recipient_agency"] == "CBP" for answer in everything)


def test_no_line_is_too_wide_and_none_ends_in_blanks(samples, capsys):
    from rich.cells import cell_len

    store, _ = samples
    report = collect(store, Selection(), limit=30)
    for width in (60, 61, 80, 99, 120, 200, 400):
        draw(report, streams.stdout_console(width), full=width % 2 == 0)
        lines = capsys.readouterr().out.splitlines()
        assert [line for line in lines if cell_len(line) > width or line != line.rstrip()] == []
