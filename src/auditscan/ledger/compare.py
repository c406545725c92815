"""What changed in a ledger from one scan to another, and why.

A finding is known by its rule and its transfer or, where it is about the logs, by its rule and subject: it stays
the same when a file is renamed, exported again or grows, and when a count in it is corrected.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from auditscan.errors import UsageError
from auditscan.ledger.adjusted import BEARING
from auditscan.ledger.suppressions import anywhere
from auditscan.questions.summary import CLASSES
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.store import Store

Row = dict[str, Any]

SAYS = {
    "policy_sha256": "policy",
    "regime_now": "order in force",
    "as_of": "day of now",
    "queries_sha256": "queries",
    "auditscan_version": "version of auditscan",
    "engine_version": "version of DuckDB",
}
"""Column of `scans` -> what differs where two scans differ in it."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two scans of a ledger. Each list holds rows by column name."""

    before: Row
    """The row of `scans`, with `verdicts_now`: the transfers by class, as its receipt has them."""
    after: Row
    differs: list[str]
    """What they were judged by that differs: policy, order in force, day of now, queries, versions, settings that bear
    on what is read, suppressions."""
    rules: list[Row]
    """Findings that changed, counted by rule, worst severity first: see `finding_change_counts`."""
    causes: list[Row]
    """The same by change and cause."""
    findings: list[Row]
    """As many of them as were asked for, one by one: see `listed_changes`."""
    changed: int
    """How many there are, those that are suppressed among them."""
    moves: list[Row]
    """Transfers whose verdict a new policy or a later day moved, by scan."""

    def as_json(self) -> dict[str, object]:
        """The comparison as one JSON object; times as 2026-01-02T03:04:05Z."""
        found: dict[str, object] = _plain(asdict(self))
        return found


def _plain(value: Any) -> Any:  # noqa: ANN401 -- whatever a table holds
    """Return a value as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat() if isinstance(value, date) else value


def choose(store: Store, scans: Sequence[str]) -> tuple[int, int]:
    """Return the numbers of two scans, the earlier first.

    Each text is a number, or a day such as 2026-01-06 and means its last scan, in UTC. One is held against the
    last scan of all, none means the last two. Raises UsageError for what the ledger does not have.
    """
    known: dict[int, date] = dict(store.rows("select scan_id, started_at::date from scans order by scan_id"))
    if len(known) < 2:
        raise UsageError(
            f"the ledger has {'one scan' if known else 'no scan'}, and two are compared",
            hint="`auditscan nightly` makes another",
        )
    numbers = [_number(text, known) for text in scans]
    last = max(known)
    if not numbers:
        return last - 1, last
    before, after = sorted([*numbers, last][:2])
    if before == after:
        raise UsageError(f"scan {before} cannot be compared with itself", hint="name another one")
    return before, after


def _number(text: str, known: dict[int, date]) -> int:
    if text.isascii() and text.isdecimal():
        if int(text) in known:
            return int(text)
        raise UsageError(f"the ledger has no scan {text}", hint=f"its scans are {min(known)} to {max(known)}")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise UsageError(f"{text!r} is no scan", hint="write its number, or its day as 2026-01-06")
    found = [number for number, started in known.items() if started == day]
    if found:
        return max(found)
    nearest = sorted(set(known.values()), key=lambda other: abs(other - day))[:2]
    raise UsageError(
        f"no scan was made on {text}", hint=f"the nearest days with one: {' and '.join(map(str, sorted(nearest)))}"
    )


def compare(store: Store, before: int, after: int, *, rule: str | None = None, limit: int = 0) -> Comparison:
    """Return what changed after scan `before` and up to scan `after`, of one rule only if one is named.

    `limit` findings are listed one by one; -1 lists them all. Raises UsageError for a rule that neither scan ran.
    """
    if rule is not None:
        _check_rule(store, rule)
    find_changes(store, before, after)
    if rule is not None:
        store.rows("delete from changed_findings where rule <> $1", [rule])
    sides = {row["scan_id"]: row for row in store.table("scans_told", scan_before=before, scan_after=after)}
    first, second = sides[before], sides[after]
    settings = [json.loads(side.pop("configuration") or "{}") for side in (first, second)]
    for side in (first, second):
        suppressions = side.pop("suppressions_changed")
        classes = json.loads(side["verdicts_now"] or "{}")
        side["verdicts_now"] = {name: classes[name] for name in CLASSES if name in classes}
    differs = [word for column, word in SAYS.items() if first[column] != second[column]]
    differs += [f"setting {name}" for name in BEARING if settings[0].get(name) != settings[1].get(name)]
    return Comparison(
        before=first,
        after=second,
        differs=[*differs, "suppressions"] if suppressions else differs,
        rules=store.table("finding_change_counts"),
        causes=store.table("change_causes"),
        findings=store.table("listed_changes", most=None if limit < 0 else limit) if limit else [],
        changed=store.one("select count(*) from changed_findings"),
        moves=store.table("verdict_moves_between", scan_before=before, scan_after=after),
    )


def _check_rule(store: Store, rule: str) -> None:
    known = {name for (name,) in store.rows("select distinct rule from scan_rules")}
    if rule not in known:
        raise UsageError(
            f"no scan of this ledger ran a rule {rule!r}",
            hint=did_you_mean(rule, known, most=2) or "`auditscan queries` lists the rules",
        )


def find_changes(store: Store, before: int, after: int) -> None:
    """Leave the temporary table `changed_findings`: findings that differ between two scans, each with its cause.

    `before` is the number of the earlier scan, 0 for before the first; the cost follows what changed between
    them. Which transfers are in scope is told by the scope of today.
    """
    store.run("touched_findings", scan_before=before, scan_after=after, rules_of_any_scope=anywhere(store))
    store.run("finding_changes", scan_before=before, scan_after=after)


def history(
    store: Store, *, finding: str | None = None, transfer: str | None = None, rule: str | None = None
) -> list[Row]:
    """Return findings with their first and last scan, whether they hold, and what hides them.

    Narrowed to the id of a finding, a transfer and a rule, as far as each is given.
    """
    return store.table(
        "finding_history", finding=finding, transfer=transfer, rule=rule, rules_of_any_scope=anywhere(store)
    )
