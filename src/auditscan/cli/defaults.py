"""The settings of `auditscan.toml` as the defaults of commands: which file is in use, and whether it may be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import layout, streams
from auditscan.errors import UsageError
from auditscan.settings import config

if TYPE_CHECKING:
    from typer._click import Command, Context

    from auditscan.settings.configfile import Settings

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        metavar="FILE",
        envvar="AUDITSCAN_CONFIG",
        help=f"Read the settings of this file.  [default: the nearest {config.FILE_NAME}]",
    ),
]
NoConfig = Annotated[bool, typer.Option("--no-config", help="Read no settings file.")]
Trust = Annotated[
    bool,
    typer.Option(
        "--trust", help="Say yes, once, to the settings file and the mappings of registers found by this run."
    ),
]

_WITHOUT_SETTINGS = ("config", "completion", "help", "words")
"""Commands that help with any settings file, and take none."""

FOR_HELP = "auditscan.for_help"
SETTINGS = "auditscan.settings"


class Group(layout.Group):
    """The main command, which knows whether somebody only asks for help: then no setting matters."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Remember whether help is asked for, of whichever command."""
        ctx.meta[FOR_HELP] = not set(ctx.help_option_names).isdisjoint(args)
        return super().parse_args(ctx, args)


def begin(context: typer.Context) -> None:
    """Do what comes before every command: tell of variables that set nothing, and give it its settings.

    Does nothing where only help is asked for. Raises UsageError or SettingsError for a file that cannot be used.
    """
    if context.meta[FOR_HELP]:
        return
    for sentence in config.strangers():
        streams.note(f"auditscan: {streams.printable(sentence)}")
    # `config path` and `config new` help with a file that cannot be used, so a fault in it must not stop them.
    if context.invoked_subcommand not in _WITHOUT_SETTINGS:
        apply(context)


def apply(context: typer.Context, *, looking: bool = False) -> None:
    """Give the commands below this one the settings of the file in use as their defaults.

    `looking` is somebody who wants to see what the file says: for that it needs no yes.
    """
    path = in_use(context)
    if path is not None:
        from auditscan.settings import configfile

        settings = configfile.read(path)
        root = context.find_root().params
        if root["config_file"] is None and not configfile.is_own(path):
            try:
                configfile.require_trust(settings, yes=root["trust"])
            except UsageError:
                if not looking:
                    raise
                streams.note("auditscan: nobody has said yes yet to this settings file: commands want `--trust` once")
            # Nobody named it: what it says is in force all the same.
            if not looking and settings.values:
                shown = settings.path.name if settings.path.parent == Path.cwd() else str(settings.path)
                streams.note(f"settings: {streams.printable(shown)} ({', '.join(settings.values)})")
        context.meta[SETTINGS] = settings
        context.default_map = _defaults(context.command, settings)


def in_use(context: typer.Context) -> Path | None:
    """Return the settings file that the main options name, or the one that is found; None where there is none."""
    root = context.find_root()
    named, none = root.params["config_file"], root.params["no_config"]
    if none:
        if named is not None and source_of(root, "config_file") == "COMMANDLINE":
            raise UsageError("--config names a settings file, and --no-config wants none", hint="leave out one")
        return None
    if named is None:
        from auditscan.settings import configfile

        return configfile.find()
    if not named.exists() or named.is_dir():
        where = "--config" if source_of(root, "config_file") == "COMMANDLINE" else "AUDITSCAN_CONFIG"
        raise UsageError(f"there is no settings file {named}", where=where)
    return Path(named)


def _defaults(command: Command, settings: Settings) -> dict[str, object]:
    """Return the settings that a command and those below it take, as its default map.

    Found by the option's name, so that a new command needs no word here.
    """
    values = {config.setting(name).flag: value for name, value in settings.values.items()}
    found: dict[str, object] = {
        parameter.name: values[flag] for parameter in command.params for flag in parameter.opts if flag in values
    }
    for name, below in getattr(command, "commands", {}).items():
        found[name] = _defaults(below, settings)
    return found


def source_of(context: Context, parameter: str) -> str:
    """Return where the value of a parameter comes from: COMMANDLINE, ENVIRONMENT, DEFAULT_MAP or DEFAULT."""
    source = context.get_parameter_source(parameter)
    return "DEFAULT" if source is None else source.name
