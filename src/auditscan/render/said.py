"""What is said on a page, taken down instead of drawn: for documents that break their lines themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.render.page import INDENT, on_one_line

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

__all__ = ["Grid", "Line", "Said", "Section", "Sections"]


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


@dataclass(frozen=True, slots=True)
class Grid:
    """A table."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[bool, ...]
    """Of each column, whether it holds numbers, which stand flush right."""


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading."""

    title: str
    parts: list[Line | Grid] = field(default_factory=list)

    @property
    def prose(self) -> list[Line]:
        """Its paragraphs, where the tables are drawn otherwise."""
        return [part for part in self.parts if isinstance(part, Line)]


class Sections(Said):
    """Takes the place of a `Page` for whole sections."""

    width = 120
    """As wide as a page must be for its tables to have every column."""

    def __init__(self) -> None:
        super().__init__()
        self.sections: list[Section] = []

    def heading(self, title: str) -> None:
        """Begin a section."""
        self.sections.append(Section(title))

    def say(self, text: str | Text, style: str = "", *, indent: int = INDENT, hang: int = 0) -> None:
        """Take a paragraph of the section down: an item where it is indented further than a section is, or hangs."""
        super().say(text, style, indent=indent - INDENT or hang)
        self.sections[-1].parts.append(self.lines[-1])

    def table(self, table: Table, most: int | None = None) -> None:  # noqa: ARG002 -- as a page
        """Take a table down."""
        rows = zip(*([on_one_line(cell).plain for cell in column.cells] for column in table.columns), strict=True)
        heads = tuple(on_one_line(column.header).plain.replace("- ", "") for column in table.columns)
        numbers = tuple(column.justify == "right" for column in table.columns)
        self.sections[-1].parts.append(Grid(heads, tuple(rows), numbers))

    def room(self, table: Table, most: int) -> int:  # noqa: ARG002 -- as a page
        """Leave no room for pictures: a document has its own."""
        return 0
