"""Small ledgers with their receipts, for tests that then break them."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import duckdb

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.ledger.nightly import Told, nightly
from auditscan.ledger.receipts import canonical, digests, receipt
from auditscan.ledger.receipts.chain import table_of
from auditscan.ledger.receipts.verify import Request, verify_ledger
from auditscan.ledger.setup import NightlySetup
from auditscan.questions.answers import hash_answers
from auditscan.questions.summary import count
from auditscan.scanning.scan import SINCE
from auditscan.store import KEYS_A_SOURCE, open_store
from scans import LIBRARY, POLICY

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 3, 1)
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


def night(ledger: Path, logs: Path, day: int, *, sign_key: Path | None = None) -> str:
    """Run the nightly scan of a day of March and return the hash of its receipt."""
    addresses = ["mailtos://somebody:secret@mail.example.org"]
    setup = NightlySetup(
        logs=(logs,),
        ledger=ledger,
        policy=POLICY,
        library=LIBRARY,
        as_of=AS_OF,
        since=SINCE,
        threads=2,
        # What somebody read and put aside: a record that cannot be read is there in most of these logs.
        allow_quarantined=1,
        configuration={"logs": [logs], "notify": addresses, "sign-key": sign_key},
    )
    when = datetime(2026, 3, day, 2, 15, tzinfo=UTC)
    done = nightly(setup, Told(sign_key=sign_key), clock=lambda: when)
    assert done.problems == ()
    return done.night.receipt_sha256


def verified(capsys, *arguments: object) -> tuple[int, dict[str, dict]]:
    """Return the exit code, and the checks by subject."""
    capsys.readouterr()
    code = run(["verify", "--json", *map(str, arguments)])
    return code, {check["subject"]: check for check in json.loads(capsys.readouterr().out)["checks"]}


def differing(ledger: Path, **how: object) -> dict[str, str]:
    """Return what differs, by subject, having checked that the exit code says so."""
    found = verify_ledger(Request(ledger, LIBRARY, POLICY, threads=2, **how))
    wrong = {check.subject: "\n".join(check.details) for check in found.checks if check.outcome == "differs"}
    assert (found.exit_code == ExitCode.DIFFERS) == bool(wrong)
    assert all(wrong.values())
    return wrong


def shelf(ledger: Path) -> list[Path]:
    return sorted((ledger / "receipts").glob("*.json"))


def rewritten(path: Path, change) -> None:
    """Change what a receipt says, and write it as receipts are written."""
    told = canonical.read(path.read_bytes())
    change(told)
    path.write_text(canonical.write(told), encoding="utf-8")


def sealed_anew(ledger: Path, change=lambda _: None, shape: int = digests.SHAPE) -> None:
    """Make every receipt anew from what the ledger says now, each naming the one before: as its owner could.

    `change` is given each receipt, to change what no table says; records are hashed as in receipts of this shape.
    """
    with open_store(ledger / "ledger.duckdb", LIBRARY, threads=2) as store:
        table = table_of(store)
        keys = {key // KEYS_A_SOURCE: key for (key,) in store.rows(
            "select max(record_key) from records group by record_key // $1", [KEYS_A_SOURCE])}  # fmt: skip
        records = digests.of_records(store, sorted(keys.values()), shape)
        previous = None
        for scan_id, _, sealed in table:
            told = json.loads(sealed)
            told |= {"previous": previous, "receipt_version": shape}
            products = {name: value for name, value in told["products"].items() if not name.startswith("added:")}
            parts = digests.of_parts(store, scan_id).items()
            told["products"] = products | {f"added:{part}": digest.as_json() for (_, part), digest in parts}
            for log_ in told["materials"].values():
                if "kept_records" in log_ and log_["source_id"] in records:
                    log_["kept_records"] = records[log_["source_id"]].as_json()
            again = receipt.byproducts(store, scan_id)
            if scan_id == table[-1][0]:
                first = told["products"]["answers.ndjson"]["first_record"]
                sha256, answers = hash_answers(store, first)
                told["products"]["answers.ndjson"] |= {"sha256": sha256, "answers": answers}
                state = digests.of_state(store, first).items()
                told["products"] = {
                    name: value for name, value in told["products"].items() if not name.startswith("state:")
                } | {f"state:{name}": digest.as_json() for name, digest in state}
                counts = count(store.table("summary_verdicts"))
                again |= {"verdicts_now": counts.now, "verdicts_then": counts.then, "flagged": counts.flagged}
            else:
                del again["vanished"]
            told["byproducts"] |= again
            change(told)
            body = canonical.write(told)
            previous = {"scan_id": scan_id, "sha256": canonical.sha256(body)}
            store.rows("update receipts set sha256 = $1, body = $2 where scan_id = $3",
                       [previous["sha256"], body, scan_id])  # fmt: skip
            (ledger / "receipts" / receipt.file_name(scan_id)).write_text(body, encoding="utf-8")


@contextlib.contextmanager
def opened(ledger: Path):
    connection = duckdb.connect(str(ledger / "ledger.duckdb"))
    try:
        yield connection
    finally:
        connection.close()
