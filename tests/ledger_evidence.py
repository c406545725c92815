"""Small ledgers with their receipts, for tests that then break them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.ledger import receipt
from auditscan.scanning import SINCE, scan
from auditscan.store import open_store
from scanning import LIBRARY, POLICY

if TYPE_CHECKING:
    from auditscan.policy import Policy

AS_OF = datetime(2026, 3, 1, tzinfo=UTC).date()
EVENT = (
    '{{"transfer_id":"T-{0}","occurred_at":"2026-02-01T12:{0:02}:00Z","sender":"CMS","recipient":"ICE",'
    '"states":["OR"],"elements":["name"],"record_count":{0}}}\n'
)


def log(folder: Path, name: str, *numbers: int) -> Path:
    """Write a log of transfers with these numbers."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text("".join(map(EVENT.format, numbers)), encoding="utf-8")
    return path


def night(ledger: Path, logs: Path, *, policy: Policy = POLICY, sign_key: Path | None = None) -> str:
    """Scan what is new in `logs` into the ledger, as far as a receipt is about it; return the receipt's hash."""
    ledger.mkdir(exist_ok=True)
    with open_store(ledger / "ledger.duckdb", LIBRARY, threads=2) as store:
        known = store.one("select count(*) from duckdb_tables() where table_name = 'scans'")
        scan_id = 1 + (store.one("select count(*) from scans") if known else 0)
        first = 1 + (store.one("select coalesce(max(source_id), 0) from sources") if known else 0)
        scan(store, [logs], policy, AS_OF, since=SINCE)
        run = store.connection.execute
        run("update sources set scan_id = $1 where scan_id is null", [scan_id])
        run("update file_versions set last_scan = $1", [scan_id])
        run(
            "insert into file_versions by name select path, sha256, bytes, 'new' as change, source_id, "
            "$1 as first_scan, $1 as last_scan, '' as note from sources where scan_id = $1",
            [scan_id],
        )
        run(
            "insert into scan_rules select $1, rule, sha256(rule), severity, outcome, hits, message from rule_runs",
            [scan_id],
        )
        run(
            "insert into finding_spans by name select rule, 'transfers' as reads, record_key as key, severity, "
            "$1 as first_scan from findings where record_key >= $2",
            [scan_id, first << 36],
        )
        started = datetime(2026, 3, scan_id, 2, 15, tzinfo=UTC)
        run(
            "insert into scans by name select $1 as scan_id, $2::timestamp as started_at, $2::timestamp as "
            "finished_at, as_of, regime_now, policy_sha256, queries_sha256, auditscan_version, $3 as first_source, "
            "0 as missed, true as complete, []::varchar[] as incomplete_because, 12 as exit_code from settings",
            [scan_id, started.replace(tzinfo=None), first],
        )
        sha256 = receipt.write(
            store,
            scan_id=scan_id,
            policy=policy,
            configuration={"logs": [logs], "notify": ["mailtos://somebody:secret@mail.example.org"]},
            counts={"exit_code": 12},
            started_at=started,
            finished_at=started,
            answers_from=None if scan_id == 1 else first << 36,
        )
        problems = receipt.export(ledger, store, sign_key)
    assert problems == []
    return sha256
