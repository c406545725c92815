"""What is said on a page, taken down instead of drawn: for documents that break their lines themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.render.page import INDENT

if TYPE_CHECKING:
    from rich.text import Text

__all__ = ["Line", "Said"]


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph."""

    text: str
    is_item: bool
    """Whether it stands indented below the one before."""
    is_strong: bool


class Said:
    """Takes the place of a `Page` for what consists of prose alone."""

    def __init__(self) -> None:
        self.lines: list[Line] = []

    def say(self, text: str | Text, style: str = "", *, indent: int = INDENT, hang: int = 0) -> None:  # noqa: ARG002 -- as a page
        """Take a paragraph down."""
        plain, own = (text, "") if isinstance(text, str) else (text.plain, str(text.style))
        self.lines.append(Line(plain.strip(), indent > 0, "bold" in f"{style} {own}".split()))
