"""What a scan comes to: counts that agree with the answers, and an accounting that cannot be wrong quietly."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

import scanning
import strategies
from auditscan.errors import AccountingError
from auditscan.summary import VERDICTS, summarize

AS_OF = date(2026, 3, 1)


@pytest.fixture
def store(tmp_path):
    """A judged database of transfers of all kinds."""
    with scanning.scanned(tmp_path / "logs", strategies.many(800, seed=5), AS_OF) as store:
        yield store


def test_counts_are_those_of_the_answers(store):
    summary = summarize(store, scanning.POLICY)
    for counts, outcome in ((summary.disclosed, "outcome <> 'failure'"), (summary.attempts, "outcome = 'failure'")):
        rows = store.rows(f"select verdict_now, verdict_then, flagged from answers where {outcome}")
        now, then = Counter(row[0] for row in rows), Counter(row[1] for row in rows)
        assert counts.transfers == len(rows) > 0
        assert counts.flagged == sum(row[2] for row in rows)
        assert counts.verdicts_now == {verdict: now[verdict] for verdict in VERDICTS}
        assert counts.verdicts_then == {verdict: then[verdict] for verdict in VERDICTS}
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
    summarize(store, scanning.POLICY)
    store.rows(damage)
    with pytest.raises(AccountingError):
        summarize(store, scanning.POLICY)
