"""`auditscan sql` in harlequin, a terminal IDE that may be installed beside us: never imported, run as a process."""

from __future__ import annotations

import importlib.util
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from auditscan.disk.private import private_folder
from auditscan.errors import AuditscanError, ExitCode, UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.session.locked import Limits


def is_there() -> bool:
    """Whether harlequin is installed for the Python that runs us."""
    return importlib.util.find_spec("harlequin") is not None


def why_not() -> UsageError | None:
    """Return why the IDE cannot be opened here; None where it can."""
    if not is_there():
        return UsageError(
            "harlequin is not installed", where="--ide", hint="install it with pip install 'auditscan[ide]'"
        )
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        return UsageError("harlequin needs a terminal", where="--ide", hint="leave --ide out, or call it in a terminal")
    return None


def open_ide(file: Path, limits: Limits, rows: int, *, unsafe: bool) -> ExitCode:
    """Open a judged database in harlequin, under the lock of a session, and wait until it is left.

    It keeps queries, text that was not saved and reports of its crashes in the home folder: here that is a
    private one, which goes when it ends. Raises AuditscanError where it ends in any way but being left.
    """
    with private_folder() as home:
        init = home / "init.sql"
        init.write_text(_init(limits, unsafe=unsafe), encoding="utf-8")
        settings = home / "harlequin.toml"
        settings.touch()
        command = [sys.executable, "-P", "-m", "harlequin", "--adapter", "duckdb", "--profile", "None", "--read-only"]
        # Our settings file, which is empty: one in the working folder could name other files to run.
        command += ["--config-path", str(settings), "--init-path", str(init), "--no-write-history", "--locale", "C"]
        command += ["--limit", str(rows)] if rows else []
        # A file name that begins with a dash is no option.
        command += ["--", str(file.absolute())]
        code = _run(command, _environment(home))
    if code:
        raise AuditscanError(
            "harlequin ended with an error",
            why=f"it was stopped by signal {-code}" if code < 0 else f"its exit code is {code}",
            hint="`auditscan sql --no-ide` opens the prompt instead",
        )
    return ExitCode.CLEAN


def _init(limits: Limits, *, unsafe: bool) -> str:
    """Return what is run on the file first: the settings, limits and lock of a session."""
    from auditscan.session.sqlsettings import LOCK, SETTINGS
    from auditscan.text import literal

    limited = [
        f"set memory_limit = {literal(limits.memory)}",
        f"set max_execution_time = {round(limits.seconds * 1000):d}",
    ]
    if limits.threads is not None:
        limited.append(f"set threads = {limits.threads:d}")
    return "".join(f"{line};\n" for line in (*SETTINGS, *limited, *(() if unsafe else LOCK)))


def _environment(home: Path) -> dict[str, str]:
    own = {f"XDG_{kind}_HOME": str(home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HARLEQUIN_")}
    return {**kept, **own, "HOME": str(home)}


def _run(command: list[str], environment: dict[str, str]) -> int:
    # Ctrl-C is a key of the program in front, which is harlequin; what ends us is to end it too.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with subprocess.Popen(command, env=environment) as process:  # noqa: S603 -- our own command line
            try:
                return process.wait()
            except BaseException:
                process.terminate()
                raise
    finally:
        signal.signal(signal.SIGINT, before)
