"""One transfer as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.output.export import markdown_text
from auditscan.render.said import Grid, Heading, Line, Picture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from auditscan.documents.leaf.leaf import Leaf
    from auditscan.render.said import Block


def write(leaf: Leaf, path: Path) -> None:
    """Write a document on one transfer as Markdown."""
    blocks = [Line(leaf.case["caption"]), *leaf.why(), *leaf.beside(), *leaf.made()]
    path.write_text("\n".join(_lines(blocks)), encoding="utf-8", newline="\n")


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    item = False
    for block in blocks:
        was_item, item = item, isinstance(block, Line) and block.is_item
        if not (was_item and item):
            yield ""
        match block:
            case Heading(text=text):
                yield f"## {markdown_text(text)}"
            case Picture(lines=lines):
                yield from ["```text", *(line.replace("`", "'") for line in lines), "```"]
            case Line(text=text, is_item=True, depth=depth):
                yield f"{'  ' * max(0, depth - 1)}* {markdown_text(' / '.join(text.splitlines()))}"
            case Line(text=text):
                yield markdown_text(" / ".join(text.splitlines()))
            case Grid():
                raise NotImplementedError("a document on one transfer has no table")
    yield ""
