"""The whole scan again from its logs: the same answers, or the transfers that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ledger.receipts.chain import Check
from auditscan.ledger.receipts.replay import replayed
from auditscan.ledger.receipts.verify import Request, verify_ledger
from auditscan.policy import Policy
from ledger_evidence import opened
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from pathlib import Path


def replay(ledger: Path, **how: object) -> Check:
    request = Request(ledger, LIBRARY, how.pop("policy", POLICY), threads=2, extra=(replayed,), **how)
    (check,) = (check for check in verify_ledger(request).checks if check.subject == "replay")
    return check


def test_the_same_logs_give_the_same_answers(kept):
    assert replay(kept / "ledger") == Check("replay", "holds", "3 logs scanned again: the same 7 answers, byte by byte")


def test_a_replay_names_the_transfers_that_differ(kept, mine):
    with opened(mine) as connection:
        connection.execute("update records set record_count = 9 where transfer_id = 'T-2'")
        connection.execute("delete from records where transfer_id = 'T-5'")
        connection.execute("insert into records select * replace (record_key + 7 as record_key, 'T-99' as transfer_id) "
                           "from records where transfer_id = 'T-4'")  # fmt: skip
    check = replay(mine)
    assert (check.outcome, check.message) == ("differs", "3 answers come out otherwise")
    assert check.details == (
        f"T-2 ({kept}/logs/a.ndjson, line 2): record_count 9 in the ledger, 2 from the logs",
        f"T-5 ({kept}/logs/c.ndjson, line 2) is in the logs, and not in the ledger",
        f"T-99 ({kept}/logs/c.ndjson, line 8) is in the ledger, and not in the logs",
    )


def test_a_replay_by_other_rules_is_refused(kept):
    check = replay(kept / "ledger", policy=Policy.load("names-permitted"))
    assert check.outcome == "unchecked"
    assert check.details[0].startswith("the policy is another: ")


def test_a_replay_needs_every_log(kept, logs):
    (logs / "c.ndjson").unlink()
    check = replay(kept / "ledger")
    assert (check.outcome, check.details) == ("unchecked", (f"{logs}/c.ndjson",))
