"""`auditscan report`: the whole picture in the terminal."""

from __future__ import annotations

import shlex
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams, written
from auditscan.cli.filing import FilingOptions  # noqa: TC001 -- with_options looks at it
from auditscan.cli.hiding import ForPublic, KeyFile, Redact, hidden, no_record
from auditscan.cli.judging import Reading, set_up, with_options
from auditscan.cli.options import Database, Limit, Paths, SignKey, Width, cells, judged, read_day, scanned
from auditscan.cli.paging import draw_paged
from auditscan.cli.proof import Manifest, Receipt, asked_for
from auditscan.cli.written import Out  # noqa: TC001 -- with_options looks at it
from auditscan.documents.forms import SHOWING_ALL, ending_of
from auditscan.errors import UsageError
from auditscan.questions.report import SECTIONS
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditscan.cli.proof import Proof
    from auditscan.documents.content import Content
    from auditscan.documents.filing import Filing
    from auditscan.policy import Policy
    from auditscan.questions.report import Report, Selection
    from auditscan.store import Store

Demo = Annotated[bool, typer.Option("--demo", help="Report on the sample logs that come with auditscan.")]
States = Annotated[
    list[str] | None,
    typer.Option("--state", metavar="STATE", help="Only transfers about this state. May be repeated."),
]
Recipients = Annotated[
    list[str] | None,
    typer.Option("--recipient", metavar="AGENCY", help="Only transfers to this agency. May be repeated."),
]
Verdicts = Annotated[
    list[str] | None,
    typer.Option(
        "--verdict",
        metavar="VERDICT",
        help="Only transfers with this verdict, now or then. May be repeated.",
    ),
]
From = Annotated[
    date | None,
    typer.Option("--from", metavar="DAY", parser=read_day, help="Only transfers on or after this day."),
]
OCSF_CLASSES = {"finding": 2006, "detection": 2004}


def _ocsf_class(word: str) -> str:
    if word not in OCSF_CLASSES:
        raise typer.BadParameter(f"it is {' or '.join(OCSF_CLASSES)}")
    return word


OcsfClass = Annotated[
    str,
    typer.Option(
        "--ocsf-class",
        metavar="CLASS",
        parser=_ocsf_class,
        help="Events in .ocsf.ndjson: `finding` is class 2006, `detection` 2004, which more tools know.",
    ),
]
Brief = Annotated[bool, typer.Option("--brief", help="Only the first screen: the whole answer in short.")]
Sections = Annotated[
    list[str] | None,
    typer.Option(
        "--section",
        metavar="NAME",
        help=f"The first screen, then only this section, whole: {', '.join(SECTIONS)}. May be repeated.",
    ),
]
Full = Annotated[bool, typer.Option("--full", help="Every section whole: each file, record and reason.")]
NoPager = Annotated[bool, typer.Option("--no-pager", help="Write all at once on a terminal too.")]
Until = Annotated[
    date | None,
    typer.Option("--until", metavar="DAY", parser=read_day, help="Only transfers on or before this day."),
]


@with_options
def report(
    context: typer.Context,
    how: Reading,
    filed: FilingOptions,
    paths: Paths = None,
    database: Database = None,
    demo: Demo = False,
    states: States = None,
    recipients: Recipients = None,
    verdicts: Verdicts = None,
    first_day: From = None,
    last_day: Until = None,
    limit: Limit = 10,
    out: Out = None,
    redact: Redact = None,
    public: ForPublic = False,
    id_key: KeyFile = None,
    sections: Sections = None,
    brief: Brief = False,
    full: Full = False,
    width: Width = None,
    no_pager: NoPager = False,
    receipt: Receipt = None,
    manifest: Manifest = None,
    sign_key: SignKey = None,
    ocsf_class: OcsfClass = "finding",
) -> None:
    """Show what was found: the answer on one screen, then states, weeks, the worst transfers, files and rules.

    Without PATH it shows what the database of --db holds, and leaves that file as it is; with both,
    what is new is read into it.
    """
    from auditscan.library import shipped_folder
    from auditscan.questions.report import collect
    from auditscan.questions.summary import summarize
    from auditscan.render.terminal import draw
    from auditscan.scanning.judged import keep_apart

    named = _named(sections, brief=brief, full=full)
    if demo:
        if paths or database:
            raise UsageError("--demo comes with logs of its own", hint="leave out the paths and --db")
        folder = shipped_folder("sample_logs")
        here = Path.cwd()
        # As short as a user would have named it.
        paths = [folder.relative_to(here) if folder.is_relative_to(here) else folder]
    elif not paths and database is None:
        raise UsageError(
            "there is nothing to report on",
            hint="name log files or folders, a database with --db, or --demo",
        )
    documents = written.asked(out)
    redaction = hidden(redact, public=public, id_key=id_key)
    filing = filed.filing(documents.values())
    if public or redact is not None:
        no_record(asked=filing.record)
        _refuse_what_shows_all(documents.values())
    setup = set_up(paths, database, how)
    proof = asked_for(context, receipt, manifest, sign_key)
    keep_apart(setup, {"--db": database, **documents, **proof.written})
    selection = _selection(setup.policy, states, recipients, verdicts, first_day, last_day)
    with scanned(setup) if setup.paths else judged(setup) as (store, result):
        found = collect(
            store,
            selection,
            redaction=redaction(store),
            limit=limit,
            overlays=setup.policy.overlays,
            skipped=[file for file in result.files if file.status == "skipped"] if result else (),
            logs=" ".join(shlex.quote(str(path)) for path in paths or ("--db", database)),
        )
        if documents or receipt or manifest:
            proof.take(store, setup.policy, summarize(store, setup.policy, result.files if result else ()))
        made: Sequence[Path] = ()
        if documents:
            content = _content(store, found, proof, OCSF_CLASSES[ocsf_class], filing)
            made = written.write(content, documents.values())
    proof.write(made)
    console = streams.stdout_console(cells(width))
    if no_pager:
        draw(found, console, named, full=full)
    else:
        draw_paged(console, lambda console: draw(found, console, named, full=full))


def _refuse_what_shows_all(paths: Iterable[Path]) -> None:
    """Raise UsageError for forms that would show what is to be hidden."""
    for path in paths:
        if ending_of(path) in SHOWING_ALL:
            raise UsageError(
                "events and findings by line are for machines that need what logs say: nothing can be hidden in them",
                where=str(path),
                hint="leave out --redact and --public, or this file",
            )


def _content(store: Store, found: Report, proof: Proof, ocsf_class: int, filing: Filing) -> Content:
    """Return what the documents say."""
    from auditscan.documents.content import Content, Made

    made = Made(
        written.typed("report", found.redaction),
        datetime.now(UTC).replace(microsecond=0),
        receipt=proof.receipt.name if proof.receipt else "",
        rests_on=proof.rests_on,
        ocsf_class=ocsf_class,
    )
    return Content(store, found, made, filing)


def _named(sections: Sequence[str] | None, *, brief: bool, full: bool) -> tuple[str, ...] | None:
    """Return the sections that were asked for behind the first screen; None for those of every report."""
    if brief and (sections or full):
        raise UsageError("--brief is the first screen alone", hint="leave out --section and --full")
    for name in sections or ():
        if name not in SECTIONS:
            raise UsageError(
                f"a report has no section {name!r}",
                where="--section",
                hint=did_you_mean(name, SECTIONS) or f"the sections are {', '.join(SECTIONS)}",
            )
    return () if brief else tuple(sections) if sections else None


def _selection(
    policy: Policy,
    states: Sequence[str] | None,
    recipients: Sequence[str] | None,
    verdicts: Sequence[str] | None,
    first_day: date | None,
    last_day: date | None,
) -> Selection:
    """Return the filters in the words of the policy tables.

    Raises UsageError for a word the tables lack, and for days in the wrong order.
    """
    from auditscan.policy.words import VERDICTS
    from auditscan.questions.report import Selection

    if first_day and last_day and first_day > last_day:
        raise UsageError(f"no day is from {first_day} until {last_day}", where="--from, --until")
    known = {word: word for word in (*VERDICTS, "unattributed", "out_of_scope")}
    return Selection(
        states=_looked_up("--state", "state", states, _aliases(policy, "policy_states", "state")),
        recipients=_looked_up("--recipient", "agency", recipients, _aliases(policy, "policy_agencies", "agency")),
        verdicts=_looked_up("--verdict", "verdict", verdicts, known),
        first_day=first_day,
        last_day=last_day,
    )


def _aliases(policy: Policy, table: str, column: str) -> dict[str, str]:
    """Return normalized word -> meaning of a table of words; `unknown` is what no row knows."""
    from auditscan.policy.describe import records

    words = {str(row["alias_key"]): str(row[column]) for row in records(policy, table)}
    # `*` is the whole country: no filter at all.
    return {word: to for word, to in words.items() if to != "*"} | {"unknown": "unknown"}


def _looked_up(option: str, kind: str, words: Sequence[str] | None, known: dict[str, str]) -> tuple[str, ...] | None:
    """Return what the words of an option mean, sorted, each once; None where it was not given."""
    from auditscan.library import Parameter
    from auditscan.policy import normalize

    if not words:
        return None
    asked = Parameter(option, "varchar[]", None, None, "", words=kind)
    return tuple(sorted({str(asked.look_up(word, known, normalize)) for word in words}))
