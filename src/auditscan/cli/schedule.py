"""`auditscan schedule`: what starts the nightly scan, for this installation and these settings."""

from __future__ import annotations

import inspect
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditscan.cli import layout, streams
from auditscan.cli.defaults import in_use, source_of
from auditscan.cli.options import parameters
from auditscan.errors import UsageError
from auditscan.schedule.plan import NIGHTLY, make_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.schedule.plan import Plan, Schedule

app = layout.Commands(
    help="Print what starts the nightly scan: for systemd, cron, launchd or Kubernetes.",
    no_args_is_help=False,
)

_OUT = Annotated[
    Path | None, typer.Option("--out", metavar="FOLDER", help="Write the files into this folder, never over others.")
]
_FORCE = Annotated[bool, typer.Option("--force", help="With --out, replace files that are there.")]
_USER = Annotated[str, typer.Option("--user", metavar="NAME", help="The system user that scans and owns the ledger.")]
_OWNER = Annotated[
    str | None, typer.Option("--user", metavar="NAME", help="The user that scans and owns the ledger.  [default: you]")
]
_IMAGE = Annotated[
    str | None,
    typer.Option("--image", metavar="NAME", help="The image to run.  [default: auditscan with the version as its tag]"),
]


def _takes(**more: tuple[object, object]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of all settings of a nightly scan, `--out`, `--force`, and those in `more`."""

    def with_signature(command: Callable[..., None]) -> Callable[..., None]:
        keyword = inspect.Parameter.KEYWORD_ONLY
        own = {"out": (_OUT, None), "force": (_FORCE, False), **more}
        command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter("context", keyword, annotation=typer.Context),
                *(
                    inspect.Parameter(name, keyword, annotation=what, default=none)
                    for name, (what, none) in own.items()
                ),
                *parameters(NIGHTLY),
            ]
        )
        return command

    return with_signature


@app.command("systemd")
@_takes(user=(_USER, "auditscan"))
def systemd(context: typer.Context, user: str, **given: Any) -> None:  # noqa: ANN401
    """Print a service and its timer.

    With them comes what tells of a scan that failed. The service runs as a user of its own, may write to the
    ledger, the metrics and the run log and to nothing else, and has a network only where somebody is to be told.
    A missed night is made up.
    """
    from auditscan.schedule import systemd as scheduler

    _hand_over(scheduler.schedule(_plan(context, given), user), "systemd", given)


@app.command("cron")
@_takes()
def cron(context: typer.Context, **given: Any) -> None:  # noqa: ANN401
    """Print lines for a crontab.

    A mail goes out only where a scan did not do its work.
    """
    from auditscan.schedule import cron as scheduler

    _hand_over(scheduler.schedule(_plan(context, given)), "cron", given)


@app.command("launchd")
@_takes(user=(_OWNER, None))
def launchd(context: typer.Context, user: str | None, **given: Any) -> None:  # noqa: ANN401
    """Print the property list of a daemon for macOS."""
    from auditscan.schedule import launchd as scheduler

    _hand_over(scheduler.schedule(_plan(context, given), user), "launchd", given)


@app.command("kubernetes")
@_takes(image=(_IMAGE, None))
def kubernetes(context: typer.Context, image: str | None, **given: Any) -> None:  # noqa: ANN401
    """Print a CronJob and all it needs.

    That is the claim of its ledger, its settings, and what keeps it off the network. Policy, queries and
    suppressions go with it; passwords and keys do not: a command is told that makes a secret of them.
    """
    from auditscan.schedule import kubernetes as scheduler
    from auditscan.version import __version__

    plan = _plan(context, given)
    _hand_over(scheduler.schedule(plan, image or f"auditscan:{__version__}"), "kubernetes", given)


def _plan(context: typer.Context, given: dict[str, Any]) -> Plan:
    """Return what is to be started, by the settings in force."""
    names = {name: name.replace("-", "_") for name in NIGHTLY}
    said = {"COMMANDLINE": "outside", "ENVIRONMENT": "outside", "DEFAULT_MAP": "file"}
    said_by = {name: said.get(source_of(context, parameter), "default") for name, parameter in names.items()}
    return make_plan({name: given[parameter] for name, parameter in names.items()}, said_by, in_use(context))


def _hand_over(schedule: Schedule, kind: str, given: dict[str, Any]) -> None:
    """Write or print the files, and say on standard error what to do with them."""
    out = given["out"]
    if out is None:
        several = len(schedule.files) > 1
        for number, file in enumerate(schedule.files):
            # A single one is fit for a pipe as it stands.
            if several:
                streams.write(f"# {file.name}" if number == 0 else f"\n# {file.name}")
            streams.write(file.text.removesuffix("\n"))
        place = "."
        streams.note(f"auditscan: to have files instead, `auditscan schedule {kind} --out FOLDER`; then, from there:")
    else:
        _write(schedule, out, force=given["force"])
        place = str(out)
        streams.note("auditscan: next:")
    for step in schedule.steps:
        streams.note(f"  {streams.printable(step.replace('{out}', shlex.quote(place)))}")
    for note in schedule.notes:
        streams.note(f"auditscan: {streams.printable(note)}")


def _write(schedule: Schedule, folder: Path, *, force: bool) -> None:
    """Write the files into a folder, which is made if it is not there; all of them or none."""
    paths = {folder / file.name: file.text for file in schedule.files}
    there = [path for path in paths if path.exists() or path.is_symlink()]
    if there and not force:
        raise UsageError(
            "there are such files already, and nothing was written",
            where=", ".join(map(str, there)),
            hint="name another folder, or say --force to replace them",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, text in paths.items():
            path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError("the files cannot be written", where=str(folder), why=error.strerror) from error
    for path in paths:
        streams.write(streams.printable(str(path)))
