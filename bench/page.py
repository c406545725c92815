"""The table of bench/RESULTS.md: rows that are not measured this time stay, each with its date."""

from __future__ import annotations

import importlib.metadata
import platform
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.rows import Row

RESULTS = Path(__file__).parent / "RESULTS.md"
HEAD = """\
| part | what | value | at most | | measured | when |
| --- | --- | ---: | ---: | --- | --- | --- |"""


@dataclass(frozen=True, slots=True)
class Line:
    """A value of a row, with the figures it is made of."""

    name: str
    value: float
    measured: str
    when: str = field(default_factory=lambda: f"{datetime.now(UTC):%Y-%m-%d}")


def row_of(row: Row, line: Line | None) -> str:
    """A row of the table."""
    if line is None:
        return f"| {row.name} | {row.what} | | {row.at_most:g} | **not measured** | | |"
    met = "met" if line.value <= row.at_most else "**missed**"
    value = f"{line.value:.3g}" if line.value < 1000 else f"{line.value:,.0f}"
    return f"| {row.name} | {row.what} | {value} | {row.at_most:g} | {met} | {line.measured} | {line.when} |"


def kept(page: str) -> dict[str, Line]:
    """The values that a page holds, by the names of their rows."""
    found = {}
    for text in page.splitlines():
        cells = [cell.strip() for cell in text.strip("|").split("|")]
        if len(cells) == 7 and re.fullmatch(r"[\d.,]+", cells[2]):
            name, _, value, _, _, measured, when = cells
            found[name] = Line(name, float(value.replace(",", "")), measured, when)
    return found


def update(page: str, rows: Iterable[Row], line: Line) -> str:
    """The page with one value put in; notes behind the table, and values of other rows, stay."""
    lines = kept(page) | {line.name: line}
    table = "\n".join(row_of(row, lines.get(row.name)) for row in rows)
    notes = page[page.index("## Notes") :]
    return f"""\
# Results

Made by `python -m bench --write`, last on a machine with {machine()}.
Whole processes on two threads, medians; only the ratios mean something on another machine.

{HEAD}
{table}

{notes}"""


def machine() -> str:
    """Processor and versions."""
    processors = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    duckdb = importlib.metadata.version("duckdb")
    return (
        f"{processors[0] if processors else platform.processor()}, Python {platform.python_version()}, DuckDB {duckdb}"
    )
