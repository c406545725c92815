"""A ledger and its logs in a folder of their own, and what a night makes of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import scans
from auditscan.ledger.nightly import Told, nightly
from auditscan.ledger.setup import NightlySetup
from auditscan.questions.answers import AnswerFile
from auditscan.scanning.scan import scan
from auditscan.store import open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.ledger.night import Night
    from auditscan.ledger.nightly import Done
    from auditscan.store import Store

AS_OF = date(2026, 3, 1)
BEGIN = datetime(2099, 3, 1, 2, 15, tzinfo=UTC)
"""Long after any file was made: what changed just before a scan is hashed again by the next."""
COMMAND = ["--no-config", "nightly", "--logs", "logs", "--ledger", "ledger", "--as-of", "2026-03-01"]


def record(number: int | str, **fields: object) -> str:
    """A line of a log; the transfer is permitted now unless fields say otherwise."""
    return json.dumps(
        {
            "transfer_id": f"T-{number}",
            "occurred_at": "2026-02-01T12:00:00Z",
            "sender": "CMS",
            "recipient": "ICE",
            "programs": ["medicaid"],
            "states": ["OR"],
            "elements": ["address"],
            "populations": ["not_lawfully_residing"],
            "record_count": 1,
            "purpose": "immigration enforcement",
            "outcome": "success",
        }
        | fields
    )


def lines(*records: str) -> str:
    """The text of an NDJSON log."""
    return "".join(f"{one}\n" for one in records)


def answers_of(store: Store) -> bytes:
    """The answer file of a judged database, without the keys of records: they tell in which night a file was read."""
    path = Path("answers-of.ndjson")
    with AnswerFile(path) as file:
        file.write(store)
    content = path.read_bytes()
    path.unlink()
    return re.sub(rb',"record_key":[0-9]+', b"", content)


class Keeper:
    """Runs nights on one ledger, a day apart, in the working folder: so that it can be copied to another."""

    def __init__(self) -> None:
        self.logs = Path("logs")
        self.ledger = Path("ledger")
        self.logs.mkdir(exist_ok=True)
        self.now = BEGIN
        self.setup = NightlySetup(
            logs=(self.logs,),
            ledger=self.ledger,
            policy=scans.POLICY,
            library=scans.LIBRARY,
            as_of=AS_OF,
            since=date(2025, 6, 1),
            threads=2,
        )

    def log(self, name: str, *records: str) -> Path:
        """Write a log."""
        path = self.logs / name
        path.write_text(lines(*records), encoding="utf-8")
        return path

    def done(self, told: Told | None = None, *, days: float = 1, dry_run: bool = False, **setup: Any) -> Done:
        """Run a night some days after the one before."""
        self.now += timedelta(days=days)
        return nightly(replace(self.setup, **setup), told or Told(), dry_run=dry_run, clock=lambda: self.now)

    def night(self, *, days: float = 1, **setup: Any) -> Night:
        """Run a night and return what it did."""
        return self.done(days=days, **setup).night

    def changes(self, *, days: float = 1, **setup: Any) -> dict[str, str]:
        """Run a night and return path below the logs -> how it changed."""
        night = self.night(days=days, **setup)
        return {str(Path(file.path).relative_to(self.logs.resolve())): file.change for file in night.files}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the ledger."""
        with open_store(self.setup.database, scans.LIBRARY, read_only=True) as store:
            return store.rows(sql)

    def answers(self) -> bytes:
        """The answer file of all that the ledger holds."""
        with open_store(self.setup.database, scans.LIBRARY, read_only=True) as store:
            return answers_of(store)

    def answers_at_once(self, logs: Sequence[Path] = ()) -> bytes:
        """The answer file of a plain scan of the logs as they lie now."""
        with open_store(None, scans.LIBRARY, threads=2) as store:
            scan(store, list(logs) or [self.logs], self.setup.policy, self.setup.as_of)
            return answers_of(store)
