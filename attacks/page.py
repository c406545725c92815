"""The table of docs/attacks.md, which the command writes between two marks."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from attacks.counted import Counted

PAGE = Path(__file__).parents[1] / "docs" / "attacks.md"
BEGIN = "<!-- The table is written by `make attack`. -->"
END = "<!-- End of the table. -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of attack."""

    name: str
    what: str
    counted: Counted
    minutes: float
    """Of one processor."""


def write_page(rows: Sequence[Row], seed: int, minutes: float) -> None:
    """Put the table of these attacks in the place of the one that is there."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows, seed, minutes)}\n{END}{after}", encoding="utf-8")


def table(rows: Sequence[Row], seed: int, minutes: float) -> str:
    """The counts as a table of Markdown, and what made them."""
    day = datetime.now(UTC).date().isoformat()
    made_by = (
        f"On {day}, auditscan {__version__}, DuckDB {importlib.metadata.version('duckdb')}, "
        f"Python {platform.python_version()}, seed {seed}: {minutes:.0f} minutes."
    )
    lines = [
        made_by,
        "",
        "| attack | what is attacked | tried | how it ended | findings |",
        "| --- | --- | ---: | --- | ---: |",
    ]
    for row in sorted(rows, key=lambda row: row.name):
        ended = ", ".join(f"{how} {count:,}" for how, count in sorted(row.counted.ended.items()))
        found = len(row.counted.findings)
        lines.append(f"| `{row.name}` | {row.what} | {row.counted.tried:,} | {ended} | {found} |")
    tried = sum(row.counted.tried for row in rows)
    found = sum(len(row.counted.findings) for row in rows)
    lines += [f"| all | | {tried:,} | | {found} |", ""]
    return "\n".join(lines)
