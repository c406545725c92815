"""`python -m auditscan`, and what the installed command `auditscan` calls."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    _hold_streams()
    # What a service manager or `timeout` sends: end as on Ctrl-C, and leave no half-written file behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from auditscan.cli import run
    except KeyboardInterrupt:  # pressed while the imports were running
        sys.exit(130)
    code = run()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    # All is closed. To take the interpreter apart would cost a twentieth of a small scan, and it would wait for a
    # statement that nothing can stop.
    os._exit(code)


def _hold_streams() -> None:
    """Let no file of ours get the number of a stream that whoever started us closed.

    What any library then wrote to standard error would stand in the database.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(handle)


if __name__ == "__main__":
    main()
