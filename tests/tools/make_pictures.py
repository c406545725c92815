"""The pictures that the README shows: `make pictures`, or `python -m tools.make_pictures` in `tests/`.

All of the report on the sample logs: its first screen, drawn by the code that draws it in a terminal; the top of the
page, as Chromium shows it; the cover and the summary of the exhibit, as poppler draws them. Each holds the words that
are seen in it, so that a test can hold it to what the report says without drawing it.
"""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import tempfile
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pypdf
from PIL import Image, ImageOps
from PIL.PngImagePlugin import PngInfo
from playwright import sync_api
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from auditscan.documents.content import Content, Made
from auditscan.documents.filing import Filing
from auditscan.documents.forms import write_all
from auditscan.library import Library
from auditscan.policy import load
from auditscan.questions.report import Selection, collect
from auditscan.render import terminal
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from pages import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
SCREEN, PAGE, EXHIBIT = (ROOT / "docs" / name for name in ("report.svg", "page.png", "exhibit.png"))
AS_OF = date(2026, 11, 22)
MADE = Made(
    "auditscan report sample_logs --out case.html --out case.pdf --exhibit 'Ex. A' --bates AUD",
    datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
)
FILING = Filing(exhibit="Ex. A", bates="AUD")
COVER, SUMMARY = 1, 3
"""Pages of the exhibit; between them are its contents."""
COLORS = 48

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


@contextmanager
def sample_report() -> Iterator[Content]:
    """Yield what documents say of the sample logs, as `auditscan report sample_logs` has it."""
    here = Path.cwd()
    os.chdir(ROOT)
    try:
        with open_store(None, Library.shipped(), threads=2) as store:
            found = scan(store, [Path("sample_logs")], load(), AS_OF)
            skipped = [file for file in found.files if file.status == "skipped"]
            report = collect(store, Selection(), limit=1, logs="sample_logs", skipped=skipped)
            yield Content(store, report, MADE, FILING)
    finally:
        os.chdir(here)


def screen(content: Content) -> str:
    """Return what the report says first in a terminal as SVG."""
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
    terminal.draw(content.report, console, ("verdicts",))
    command = f"auditscan report sample_logs --as-of {AS_OF}"
    svg = console.export_svg(title=command, theme=THEME, code_format=FORMAT, unique_id="report", font_aspect_ratio=0.6)
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


def words_of(picture: Path) -> str:
    """Return the text that is seen in a picture made here."""
    if picture.suffix == ".svg":
        return html.unescape(re.sub("<[^>]+>", " ", picture.read_text(encoding="utf-8")))
    with Image.open(picture) as opened:
        return str(opened.text["Description"])


def _page(document: Path) -> tuple[Image.Image, str]:
    """Return the top of a page, down to the end of its first section, and its words."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=arguments)
        page = browser.new_page(viewport={"width": 900, "height": 1500}, device_scale_factor=1.5)
        page.goto(document.as_uri())
        end = page.locator("section").first.bounding_box()
        clip = {"x": 0, "y": 0, "width": 900, "height": end["y"] + end["height"]}
        drawn = Image.open(io.BytesIO(page.screenshot(clip=clip)))
        words = "\n".join(page.inner_text(part) for part in ("header", "section >> nth=0"))
        browser.close()
    return drawn, words


def _exhibit(document: Path) -> tuple[Image.Image, str]:
    """Return cover and summary of an exhibit, side by side on gray, and their words."""
    pages = []
    for number in (COVER, SUMMARY):
        command = ["pdftoppm", "-png", "-r", "96", "-singlefile", "-f", str(number), str(document)]
        drawn = Image.open(io.BytesIO(subprocess.run(command, check=True, capture_output=True).stdout))
        pages.append(ImageOps.expand(drawn.convert("RGB"), 12, "#d0d7de"))
    both = Image.new("RGB", (sum(page.width for page in pages), pages[0].height))
    both.paste(pages[0])
    both.paste(pages[1], (pages[0].width, 0))
    texts = pypdf.PdfReader(document).pages
    return both, "\n".join(texts[number - 1].extract_text() for number in (COVER, SUMMARY))


def _save(picture: Path, drawn: Image.Image, words: str) -> None:
    """Write a small picture that holds its words."""
    told = PngInfo()
    told.add_itxt("Description", words)
    drawn.convert("RGB").quantize(COLORS, dither=Image.Dither.NONE).save(picture, optimize=True, pnginfo=told)


if __name__ == "__main__":
    with sample_report() as content, tempfile.TemporaryDirectory() as folder:
        SCREEN.write_text(screen(content), encoding="utf-8")
        page, exhibit = (Path(folder, name) for name in ("case.html", "case.pdf"))
        write_all(content, [page, exhibit])
        _save(PAGE, *_page(page))
        _save(EXHIBIT, *_exhibit(exhibit))
