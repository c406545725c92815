"""How help looks: commands in the order of use, options in panels, every place-holder a word.

Plain text, written here and not by rich: help must answer at once. What a panel holds is one table, so that an option
stands under the same heading wherever it is taken.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from auditscan.cli.plain import read_plainly
from auditscan.settings import config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from typer._click import Context, HelpFormatter, Parameter

COMMAND_PANELS = {
    "Begin": ("report", "sources", "explain", "show", "scan"),
    "Ask": ("query", "queries", "sql", "connect"),
    "What if": ("policy",),
    "Every night": ("nightly", "status", "compare", "verify", "schedule"),
    "Settings and help": ("config", "completion", "words", "help"),
}
"""Heading -> the main commands under it, in the order in which people come to them."""

PANELS = {
    "What to read": (
        "--demo", "--logs", "--ledger", "--db", "--exclude", "--held-by", "--log-format", "--mapping",
        "--source-zone", "--link", "--sql", "--file", "--param",
    ),
    "How to judge": ("--as-of", "--since", "--policy", "--queries", "--suppressions", "--allow-quarantined"),
    "What to look at": (
        "--state", "--recipient", "--verdict", "--from", "--until", "--regime", "--rule", "--limit", "--list",
        "--section", "--brief", "--full", "--all", "--record",
    ),
    "What to write": (
        "--out", "--ocsf-class", "--force", "--write-tables", "--format", "--json", "--rows", "--width", "--exit-zero",
        "--notify", "--keep-bytes", "--metrics", "--run-log", "--dry-run",
    ),
    "What to hide": ("--redact", "--public", "--id-key"),
    "How a .pdf is filed": (
        "--exhibit", "--bates", "--bates-start", "--bates-suffix", "--no-links", "--max-mb",
    ),
    "What proves it": (
        "--receipt", "--manifest", "--answers", "--tables", "--sign-key", "--public-key", "--head", "--replay",
    ),
    "How to run": (
        "--at", "--every", "--user", "--image", "--rehash-days", "--threads", "--memory", "--timeout", "--unsafe",
        "--ide", "--no-history", "--no-pager", "--keep-going", "--config", "--no-config",
    ),
}  # fmt: skip
"""Heading -> the options under it, in their order; others stand under the last heading, with --help."""

_PLACES = {flag: (heading, place) for heading, flags in PANELS.items() for place, flag in enumerate(flags)}
_LAST = "Other"


def in_panels(params: Iterable[Parameter]) -> dict[str, list[tuple[str, str]]]:
    """Return how each argument and option is written, and what it does, under the headings they stand under."""
    arguments: list[tuple[str, str]] = []
    panels: dict[str, list[tuple[int, tuple[str, str]]]] = {heading: [] for heading in (*PANELS, _LAST)}
    for param in params:
        record = _record(param)
        if record is None:
            continue
        if param.param_type_name == "argument":
            arguments.append(record)
            continue
        heading, place = next((_PLACES[flag] for flag in param.opts if flag in _PLACES), (_LAST, 0))
        panels[heading].append((place, record))
    ordered = {name: [record for _, record in sorted(found, key=lambda one: one[0])] for name, found in panels.items()}
    return {heading: records for heading, records in {"Arguments": arguments, **ordered}.items() if records}


def _options_in_panels(params: Iterable[Parameter], formatter: HelpFormatter) -> None:
    for heading, records in in_panels(params).items():
        with formatter.section(heading):
            formatter.write_dl(records)


def _record(param: Parameter) -> tuple[str, str] | None:
    """Return how an argument or option is written, and what it does; None for one that is hidden."""
    if getattr(param, "hidden", False):
        return None
    text = getattr(param, "help", None) or ""
    word = param.metavar or str(param.name).upper().replace("_", "-")
    if param.param_type_name == "argument":
        return word, text
    names = ", ".join(sorted(param.opts, key=len))
    if param.secondary_opts:
        names += f" / {', '.join(param.secondary_opts)}"
    elif not getattr(param, "is_flag", False):
        names += f" {word}"
    return names, f"{text}{_default(param)}"


def _default(param: Parameter) -> str:
    """Return the default of a setting as the table of settings says it, whatever the settings of this machine."""
    by_flag = {entry.flag: entry for entry in config.SETTINGS}
    entry = next((by_flag[flag] for flag in param.opts if flag in by_flag), None)
    if entry is None or entry.default_words == "none" or "[default:" in (getattr(param, "help", None) or ""):
        return ""
    return f"  [default: {entry.default_words}]"


class OneCommand(TyperCommand):
    """A command whose options stand in panels."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return its arguments and options, --help among them."""
        return read_plainly(super().get_params(ctx))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the options under the headings of PANELS."""
        _options_in_panels(self.get_params(ctx), formatter)


class Group(TyperGroup):
    """Commands under headings, each with the whole of its first sentence."""

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return its options, --help among them."""
        return read_plainly(super().get_params(ctx))

    def format_options(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands first: they are what somebody who reads this is looking for."""
        self.format_commands(ctx, formatter)
        _options_in_panels(self.get_params(ctx), formatter)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the commands, the main ones under the headings of COMMAND_PANELS."""
        told = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is not None and not command.hidden:
                told[name] = _first_sentence(command.short_help or command.help or "")
        headings = COMMAND_PANELS if ctx.parent is None else {}
        placed = {name for names in headings.values() for name in names}
        others = {"Commands": tuple(name for name in told if name not in placed)}
        for heading, names in (headings | others).items():
            rows = [(name, told[name]) for name in names if name in told]
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


def _first_sentence(text: str) -> str:
    found = re.match(r".*?[.](?=\s|$)", " ".join(text.split()))
    return found[0] if found else text


class Commands(typer.Typer):
    """Commands whose help is laid out so, those below them too."""

    def __init__(self, **how: Any) -> None:  # noqa: ANN401 -- as typer types them
        super().__init__(**{"cls": Group, "rich_markup_mode": None, **how})

    def command(self, name: str | None = None, **how: Any) -> Callable[..., Any]:  # noqa: ANN401
        """As typer's, with our help."""
        return super().command(name, **{"cls": OneCommand, **how})
