"""Completion in the shell: the script a shell loads, and the answers to what it asks.

A shell that loaded the script runs `auditscan` with `_AUDITSCAN_COMPLETE` set whenever somebody presses the tab
key. Typer has the scripts and understands the questions; its own way to switch that on would also add two
options to `--help`, and write into the files with which a user's shell starts.
"""

from __future__ import annotations

import os
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from typer._click import Command
    from typer._click.shell_completion import CompletionItem, ShellComplete

VARIABLE = "_AUDITSCAN_COMPLETE"


class Shell(StrEnum):
    """The shells that can complete our command lines."""

    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


def completion(shell: Annotated[Shell, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")]) -> None:
    """Print what makes a shell complete commands, options, files and names of queries.

    For bash: eval "$(auditscan completion bash)"
    """
    from typer._completion_shared import get_completion_script

    streams.write(get_completion_script(prog_name="auditscan", complete_var=VARIABLE, shell=shell))


def answer(command: Command) -> int:
    """Answer a shell that asks what could stand at the cursor; return the exit code it waits for.

    Whatever goes wrong stays unsaid: a message would land in the middle of the line somebody is typing.
    """
    _, _, shell = os.environ[VARIABLE].partition("_")
    try:
        streams.write(_answer(command, Shell(shell)))
    except SystemExit as ended:  # fish asks some things by exit code
        return ended.code if isinstance(ended.code, int) else ExitCode.FAULT
    except (Exception, KeyboardInterrupt):  # noqa: BLE001
        return ExitCode.FAULT
    return ExitCode.CLEAN


def _answer(command: Command, shell: Shell) -> str:
    """Return what a shell's script reads: the words that fit, in the form that it takes."""
    from typer._completion_classes import BashComplete, FishComplete, ZshComplete

    # Typer would have rich take markup out of the descriptions: that takes longer than all the rest, and takes
    # `[default: today]` with it. Ours hold no markup.
    class Zsh(ZshComplete):
        def format_completion(self, item: CompletionItem) -> str:
            return f'"{_for_zsh(item.value)}":"{_for_zsh(_line(item))}"' if item.help else f'"{_for_zsh(item.value)}"'

    class Fish(FishComplete):
        def format_completion(self, item: CompletionItem) -> str:
            return f"{item.value}\t{_line(item)}" if item.help else str(item.value)

    classes: dict[Shell, Callable[..., ShellComplete]]
    classes = {Shell.BASH: BashComplete, Shell.ZSH: Zsh, Shell.FISH: Fish}
    return classes[shell](command, {}, "auditscan", VARIABLE).complete()


def _line(item: CompletionItem) -> str:
    """Return the description of a completion on one line."""
    return " ".join((item.help or "").split())


def _for_zsh(text: object) -> str:
    """Return text for between double quotation marks in single ones, where zsh parts words and descriptions by `:`."""
    return str(text).replace('"', '""').replace("'", "''").replace("$", "\\$").replace("`", "\\`").replace(":", r"\\:")
