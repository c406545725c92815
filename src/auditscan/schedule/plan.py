"""What is to be started, when, and which files it needs: the same for every scheduler."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.schedule.calendar import Calendar
from auditscan.schedule.texts import check
from auditscan.settings import config

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NIGHTLY = (
    "logs", "ledger", "suppressions", "at", "every", "rehash-days", "notify", "metrics", "run-log", "sign-key",
    "policy", "queries", "as-of", "since", "source-zone", "log-format", "held-by", "exclude", "allow-quarantined",
    "keep-bytes", "exit-zero", "threads",
)  # fmt: skip
"""The settings that a nightly scan heeds."""

_PATHS = frozenset({"file", "folder", "folders", "paths"})
_USER = re.compile(r"[a-z_][a-z0-9_-]{0,30}")


@dataclass(frozen=True)
class File:
    """One file for a scheduler."""

    name: str
    text: str


@dataclass(frozen=True)
class Schedule:
    """What to hand to a scheduler, and what is left to do."""

    files: tuple[File, ...]
    steps: tuple[str, ...]
    """Commands to run next, in order; those that begin with # are for a person to read. `{out}` is the folder
    of the files."""
    notes: tuple[str, ...] = ()
    """What somebody has to know who installs them."""


@dataclass(frozen=True)
class Plan:
    """A nightly scan to be started; every path is absolute."""

    program: tuple[str, ...]
    """The words that start auditscan."""
    needs: tuple[str, ...]
    """Folders without which the program does not run: its environment, the Python below it, what ships with it."""
    config_file: str | None
    options: tuple[str, ...]
    """Settings that stand in no file, as options."""
    values: Mapping[str, object]
    """Every setting of `NIGHTLY`; paths absolute."""
    said: frozenset[str]
    """Names of those that somebody has said anywhere."""
    calendar: Calendar

    @property
    def command(self) -> tuple[str, ...]:
        """The words of the command line that scans."""
        settings = ("--no-config",) if self.config_file is None else ("--config", self.config_file)
        return (*self.program, *settings, "nightly", *self.options)

    @property
    def logs(self) -> tuple[str, ...]:
        """Files and folders that are scanned."""
        return self.many("logs")

    @property
    def ledger(self) -> str:
        """The folder of the ledger."""
        return str(self.values["ledger"])

    @property
    def notifies(self) -> bool:
        """Whether the scan tells somebody over a network."""
        return bool(self.values["notify"])

    @property
    def every(self) -> int:
        """Hours after which a night is missed, as it was asked for."""
        return int(str(self.values["every"]))

    @property
    def notes(self) -> tuple[str, ...]:
        """What somebody has to know under whichever scheduler."""
        if self.calendar.step == self.every:
            return ()
        hours = f"{self.calendar.step} hours"
        return (f"no calendar says every {self.every} hours: it starts {self.calendar.words}, at most {hours} apart",)

    def many(self, name: str) -> tuple[str, ...]:
        """Return the values of a setting that holds a list."""
        found = self.values[name]
        return tuple(map(str, found)) if isinstance(found, list) else ()

    def one(self, name: str) -> str | None:
        """Return the value of a setting that names a file; None where nobody says it."""
        found = self.values[name]
        return None if found is None else str(found)


def make_plan(
    values: Mapping[str, object],
    said_by: Mapping[str, str],
    config_file: Path | None,
    program: tuple[str, ...] | None = None,
) -> Plan:
    """Return the plan for settings as a command was given them.

    `said_by` says of each setting where its value is from: file, outside (an option or a variable) or default.
    Raises UsageError where logs or ledger are not set, and for a path that no scheduler's file can hold.
    """
    for name in ("logs", "ledger"):
        if not values[name]:
            raise UsageError(
                f"nobody says which {name} the nightly scan is for",
                where=f"--{name}",
                hint=f"write `{name} = {config.setting(name).example}` into {config.FILE_NAME}, or give --{name}",
            )
    whole = {name: _absolute(name, values[name]) for name in NIGHTLY}
    words = program or installed_program()
    file = None if config_file is None else check(_whole(config_file), "--config")
    for word in words:
        check(word, "the program")
    return Plan(
        program=words,
        needs=_needs(),
        config_file=file,
        options=tuple(_options(whole, (name for name in NIGHTLY if said_by[name] == "outside"))),
        values=whole,
        said=frozenset(name for name in NIGHTLY if said_by[name] != "default"),
        calendar=Calendar.of(str(values["at"]), int(str(values["every"]))),
    )


def installed_program() -> tuple[str, ...]:
    """Return the words that start this copy of auditscan: the installed command, else Python and the module."""
    command = Path(sys.argv[0])
    if command.name == "auditscan" and command.is_file() and os.access(command, os.X_OK):
        return (_whole(command),)
    return (_whole(sys.executable), "-m", "auditscan")


def refuse_addresses(plan: Plan) -> None:
    """Raise UsageError if the addresses of people to tell would stand on the command line that is scheduled."""
    if config.setting("notify").flag in plan.options:
        raise UsageError(
            "addresses in `notify` hold passwords, and everybody on the machine can read a command line",
            where="--notify",
            hint="write them into the settings file, which only the user of the scan has to read",
        )


def check_user(name: str) -> str:
    """Return the name of a system user; raises UsageError for what cannot be one."""
    if not _USER.fullmatch(name):
        raise UsageError(f"{name!r} is no name of a system user", where="--user", hint="for example --user auditscan")
    return name


def _needs() -> tuple[str, ...]:
    """Return the folders that the program lives in, none inside another."""
    from auditscan.library import shipped_folder

    package = Path(__file__).parents[1]
    folders = {Path(sys.prefix), Path(sys.base_prefix), package, shipped_folder("queries")}
    return tuple(sorted(str(folder) for folder in folders if folders.isdisjoint(folder.parents)))


def _absolute(name: str, value: object) -> object:
    """Return the value of a setting with whole paths, checked to fit into a scheduler's files."""
    entry = config.setting(name)
    if isinstance(value, (list, tuple)):
        return [check(_whole(each) if entry.kind in _PATHS else str(each), entry.flag) for each in value]
    if value is None:
        return None
    if entry.kind in _PATHS:
        return check(_whole(str(value)), entry.flag)
    return check(value, entry.flag) if isinstance(value, str) else value


def _whole(path: str | Path) -> str:
    """Return an absolute path without `.` and `..`; a symbolic link in it stays one."""
    # Only the file system knows what `..` behind a symbolic link is.
    return str(Path(path).resolve()) if ".." in Path(path).parts else str(Path(path).absolute())


def _options(values: Mapping[str, object], names: Iterable[str]) -> Iterable[str]:
    """Yield settings as the options that say them again."""
    for name in names:
        flag, value = config.setting(name).flag, values[name]
        if isinstance(value, bool):
            yield flag if value else f"--no-{name}"
        elif isinstance(value, list):
            for each in value:
                yield from (flag, str(each))
        elif value is not None:
            yield from (flag, str(value))
