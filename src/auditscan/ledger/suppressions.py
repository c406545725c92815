"""What suppressions hide: findings or unreadable records that somebody has looked at.

What is hidden is still counted, and shown apart. A suppression that is past its day, meets nothing or meets more
than it may is a problem of the run, never a quiet one: it was written about a world that is no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditscan.ledger.suppression_file import SELECTORS
from auditscan.questions.summary import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from auditscan.ledger.suppression_file import Suppression
    from auditscan.store import Store

_COLUMNS = {
    "suppression_id": "varchar",
    "finding_id": "varchar",
    "rule": "varchar",
    "transfer_id": "varchar",
    "subject": "varchar",
    "source_file": "varchar",
    "state": "varchar",
    "recipient_agency": "varchar",
    "reason": "varchar",
    "owner": "varchar",
    "until_day": "date",
    "max_findings": "bigint",
    "origin": "varchar",
}
"""Of `asked_suppressions`, in the order of a row."""


def apply(store: Store, suppressions: Sequence[Suppression], scan_id: int, as_of: date) -> list[str]:
    """Write down what is suppressed from a scan on; return a sentence for each suppression that is not as it should be.

    To be called once the findings of that scan, the last one of the ledger, stand in `finding_spans`. A
    suppression past its day hides nothing, and neither does one that meets more findings than its `max`: somebody
    has to look at what it does now.
    """
    if not suppressions and not store.one("select count(*) from suppression_spans where until_scan is null"):
        return []
    current = [each for each in suppressions if each.until >= as_of]
    store.run("asked_suppressions")
    store.insert("asked_suppressions", _COLUMNS, [_row(each) for each in current])
    hits = dict(store.run("suppression_hits", rules_of_any_scope=anywhere(store)))
    in_force = [each.id for each in current if each.max is None or hits[each.id] <= each.max]
    store.run("write_suppressions", scan_id=scan_id, in_force=in_force)
    return [said for each in suppressions if (said := _problem(each, hits.get(each.id, 0), as_of))]


def unsuppressed_verdicts(store: Store) -> list[dict[str, Any]]:
    """Return rows as those of `summary_verdicts` that add up to what is not hidden.

    A transfer is hidden where it has findings to act on, and all of them are suppressed.
    """
    return store.table("summary_verdicts") + [row | {"transfers": -row["transfers"]} for row in _quiet(store)]


def hidden_of_scan(store: Store, first_source: int) -> dict[str, int]:
    """Return by class how many of the transfers that came in with the files from `first_source` on are hidden."""
    return count(row for row in _quiet(store, first_source) if row["is_new"]).now


def _quiet(store: Store, first_source: int | None = None) -> list[dict[str, Any]]:
    return store.table("quiet_verdicts", first_source=first_source, rules_of_any_scope=anywhere(store))


def anywhere(store: Store) -> list[str]:
    """Return the rules that find things out of scope too."""
    return [rule.name for rule in store.library.of("rule") if rule.scope == "any"]


def _row(suppression: Suppression) -> tuple[object, ...]:
    return (
        suppression.id,
        *(suppression.selectors.get(name) for name in SELECTORS),
        suppression.reason,
        suppression.owner,
        suppression.until,
        suppression.max,
        suppression.origin,
    )


def _problem(suppression: Suppression, hits: int, as_of: date) -> str | None:
    """The sentence for a suppression that is not as it should be; None for one that is."""
    named = f"{suppression.origin}: the suppression `{suppression.id}` of {suppression.owner}"
    if suppression.until < as_of:
        return (
            f"{named} ended on {suppression.until} and hides nothing any more: "
            "look at what it hid, then give it a later day or take it out"
        )
    what = "records" if suppression.is_of_quarantine else "findings"
    if not hits:
        none = "no record in quarantine that a log still holds" if suppression.is_of_quarantine else "no finding"
        return f"{named} meets {none}: take it out, or correct what it is about"
    if suppression.max is not None and hits > suppression.max:
        return (
            f"{named} meets {hits:,} {what} and may meet {suppression.max:,}, so it hides none of them: "
            "look at the new ones, then narrow it or raise its max"
        )
    return None
