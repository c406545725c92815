"""`python -m auditscan`, and what the installed command `auditscan` calls."""

from __future__ import annotations

import sys
from typing import NoReturn

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command line and end the process with its exit code."""
    try:
        from auditscan.cli import run
    except KeyboardInterrupt:  # pressed while the imports were running
        sys.exit(130)
    sys.exit(run())


if __name__ == "__main__":
    main()
