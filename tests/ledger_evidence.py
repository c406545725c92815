"""Small ledgers with their receipts, for tests that then break them."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import duckdb

from auditscan.cli import run
from auditscan.errors import ExitCode
from auditscan.ledger import canonical
from auditscan.ledger.nightly import Told, nightly
from auditscan.ledger.setup import NightlySetup
from auditscan.ledger.verify import Request, verify_ledger
from auditscan.scanning import SINCE
from scanning import LIBRARY, POLICY

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


@contextlib.contextmanager
def opened(ledger: Path):
    connection = duckdb.connect(str(ledger / "ledger.duckdb"))
    try:
        yield connection
    finally:
        connection.close()
