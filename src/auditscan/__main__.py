"""`python -m auditscan`, and what the installed command `auditscan` calls."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    # What a service manager or `timeout` sends: end as on Ctrl-C, and leave no half-written file behind.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        from auditscan.cli import run
    except KeyboardInterrupt:  # pressed while the imports were running
        sys.exit(130)
    sys.exit(run())


if __name__ == "__main__":
    main()
