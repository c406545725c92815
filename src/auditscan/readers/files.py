"""The files a scan is pointed at."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import NoInputError
from auditscan.readers import no_logs
from auditscan.readers.raw import NO_FILE, why_never_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

IsLog = Callable[[Path], bool]
"""Whether a file holds a log though its name says that it holds none."""


def by_name_alone(path: Path) -> bool:  # noqa: ARG001 - as every IsLog
    """Take the name's word for it."""
    return False


def any_file(path: Path) -> bool:  # noqa: ARG001 - as every IsLog
    """Take every file for what may be a log."""
    return True


@dataclass(frozen=True, slots=True)
class Found:
    """A file a scan was pointed at."""

    path: Path
    shown: str
    """As messages and answers name it: below the path the user gave, with forward slashes."""
    skip: str = ""
    """Why it is not read; empty if it is. A colon stands behind the kind of it."""
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
    is_log: IsLog = field(default=any_file, compare=False)
    """Asked of its members too if it is an archive."""

    @property
    def excluded(self) -> str:
        """Why it is left out, if a pattern fits it; else ''."""
        pattern = next((pattern for pattern in self.exclude if _fits(self, pattern)), None)
        return "" if pattern is None else f"{EXCLUDED}{pattern}"

    @property
    def size(self) -> int:
        """How many bytes it has, as far as can be seen; 0 where it is not read."""
        found = None if self.skip else _status(self.path)
        return found.st_size if isinstance(found, os.stat_result) else 0


EXCLUDED = "excluded by "
"""How the reason begins why a file is skipped that a pattern fits."""

_KINDS = ((stat.S_ISFIFO, "pipe"), (stat.S_ISSOCK, "socket"), (stat.S_ISCHR, "device"), (stat.S_ISBLK, "device"))

_SPELLED = re.compile(r"\\x[0-9a-f]{2}")
"""How a byte is shown that is no UTF-8."""


def _fits(entry: Found, pattern: str) -> bool:
    """Whether a pattern fits a file's name, its path or a folder above it; `*` stands for any text, `/` included."""
    pattern = pattern.replace("\\", "/").removeprefix("./").rstrip("/")
    names = [entry.below, entry.shown]
    if "/" not in pattern:
        names.append(entry.below.rpartition("/")[2])
    return any(fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}/*") for name in names)


def find_files(paths: Sequence[Path], exclude: Sequence[str] = (), is_log: IsLog = by_name_alone) -> list[Found]:
    """Every file at or below the paths, sorted by name, each once.

    Folders that lead back into themselves through links are entered once. What is no file, what a pattern of
    `exclude` fits, and hidden files and READMEs in which `is_log` sees no log, are listed as skipped; a folder that
    cannot be looked into is listed as a file that cannot be read. Raises NoInputError where a path is missing or
    nothing is left to read.
    """
    for path in paths:
        if not is_there(path):
            raise NoInputError("there is no such file or folder", where=str(path), hint="check the path")
    found = list_files(paths, exclude, is_log)
    if not any(not entry.skip for entry in found):
        raise NoInputError(
            "there is no log to read",
            where=", ".join(str(path) for path in paths),
            hint="name a log file, or a folder that holds some"
            + (": --exclude may leave out too much" if exclude else ""),
        )
    return found


def list_files(paths: Sequence[Path], exclude: Sequence[str] = (), is_log: IsLog = by_name_alone) -> list[Found]:
    """Every file at or below the paths as `find_files` has them; none where there is none."""
    found: dict[Path, Found] = {}
    for path in paths:
        for entry in _below(path, is_log):
            found.setdefault(entry.path, _matched(entry, path, tuple(exclude)) if exclude else entry)
    return sorted(found.values(), key=lambda entry: (entry.shown, os.fsencode(entry.path)))


def is_there(path: Path) -> bool:
    """Whether there is anything of this name, be it a link that leads nowhere, or what may not be looked at."""
    try:
        path.lstat()
    except ValueError:
        return False  # A NUL, which no name has.
    except OSError as error:
        return error.errno not in NO_FILE
    return True


def true_place(path: Path) -> Path:
    """Where a path leads, all links followed; as far as they can be."""
    return Path(os.path.realpath(path))


def _matched(entry: Found, named: Path, exclude: tuple[str, ...]) -> Found:
    """A file below a path that was named, held against the patterns of what is left out."""
    inside = entry.path.name if entry.path == named else entry.path.relative_to(named).as_posix()
    entry = replace(entry, below=inside, exclude=exclude)
    return replace(entry, skip=entry.excluded or entry.skip)


def _below(path: Path, is_log: IsLog) -> Iterator[Found]:
    found = _status(path)
    if isinstance(found, OSError) or not stat.S_ISDIR(found.st_mode):
        yield _file(path, "", is_log)
        return
    entered: set[tuple[int, int]] = set()
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        try:
            status = folder.stat()
            if why := why_never_read(status):
                yield Found(folder, _shown(folder), fault=why)
                continue
            if (status.st_dev, status.st_ino) in entered:
                continue
            entered.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError as error:
            # It may hold logs.
            yield Found(folder, _shown(folder), fault=f"cannot be opened: {error.strerror}")
            continue
        folders = []
        for entry in entries:
            place = folder / entry.name
            if not _is_folder(entry):
                yield _file(place, passed_over(entry.name), is_log)
            elif kind := no_logs.by_folder(entry.name):
                yield Found(place, _shown(place), skip=kind)
            else:
                folders.append(place)
        waiting += reversed(folders)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # Reading it as a file fails too, and says why.


def _file(path: Path, aside: str, is_log: IsLog) -> Found:
    """A file; `aside` is why its name says that it holds no log."""
    found = _status(path)
    if isinstance(found, OSError):
        return Found(path, _shown(path))  # Reading it will fail too, and say why.
    kind = next((kind for of_kind, kind in _KINDS if of_kind(found.st_mode)), "")
    if kind:
        return Found(path, _shown(path), skip=f"{kind}: not a regular file")
    if why := why_never_read(found):
        return Found(path, _shown(path), fault=why)
    return Found(path, _shown(path), skip="" if aside and is_log(path) else aside, is_log=is_log)


def passed_over(name: str) -> str:
    """Why a file of this name, without its folder, is read only where its content is a log's; '' if it is read."""
    if no_logs.is_log_name(name):
        return ""
    if name.upper().startswith("README"):
        return "documentation"
    if name.endswith(".mapping.toml"):
        return "the mapping of a register"
    # What programs leave everywhere is no log and counted as such; other hidden files may be anything.
    return "hidden file" if name.startswith(".") and not no_logs.by_name(name) else ""


def _shown(path: Path) -> str:
    r"""A path as text; bytes of a name that are no UTF-8 as \\x and their number, so that no two look alike."""
    raw = os.fsencode(path.as_posix())
    text = raw.decode("utf-8", "backslashreplace")
    if "\\" in text and (_SPELLED.search(text) is not None):
        text = raw.replace(b"\\", b"\\\\").decode("utf-8", "backslashreplace")
    return text


def _status(path: Path) -> os.stat_result | OSError:
    try:
        return path.stat()
    except OSError as error:
        return error
