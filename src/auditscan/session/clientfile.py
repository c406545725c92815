"""What makes DuckDB's own command line client open a database as a session of ours does: a file for its `-init`.

The file is SQL that clients of DuckDB 1.5 and 2.0 both take, so it has no time limit, which came with 2.0. Its
last line is a command of the client: it takes away what no SQL setting can (.shell, .output, .open and their
like), and locks the settings. A client that knows no such command stops there, as on every error of its first
file, and shows no prompt.
"""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

from auditscan.disk.wholefile import write_whole
from auditscan.errors import UsageError
from auditscan.session.sqlsettings import LOCK, SETTINGS
from auditscan.text import literal

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.session.locked import Limits

SAFE_MODE = ".safe_mode"
"""The client's command that closes its own ways out and locks the settings."""

_NOT_FOR_CLIENTS = "python_"
_LAST = "set lock_configuration = true"


def init_sql(path: Path, limits: Limits) -> str:
    """Return the text of the file: attach the database for reading, and lock everything else away."""
    first = [line for line in SETTINGS if not line.startswith(f"set {_NOT_FOR_CLIENTS}")]
    limited = [f"set memory_limit = {literal(limits.memory)}"]
    if limits.threads is not None:
        limited.append(f"set threads = {limits.threads:d}")
    attached = [f"attach {literal(str(path.absolute()))} as auditscan (read_only)", "use auditscan"]
    lock = [line for line in LOCK if line != _LAST]
    return "".join(f"{line};\n" for line in (*first, *limited, *attached, *lock)) + f"{SAFE_MODE}\n"


def folder() -> Path:
    """Return the private folder for such files, made if need be.

    Raises UsageError where it belongs to somebody else or others can write into it: what a client runs at its
    start must be what we wrote.
    """
    import platformdirs

    place = platformdirs.user_cache_path("auditscan") / "connect"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = place.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
            place.chmod(0o700)
            return place
    except OSError as error:
        raise UsageError(
            "the folder for the client's file cannot be made",
            where=str(place),
            why=error.strerror,
            hint="XDG_CACHE_HOME names another place for it",
        ) from error
    raise UsageError(
        "this is no folder of your own", where=str(place), hint="XDG_CACHE_HOME names another place for it"
    )


def write(path: Path, limits: Limits) -> Path:
    """Write the file for a database, over the one from before, and return its name."""
    target = folder() / f"{hashlib.sha256(os.fsencode(path.absolute())).hexdigest()[:16]}.sql"
    # Renamed: a client that is just starting reads the old file or the new one.
    write_whole(target, os.fsencode(init_sql(path, limits)))
    return target
