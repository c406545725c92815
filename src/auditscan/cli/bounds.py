"""What keeps the SQL of a command from taking the memory of the machine.

The engine counts the memory of its own buffers against `--memory`, and not what a function makes in one call (a text, a
list) or what planning takes. So the process itself gets a limit: what goes beyond that is refused by the system, and
the engine tells of it as it does of its own limit. Only the process of a command is ours to bound: in Python the
process is somebody else's.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.session.faults import as_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.session.locked import Session

HEADROOM = 512 << 20
"""Bytes for what lies beside the engine: rows on their way to a file, the libraries that write it."""

STACK = 8 << 20
"""Bytes that a thread may come to take."""


@contextmanager
def bounded(session: Session) -> Iterator[None]:
    """Let this process take half as much again as the session may, and some room, beside what it takes now.

    Only where the system counts it so (Linux), and only until the block ends.
    """
    import resource

    taken = _taken()
    memory = session.memory()
    before, most = resource.getrlimit(resource.RLIMIT_DATA)
    if taken is None or memory is None:
        yield
        return
    bound = taken + memory + memory // 2 + HEADROOM + STACK * 2 * max(os.cpu_count() or 1, session.limits.threads or 1)
    held = [limit for limit in (before, most) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(resource.RLIMIT_DATA, (min([bound, *held]), most))
    try:
        yield
    except MemoryError as error:
        raise as_error(error, session.limits) from error
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, (before, most))


def _taken() -> int | None:
    """Bytes that the process has for itself, as the limit counts them; None where the system does not say."""
    try:
        said = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    found = re.search(r"^VmData:\s*(\d+) kB", said, re.MULTILINE)
    return int(found[1]) << 10 if found else None
