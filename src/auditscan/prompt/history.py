"""The lines somebody typed, kept for the next session in a file that only they can read."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory

from auditscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def history_file() -> Path:
    """Return where lines are kept, in the user's own folder for such things; it is not made here."""
    import platformdirs

    return platformdirs.user_state_path("auditscan", appauthor=False) / "sql_history"


class Lines(FileHistory):
    """History in a file of mode 0600. What begins with a blank is not kept, not even until the session ends."""

    def __init__(self, path: Path) -> None:
        """Make the file if it is not there; raises UsageError where it cannot be, or is no file of the user's."""
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Not through a link: it could lead to a file that others read.
            handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK, 0o600)
            try:
                if not stat.S_ISREG(os.fstat(handle).st_mode):
                    raise UsageError("this is no file", where=str(path))
                os.fchmod(handle, 0o600)
            finally:
                os.close(handle)
        except OSError as error:
            raise UsageError("lines cannot be kept", where=str(path), why=error.strerror) from error
        super().__init__(str(path))

    def append_string(self, string: str) -> None:
        """Keep a line, unless it begins with a blank."""
        if string.strip() and not string[0].isspace():
            super().append_string(string)

    def load_history_strings(self) -> Iterable[str]:
        """Return the lines of earlier sessions, latest first; none where the file is gone."""
        try:
            yield from super().load_history_strings()
        except OSError:
            return

    def store_string(self, string: str) -> None:
        """Write a line to the file; a full disk costs the line and not the session."""
        with suppress(OSError):
            super().store_string(string)
