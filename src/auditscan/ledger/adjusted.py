"""What a night judged by that the night before did not: policy, queries, settings, suppressions.

Whoever can loosen one of these can make the ledger quiet. So each change is told, whichever way it moves.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from auditscan.ledger.night import Adjustment
from auditscan.ledger.receipts.receipt import shown
from auditscan.text import counted, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from auditscan.ledger.night import Move
    from auditscan.store import Store

JUDGED_BY = {
    "policy": "the policy",
    "queries": "the queries",
    "version": "the version of auditscan",
    "regime now": "the order in force",
    "since": "the first day asked about",
}
"""Reason to judge every transfer again -> what changed."""

BEARING = ("logs", "source-zone", "log-format", "held-by", "mapping", "link", "exclude", "allow-quarantined")
"""Settings that bear on what is read, and how; the others that bear on verdicts are reasons to judge again."""

READ_BEFORE = ("source-zone", "log-format", "held-by", "mapping")
"""Of these, what a log was read with stays with it."""

MILDER = ("out_of_scope", "outside", "permitted", "attempt", "unattributed", "review", "enjoined")
"""Verdicts, mildest first."""


def adjustments(
    store: Store, scan_id: int, judged_all: str | None, configuration: Mapping[str, object], moves: Sequence[Move]
) -> tuple[Adjustment, ...]:
    """Return what a scan judged by that the scan before did not, a plain sentence each."""
    return (
        *_judged_by(judged_all, moves),
        *_settings(store, scan_id, configuration),
        *(_suppressed(*row) for row in store.run("suppression_changes", scan_id=scan_id)),
    )


def _judged_by(judged_all: str | None, moves: Sequence[Move]) -> Iterator[Adjustment]:
    names = [name for name in JUDGED_BY if name in (judged_all or "").split(", ")]
    if not names:
        return
    what = joined([JUDGED_BY[name] for name in names])
    now, then = (_moved(moves, time) for time in ("now", "then"))
    at_the_time = f" now; as judged when they happened, {_verdicts(*then)}" if any(then) else ""
    yield Adjustment(what, f"{what[0].upper()}{what[1:]} changed: {_verdicts(*now)}{at_the_time}")


def _moved(moves: Sequence[Move], time: str) -> tuple[int, int]:
    """How many verdicts of a time became milder, and how many worse."""
    steps = [
        (MILDER.index(move.verdict_after) - MILDER.index(move.verdict_before), move.transfers)
        for move in moves
        if move.time == time
    ]
    return sum(count for step, count in steps if step < 0), sum(count for step, count in steps if step > 0)


def _verdicts(milder: int, worse: int) -> str:
    return f"{counted(milder, 'verdict')} milder, {worse:,} worse"


def _settings(store: Store, scan_id: int, configuration: Mapping[str, object]) -> Iterator[Adjustment]:
    """A sentence a setting that is not as the receipt of the scan before has it."""
    body = store.one("select body from receipts where scan_id = $1", [scan_id - 1])
    before = json.loads(body).get("configuration", {}) if body else {}
    for name in BEARING:
        if name not in before or name not in configuration or before[name] == shown(name, configuration[name]):
            continue
        stays = "; logs that were read before keep what they were read with" if name in READ_BEFORE else ""
        yield Adjustment(
            "the settings",
            f"The setting {name} changed from {_value(before[name])} to "
            f"{_value(shown(name, configuration[name]))}{stays}",
        )


def _value(value: object) -> str:
    if value is None or value == []:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _suppressed(change: str, names: Sequence[str], findings: int, unread: int) -> Adjustment:
    hidden = [counted(findings, "finding")] if findings or not unread else []
    hidden += [counted(unread, "unreadable record")] if unread else []
    one = len(names) == 1
    verb = {"new": "is new" if one else "are new", "changed": "changed", "ended": "ended"}[change]
    effect = {"new": "hiding", "changed": "hiding now", "ended": "no longer hiding"}[change]
    which = joined(names) if len(names) <= 3 else f"{', '.join(names[:3])} and {len(names) - 3:,} more"
    return Adjustment(
        "the suppressions", f"{counted(len(names), 'suppression')} {verb}, {effect} {joined(hidden)}: {which}"
    )
