"""Files that only grow by lines of JSON, and the one with a line a night that a collector of logs reads."""

from __future__ import annotations

import errno
import fcntl
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from auditscan.disk.private import open_private
from auditscan.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.ledger.night import Deliveries, Night

FORMAT = 1

MOST_ITEMS = 100
"""Items of a list: collectors cut or drop a line that is too long."""


def append(night: Night, deliveries: Deliveries, exit_code: int, path: Path) -> list[str]:
    """Append the line of a night to a run log; return a sentence if it cannot be.

    `exit_code` is the one that the run ends with, deliveries and all.
    """
    try:
        append_line(path, line_of(night, deliveries, exit_code))
    except OSError as error:
        return [f"the run log {printable(str(path))} cannot be written: {error.strerror}"]
    return []


def line_of(night: Night, deliveries: Deliveries, exit_code: int) -> dict[str, object]:
    """Return the night as a run log has it: without evidence, which is not to leave the machine, and not too long."""
    line = {"format": FORMAT, **night.as_json(), "exit_code": int(exit_code)}
    for count in line["findings"]:  # type: ignore[attr-defined]
        del count["examples"]
    line |= {
        "delivered": deliveries.delivered,
        "undelivered": deliveries.undelivered,
        "delivery_problems": deliveries.problems,
    }
    changes = [file.change for file in night.files]
    line["files_by_change"] = {change: changes.count(change) for change in sorted(set(changes))}
    left_out = {}
    for name, value in line.items():
        if isinstance(value, list | tuple) and len(value) > MOST_ITEMS:
            line[name], left_out[name] = value[:MOST_ITEMS], len(value) - MOST_ITEMS
    line["left_out"] = left_out
    return line


def append_line(path: Path, value: object) -> None:
    """Append a value as one line of JSON, on disk when this returns. Raises OSError.

    One write at the end of the file, so that lines of two processes do not run into each other, on file systems
    without locks too; where the last line was cut off it is ended first.
    """
    line = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "backslashreplace") + b"\n"
    handle = open_private(path, os.O_RDWR | os.O_APPEND)
    try:
        # A line that another process is just writing looks like one that was cut off.
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        written = os.write(handle, line)
        if written != len(line):
            # A full disk takes a part of a line. The next line starts anew, and this one is told of.
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        os.fsync(handle)
    finally:
        os.close(handle)
