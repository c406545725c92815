"""A daemon for launchd on macOS."""

from __future__ import annotations

import getpass
import plistlib
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.schedule.plan import File, Schedule, check_user, refuse_addresses

if TYPE_CHECKING:
    from auditscan.schedule.plan import Plan

LABEL = "auditscan.nightly"


def schedule(plan: Plan, user: str | None = None) -> Schedule:
    """Return the property list of a daemon that runs as `user` (who runs this, if None), and how to install it.

    Raises UsageError for addresses of people to tell that would stand where everybody can read them.
    """
    refuse_addresses(plan)
    owner = check_user(getpass.getuser() if user is None else user)
    log = f"/Library/Logs/{LABEL}.log"
    values = {
        "Label": LABEL,
        "ProgramArguments": list(plan.command),
        "UserName": owner,
        # Octal 077: the ledger is for its owner.
        "Umask": 0o077,
        "StartCalendarInterval": plan.calendar.for_launchd(),
        "ProcessType": "Background",
        "LowPriorityIO": True,
        "WorkingDirectory": "/",
        "StandardOutPath": log,
        "StandardErrorPath": log,
    }
    name = f"{LABEL}.plist"
    place = f"/Library/LaunchDaemons/{name}"
    steps = (
        f"sudo install -o root -g wheel -m 0644 {{out}}/{name} {place}",
        f"sudo install -o {owner} -m 0600 /dev/null {log}",
        f"install -d -m 0700 {shlex.quote(plan.ledger)}   # as {owner}",
        f"sudo launchctl bootstrap system {place}",
        f"sudo launchctl kickstart system/{LABEL}   # the first scan, now",
    )
    return Schedule(
        (File(name, plistlib.dumps(values, sort_keys=False).decode()),),
        steps,
        (*plan.notes, *_notes(plan)),
    )


def _notes(plan: Plan) -> tuple[str, ...]:
    always = (
        "a Mac that sleeps at that time scans when it wakes, one that is off the next night; launchd heeds no exit code"
    )
    private = [
        path for path in (*plan.logs, plan.ledger) if {"Desktop", "Documents", "Downloads"} & set(Path(path).parts)
    ]
    if not private:
        return (always,)
    return (always, f"macOS shows {private[0]} to no daemon: give {plan.program[0]} Full Disk Access, or move it")
