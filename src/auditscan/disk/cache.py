"""What was worked out once and would come out the same again, kept for this user in the folder for such things.

Nothing rests on it: what is missing, damaged, or could have been written by somebody else counts as not there, and
what cannot be kept is worked out again next time.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_FILES = 12
"""What has not been asked for longest goes: the files of other versions, queries and policies."""

_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_DIGEST_BYTES = hashlib.sha256().digest_size


def folder() -> Path:
    """Return where it lies: `~/.cache/auditscan/made` on Linux. It need not be there."""
    from platformdirs import user_cache_path

    return user_cache_path("auditscan") / "made"


def name_of(kind: str, rooms: Iterable[str], *contents: bytes) -> str:
    """Return the name for what rooms of the program (folders of its package) make of contents, in this order."""
    digest = hashlib.sha256(__version__.encode())
    for content in (*map(_of_room, rooms), *contents):
        digest.update(f"\n{len(content)}\n".encode())
        digest.update(content)
    return f"{kind}-{digest.hexdigest()}"


@cache
def _of_room(room: str) -> bytes:
    """The hash of the files of a room: in a checkout they change and the version does not."""
    digest = hashlib.sha256()
    for file in sorted(file for file in (Path(__file__).parents[1] / room).iterdir() if file.is_file()):
        content = file.read_bytes()
        digest.update(f"{file.name} {len(content)}\n".encode())
        digest.update(content)
    return digest.digest()


def can_keep() -> bool:
    """Whether there is a folder of this user's own that nobody else writes to; it is made if need be."""
    place = folder()
    try:
        if not place.is_absolute():
            return False
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _is_private_folder(place) and os.access(place, os.W_OK | os.X_OK)
    except OSError:
        return False


def is_kept(name: str) -> bool:
    """Whether something lies under a name; whether it can be relied on is told when it is read."""
    return os.path.lexists(folder() / name)


def kept(name: str) -> bytes | None:
    """Return what was kept under a name; None where there is nothing that can be relied on."""
    file = folder() / name
    with suppress(OSError):
        if not _is_private_folder(file.parent):
            return None
        content = _read(file)
        if content is not None:
            return content
        # Room for one that can be.
        file.unlink()
    return None


def _read(file: Path) -> bytes | None:
    """The content of a file that is ours and whole, which counts as asked for; None for one that is not so."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    # Through a buffer, the rest of so large a file would be copied again and again.
    with os.fdopen(handle, "rb", buffering=0) as stream:
        found = os.fstat(handle)
        if not stat.S_ISREG(found.st_mode) or not _is_ours(found):
            return None
        digest, content = stream.read(_DIGEST_BYTES), stream.read()
        if digest != _digest(file.name, content):
            return None
        with suppress(OSError):
            os.utime(handle)
    return content


def keep(name: str, content: bytes) -> None:
    """Keep something under a name that stands for all it was made of, whole or not at all."""
    if not can_keep():
        return
    place = folder()
    with suppress(OSError):
        # Made for its owner alone.
        handle, begun = tempfile.mkstemp(dir=place, prefix="begun-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_digest(name, content))
                file.write(content)
            Path(begun).replace(place / name)
        except BaseException:
            Path(begun).unlink(missing_ok=True)
            raise
        _make_room(place)


def _is_private_folder(place: Path) -> bool:
    found = place.lstat()
    return stat.S_ISDIR(found.st_mode) and _is_ours(found)


def _is_ours(found: os.stat_result) -> bool:
    return found.st_uid == os.geteuid() and not found.st_mode & _OTHERS_WRITE


def _digest(name: str, content: bytes) -> bytes:
    """What tells a file that was cut off, changed or renamed."""
    digest = hashlib.sha256(f"{name}\n".encode())
    digest.update(content)
    return digest.digest()


def _make_room(place: Path) -> None:
    """Remove what has not been asked for longest, and what a killed process began."""
    files = [(entry.stat(follow_symlinks=False).st_mtime_ns, entry.path) for entry in os.scandir(place)]
    for _, path in sorted(files, reverse=True)[MOST_FILES:]:
        with suppress(OSError):
            Path(path).unlink()
