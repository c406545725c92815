"""Files that are there whole or not at all, whatever happens: a power cut, a full disk, a scan that is killed."""

from __future__ import annotations

import errno
import os
import warnings
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.disk.private import PRIVATE, keep_rights, private_folder
from auditscan.errors import AuditscanError, StoreError, UnsureWarning, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class DiskFault:
    """That the system took or gave no more bytes, which is no fault of ours."""

    why: str
    """In the words of the system."""
    hint: str


_HINTS = {
    errno.ENOSPC: "make room, and run it again",
    errno.EDQUOT: "make room within your quota, and run it again",
    errno.EFBIG: "no file may grow so large here (`ulimit -f`, or the file system): allow more, and run it again",
    errno.EIO: "look after the disk: the system's log says what is wrong with it",
    errno.EROFS: "write somewhere else, or mount it for writing",
}
_ENGINE = {
    "max_temp_directory_size": (errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "attempted to write 0 bytes": (errno.ENOSPC, os.strerror(errno.ENOSPC)),
    "fsync failed": (errno.EIO, "the system could not put it on disk"),
    "Failed to write to file": (errno.EIO, "the system took no more bytes"),
}
"""What the engine says in words of its own -> what is meant, and the reason as far as it tells it. The first means that
there is no room to put down what does not fit into memory."""


def disk_fault(error: BaseException) -> DiskFault | None:
    """Return what an error says of a disk that is full, broken or not to be written to; None for any other.

    Engines put the words of the system into errors of their own.
    """
    if isinstance(error, OSError) and error.errno is not None:
        found = [(error.errno, os.strerror(error.errno))] if error.errno in _HINTS else []
    else:
        text = str(error)
        found = [(code, os.strerror(code)) for code in _HINTS if os.strerror(code) in text]
        found += [meant for words, meant in _ENGINE.items() if words in text]
    return DiskFault(found[0][1], _HINTS[found[0][0]]) if found else None


def real_place(path: Path) -> Path:
    """Return the file that a name stands for: what it links to, or itself. It need not be there.

    Raises OSError where the link cannot be followed. The system says so, and also of a link that somebody else
    laid into a folder that all may write to.
    """
    if not path.is_symlink():
        return path
    with suppress(FileNotFoundError):
        path.stat()
    return Path(os.path.realpath(path))


def publish(made: Path, path: Path, new: int = PRIVATE) -> None:
    """Let a finished file take the place of another in the same file system, and put both on disk.

    It gets the rights of the one whose place it takes, or `new`. Warns with UnsureWarning where it is in place
    and the folder cannot be put on disk. Raises OSError.
    """
    with made.open("rb") as file:
        keep_rights(file.fileno(), path, new)
        os.fsync(file.fileno())
    made.replace(path)
    try:
        folder = os.open(path.absolute().parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        # Some file systems have no such thing for folders.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            warnings.warn(
                f"{path} is written and in its place, but a power cut may still undo it: {error.strerror}",
                UnsureWarning,
                stacklevel=2,
            )


@contextmanager
def taking_place_of(path: Path) -> Iterator[Path]:
    """Yield a file to write, which takes the name `path` when the block ends well, and is gone otherwise.

    Raises UsageError at once where the name cannot be used, and StoreError where the file cannot be put there.
    """
    real = usable(path)
    parent = real.absolute().parent
    with ExitStack() as stack:
        try:
            # Beside the file it becomes, for a rename is whole only within one file system.
            folder = stack.enter_context(private_folder(parent))
        except OSError as error:
            raise UsageError(
                "nothing can be written into this folder", where=str(parent), why=error.strerror
            ) from error
        whole = folder / "result"
        yield whole
        try:
            publish(whole, real)
        except OSError as error:
            raise not_written(path, error) from error


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """As `taking_place_of`, for a block that does nothing but write: a full disk is told as one of this file.

    Raises StoreError too where the disk is full or broken.
    """
    with taking_place_of(path) as whole:
        try:
            yield whole
        except AuditscanError:
            raise
        except Exception as error:
            told = error if disk_fault(error) else _refused(whole)
            if told is None:
                raise
            raise not_written(path, told) from error


def _refused(file: Path) -> OSError | None:
    """What the system says to more bytes at the end of a file: some libraries keep to themselves why they failed."""
    try:
        with file.open("ab") as more:
            more.write(bytes(1 << 16))
            more.flush()
            os.fsync(more.fileno())
    except OSError as error:
        return error
    return None


def usable(path: Path) -> Path:
    """Return the file that a name stands for; raises UsageError where a file cannot have that name."""
    try:
        real = real_place(path)
        if real.is_dir():
            raise UsageError("this is a folder", where=str(path), hint="name a file in it")
        if real.exists() and not real.is_file():
            raise UsageError("this is no file that another could take the place of", where=str(path))
        parent = real.absolute().parent
        if not parent.is_dir():
            raise UsageError("there is no such folder", where=str(parent), hint="make it first")
    except OSError as error:
        raise UsageError("the name cannot be used", where=str(path), why=error.strerror) from error
    return real


def not_written(path: Path, error: BaseException) -> StoreError:
    """Return the error to raise where `path` could not be written; it names the folder, for there is the disk."""
    fault = disk_fault(error)
    why = error.strerror if isinstance(error, OSError) else str(error)
    return StoreError(
        f"the file {path.name} could not be written",
        where=str(path.absolute().parent),
        why=fault.why if fault else why,
        hint=fault.hint if fault else None,
    )


def write_whole(path: Path, data: bytes, new: int = PRIVATE) -> None:
    """Write a file beside its place and then put it there; nothing is left of one that fails. Raises OSError."""
    real = real_place(path)
    with private_folder(real.absolute().parent) as folder:
        begun = folder / "begun"
        begun.write_bytes(data)
        publish(begun, real, new)
