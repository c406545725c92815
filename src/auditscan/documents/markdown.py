"""The report as Markdown: what a lawyer pastes into a memorandum, an editor into a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.documents.content import Content

__all__ = ["write"]


def write(content: Content, path: Path) -> None:
    """Write the report of a judged database as Markdown."""
    with path.open("w", encoding="utf-8") as file:
        for line in content.first_screen():
            file.write(f"{'* ' if line.is_item else ''}{line.text}\n\n")
        for sentence in content.provenance():
            file.write(f"{printable(sentence)}\n\n")
