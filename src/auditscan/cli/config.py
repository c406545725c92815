"""`auditscan config`: the settings in force and where each comes from."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated

import typer

from auditscan.cli import defaults, layout, streams
from auditscan.cli.options import cells, parameters
from auditscan.errors import NoInputError, UsageError
from auditscan.settings import config

app = layout.Commands(
    help="Show the settings in force, where they come from, or write a file for them.",
    no_args_is_help=False,
)


@app.callback()
def main(context: typer.Context) -> None:
    """Show the settings in force, where they come from, or write a file for them.

    Each setting is an option, a variable and a line of auditscan.toml; the option wins over the variable, the
    variable over the file.
    """
    if context.invoked_subcommand == "show" and not context.meta[defaults.FOR_HELP]:
        defaults.apply(context, looking=True)


def show(context: typer.Context, as_json: bool, **values: object) -> None:
    """Show every setting: its value for a command run here, and what says so.

    Options given to it count as they would for a command.
    """
    settings = context.meta.get(defaults.SETTINGS)
    rows = []
    for entry in config.SETTINGS:
        name = entry.name.replace("-", "_")
        source, value = defaults.source_of(context, name), _without_secrets(entry, values[name])
        said_by = "default"
        if source == "COMMANDLINE":
            said_by = entry.flag
        elif source == "ENVIRONMENT":
            said_by = entry.variable
        elif source == "DEFAULT_MAP" and settings is not None:
            said_by = f"{settings.path.name}:{settings.lines[entry.name]}"
        rows.append((entry, value, said_by))
    if as_json:
        said = [
            {
                "name": entry.name,
                "value": value,
                "words": _words(entry, value),
                "said_by": said_by,
                "option": entry.flag,
                "variable": entry.variable,
            }
            for entry, value, said_by in rows
        ]
        streams.write_json({"file": None if settings is None else settings.path, "settings": said})
        return
    from rich import box
    from rich.table import Table

    width = values["width"]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("setting", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("said by", overflow="fold")
    for entry, value, said_by in rows:
        table.add_row(entry.name, streams.printable(_words(entry, value)), streams.printable(said_by))
    console = streams.stdout_console(cells(width if isinstance(width, int) else None))
    console.print(table)
    file = "none" if settings is None else streams.printable(str(settings.path))
    streams.write(f"settings file: {file}")


def _without_secrets(entry: config.Setting, value: object) -> object:
    """Return a value as anybody may see it: whom to notify is said with passwords."""
    if entry.name != "notify" or not isinstance(value, list):
        return value
    from auditscan.ledger.telling.addresses import shown

    return [shown(address) for address in value]


def _words(entry: config.Setting, value: object) -> str:
    """Return a value as a person reads it."""
    if value is None or value == []:
        return entry.default_words
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _takes_every_setting() -> inspect.Signature:
    """Return the signature of `show`: an option for each setting, as the commands that use it have it."""
    keyword = inspect.Parameter.KEYWORD_ONLY
    as_json = Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")]
    return inspect.Signature(
        [
            inspect.Parameter("context", keyword, annotation=typer.Context),
            inspect.Parameter("as_json", keyword, annotation=as_json, default=False),
            *parameters(entry.name for entry in config.SETTINGS),
        ]
    )


show.__signature__ = _takes_every_setting()  # type: ignore[attr-defined]
app.command("show")(show)


@app.command("path")
def path(context: typer.Context) -> None:
    """Print the settings file in use; end with 3 where there is none."""
    found = defaults.in_use(context)
    if found is None:
        from auditscan.settings.configfile import user_file

        ignored = context.find_root().params["no_config"]
        raise NoInputError(
            "no settings file is in use",
            why="--no-config leaves it out"
            if ignored
            else f"there is no {config.FILE_NAME} in this folder or above it, and no {user_file()}",
            hint=None if ignored else "`auditscan config new` writes one here",
        )
    streams.write(streams.printable(str(found)))


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it, never over a file.")] = Path(
        config.FILE_NAME
    ),
) -> None:
    """Write a settings file in which every setting is explained and none is set."""
    try:
        with file.open("x", encoding="utf-8") as stream:
            stream.write(config.template())
    except FileExistsError as error:
        raise UsageError("there is such a file already", where=str(file), hint="name another one") from error
    except OSError as error:
        raise UsageError("the file cannot be written", where=str(file), why=error.strerror) from error
    streams.note(f"wrote {streams.printable(str(file))}: every setting is in it, none is set yet")
