"""How it stands with a ledger, in lines for a terminal and for a monitor that shows the first of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ledger.telling.partition import words
from auditscan.render.style import shortened
from auditscan.text import counted, long_day, printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta

    from auditscan.ledger.status import Status

MOST_SENTENCES = 10


def lines(status: Status) -> Iterator[str]:
    """Yield the verdict on the ledger first, then what is wrong, then how it stands."""
    word = "NOT OK" if status.problems else "OK"
    yield f"{word}: scan {status.scan_id:,} ended with {status.ended_with}, {_ago(status.age)}"
    for problem in status.problems:
        yield f"  ! {problem}"
    for sentence in status.incomplete_because[:MOST_SENTENCES]:
        yield f"    {shortened(sentence)}"
    if len(status.incomplete_because) > MOST_SENTENCES:
        yield f"    and {len(status.incomplete_because) - MOST_SENTENCES:,} more"
    yield _line("ledger", printable(status.ledger))
    started = f"{long_day(status.started_at.date())} {status.started_at:%H:%M} UTC"
    yield _line("last scan", f"{started}, {'complete' if status.complete else 'incomplete'}")
    yield _line("schedule", f"every {counted(status.every, 'hour')}, {status.missed:,} missed since")
    twice = f", {status.in_versions:,} of them in two versions" if status.in_versions else ""
    yield _line("transfers", f"{sum(status.verdicts_now.values()):,}{twice}")
    yield _line("now", f"{words(status.verdicts_now)} ({status.as_of}, {status.regime_now or 'no order'})")
    yield _line("then", words(status.verdicts_then))
    if status.quarantine:
        still, hidden, gone = (status.quarantine.get(state, 0) for state in ("open", "suppressed", "gone"))
        yield _line(
            "unread", f"{still:,} records to look at, {hidden:,} suppressed, {gone:,} in contents that are gone"
        )
    yield _line("messages", f"{len(status.undelivered):,} not delivered" if status.undelivered else "all delivered")
    without = len(status.receipts_without_file)
    files = f"{without:,} without a file" if without else "each in its file"
    yield _line("receipts", f"{status.receipts:,}, {files}")
    yield _line("head", status.receipt_sha256 or "none")


def _line(name: str, text: str) -> str:
    return f"{name:<11}{text}"


def _ago(age: timedelta) -> str:
    minutes = int(age.total_seconds() // 60)
    if minutes < 0:
        return "in a time to come"
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{counted(days, 'day')} {hours} h ago"
    return f"{hours} h {minutes % 60} min ago" if hours else f"{minutes} min ago"
