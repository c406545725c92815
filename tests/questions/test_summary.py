"""What a scan comes to: counts that agree with the answers, and an accounting that cannot be wrong quietly."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

import scans
import strategies
from auditscan.errors import AccountingError
from auditscan.policy.words import VERDICTS
from auditscan.questions.summary import CLASSES, summarize

AS_OF = date(2026, 3, 1)


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """A judged database of transfers of all kinds."""
    with scans.scanned(tmp_path_factory.mktemp("logs"), strategies.many(800, seed=5), AS_OF) as store:
        yield store


@pytest.fixture
def store(judged):
    """The database, as it was again afterwards."""
    judged.rows("begin transaction")
    yield judged
    judged.rows("rollback")


def test_counts_are_those_of_the_answers(store):
    summary = summarize(store, scans.POLICY)
    counts = summary.counts
    rows = store.rows("select verdict_now, verdict_then, judged_now, judged_then, flagged from answers_wide")
    now, then = Counter(row[0] for row in rows), Counter(row[1] for row in rows)
    assert counts.now == {name: now[name] for name in CLASSES}
    assert counts.then == {name: then[name] for name in CLASSES}
    assert counts.transfers == len(rows) == sum(counts.now.values()) == sum(counts.then.values())
    attempts = [row for row in rows if row[0] == "attempt"]
    assert counts.attempts_now == {verdict: sum(row[2] == verdict for row in attempts) for verdict in VERDICTS}
    assert counts.attempts_then == {verdict: sum(row[3] == verdict for row in attempts) for verdict in VERDICTS}
    assert sum(counts.attempts_now.values()) == counts.now["attempt"] > 0
    assert counts.flagged == sum(row[4] for row in rows if row[0] != "attempt")
    assert counts.not_cleared == sum(row[0] == "review" and not row[4] for row in rows)
    assert summary.totals["records"] == 800
    assert summary.totals["transfers"] == store.one("select count(*) from answers")
    assert summary.complete


@pytest.mark.parametrize(
    "damage",
    [
        "delete from records where record_key = (select min(record_key) from records)",
        "update sources set quarantined = 1 where source_id = 1",
        "insert into records select * replace (record_key + 100000 as record_key) from records limit 1",
    ],
)
def test_records_that_do_not_add_up_are_an_error(store, damage):
    summarize(store, scans.POLICY)
    store.rows(damage)
    with pytest.raises(AccountingError):
        summarize(store, scans.POLICY)
