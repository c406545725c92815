"""The receipt of a night: what was read and what was said, with hashes, each naming the receipt before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from auditscan.policy import Policy
    from auditscan.store import Store

__all__ = ["export", "write"]


def write(
    store: Store,
    *,
    scan_id: int,
    policy: Policy,
    configuration: Mapping[str, object],
    counts: Mapping[str, object],
    started_at: datetime,
    finished_at: datetime,
    suppressions: Path | None = None,
    answers_from: int | None = None,
) -> str:
    """Write the receipt of a scan into the table `receipts` and return its sha256.

    Call it last before the database is closed: what is written after it is in no receipt. The rows of the scan
    in `scans`, `sources`, `file_versions`, `finding_spans`, `scan_rules`, `verdict_moves` and `suppression_spans`
    are there by then. `configuration` holds the settings in force by name (secrets are left out here); `counts`
    what the night comes to: verdicts_now, verdicts_then, flagged, totals, incomplete_because, exit_code and
    whatever else is to stand in it, as JSON takes it. `answers_from` is the least record_key that this scan
    read; None where every transfer was judged again.
    """
    raise NotImplementedError


def export(folder: Path, store: Store, sign_key: Path | None = None) -> list[str]:
    """Write a file in `folder`/receipts for each receipt of the table that has none, signed where there is a key.

    Returns a sentence for each that could not be written or signed, or stands there with other content: such a
    file is left as it is.
    """
    raise NotImplementedError
