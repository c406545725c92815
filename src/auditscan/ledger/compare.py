"""What changed in a ledger from one scan to another, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ledger.suppressions import anywhere

if TYPE_CHECKING:
    from auditscan.store import Store

__all__ = ["find_changes"]


def find_changes(store: Store, before: int, after: int) -> None:
    """Leave the temporary table `finding_changes`: findings that differ between two scans, each with its cause.

    `before` is the number of the earlier scan, 0 for before the first; the cost follows what changed between
    them. What was out of scope is judged by the scope of today.
    """
    store.run("touched_findings", scan_before=before, scan_after=after, rules_of_any_scope=anywhere(store))
    store.run("finding_changes")
