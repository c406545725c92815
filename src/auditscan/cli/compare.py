"""`auditscan compare`: what changed in a ledger from one nightly scan to another."""

from __future__ import annotations

from typing import Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.options import LedgerFolder, Queries, Threads, Width, cells
from auditscan.errors import UsageError


def compare(
    scans: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SCAN] [SCAN]", help="A number, or a day and its last scan.", show_default=False),
    ] = None,
    ledger: LedgerFolder = None,
    limit: Annotated[
        int,
        typer.Option("--list", metavar="N", min=-1, help="List N of the findings that changed; -1 lists them all."),
    ] = 10,
    rule: Annotated[
        str | None,
        typer.Option("--rule", metavar="RULE", help="Findings of this rule only.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")] = False,
    queries: Queries = None,
    threads: Threads = None,
    width: Width = None,
) -> None:
    """Show which findings are new, gone, changed or newly suppressed from one nightly scan to another, and why.

    Without a scan the last two are compared; one is compared with the last. The ledger is only read.
    """
    from auditscan.ledger.compare import choose
    from auditscan.ledger.compare import compare as compared
    from auditscan.ledger.setup import database_of
    from auditscan.library import Library
    from auditscan.policy import load
    from auditscan.policy.describe import case_of
    from auditscan.store import open_store

    if len(scans or ()) > 2:
        raise UsageError("two scans are compared, not more", where=" ".join(scans or ()))
    if ledger is None:
        raise UsageError("no ledger is named", hint="name its folder with --ledger, or as `ledger` in auditscan.toml")
    with open_store(database_of(ledger), Library.shipped(queries or ()), threads=threads, read_only=True) as store:
        before, after = choose(store, scans or ())
        found = compared(store, before, after, rule=rule, limit=limit)
    case = case_of(load())
    if as_json:
        streams.write_json({**found.as_json(), **case})
        return
    from auditscan.render.case import draw_case
    from auditscan.render.compare import draw_comparison

    console = streams.stdout_console(cells(width))
    draw_comparison(found, console)
    console.print()
    draw_case(case, console)
