"""A line for cron, which mails whatever a command writes and looks at no exit code."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from auditscan.schedule.plan import File, Schedule, refuse_addresses
from auditscan.schedule.texts import fill

if TYPE_CHECKING:
    from auditscan.schedule.plan import Plan


def schedule(plan: Plan) -> Schedule:
    """Return a crontab and how to install it; raises UsageError for addresses that `ps` would show to everybody."""
    refuse_addresses(plan)
    text = fill("auditscan.crontab", when=plan.calendar.for_cron(), line=_line(plan))
    steps = (
        "# as the user who owns the ledger and may read the logs; keeps the lines that are there already",
        "( crontab -l 2>/dev/null; cat {out}/auditscan.crontab ) | crontab -",
    )
    return Schedule((File("auditscan.crontab", text),), steps, plan.notes)


def _line(plan: Plan) -> str:
    """Return the command: what the scan says comes out only where the scan did not do its work."""
    scan = " ".join(map(_quoted, plan.command))
    tell = 'echo "$said"; echo "exit code $code"'
    return f"umask 077; said=$({scan} 2>&1); code=$?; case $code in 0|10|11|12) ;; *) {tell};; esac"


def _quoted(word: str) -> str:
    """Return a word for the shell, in a line of cron.

    cron ends a command at `%` unless a backslash stands before it, and takes a backslash before a backslash for
    nothing special; so the two never stand side by side.
    """
    return shlex.quote(word).replace("%", "''\\%" if shlex.quote(word) != word else "\\%")
