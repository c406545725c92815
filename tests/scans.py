"""Records through the engine and back, for tests that hold its answers against something."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import strategies
from auditscan.library import Library
from auditscan.policy import Policy, load
from auditscan.scanning.scan import SINCE, scan
from auditscan.store import Store, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from oracle import Record

LIBRARY = Library.shipped()
EXAMPLES = int(os.environ.get("EXAMPLES", "5"))
"""How many examples hypothesis makes up where each of them is a scan, which takes most of a second.
Set the variable to look deeper."""
POLICY = load()

Answer = dict[str, Any]

COLUMNS = (
    "transfer_id",
    "occurred_at",
    "sender_agency",
    "recipient_agency",
    "states",
    "programs",
    "populations",
    "elements",
    "categories",
    "record_count",
    "outcome",
    "regime_now",
    "verdict_now",
    "regime_then",
    "verdict_then",
    "flag_category",
    "flag_state",
    "flagged",
    "plaintiff_states",
    "enjoined_categories",
    "unclassified_elements",
    "source_file",
    "source_record",
    "place",
    "court_day",
    "attempt",
    "verdict_basis",
)
"""Of an answer, as the oracle gives them: without its reasons and its key."""


def write_logs(folder: Path, records: Sequence[Record]) -> list[Path]:
    """Write the records as NDJSON, each file of theirs one log, and return the logs."""
    folder.mkdir(exist_ok=True)
    logs = []
    for name, text in strategies.ndjson(records).items():
        logs.append(folder / name)
        logs[-1].write_text(text, encoding="utf-8")
    return logs


@contextmanager
def scanned(
    folder: Path,
    records: Sequence[Record],
    as_of: date,
    *,
    policy: Policy = POLICY,
    since: date = SINCE,
    zone: str = "UTC",
) -> Iterator[Store]:
    """Write the records below `folder` and yield a temporary database that has judged them."""
    logs = write_logs(folder, records)
    with open_store(None, LIBRARY, threads=2) as store:
        scan(store, logs, policy, as_of, since=since, zone=zone)
        yield store


def answers(store: Store) -> list[Answer]:
    """Return the answers, reasons included, by file and record; files by their bare names."""
    columns = (*COLUMNS, "reasons")
    rows = store.rows(f"select {', '.join(columns)} from answers")
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    for answer in found:
        answer["source_file"] = Path(answer["source_file"]).name
    return sorted(found, key=place)


def place(answer: Answer) -> tuple[str, int]:
    """Return where a transfer was logged."""
    return answer["source_file"], answer["source_record"]


LEFT_BEHIND = (
    "select * from sources order by source_id",
    """
    select record_key, transfer_id, occurred_at, moment_id, record_count, content_of(l), c.content
    from records r join logged_disclosures l using (disclosure_id) join contexts c using (context_id)
    order by record_key
    """,
    # What no record says is left of a first look at a log, and means nothing.
    "select content_of(l) from logged_disclosures l semi join records using (disclosure_id) order by all",
    "select content from contexts semi join records using (context_id) order by content",
    "select * from quarantine order by all",
    "select * from set_aside order by all",
    "select * from answers order by source_file, source_record",
    "select * from traces order by all",
)
"""Queries for all that the reading of logs leaves in a database, whatever it was numbered by."""
