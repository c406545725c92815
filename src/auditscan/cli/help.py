"""`auditscan help` and `auditscan words`: the pages of the documentation, and what the words mean."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.options import Width, cells
from auditscan.errors import UsageError
from auditscan.text import did_you_mean

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.library.glossary import Word

LEFT_OUT = ("architecture", "evidence-results", "index")
"""Pages that only the people who make auditscan need, and the first of the site."""


def topics() -> dict[str, Path]:
    """Return the pages by topic."""
    from auditscan.library import shipped_folder

    pages = sorted(shipped_folder("docs").glob("*.md"))
    return {page.stem: page for page in pages if page.stem not in LEFT_OUT}


def _complete_topic(incomplete: str) -> list[str]:
    return [topic for topic in topics() if topic.startswith(incomplete)]


def show_page(
    topic: Annotated[
        str | None,
        typer.Argument(metavar="TOPIC", help="A page, as `auditscan help` lists them.", autocompletion=_complete_topic),
    ] = None,
    width: Width = None,
) -> None:
    """Show a page of the documentation, or list the pages.

    Messages name them: `auditscan help findings`. On a terminal a page is laid out and goes through your pager; in a
    pipe it is the text as it is written.
    """
    pages = topics()
    if topic is None:
        wide = max(map(len, pages))
        for name, page in pages.items():
            streams.write(f"{name:<{wide}}  {_title(page)}")
        streams.note("`auditscan help TOPIC` shows a page, `auditscan COMMAND --help` the options of a command")
        return
    name = topic.lower().removeprefix("docs/").removesuffix(".md").replace("_", "-")
    if name not in pages:
        raise UsageError(
            f"there is no page on {topic!r}",
            hint=did_you_mean(name, pages)
            or "`auditscan help` lists the pages; "
            f"`auditscan {topic} --help` has the options of a command, `auditscan words {topic}` explains a word",
        )
    text = pages[name].read_text(encoding="utf-8")
    if not sys.stdout.isatty():
        streams.write(text.rstrip("\n"))
        return
    from rich.markdown import Markdown

    from auditscan.cli.paging import draw_paged

    draw_paged(streams.stdout_console(min(cells(width), 100)), lambda console: console.print(Markdown(text)))


def _title(page: Path) -> str:
    """The heading of a page."""
    with page.open(encoding="utf-8") as lines:
        return next((line.lstrip("# ").strip() for line in lines if line.startswith("#")), "")


def explain_words(
    word: Annotated[
        list[str] | None, typer.Argument(metavar="WORD", help="A word; all of them if none is given.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
    width: Width = None,
) -> None:
    """Explain the words that answers and messages use: enjoined, trace, regime, quarantine and the others."""
    from auditscan.library.glossary import look_up, words

    found = [look_up(" ".join(word))] if word else words()
    if as_json:
        streams.write_json(
            [{"word": one.word, "also": one.also, "group": one.group, "meaning": one.meaning} for one in found]
        )
        return
    wide = cells(width) if width or sys.stdout.isatty() else min(shutil.get_terminal_size((80, 24)).columns, 100)
    group = ""
    for one in found:
        if not word and one.group != group:
            streams.write(("\n" if group else "") + one.group)
            group = one.group
        streams.write(_laid_out(one, wide))


def _laid_out(word: Word, width: int) -> str:
    """A word and its meaning, indented under it."""
    import textwrap

    name = word.word + (f" ({', '.join(word.also)})" if word.also else "")
    lines = textwrap.wrap(re.sub(r"\s+", " ", word.meaning), min(width, 100) - 6)
    return "\n".join([f"  {name}", *(f"      {line}" for line in lines)])
