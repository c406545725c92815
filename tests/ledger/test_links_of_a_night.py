"""Traces of one transfer that come in different nights: as in one scan, and told as what changed."""

from __future__ import annotations

import pytest

from auditscan.ledger.compare import compare
from auditscan.ledger.receipts.replay import replayed
from auditscan.ledger.receipts.verify import Request, verify_ledger
from auditscan.store import open_store
from ingest.linking import Logs
from ledger.keeping import Keeper, record
from scans import LIBRARY, POLICY


@pytest.fixture
def keeper(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Keeper()


def test_a_trace_of_a_later_night_is_no_second_transfer(keeper):
    logs = Logs()
    logs.unload("elg.csv")
    logs.access("unload-elg.csv-0", "IDRC_PRD.TMSIS.TMSIS_ELGBLTY", "SSN_NUM")
    logs.download("elg.csv", 3)
    logs.write(keeper.logs, "xferlog")
    keeper.log("canonical.ndjson", record(1, states=["TX"]))
    keeper.night()
    assert keeper.rows("select count(*) from findings where rule = 'plaintiff_state'") == [(0,)]
    # What the file was is told by the query that made it.
    logs.write(keeper.logs, "queries.ndjson", "accesses.ndjson")
    night = keeper.night()
    assert night.judged_all == "traces of one transfer"
    assert night.totals["duplicates"] == 2
    assert keeper.rows("select transfer_id from findings where rule = 'plaintiff_state'") == [("unload-elg.csv-0",)]
    # A night without new logs leaves all as it is.
    assert keeper.night().judged_all is None
    assert keeper.answers() == keeper.answers_at_once()
    # Records that have the ids of traces which are counted elsewhere, and are none themselves.
    linked = keeper.rows(
        "select distinct r.transfer_id from records r inner join links l using (record_key) "
        "where l.record_key <> l.kept_key"
    )
    keeper.log("repeats.ndjson", *(record(9, transfer_id=transfer_id) for (transfer_id,) in linked))
    keeper.night()
    assert keeper.answers() == keeper.answers_at_once()
    checks = verify_ledger(Request(keeper.ledger, LIBRARY, policy=POLICY, threads=2, extra=(replayed,))).checks
    assert [check for check in checks if check.outcome == "differs"] == []
    assert "holds" in {check.outcome for check in checks if check.subject == "replay"}
    with open_store(keeper.setup.database, LIBRARY) as store:
        found = compare(store, 1, 2, limit=1000).findings
        assert compare(store, 2, 3).changed == 0
    changed = {(row["change"], row["source_file"]) for row in found}
    # What the download alone left open is gone, and nothing is said of the row of accesses.
    assert changed == {("new", "logs/queries.ndjson"), ("gone", "logs/xferlog")}
    assert ("gone", "unknown_agency") in {(row["change"], row["rule"]) for row in found}
    assert ("new", "plaintiff_state") in {(row["change"], row["rule"]) for row in found}
