"""`auditscan explain`: one transfer, and why it has its verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.judging import Reading, set_up, with_options
from auditscan.cli.options import (
    Database,
    Paths,
    Width,
    cells,
    judged,
)

if TYPE_CHECKING:
    from auditscan.questions.originals import Shown

__all__ = ["explain"]


@with_options
def explain(
    transfer_id: Annotated[str, typer.Argument(metavar="TRANSFER_ID", help="The id, as it stands in the answers.")],
    how: Reading,
    paths: Paths = None,
    database: Database = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of a tree.")] = False,
    records: Annotated[
        bool, typer.Option("--record", help="Show the record too, as it stands in its file, and what in it decided.")
    ] = False,
    width: Width = None,
) -> None:
    """Show why a transfer has its verdicts: every part, clause and line, and what would be permitted.

    The file of --db is only read.
    """
    from auditscan.questions.explanation import explain as explained

    setup = set_up(paths, database, how)
    originals: list[list[Shown | str]] = []
    with judged(setup) as (store, _):
        explanations = explained(store, transfer_id)
        if records:
            from auditscan.questions.originals import originals_of

            originals = [originals_of(store, one.record_keys, setup.library) for one in explanations]
    if as_json:
        written = [explanation.as_json() for explanation in explanations]
        for one, found in zip(written, originals, strict=False):
            one["records"] = [shown if isinstance(shown, str) else shown.as_json() for shown in found]
        streams.write_json(written)
        return
    from auditscan.policy.describe import case_of
    from auditscan.render.case import draw_case
    from auditscan.render.explain import draw

    console = streams.stdout_console(cells(width))
    draw(explanations, console)
    draw_case(case_of(setup.policy), console)
    if records:
        from auditscan.render.page import Page
        from auditscan.render.record import draw_records

        for explanation, found in zip(explanations, originals, strict=True):
            draw_records(found, Page(console), explanation.deciding_words)
