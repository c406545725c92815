"""The command line: which commands there are, and how each of them ends.

Start-up is part of the interface: `auditscan --help` must answer at once. So the modules here
import nothing heavy at their top; a command imports duckdb, polars and rich where it uses them.
"""

from __future__ import annotations

import errno
import os
import sys
import warnings
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import completion, defaults, layout, streams
from auditscan.errors import AuditscanError, ExitCode, IncompleteError, UnsureWarning, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer._click import Command

__all__ = ["app", "run"]

_HOMES = {
    "report": "report:report",
    "sources": "sources:app",
    "explain": "explain:explain",
    "show": "show:show",
    "scan": "scan:scan",
    "query": "query:query",
    "queries": "queries:app",
    "sql": "sql:sql",
    "connect": "connect:connect",
    "policy": "policy:app",
    "nightly": "nightly:nightly",
    "status": "status:status",
    "compare": "compare:compare",
    "verify": "verify:verify",
    "schedule": "schedule:app",
    "config": "config:app",
    "completion": "completion:completion",
    "words": "help:explain_words",
    "help": "help:show_page",
}
"""Command -> module of this package, and what it is called there."""


def main(
    context: typer.Context,
    config_file: defaults.ConfigFile = None,  # noqa: ARG001 -- `defaults.begin` reads them from the context
    no_config: defaults.NoConfig = False,  # noqa: ARG001
    trust: defaults.Trust = False,  # noqa: ARG001
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.", is_eager=True)] = False,
) -> None:
    """Begin with `auditscan report --demo`; then name your own logs: `auditscan report LOGS`.

    Tells which transfers of health data from CMS to DHS would be barred now, or were then. Reads audit logs as
    they are, judges each transfer under the court orders in force on a day, and names the clause and the line
    of the log. Not legal advice.
    """
    if version:
        from auditscan.version import __version__

        streams.write(f"auditscan {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        streams.note(context.get_help())
        raise typer.Exit(ExitCode.USAGE)
    defaults.begin(context)


@cache
def _commands(*names: str) -> layout.Commands:
    """Return the program with these commands; the modules of the others are not loaded."""
    made = layout.Commands(
        name="auditscan",
        cls=defaults.Group,
        pretty_exceptions_enable=False,
        add_completion=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        invoke_without_command=True,
        epilog="`auditscan words` explains the words, `auditscan help` lists the pages, "
        "and `auditscan config` tells what can be set once for all commands. "
        "Exit codes: 0 nothing flagged, 10 flagged, 11 to review, 12 enjoined, 20 incomplete, "
        "21 not what it was (verify), 2 usage, 3 no input, 1 fault, 130 interrupted.",
    )
    made.callback()(main)
    for name in names:
        module, _, called = _HOMES[name].partition(":")
        found = getattr(import_module(f"{__name__}.{module}"), called)
        if isinstance(found, typer.Typer):
            made.add_typer(found, name=name)
        else:
            made.command(name)(found)
    return made


def __getattr__(name: str) -> layout.Commands:
    """Make `app`, the whole program, for whoever asks for it."""
    if name != "app":
        raise AttributeError(name)
    return _commands(*_HOMES)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `arguments` are those of the process if None.

    A command ends by returning an ExitCode (nothing means 0) or by raising an AuditscanError.
    Nothing but an exit code leaves this function, whatever happens inside a command.
    """
    streams.prepare()
    if os.environ.get(completion.VARIABLE):
        return completion.answer(_program([]))
    try:
        with warnings.catch_warnings():
            # Told, whatever the interpreter was started with: what is in place is no error.
            warnings.simplefilter("always", UnsureWarning)
            warnings.showwarning = streams.warned
            program = _program(sys.argv[1:] if arguments is None else arguments)
            code = _code_of(program(arguments, prog_name="auditscan", standalone_mode=False))
        # Here and not at interpreter exit, where a closed pipe could no longer be caught.
        streams.output.flush()
    except AuditscanError as error:
        return streams.fail(error)
    except typer.TyperException as error:
        return streams.fail(_usage_error(error))
    except (KeyboardInterrupt, typer.Abort):
        return _interrupted()
    except SystemExit as error:
        # Typer ends the process itself where the pipe is closed, as for a fault.
        return _reader_gone() if _is_pipe(error.__context__) else _code_of(error.code)
    except BrokenPipeError:
        return _reader_gone()
    except OSError as error:
        return _of_the_system(error)
    except RuntimeError as error:
        # The engine's word for Ctrl-C while one of its queries runs.
        return _interrupted() if str(error) == "Query interrupted" else streams.fail_unexpected(error)
    except Exception as error:  # noqa: BLE001 -- the last door: no traceback in front of a user
        return _unforeseen(error)
    return _interrupted() if code == ExitCode.INTERRUPTED else code


def _program(arguments: Sequence[str]) -> Command:
    """Return the program as far as arguments ask for it: the command they begin with, else all of them."""
    if arguments and arguments[0] in _HOMES:
        return _command(_commands(arguments[0]))
    from auditscan.cli import app

    return _command(app)


@cache
def _command(commands: typer.Typer) -> Command:
    """Return what the annotations amount to; to read them takes longer than most commands that read no log."""
    return typer.main.get_command(commands)


def _code_of(value: object) -> int:
    """Return the exit code a command gave back; None is success."""
    return int(value) if isinstance(value, int) else ExitCode.CLEAN


def _usage_error(error: typer.TyperException) -> UsageError:
    """Put typer's complaint about the command line into our form."""
    context, parameter = getattr(error, "ctx", None), getattr(error, "param", None)
    command = context.command_path if context is not None else "auditscan"
    # On one line: typer puts the words that can be chosen on lines of their own, behind tabs.
    message = " ".join(error.format_message().split())
    hint = f"`{command} --help` lists what it takes"
    if context is not None and parameter is not None and defaults.source_of(context, parameter.name) == "ENVIRONMENT":
        return UsageError(getattr(error, "message", message), where=str(parameter.envvar), hint=hint)
    if getattr(error, "option_name", None) in ("--config", "--no-config", "--trust"):
        hint = "it stands before the command: `auditscan --trust report ...`, `auditscan --config FILE report ...`"
    return UsageError(message, where=command, hint=hint)


def _interrupted() -> int:
    """Say that the run was stopped: what it printed so far is not a result."""
    streams.note("auditscan: interrupted")
    return ExitCode.INTERRUPTED


def _is_pipe(error: BaseException | None) -> bool:
    return isinstance(error, OSError) and error.errno == errno.EPIPE


def _reader_gone() -> int:
    """End without a word after whoever read our output stopped reading, as `head` does.

    Not 0: the answer was not delivered whole. It ends as a program does that the closed pipe itself ends.
    """
    streams.drop(sys.stdout)
    return READER_GONE


READER_GONE = 128 + 13
"""What a shell tells of a program that wrote into a closed pipe: SIGPIPE is signal 13."""


def _of_the_system(error: OSError) -> int:
    """Tell what the system refused, and of which file."""
    if streams.output.lost:
        streams.drop(sys.stdout)
        return streams.fail(
            IncompleteError(
                "the output could not be written whole",
                where="standard output",
                why=error.strerror,
                hint="make room, or write somewhere else",
            )
        )
    return _unforeseen(error)


def _unforeseen(error: Exception) -> int:
    """Tell of a full or broken disk as one, and of anything else that nobody foresaw as a fault of ours."""
    from auditscan.disk.wholefile import disk_fault

    fault = disk_fault(error)
    if fault is None:
        return streams.fail_unexpected(error)
    named = error.filename if isinstance(error, OSError) else None
    return streams.fail(
        AuditscanError(
            "a file could not be read or written",
            where=None if named is None else str(named),
            why=fault.why if isinstance(error, OSError) else str(error).splitlines()[0],
            hint=fault.hint,
        )
    )
