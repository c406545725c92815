"""What receipts say in plain words and figures, held against the tables that the same facts stand in.

A receipt is known by its hash, and whoever changes it anew makes the hashes of all that follow anew. What it says must
then still be what the ledger says: days, times, exit codes, counts, the accounting of every log.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from auditscan.ledger.receipts import receipt
from auditscan.ledger.receipts.canonical import part
from auditscan.ledger.receipts.chain import Check
from auditscan.ledger.receipts.checks import differs, logs_of, shape_of
from auditscan.questions.summary import COUNTS, FileLine, count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from auditscan.ledger.receipts.chain import Link
    from auditscan.store import Store

LATER = ("vanished",)
"""What a later scan changes: it is held against the last receipt alone."""

MOST_SHOWN = 60
"""Characters of a value that differs."""


def check_facts(store: Store, links: Sequence[Link], *, all_scans: bool = True) -> Check:
    """Check what each receipt says against the rows of its scan; of the last one also what a later scan changes.

    Without `all_scans` the last receipt alone.
    """
    last = links[-1]
    wrong: list[str] = []
    about: list[Link] = []
    sources = {row["source_id"]: row for row in store.table("receipt_source_rows")} if all_scans else {}
    for link in links if all_scans else links[-1:]:
        found = [*_of_scan(store, link, is_last=link is last), *_of_logs(link, sources)]
        found += _of_last(store, link) if link is last else []
        wrong += [f"scan {link.scan_id}, {each}" for each in found]
        about += [link] * len(found)
    if wrong:
        return differs("facts", "receipts do not say what the ledger says", wrong, store, about)
    return Check("facts", "holds", f"what {len(links):,} receipts say of their scans is what the ledger says")


def _of_scan(store: Store, link: Link, *, is_last: bool) -> Iterator[str]:
    """What differs of a scan as a whole."""
    told = link.receipt
    beside = part(told, "byproducts")
    again = receipt.byproducts(store, link.scan_id)
    for name in again.keys() - (() if is_last else LATER):
        if not _same(beside.get(name), again[name]):
            yield f"{name}: {_said(beside.get(name), again[name])}"
    row = again["scan"]
    if not isinstance(row, dict):
        return
    clock, environment = part(told, "clock"), part(told, "environment")
    said = {
        "as_of": told.get("as_of"),
        "regime_now": told.get("regime_now"),
        "started_at": clock.get("started_at"),
        "finished_at": clock.get("finished_at"),
        "policy_sha256": environment.get("policy_sha256"),
        "queries_sha256": environment.get("queries_sha256"),
        "auditscan_version": environment.get("auditscan"),
        "engine_version": f"v{environment.get('duckdb')}",
    } | {name: beside.get(name) for name in ("exit_code", "missed", "judged_all", "incomplete_because")}
    yield from _compared(said, said, row | {name: _moment(row[name]) for name in ("started_at", "finished_at")})


def _of_logs(link: Link, sources: Mapping[int, dict[str, Any]]) -> Iterator[str]:
    """What differs of the accounting of a scan's logs, so far as no later scan changes it."""
    for path, told in logs_of(link):
        row = sources.get(int(str(told.get("source_id") or 0)))
        # Of a log that was only seen, and read by an earlier scan, the receipt tells no more than its content.
        if row is not None and "status" in told:
            yield from (f"{path}, {each}" for each in _compared(row, {"path": path} | told, row))


def _of_last(store: Store, last: Link) -> Iterator[str]:
    """What differs of what the ledger says as a whole, and of the logs of the last scan, counted again."""
    told, beside = last.receipt, part(last.receipt, "byproducts")
    as_of, since, regime_now = store.rows("select as_of::varchar, since::varchar, regime_now from settings")[0]
    settings = {"as_of": as_of, "since": since, "regime_now": regime_now}
    yield from _compared(settings, told, settings)
    counts = count(store.table("summary_verdicts"))
    lines = [FileLine(*row) for row in store.run("summary_files")]
    again: dict[str, object] = {
        "verdicts_now": counts.now,
        "verdicts_then": counts.then,
        "flagged": counts.flagged,
        "totals": {name: sum(getattr(line, name) for line in lines) for name in COUNTS},
    }
    yield from _compared(again, beside, again)
    rows = store.table("receipt_sources", receipt_scan=last.scan_id)
    logs = receipt.logs_of_scan(store, rows, shape_of(last))
    named = {f"log:{path}": told for path, told in logs_of(last)}
    for name in sorted(named.keys() | logs.keys()):
        if not _same(named.get(name), logs.get(name)):
            yield f"{name.removeprefix('log:')}: {_said(named.get(name), logs.get(name))}"


def _compared(names: Iterable[str], told: Mapping[str, object], found: Mapping[str, object]) -> Iterator[str]:
    """What differs of the values of these names."""
    for name in names:
        # Of what is empty the accounting of a log says nothing.
        value = None if found[name] == "" and name not in told else found[name]
        if not _same(told.get(name), value):
            yield f"{name}: {_said(told.get(name), value)}"


def _moment(text: str | None) -> str | None:
    return None if text is None else receipt.moment(datetime.fromisoformat(text))


def _same(told: object, found: object) -> bool:
    return _json(told) == _json(found)


def _said(told: object, found: object) -> str:
    if isinstance(told, dict) and isinstance(found, dict):
        other = [name for name in sorted(told.keys() | found.keys()) if not _same(told.get(name), found.get(name))]
        told, found = ({name: part[name] for name in other if name in part} for part in (told, found))
    return f"{_short(told)} by the receipt, {_short(found)} in the ledger"


def _short(value: object) -> str:
    text = value if isinstance(value, str) else _json(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def _json(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
