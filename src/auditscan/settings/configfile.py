"""The file `auditscan.toml`: where it is found, and what it says.

Everything else wins over it: first the command line, then `AUDITSCAN_*`, then the file. The first file found is
the only one: two that were merged would leave a reader of either in the dark. Paths in it are relative to it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import Problem, ProblemsError, UsageError
from auditscan.settings import trust
from auditscan.settings.config import FILE_NAME, SETTINGS, setting
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(ProblemsError):
    """A settings file that cannot be used; `problems` holds everything that is wrong with it."""

    subject = "the settings file"
    advice = "correct the file, or leave it out with `auditscan --no-config ...`"


@dataclass(frozen=True, slots=True)
class Settings:
    """What one file says."""

    path: Path
    values: Mapping[str, object]
    """Setting -> its value, as the command line would have given it."""
    lines: Mapping[str, int]
    """Setting -> the 1-based line it stands on."""

    def folders(self, name: str) -> list[str]:
        """Return the folders of a setting that holds some; none where the file does not say it."""
        found = self.values.get(name, [])
        return found if isinstance(found, list) else []

    @property
    def that_matter(self) -> list[str]:
        """The settings that can turn an answer, leave something out, or write somewhere."""
        return [name for name in self.values if not setting(name).harmless]

    def sha256(self) -> str:
        """The content of the file and of all it brings; raises OSError where that cannot be read."""
        brought: list[Path] = []
        for name in self.values:
            if setting(name).brings:
                value = self.values[name]
                brought += map(Path, value if isinstance(value, list) else [str(value)])
        return trust.content_of(self.path, brought)


# --- which file ----------------------------------------------------------------------------------


def user_file() -> Path:
    """Return where a user's own settings would be: `~/.config/auditscan/auditscan.toml` on Linux."""
    from platformdirs import user_config_path

    return user_config_path("auditscan") / FILE_NAME


def find() -> Path | None:
    """Return the settings file of the working folder, else of the nearest folder above it, else of the user.

    Raises UsageError for a file that belongs to another user.
    """
    try:
        here = Path.cwd()
    except OSError:  # somebody has deleted it
        folders: tuple[Path, ...] = ()
    else:
        folders = (here, *here.parents)
    for path in (*(folder / FILE_NAME for folder in folders), None):
        candidate = path or user_file()
        # Not Path.is_file, which raises where a folder above may not be looked into.
        if os.path.isfile(candidate):  # noqa: PTH113
            _refuse_foreign(candidate)
            return candidate
    return None


def _refuse_foreign(path: Path) -> None:
    """Raise UsageError if a file that nobody named belongs to somebody else.

    Whoever may write to a folder above ours, /tmp for one, could leave a file there that lays another policy
    over the shipped one, and so turn our verdicts. Of a symbolic link both ends count: paths in the file are
    relative to where the link stands. root is trusted, for it can do anything anyway.
    """
    if not hasattr(os, "geteuid"):
        return
    for owner in (path.stat().st_uid, path.lstat().st_uid):
        if owner not in (0, os.geteuid()):
            raise UsageError(
                "a settings file of another user is not taken unasked",
                where=str(path),
                why=f"it belongs to {_user(owner)}, and could lay another policy over ours",
                hint=f"look at it, then name it with --config {path}, or leave it out with --no-config",
            )


def is_own(path: Path) -> bool:
    """Whether this is the user's own settings file, which no evidence brings along."""
    return path == user_file()


def require_trust(settings: Settings, *, yes: bool = False) -> None:
    """Raise UsageError for a found file with settings that matter, unless somebody said yes to all it brings.

    With `yes` the caller says so now, and it is remembered.
    """
    if not settings.that_matter:
        return
    try:
        content = settings.sha256()
    except OSError as error:
        raise UsageError(
            "what the settings file brings cannot be looked at",
            where=str(error.filename or settings.path),
            why=error.strerror,
            hint=f"name the file with `auditscan --config {settings.path} ...`, or leave it out with --no-config",
        ) from error
    if yes:
        trust.remember(content, settings.path)
    elif not trust.is_trusted(content):
        raise UsageError(
            "nobody has said yes yet to the settings file that lies here",
            where=str(settings.path),
            why=f"it may have come with the logs, or has changed, and it sets {', '.join(settings.that_matter)}",
            hint="look at it and at what it brings, then say yes once with `auditscan --trust ...`; "
            f"or name it with `--config {settings.path}`, or leave it out with --no-config",
        )


def _user(number: int) -> str:
    """Return a user's name, or the number where it has none."""
    import pwd

    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


# --- what it says --------------------------------------------------------------------------------


def read(path: Path) -> Settings:
    """Return what a settings file says, checked as the options of the same names are.

    Raises SettingsError with everything that is wrong, by line, and UsageError for a file that cannot be read.
    """
    from auditscan.settings.toml_lines import read_toml

    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError("there is no such settings file", where=str(path)) from error
    except OSError as error:
        raise UsageError("the settings file cannot be read", where=str(path), why=error.strerror) from error
    values, found = read_toml(path, content, SettingsError)
    # Of a table or a dotted key, the first line that names it.
    places: dict[str, int] = {}
    for key, lines in found.items():
        places.setdefault(str(key[0]), lines[0])
    problems = []
    checked: dict[str, object] = {}
    for name, value in values.items():
        try:
            checked[name] = _checked(name, value, path.parent)
        except ValueError as error:
            problems.append(Problem(str(path), places.get(name, 1), str(error)))
    if problems:
        raise SettingsError(problems)
    return Settings(path, checked, {name: places.get(name, 1) for name in checked})


def _checked(name: str, value: object, folder: Path) -> object:
    """Return a value as the command line would have given it; raises ValueError for what cannot be used."""
    known = {entry.name: entry for entry in SETTINGS}
    entry = known.get(name)
    if entry is None:
        if isinstance(value, dict):
            raise ValueError(f"settings stand alone, in no table: `{name}` is none")
        meant = did_you_mean(name.lower().replace("_", "-"), known, most=2) or f"the settings are {', '.join(known)}"
        raise ValueError(f"there is no setting `{name}`; {meant}")
    fitting: object = None
    if entry.kind in ("folders", "paths", "words"):
        names = [value] if isinstance(value, str) else value
        if isinstance(names, list) and all(isinstance(each, str) and each for each in names):
            fitting = names if entry.kind == "words" else [_path(each, folder) for each in names]
    elif entry.kind in ("file", "folder"):
        fitting = _path(value, folder) if isinstance(value, str) and value else None
    elif entry.kind == "day":
        # Not a time of a day, which is a `date` too.
        fitting = value.isoformat() if type(value) is date else None
    elif entry.kind == "number":
        fits = type(value) is int and entry.low <= value and (entry.high is None or value <= entry.high)
        fitting = value if fits else None
    elif entry.kind == "switch":
        fitting = value if isinstance(value, bool) else None
    elif isinstance(value, str):
        try:
            fitting = entry.check(value)
        except ValueError as error:
            raise ValueError(f"`{name}`: {error}") from error
    if fitting is None:
        raise ValueError(f"`{name}` must be {entry.takes}")
    return fitting


def _path(text: str, folder: Path) -> str:
    """Return a path relative to the folder of the file; `~` is the home folder, as no shell will say it here."""
    if "\0" in text:
        raise ValueError("no path holds a NUL character")
    try:
        return str(folder / Path(text).expanduser())
    except RuntimeError as error:
        raise ValueError(f"there is no home folder for {text!r}") from error
