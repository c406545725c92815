"""The files a scan is pointed at."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import NoInputError
from auditscan.readers import no_logs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Found:
    """A file a scan was pointed at."""

    path: Path
    shown: str
    """As messages and answers name it: below the path the user gave, with forward slashes."""
    skip: str = ""
    """Why it is not read; empty if it is."""
    archive: Path | None = None
    """The archive it was unpacked from. Its own path is then in a private folder, and there only while it is read."""
    fault: str = ""
    """Why it cannot be read, if that is known already; `path` is then the archive's, or the file's own."""
    status: str = "unreadable"
    """Where there is a fault, what the accounting calls it: unreadable | damaged | unrecognized | empty | no_log."""
    format: str | None = None
    """Where there is a fault with a whole archive: zip | tar."""
    below: str = ""
    """Its name below the folder that the user named, which patterns are held against."""
    exclude: tuple[str, ...] = ()
    """Patterns of what the user wants left out, of its members too if it is an archive."""

    @property
    def excluded(self) -> str:
        """Why it is left out, if a pattern fits it; else ''."""
        pattern = next((pattern for pattern in self.exclude if _fits(self, pattern)), None)
        return "" if pattern is None else f"{EXCLUDED}{pattern}"


EXCLUDED = "excluded by "
"""How the reason begins why a file is skipped that a pattern fits."""


def _fits(entry: Found, pattern: str) -> bool:
    """Whether a pattern fits a file's name, its path or a folder above it; `*` stands for any text, `/` included."""
    pattern = pattern.replace("\\", "/").removeprefix("./").rstrip("/")
    names = [entry.below, entry.shown]
    if "/" not in pattern:
        names.append(entry.below.rpartition("/")[2])
    return any(fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}/*") for name in names)


def find_files(paths: Sequence[Path], exclude: Sequence[str] = ()) -> list[Found]:
    """Every file at or below the paths, sorted by name, each once.

    Folders that lead back into themselves through links are entered once. Hidden files, READMEs and what a pattern
    of `exclude` fits are listed as skipped. Raises NoInputError where a path is missing or nothing is left to read.
    """
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise NoInputError("there is no such file or folder", where=str(path), hint="check the path")
    found = list_files(paths, exclude)
    if not any(not entry.skip for entry in found):
        raise NoInputError(
            "there is no log to read",
            where=", ".join(str(path) for path in paths),
            hint="name a log file, or a folder that holds some"
            + (": --exclude may leave out too much" if exclude else ""),
        )
    return found


def list_files(paths: Sequence[Path], exclude: Sequence[str] = ()) -> list[Found]:
    """Every file at or below the paths as `find_files` has them; none where there is none."""
    found: dict[Path, Found] = {}
    for path in paths:
        for entry in _below(path):
            found.setdefault(entry.path, _matched(entry, path, tuple(exclude)) if exclude else entry)
    return sorted(found.values(), key=lambda entry: (entry.shown, os.fsencode(entry.path)))


def _matched(entry: Found, named: Path, exclude: tuple[str, ...]) -> Found:
    """A file below a path that was named, held against the patterns of what is left out."""
    inside = entry.path.relative_to(named).as_posix() if named.is_dir() else entry.path.name
    entry = replace(entry, below=inside, exclude=exclude)
    return replace(entry, skip=entry.skip or entry.excluded)


def _below(path: Path) -> Iterator[Found]:
    if not path.is_dir():
        yield Found(path, _shown(path), _skip_reason(path))
        return
    entered: set[tuple[int, int]] = set()
    shut: list[OSError] = []
    for folder, folders, names in os.walk(path, followlinks=True, onerror=shut.append):
        status = Path(folder).stat()
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            entry = Path(folder) / name
            yield Found(entry, _shown(entry), skipped_by_name(name) or _skip_reason(entry))
    for error in shut:
        # A folder that cannot be entered may hold logs: opening it as a file fails, and says why.
        entry = Path(error.filename)
        yield Found(entry, _shown(entry))


def skipped_by_name(name: str) -> str:
    """Why a file of this name, without its folder, is no log; '' if it may be one."""
    if name.upper().startswith("README"):
        return "documentation"
    if name.endswith(".mapping.toml"):
        return "the mapping of a register"
    # What programs leave everywhere is no log and counted as such; other hidden files may be anything.
    return "hidden" if name.startswith(".") and not no_logs.by_name(name) else ""


def _shown(path: Path) -> str:
    r"""A path as text; bytes of a name that are no UTF-8 as \\x and their number."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _skip_reason(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""  # Reading it will fail too, and say why.
    return "" if stat.S_ISREG(mode) else "not a regular file"
