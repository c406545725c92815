"""The picture of a report that the README shows: `python -m tools.make_picture`, run in `tests/`.

Drawn by the same code as the report in a terminal, from the sample logs. A test holds the committed
picture to it.
"""

from __future__ import annotations

import io
import os
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from auditscan.library import Library
from auditscan.policy import load
from auditscan.questions.report import Selection, collect
from auditscan.render import terminal
from auditscan.scanning.scan import scan
from auditscan.store import open_store

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "report.svg"
AS_OF = date(2026, 11, 22)

THEME = TerminalTheme(
    (255, 255, 255),
    (36, 41, 47),
    [
        (36, 41, 47),
        (190, 30, 45),
        (26, 127, 55),
        (176, 116, 0),
        (9, 105, 218),
        (130, 80, 223),
        (27, 124, 131),
        (110, 119, 129),
    ],
)
"""Dark on white, so that it can be printed and reads well beside text."""

# Rich's own format fetches a font from another site; this one takes what the reader has.
FORMAT = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
}}
.{unique_id}-title {{ font: bold 16px ui-monospace, "DejaVu Sans Mono", monospace; }}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture() -> str:
    """Return the first sections of the report on the sample logs as SVG."""
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        with open_store(None, Library.shipped(), threads=2) as store:
            scan(store, [Path("sample_logs")], load(), AS_OF)
            report = collect(store, Selection(), limit=1, logs="sample_logs")
    finally:
        os.chdir(here)
    console = Console(
        width=100,
        file=io.StringIO(),
        record=True,
        force_terminal=True,
        color_system="standard",
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    terminal.draw(report, console, ("verdicts", "flags", "weeks"))
    command = f"auditscan report sample_logs --as-of {AS_OF}"
    svg = console.export_svg(title=command, theme=THEME, code_format=FORMAT, unique_id="report", font_aspect_ratio=0.6)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
