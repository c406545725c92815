"""Nights of a ledger, written down by hand: for tests of what is asked of a ledger, whatever fills it."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from auditscan.ledger.compare import find_changes
from auditscan.scanning.scan import scan
from auditscan.version import __version__
from scans import POLICY

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from auditscan.policy import Policy
    from auditscan.store import Store

PLAIN: dict[str, Any] = {
    "occurred_at": "2026-02-10T15:00:00Z",
    "sender": "CMS",
    "recipient": "ICE",
    "programs": ["medicaid"],
    "states": ["TX"],
    "elements": ["phone"],
    "populations": ["not_lawfully_residing"],
    "record_count": 1,
    "outcome": "success",
}
"""A transfer from a state that no order protects."""

LOG_RULE = "no_silence"
"""A made-up rule about logs: see `night`."""


def write(log: Path, *transfers: dict[str, Any]) -> Path:
    """Write a log of plain transfers, each with what is said of it, and return it."""
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("".join(json.dumps(PLAIN | said) + "\n" for said in transfers), encoding="utf-8")
    return log


def night(
    store: Store,
    logs: Sequence[Path],
    *,
    as_of: date = date(2026, 3, 1),
    policy: Policy = POLICY,
    silences: Sequence[str] = (),
    judged_all: str | None = None,
) -> int:
    """Scan logs into a ledger and write down what a nightly scan does; return its number.

    `silences` are the subjects of findings about the logs.
    """
    number = int(store.one("select coalesce(max(scan_id), 0) + 1 from scans")) if _is_ledger(store) else 1
    scan(store, logs, policy, as_of)
    known = {path for (path,) in store.rows("select path from file_versions")}
    for source_id, path, sha256 in store.rows("select source_id, path, sha256 from sources where scan_id is null"):
        store.rows(
            "insert into file_versions (path, sha256, change, source_id, first_scan, last_scan) "
            "values ($1, $2, $3, $4, $5, $5)",
            [path, sha256, "rewritten" if path in known else "new", source_id, number],
        )
    store.rows("update sources set scan_id = $1 where scan_id is null", [number])
    # Each on the day after the one before, whatever day is `now`.
    started = datetime(2026, 3, number, 2, 15)  # noqa: DTZ001 -- the column holds UTC without saying so
    store.rows(
        "insert into scans (scan_id, started_at, finished_at, as_of, regime_now, policy_sha256, queries_sha256, "
        "auditscan_version, engine_version, judged_all, missed, complete, incomplete_because, exit_code) "
        "select $1, $2, $2, $3, regime_now, policy_sha256, queries_sha256, $4, version(), $5, 0, true, [], 12 "
        "from settings",
        [number, started, as_of, __version__, judged_all],
    )
    _write_rules(store, number, silences)
    return number


def quiet_night(store: Store, *, as_of: date | None = None) -> int:
    """Write down a scan in which nothing was read and no rule said anything else; return its number."""
    number = int(store.one("select max(scan_id) + 1 from scans"))
    store.rows(
        "insert into scans select * replace ($1 as scan_id, started_at + interval 1 day as started_at, "
        "coalesce($2, as_of) as as_of) from scans where scan_id = $1 - 1",
        [number, as_of],
    )
    store.rows(
        "insert into scan_rules select * replace ($1 as scan_id) from scan_rules where scan_id = $1 - 1", [number]
    )
    return number


def changes(store: Store, before: int, after: int) -> list[dict[str, Any]]:
    """Return what changed between two scans, by rule, transfer and subject."""
    find_changes(store, before, after)
    rows = store.table("listed_changes", most=None)
    return sorted(rows, key=lambda row: (row["rule"], row["transfer_id"] or "", row["subject"] or ""))


def _is_ledger(store: Store) -> bool:
    return bool(store.one("select count(*) from duckdb_tables() where table_name = 'scans'"))


def _write_rules(store: Store, number: int, silences: Sequence[str]) -> None:
    rules = {rule.name: rule for rule in store.library.of("rule")}
    store.rows("create or replace temp table found as select * from finding_spans where false")
    for name, severity, outcome, hits, message in store.rows("select * from rule_runs"):
        sha256 = hashlib.sha256(rules[name].sql.encode()).hexdigest()
        store.rows(
            "insert into scan_rules values ($1, $2, $3, $4, $5, $6, $7)",
            [number, name, sha256, severity, outcome, hits, message],
        )
        if outcome != "ran":
            continue
        key = {"disclosures": "disclosure_id", "transfers": "record_key", "sources": "null"}[rules[name].reads or ""]
        says = "evidence, citation, certainty" if rules[name].reads != "transfers" else "null, null, null"
        subject = "subject" if rules[name].reads == "sources" else "null"
        store.rows(
            f"insert into found select $1, $2, {key}, {subject}, $3, {says}, {number}, null from rule_{name}",
            [name, rules[name].reads, severity],
        )
    for subject in silences:
        store.rows(
            "insert into found values ($1, 'sources', null, $2, 'review', 'nothing for 9 days', 'None', 'A', $3, null)",
            [LOG_RULE, subject, number],
        )
    if silences or store.one("select count(*) from scan_rules where rule = $1", [LOG_RULE]):
        store.rows(
            "insert into scan_rules values ($1, $2, 'abc', 'review', 'ran', $3, '')", [number, LOG_RULE, len(silences)]
        )
    same = " and ".join(
        f"s.{column} is not distinct from f.{column}"
        for column in ("rule", "key", "subject", "severity", "evidence", "citation", "certainty")
    )
    store.rows(
        f"update finding_spans s set until_scan = $1 where until_scan is null "
        f"and not exists (select 1 from found f where {same})",
        [number],
    )
    store.rows(
        "insert into finding_spans select f.* from found f "
        f"where not exists (select 1 from finding_spans s where s.until_scan is null and {same})"
    )
