"""`auditscan explain`: one transfer, and why it has its verdicts."""

from __future__ import annotations

import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
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
    keep_apart,
)

if TYPE_CHECKING:
    from auditscan.questions.originals import Shown

__all__ = ["explain"]

Out = Annotated[
    list[Path] | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write it as a document too, with its record: FILE ends in .html, .md or .pdf. May be repeated.",
    ),
]


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
    out: Out = None,
    width: Width = None,
) -> None:
    """Show why a transfer has its verdicts: every part, clause and line, and what would be permitted.

    The file of --db is only read.
    """
    from auditscan.documents.forms import OF_A_TRANSFER, ending_of, write_all
    from auditscan.policy.describe import case_of
    from auditscan.questions.explanation import explain as explained

    out = list(dict.fromkeys(out or ()))
    for path in out:
        ending_of(path, OF_A_TRANSFER)
    setup = set_up(paths, database, how)
    keep_apart(setup, {"--db": database, **{f"--out {path}": path for path in out}})
    originals: list[list[Shown | str]] = []
    with judged(setup) as (store, _):
        explanations = explained(store, transfer_id)
        versions = store.rows("select auditscan_version, policy_sha256, queries_sha256 from settings")[0]
        if records or out:
            from auditscan.questions.originals import originals_of

            originals = [originals_of(store, one.record_keys, setup.library) for one in explanations]
    case = case_of(setup.policy)
    if out:
        from auditscan.documents.leaf.leaf import Leaf

        leaf = Leaf(
            transfer_id,
            explanations,
            originals,
            case,
            dict(zip(("auditscan", "policy", "queries"), versions, strict=True)),
            setup.as_of,
            shlex.join(["auditscan", *sys.argv[1:]]),
            datetime.now(UTC).replace(microsecond=0),
        )
        for path in write_all(leaf, out, OF_A_TRANSFER):
            streams.note(f"written: {streams.printable(str(path))}")
    if as_json:
        written = [explanation.as_json() for explanation in explanations]
        for one, found in zip(written, originals if records else [], strict=False):
            one["records"] = [shown if isinstance(shown, str) else shown.as_json() for shown in found]
        streams.write_json(written)
        return
    from auditscan.render.case import draw_case
    from auditscan.render.explain import draw
    from auditscan.render.page import Page

    console = streams.stdout_console(cells(width))
    draw(explanations, Page(console))
    draw_case(case, console)
    if records:
        from auditscan.render.record import draw_records

        for explanation, found in zip(explanations, originals, strict=True):
            draw_records(found, Page(console), explanation.deciding_words)
