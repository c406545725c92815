"""Files that are there whole or not at all, whatever happens: a power cut, a full disk, a scan that is killed."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["publish", "write_whole"]


def publish(made: Path, path: Path) -> None:
    """Let a finished file take the place of another in the same file system, and put both on disk. Raises OSError."""
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(path)
    folder = os.open(path.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file beside its place and then put it there; nothing is left of one that fails. Raises OSError."""
    begun = path.with_name(f".{path.name}.tmp")
    try:
        begun.write_bytes(data)
        publish(begun, path)
    except OSError:
        with contextlib.suppress(OSError):
            begun.unlink()
        raise
