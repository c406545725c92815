"""The options of the settings, and the judged database that a command works on.

Each option takes its name, its variable, its help and its bounds from the table in `auditscan.settings.config`.
"""

from __future__ import annotations

import inspect
import os
import shutil
import sys
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditscan.errors import AuditscanError, UsageError
from auditscan.settings import config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from auditscan.scanning.bar import Bar
    from auditscan.scanning.judged import Setup
    from auditscan.scanning.scan import ScanResult
    from auditscan.store import Store


def existing(path: Path | None) -> Path | None:
    """Return the mapping that was named; raises UsageError where there is no such file."""
    if path is not None and not path.is_file():
        raise UsageError("there is no such file", where=f"--mapping {path}", hint="check the path")
    return path


def read_day(text: str | date) -> date:
    """Read a day written as 2025-06-01; raises typer.BadParameter for any other text."""
    if isinstance(text, date):
        return text
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    # `fromisoformat` takes 20250601 and 2025-W22-7 as well, which a reader would not know for days.
    if day is None or day.isoformat() != text:
        raise typer.BadParameter(f"{text!r} is no day: write it as 2025-06-01")
    return day


def _checked(name: str) -> Callable[[str], str]:
    """Return what reads a setting's text from the command line by the setting's own check."""

    def read(text: str) -> str:
        try:
            return config.setting(name).check(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from error

    return read


def _option(name: str, /, flag: str = "", more: str = "", **how: Any) -> Any:  # noqa: ANN401 -- as typer types them
    """Return the option of a setting: its name, variable, help and bounds are those of the table."""
    entry = config.setting(name)
    if entry.kind == "number":
        how |= {"metavar": "N", "min": entry.low, "max": entry.high}
    # Typer shows the other defaults itself.
    default = "" if entry.default is not None or entry.shown == "none" else f"  [default: {entry.shown}]"
    return typer.Option(flag or entry.flag, envvar=entry.variable, help=f"{entry.about}{more}{default}", **how)


def complete_query_name(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Return the names of queries that begin as typed, each with its title; none where the library has faults.

    Queries of the folders named on the line, in the environment or in the settings are among them.
    """
    from auditscan.cli.defaults import in_use
    from auditscan.library import Library
    from auditscan.settings import configfile

    folders: list[Path] = []
    here: Any = context
    while here is not None:
        for parameter in here.command.params:
            if config.setting("queries").flag in parameter.opts:
                folders += here.params.get(parameter.name) or ()
        here = here.parent
    try:
        if not folders and (path := in_use(context)) is not None:
            settings = configfile.read(path)
            folders = [Path(folder) for folder in settings.folders("queries")]
            if folders and context.find_root().params["config_file"] is None and not configfile.is_own(path):
                configfile.require_trust(settings)
        library = Library.shipped(folders)
    except AuditscanError:
        library = Library.shipped()
    return [(query.name, query.title) for query in library.queries if query.name.startswith(incomplete)]


def _complete_zone(incomplete: str) -> list[str]:
    """Return the time zones whose names begin as typed."""
    from zoneinfo import available_timezones

    return sorted(zone for zone in available_timezones() if zone.startswith(incomplete))


def _complete_format(incomplete: str) -> list[str]:
    """Return the forms of a result that begin as typed."""
    return [choice for choice in config.setting("format").choices if choice.startswith(incomplete)]


Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", help="Log files, or folders of them.", show_default=False),
]
Policies = Annotated[list[Path] | None, _option("policy", more=" May be repeated.", metavar="FOLDER")]
Queries = Annotated[list[Path] | None, _option("queries", more=" May be repeated.", metavar="FOLDER")]
Database = Annotated[Path | None, _option("db", metavar="FILE")]
AsOf = Annotated[date | None, _option("as-of", metavar="DAY", parser=read_day)]
Since = Annotated[date | None, _option("since", metavar="DAY", parser=read_day)]
Zone = Annotated[
    str,
    _option("source-zone", metavar="ZONE", parser=_checked("source-zone"), autocompletion=_complete_zone),
]
LogFormat = Annotated[str | None, _option("log-format", metavar="NAME", parser=_checked("log-format"))]
MappingFile = Annotated[Path | None, _option("mapping", metavar="FILE")]
HeldBy = Annotated[str | None, _option("held-by", metavar="NAME", parser=_checked("held-by"))]
Link = Annotated[bool, _option("link", flag="--link/--no-link")]
Exclude = Annotated[list[str] | None, _option("exclude", more=" May be repeated.", metavar="PATTERN")]
KeepBytes = Annotated[bool, _option("keep-bytes", flag="--keep-bytes/--no-keep-bytes")]
Threads = Annotated[int | None, _option("threads", show_default=False)]
Width = Annotated[int | None, _option("width", show_default=False)]
Memory = Annotated[str, _option("memory", metavar="SIZE", parser=_checked("memory"))]
Timeout = Annotated[int, _option("timeout")]
Rows = Annotated[int, _option("rows")]
Format = Annotated[
    str | None,
    _option("format", metavar="FORMAT", parser=_checked("format"), autocompletion=_complete_format),
]
Limit = Annotated[int, _option("limit")]
AllowQuarantined = Annotated[int, _option("allow-quarantined")]
# Both words: what a variable or the file turned on must be possible to turn off on the command line.
ExitZero = Annotated[bool, _option("exit-zero", flag="--exit-zero/--no-exit-zero")]
Logs = Annotated[list[Path] | None, _option("logs", more=" May be repeated.", metavar="PATH")]
LedgerFolder = Annotated[Path | None, _option("ledger", metavar="FOLDER")]
Suppressions = Annotated[Path | None, _option("suppressions", metavar="FILE")]
At = Annotated[str, _option("at", metavar="HH:MM", parser=_checked("at"))]
Every = Annotated[int, _option("every")]
RehashDays = Annotated[int, _option("rehash-days")]
Notify = Annotated[list[str] | None, _option("notify", more=" May be repeated.", metavar="URL")]
Metrics = Annotated[Path | None, _option("metrics", metavar="FILE")]
RunLog = Annotated[Path | None, _option("run-log", metavar="FILE")]
SignKey = Annotated[Path | None, _option("sign-key", metavar="FILE")]

_OF_SETTINGS: Mapping[str | None, object] = {
    option.envvar: annotation
    for annotation in tuple(globals().values())
    for option in getattr(annotation, "__metadata__", ())
}
"""The variable of every setting -> its annotation above."""


def parameters(names: Iterable[str]) -> list[inspect.Parameter]:
    """Return what gives a command the options of these settings; it takes each by its name, with `_` for `-`.

    Typer makes options from a signature: so what such a command finds is what a command would be given that uses them.
    """
    return [
        inspect.Parameter(
            name.replace("-", "_"),
            inspect.Parameter.KEYWORD_ONLY,
            annotation=_OF_SETTINGS[config.setting(name).variable],
            default=config.setting(name).default,
        )
        for name in names
    ]


PIPED_WIDTH = 80
"""Cells a line where neither a terminal nor COLUMNS says how many."""


def says_yes() -> bool:
    """Whether the line has `--trust`, which stands before its command."""
    from typer._click.globals import get_current_context

    context = get_current_context(silent=True)
    return context is not None and bool(context.find_root().params.get("trust"))


def in_force(context: typer.Context) -> dict[str, object]:
    """Return the settings that a command takes, by name, as they are in force for it."""
    flags = {entry.flag: entry.name for entry in config.SETTINGS}
    return {
        flags[flag]: context.params[parameter.name]
        for parameter in context.command.params
        for flag in parameter.opts
        if flag in flags and parameter.name is not None
    }


def cells(width: int | None) -> int:
    """Return the cells a line: as asked for, else the terminal's, else the same in every pipe."""
    if width is not None:
        return width
    if sys.stdout.isatty():
        return max(60, shutil.get_terminal_size((PIPED_WIDTH, 24)).columns)
    columns = os.environ.get("COLUMNS", "")
    return max(60, int(columns)) if columns.isdecimal() and len(columns) < 5 else PIPED_WIDTH


def _progress(total: int) -> AbstractContextManager[Bar]:
    from auditscan.cli import streams

    return streams.progress("reading", total=total or None)


@contextmanager
def judged(setup: Setup) -> Iterator[tuple[Store, ScanResult | None]]:
    """As `auditscan.scanning.judged.judged`, with a bar on the terminal, and a word on what was left out."""
    from auditscan.scanning import judged as below

    with below.judged(setup, _progress) as (store, result):
        _tell_excluded(setup, result)
        yield store, result


@contextmanager
def judged_file(setup: Setup) -> Iterator[Path]:
    """As `auditscan.scanning.judged.judged_file`, with a bar on the terminal, and a word on what was left out."""
    from auditscan.scanning import judged as below

    with below.judged_file(setup, _progress) as (file, result):
        _tell_excluded(setup, result)
        yield file


@contextmanager
def scanned(setup: Setup) -> Iterator[tuple[Store, ScanResult]]:
    """As `auditscan.scanning.judged.scanned`, with a bar on the terminal, and a word on what was left out."""
    from auditscan.scanning import judged as below

    with below.scanned(setup, _progress) as (store, result):
        _tell_excluded(setup, result)
        yield store, result


def _tell_excluded(setup: Setup, result: ScanResult | None) -> None:
    if result is not None:
        tell_excluded(setup.reads.exclude, [file.note for file in result.files if file.status == "skipped"])


def tell_excluded(patterns: Sequence[str], skipped: Iterable[str]) -> None:
    """Say how many files each pattern left out, by the reasons why files were skipped."""
    from auditscan.cli import streams
    from auditscan.readers.files import EXCLUDED

    told = list(skipped)
    for pattern in dict.fromkeys(patterns):
        count = told.count(f"{EXCLUDED}{pattern}")
        files = "no file" if not count else "1 file" if count == 1 else f"{count:,} files"
        streams.note(f"{files} {EXCLUDED}{streams.printable(pattern)}")
