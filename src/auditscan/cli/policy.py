"""`auditscan policy`: the tables that verdicts rest on, from the terminal; no database is opened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import layout, streams, what_if
from auditscan.cli.options import AsOf, Policies, Width, cells
from auditscan.errors import UsageError

if TYPE_CHECKING:
    from auditscan.policy import Policy
    from auditscan.policy.describe import Regime

app = layout.Commands(
    help="Show the legal situations that transfers are judged under, and write or check changes to them.",
    no_args_is_help=False,
)

app.command("diff")(what_if.diff)
app.command("sweep")(what_if.sweep)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of a page.")]
Folders = Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Overlays, in the order to lay them on.")]
NewFolder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write; made if it is not there.")]


def _what_if_names() -> list[str]:
    """Return what completes `--from`."""
    from auditscan.policy import what_ifs

    return [what_if.name for what_if in what_ifs()]


def _regime_ids() -> list[str]:
    """Return what completes `--regime`: the regimes that ship, as reading overlays would take too long."""
    from auditscan.policy import load

    return [str(row[0]) for row in load().tables["policy_regimes"]]


@app.command("show")
def show(
    regime: Annotated[
        str | None,
        typer.Option("--regime", metavar="ID", help="Show this regime in full.", autocompletion=_regime_ids),
    ] = None,
    as_of: AsOf = None,
    policies: Policies = None,
    as_json: AsJson = False,
    width: Width = None,
) -> None:
    """Show the regime in force on a day in full, and the others in short.

    What an overlay says is followed by its file and line.
    """
    from auditscan.policy import load

    policy = load(policies or ())
    day = as_of or policy.today()
    chosen = None if regime is None else _regime(policy, regime)
    if as_json:
        from auditscan.policy import describe

        legal = describe.regimes(policy)
        found = legal if chosen is None else (chosen,)
        streams.write_json(
            {
                **describe.case_of(policy),
                "as_of": day,
                "regime_now": policy.regime_on(day),
                "not_applied": [entry.regime_id for entry in legal if entry.not_applied(day)],
                "policy_sha256": policy.sha256,
                "overlays": [note.as_json() for note in policy.overlays],
                "regimes": [entry.as_json() for entry in found],
                "implied_by": describe.implied_by(policy),
                "parties": describe.parties(policy),
            }
        )
        return
    from auditscan.render.policy import draw, draw_regime

    console = streams.stdout_console(cells(width))
    if chosen is None:
        draw(policy, day, console)
    else:
        draw_regime(policy, chosen, console)


@app.command("timeline")
def timeline(as_of: AsOf = None, policies: Policies = None, as_json: AsJson = False, width: Width = None) -> None:
    """Show orders, agreements, notices and reported transfers on one time line, then one by one."""
    from auditscan.policy import load

    policy = load(policies or ())
    day = as_of or policy.today()
    if as_json:
        from dataclasses import asdict

        from auditscan.policy.describe import case_of, events

        told = [asdict(event) for event in events(policy)]
        streams.write_json({**case_of(policy), "as_of": day, "events": told})
        return
    from auditscan.render.policy_timeline import draw

    draw(policy, day, streams.stdout_console(cells(width)))


@app.command("check")
def check(folders: Folders) -> None:
    """Lay folders over the policy that ships and tell each change, or everything that is wrong."""
    from auditscan.policy import load

    policy = load(folders)
    for note in policy.overlays:
        streams.write(streams.printable(f"overlay {note.name}"))
        for change in note.changes:
            streams.write(f"  {streams.printable(str(change))}")
        if not note.changes:
            streams.write("  changes nothing")
    streams.write("no problems")


@app.command("new")
def new(
    folder: NewFolder,
    what_if: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="WHAT_IF",
            help="Begin with a what-if that ships instead of with empty files.",
            autocompletion=_what_if_names,
        ),
    ] = None,
) -> None:
    """Write an overlay to edit: every file there can be, every key explained, nothing changed yet."""
    from auditscan.policy.skeleton import write_overlay

    for path in write_overlay(folder, what_if):
        streams.write(streams.printable(str(path)))
    streams.note(streams.printable(f"auditscan: edit what you need, then `auditscan policy check {folder}`"))


@app.command("what-ifs")
def list_what_ifs(as_json: AsJson = False) -> None:
    """List the what-ifs that ship, each with its question."""
    from auditscan.policy import what_ifs

    found = what_ifs()
    if as_json:
        streams.write_json([{"name": entry.name, "question": entry.question, "path": entry.folder} for entry in found])
        return
    for entry in found:
        streams.write(entry.name)
        streams.write(f"  {entry.question}")


def _regime(policy: Policy, regime_id: str) -> Regime:
    """Return a regime by its id, or raise UsageError with those there are."""
    from auditscan.policy.describe import regimes

    found = {entry.regime_id: entry for entry in regimes(policy)}
    if regime_id not in found:
        raise UsageError(
            f"no regime has the id {regime_id!r}", where="--regime", hint=f"the regimes are {', '.join(found)}"
        )
    return found[regime_id]
