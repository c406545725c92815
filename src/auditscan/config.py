"""Settings from `auditscan.toml`, found in the working folder or one above it.

A setting stands for the option of the same name, and everything else wins over it: first the command line,
then `AUDITSCAN_*`, then the file. Paths in the file are relative to the file.
"""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING

from auditscan.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["FILE_NAME", "defaults", "find"]

FILE_NAME = "auditscan.toml"

_FOLDERS = {"policy": "policies", "queries": "queries"}
"""Setting -> the parameter of a command that takes a list of folders."""
_DAYS = {"as-of": "as_of", "since": "since"}
_OTHERS: dict[str, tuple[str, type]] = {
    "db": ("database", str),
    "source-zone": ("zone", str),
    "threads": ("threads", int),
}


def find(folder: Path) -> Path | None:
    """Return the settings file of a folder: its own, or that of the nearest folder above it."""
    for place in (folder, *folder.parents):
        if (place / FILE_NAME).is_file():
            return place / FILE_NAME
    return None


def defaults(path: Path) -> dict[str, object]:
    """Return the settings of a file as defaults for the parameters of commands.

    Raises UsageError, with the setting's name, for what is no setting or has the wrong type.
    """
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError("the settings cannot be read", where=str(path), why=str(error)) from error
    found: dict[str, object] = {}
    for name, value in settings.items():
        where = f"{path}: {name}"
        if name in _FOLDERS:
            folders = [value] if isinstance(value, str) else value
            if not isinstance(folders, list) or not all(isinstance(entry, str) for entry in folders):
                raise UsageError("this setting is a folder, or a list of folders", where=where)
            found[_FOLDERS[name]] = [str(path.parent / entry) for entry in folders]
        elif name in _DAYS:
            if type(value) is not date:
                raise UsageError("this setting is a day, written as 2025-06-01", where=where)
            found[_DAYS[name]] = value.isoformat()
        elif name in _OTHERS:
            parameter, kind = _OTHERS[name]
            if type(value) is not kind:
                raise UsageError(f"this setting is a {'number' if kind is int else 'text'}", where=where)
            found[parameter] = str(path.parent / str(value)) if name == "db" else value
        else:
            known = ", ".join(sorted({*_FOLDERS, *_DAYS, *_OTHERS}))
            raise UsageError("there is no such setting", where=where, hint=f"the settings are {known}")
    return found
