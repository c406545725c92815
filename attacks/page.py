"""The table of docs/attacks.md, which the command writes between two marks."""

from __future__ import annotations

import importlib.metadata
import platform
import re
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
_KEPT = re.compile(r"^\| `(\w+)` \|.*\|$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of attack."""

    name: str
    what: str
    counted: Counted
    seed: int
    minutes: float
    """Of one processor."""

    def line(self, day: str) -> str:
        """It as a line of the table."""
        ended = ", ".join(f"{how} {count:,}" for how, count in sorted(self.counted.ended.items()))
        what = self.what.rstrip(".")
        made = f"{day}, seed {self.seed}, {self.minutes:.0f} min"
        return f"| `{self.name}` | {what} | {self.counted.tried:,} | {ended} | {len(self.counted.findings)} | {made} |"


def write_page(rows: Sequence[Row]) -> None:
    """Put these attacks into the table; kinds that were not made this time stay as they were."""
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    written, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{table(rows, written)}\n{END}{after}", encoding="utf-8")


def table(rows: Sequence[Row], written: str = "") -> str:
    """The counts as a table of Markdown, those of `written` among them that no row is about."""
    day = datetime.now(UTC).date().isoformat()
    lines = {found[1]: found[0] for found in _KEPT.finditer(written)}
    lines |= {row.name: row.line(day) for row in rows}
    cells = [line.split(" | ") for line in lines.values()]
    tried, found = (sum(int(row[place].replace(",", "")) for row in cells) for place in (2, 4))
    versions = (
        f"auditscan {__version__}, DuckDB {importlib.metadata.version('duckdb')}, Python {platform.python_version()}. "
        "Minutes are those of one processor."
    )
    return "\n".join(
        [
            versions,
            "",
            "| attack | what is attacked | tried | how it ended | findings | made |",
            "| --- | --- | ---: | --- | ---: | --- |",
            *(lines[name] for name in sorted(lines)),
            f"| all | | {tried:,} | | {found} | |",
            "",
        ]
    )
