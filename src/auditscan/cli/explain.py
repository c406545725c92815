"""`auditscan explain`: one transfer, and why it has its verdicts."""

from __future__ import annotations

from typing import Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.options import (
    AsOf,
    Database,
    Exclude,
    HeldBy,
    Link,
    LogFormat,
    MappingFile,
    Paths,
    Policies,
    Queries,
    Since,
    Threads,
    Width,
    Zone,
    cells,
    judged,
    set_up,
)

__all__ = ["explain"]


def explain(
    transfer_id: Annotated[str, typer.Argument(metavar="TRANSFER_ID", help="The id, as it stands in the answers.")],
    paths: Paths = None,
    database: Database = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of a tree.")] = False,
    as_of: AsOf = None,
    since: Since = None,
    zone: Zone = "UTC",
    log_format: LogFormat = None,
    mapping: MappingFile = None,
    held_by: HeldBy = None,
    link: Link = True,
    exclude: Exclude = None,
    policies: Policies = None,
    queries: Queries = None,
    threads: Threads = None,
    width: Width = None,
) -> None:
    """Show why a transfer has its verdicts: every part, clause and line, and what would be permitted.

    The file of --db is only read.
    """
    from auditscan.explanation import explain as explained

    setup = set_up(
        paths, database, policies, queries, as_of, since, zone, threads, (log_format, held_by, mapping, link, exclude)
    )
    with judged(setup) as (store, _):
        explanations = explained(store, transfer_id)
    if as_json:
        streams.write_json([explanation.as_json() for explanation in explanations])
        return
    from auditscan.render.explain import draw

    draw(explanations, streams.stdout_console(cells(width)))
