"""`auditscan status`: how it stands with a ledger, for a person and for a monitor."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.options import Every, LedgerFolder  # noqa: TC001 -- typer reads them
from auditscan.errors import UsageError


def _moment(text: str) -> datetime:
    """Read a moment; one without a zone is in UTC."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no moment: write it as 2026-01-06T02:15:00Z") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# What the tests ask as of; everybody else asks now.
Now = Annotated[datetime | None, typer.Option("--now", metavar="MOMENT", parser=_moment, hidden=True)]


def status(
    ledger: LedgerFolder = None,
    every: Every = 24,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of lines.")] = False,
    now: Now = None,
) -> int:
    """Tell when a ledger was last scanned, how that ended, and whether everybody was told.

    Exit code: 0 all is as it should be, 20 the last scan is half a period late or was incomplete or a message was
    not delivered, 3 there is no ledger. What was found does not count here. The ledger is only read.
    """
    if ledger is None:
        raise UsageError("no ledger is named", hint="name its folder with --ledger, or in auditscan.toml")
    from auditscan.ledger.status import read
    from auditscan.library import Library

    found = read(ledger, Library.shipped(), every, now or datetime.now(UTC))
    if as_json:
        streams.write_json(found.as_json())
    else:
        from auditscan.render.status import lines

        for line in lines(found):
            streams.write(line)
    return found.exit_code
