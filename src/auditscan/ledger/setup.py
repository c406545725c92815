"""What a nightly scan is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.errors import NoInputError
from auditscan.ingest import NOTHING_SAID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from auditscan.ingest import Reads
    from auditscan.library import Library
    from auditscan.policy import Policy

DATABASE = "ledger.duckdb"
"""The database in the folder of a ledger."""
LOCK = "lock"
"""Held by the one nightly scan at work."""


def database_of(folder: Path) -> Path:
    """Return the database of the ledger in a folder; raises NoInputError where there is none."""
    database = folder / DATABASE
    if not database.is_file():
        raise NoInputError("there is no ledger here", where=str(folder), hint="`auditscan nightly` makes one")
    return database


@dataclass(frozen=True, slots=True)
class NightlySetup:
    """The options of one nightly scan, with policy and queries loaded."""

    logs: tuple[Path, ...]
    """Files and folders."""
    ledger: Path
    """The folder; made if it is not there."""
    policy: Policy
    library: Library
    as_of: date
    since: date
    zone: str = "UTC"
    """Of times in logs that name none."""
    reads: Reads = NOTHING_SAID
    """What is known of the logs besides."""
    threads: int | None = None
    suppressions: Path | None = None
    every: int = 24
    """Hours from one scan to the next."""
    rehash_days: int = 7
    allow_quarantined: int = 0
    configuration: Mapping[str, object] = field(default_factory=dict)
    """The settings in force by name, for the receipt."""

    @property
    def database(self) -> Path:
        """The file of the database."""
        return self.ledger / DATABASE
