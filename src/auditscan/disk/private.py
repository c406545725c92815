"""What is for nobody but the user who asked: folders for the time of a command, and the rights of files."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import stat
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE = 0o600
"""Rights of a new file: its owner reads and writes it, and nobody else does either."""

_SHARED = 0o660
"""What a new file is opened with: all that the list of a folder may leave to others."""
_PREFIX = ".auditscan-"
_ACL = "system.posix_acl_access"
"""The attribute of a file in which Linux keeps what `setfacl` said."""


@contextmanager
def private_folder(parent: Path | None = None) -> Iterator[Path]:
    """Yield a new folder for this user alone, which goes when the block ends.

    It lies in `parent`, or where temporary files do. What a killed process of the same user left there is cleared
    away first: a folder is locked as long as anybody lives who works in it. Raises OSError.
    """
    where = Path(tempfile.gettempdir()) if parent is None else parent
    _clear_away(where)
    while True:
        made = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=where, ignore_cleanup_errors=True)
        with made as name, _held(name):
            # Another process may have taken it for one that was left, in the moment before it was locked.
            if Path(name).exists():
                yield Path(name)
                return


@contextmanager
def _held(name: str) -> Iterator[None]:
    try:
        handle = os.open(name, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        yield  # Cleared away in the moment before, as one that was left: the caller looks, and makes another.
        return
    try:
        # Where a file system has no locks nobody can take one either, and nothing is cleared away.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def _clear_away(parent: Path) -> None:
    """Remove the folders that killed processes of this user left; what cannot be removed stays."""
    with suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith(_PREFIX):
                with suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    if stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
                        _remove_dead(entry.path)


def _remove_dead(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder, ignore_errors=True)
    finally:
        os.close(handle)


def open_private(path: str | Path, flags: int) -> int:
    """Open a file as `os.open` does, made if it is not there: then for its owner alone. Raises OSError.

    It is an opener, as `open` takes them.
    """
    try:
        handle = os.open(path, flags | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _SHARED)
    except FileExistsError:
        return os.open(path, flags | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
    make_private(handle)
    return handle


def make_private(handle: int, rights: int = PRIVATE) -> None:
    """Give an open file that is new the rights of one. Raises OSError.

    A folder that somebody gave a list of those who may read what comes into it (`setfacl -d`) decides for itself;
    all others are still shut out.
    """
    if rights == PRIVATE and _acl(handle) is not None:
        rights = stat.S_IMODE(os.fstat(handle).st_mode) & _SHARED
    _set_rights(handle, rights)


def keep_rights(handle: int, place: Path, new: int = PRIVATE) -> None:
    """Give an open file the owner and the rights of the one whose place it is to take; `new` where there is none.

    Never more: what is open to a group that cannot be kept is open to none. Raises OSError.
    """
    try:
        old = place.stat()
    except FileNotFoundError:
        make_private(handle, new)
        return
    rights = stat.S_IMODE(old.st_mode) & 0o777
    # Only root gives files away, and only to one's own groups does anybody else.
    for owner in (old.st_uid, -1):
        with suppress(OSError):
            os.fchown(handle, owner, old.st_gid)
            break
    listed = _acl(place)
    same_group = os.fstat(handle).st_gid == old.st_gid
    with suppress(OSError):
        if listed is not None:
            os.setxattr(handle, _ACL, listed)
        elif _acl(handle) is not None:
            os.removexattr(handle, _ACL)
    if not same_group or _acl(handle) != listed:
        rights &= ~0o070
    _set_rights(handle, rights)


def _set_rights(handle: int, rights: int) -> None:
    """Set them, where a file system has such a thing: on others all files have those of the mount."""
    try:
        os.fchmod(handle, rights)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise


def _acl(file: int | Path) -> bytes | None:
    """The list of others who may read a file, if it has one."""
    try:
        return os.getxattr(file, _ACL)
    except (OSError, AttributeError):
        return None
