"""`auditscan policy diff` and `auditscan policy sweep`: what would change if the law were read differently."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.judging import Judging, set_up, with_options
from auditscan.cli.options import Database, Paths, Width, cells, judged
from auditscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.questions.what_if import Side
    from auditscan.scanning.judged import Setup
    from auditscan.store import Store

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of tables.")]
Limit = Annotated[
    int,
    typer.Option("--list", metavar="N", min=-1, help="List N of the transfers that change; -1 lists them all."),
]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help="Write all transfers that change; FILE ends in .ndjson, .csv, .parquet, .xlsx or .md.",
    ),
]
Before = Annotated[str, typer.Argument(metavar="BEFORE", help="A policy: see above.", show_default=False)]
After = Annotated[str, typer.Argument(metavar="AFTER", help="The other one.", show_default=False)]


@with_options
def diff(
    before: Before,
    after: After,
    how: Judging,
    paths: Paths = None,
    database: Database = None,
    limit: Limit = 0,
    out: Out = None,
    as_json: AsJson = False,
    width: Width = None,
) -> None:
    """Show what two policies say differently, and which transfers change verdict for it.

    A policy is `base` (the one configured), a day (2025-10-01: the policy as of that day), the folder of an overlay,
    a what-if that ships (`auditscan policy what-ifs`), a setting (R2.categories.name=permitted), or several of
    these joined by `+`. The file of --db is only read.
    """
    from auditscan.policy.describe import case_of
    from auditscan.questions.what_if import compare
    from auditscan.scanning.judged import keep_apart

    setup = set_up(paths, database, how)
    keep_apart(setup, {"--out": out})
    sides = [_side(text, setup, how.policies or ()) for text in (before, after)]
    with _kept(setup) as store:
        found = compare(store, *sides, limit=limit)
        if out is not None:
            _write_transfers(store, out)
    case = case_of(setup.policy)
    if as_json:
        streams.write_json({**found.as_json(), **case})
        return
    from auditscan.render.case import draw_case
    from auditscan.render.what_if import draw_difference

    console = streams.stdout_console(cells(width))
    draw_difference(found, console)
    draw_case(case, console)


@with_options
def sweep(
    how: Judging,
    paths: Paths = None,
    database: Database = None,
    under: Annotated[
        str,
        typer.Option("--under", metavar="POLICY", help="The policy whose open points are taken, as in `policy diff`."),
    ] = "base",
    as_json: AsJson = False,
    width: Width = None,
) -> None:
    """Settle each open point of the order in force alone, both ways, and show how many transfers hang on it.

    Tells which open legal question matters most. The file of --db is only read.
    """
    from auditscan.policy.describe import case_of
    from auditscan.questions.what_if import sweep as swept

    setup = set_up(paths, database, how)
    side = _side(under, setup, how.policies or ())
    with _kept(setup) as store:
        found = swept(store, side)
    case = case_of(setup.policy)
    if as_json:
        streams.write_json({**found.as_json(), **case})
        return
    from auditscan.render.case import draw_case
    from auditscan.render.what_if import draw_sweep

    console = streams.stdout_console(cells(width))
    draw_sweep(found, console)
    draw_case(case, console)


def _write_transfers(store: Store, out: Path) -> None:
    """Write the transfers that change into a file."""
    from auditscan.cli.query import save
    from auditscan.output.export import format_of
    from auditscan.questions.what_if import all_transfers

    kind = format_of(out)
    if kind == "table":
        raise UsageError("transfers are written as data", where=str(out), hint="end the name in .csv or .ndjson")
    save(all_transfers(store), kind, out, streams.DEFAULT_WIDTH, "transfer")


def _side(text: str, setup: Setup, policies: Sequence[Path]) -> Side:
    """Return the policy that a spec means, asked on its own day or on that of the command."""
    from auditscan.policy.spec import BASE, read_spec
    from auditscan.questions.what_if import Side

    if text == BASE:
        return Side(BASE, setup.policy, setup.as_of)
    spec = read_spec(text, policies)
    return Side(spec.label, spec.policy, spec.as_of or setup.as_of)


@contextmanager
def _kept(setup: Setup) -> Iterator[Store]:
    """Yield the judged database. Under which policy it was judged makes no difference: a kept one is read in place."""
    from auditscan.store import open_store

    if setup.database is not None and not setup.paths:
        with open_store(setup.database, setup.library, threads=setup.threads, read_only=True) as store:
            if _same_questions(store, setup):
                yield store
                return
    with judged(setup) as (store, _):
        yield store


def _same_questions(store: Store, setup: Setup) -> bool:
    """Whether the same queries made the database, and asked from the same day on."""
    from auditscan.version import __version__

    found = store.rows("select since, queries_sha256, auditscan_version from settings")
    return found == [(setup.since, setup.library.judging_sha256, __version__)]
