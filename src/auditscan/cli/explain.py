"""`auditscan explain`: one transfer, and why it has its verdicts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams, written
from auditscan.cli.hiding import ForPublic, KeyFile, Redact, hidden, no_record
from auditscan.cli.judging import Reading, set_up, with_options
from auditscan.cli.options import Database, Paths, Width, cells, judged
from auditscan.cli.written import OutOfTransfer  # noqa: TC001 -- with_options looks at it

if TYPE_CHECKING:
    from auditscan.questions.originals import Shown


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
    out: OutOfTransfer = None,
    redact: Redact = None,
    public: ForPublic = False,
    id_key: KeyFile = None,
    width: Width = None,
) -> None:
    """Show why a transfer has its verdicts: every part, clause and line, and what would be permitted.

    The file of --db is only read.
    """
    from auditscan.documents.forms import OF_A_TRANSFER
    from auditscan.policy.describe import case_of
    from auditscan.questions.explanation import explain as explained
    from auditscan.scanning.judged import keep_apart

    documents = written.asked(out, OF_A_TRANSFER)
    hiding = hidden(redact, public=public, id_key=id_key)
    if public or redact is not None:
        no_record(asked=records)
    setup = set_up(paths, database, how)
    keep_apart(setup, {"--db": database, **documents})
    originals: list[list[Shown | str]] = []
    with judged(setup) as (store, _):
        redaction = hiding(store)
        explanations = explained(store, transfer_id, redaction)
        versions = store.rows("select auditscan_version, policy_sha256, queries_sha256 from settings")[0]
        if records or (documents and not redaction.said):
            from auditscan.questions.originals import originals_of

            originals = [originals_of(store, one.record_keys, setup.library) for one in explanations]
    case = case_of(setup.policy)
    if documents:
        from auditscan.documents.leaf.leaf import Leaf

        leaf = Leaf(
            explanations,
            originals,
            case,
            dict(zip(("auditscan", "policy", "queries"), versions, strict=True)),
            setup.as_of,
            written.typed("explain", redaction),
            datetime.now(UTC).replace(microsecond=0),
            redaction.said,
        )
        written.write(leaf, documents.values(), OF_A_TRANSFER)
    if as_json:
        told = [explanation.as_json() for explanation in explanations]
        for one, found in zip(told, originals if records else [], strict=False):
            one["records"] = [shown if isinstance(shown, str) else shown.as_json() for shown in found]
        streams.write_json(told)
        return
    from auditscan.render.case import draw_case
    from auditscan.render.explain import draw
    from auditscan.render.page import Page

    console = streams.stdout_console(cells(width))
    page = Page(console)
    draw(explanations, page)
    if redaction.said:
        page.say(redaction.said, "bold", indent=0)
    draw_case(case, console)
    if records:
        from auditscan.render.record import draw_records

        for explanation, found in zip(explanations, originals, strict=True):
            draw_records(found, page, explanation.deciding_words)
