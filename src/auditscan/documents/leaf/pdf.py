"""One transfer as a PDF, in the type of the exhibit."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditscan.documents.exhibit.typeset import compiled
from auditscan.render.said import Heading, Line, Picture

if TYPE_CHECKING:
    from auditscan.documents.leaf.leaf import Leaf
    from auditscan.render.said import Block

_TEMPLATE = Path(__file__).with_name("leaf.typ").read_bytes()


def write(leaf: Leaf, path: Path) -> None:
    """Write a document on one transfer as a PDF: US Letter, PDF/A-2a, tagged."""
    at = leaf.at
    told = {
        "caption": leaf.case["caption"],
        "id": leaf.transfer_id,
        "date": [at.year, at.month, at.day, at.hour, at.minute, at.second],
        "as_of": str(leaf.as_of),
        "version": leaf.versions["auditscan"],
        "drawn": [asdict(picture) | {"kinds": list(picture.kinds.items())} for picture in leaf.drawn()],
        "blocks": [_told(block) for block in (*leaf.why(), *leaf.beside(), *leaf.made())],
    }
    path.write_bytes(compiled(json.dumps(told), _TEMPLATE))


def _told(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text=text):
            return {"kind": "heading", "text": text}
        case Picture(lines=lines):
            return {"kind": "lines", "lines": list(lines)}
        case Line():
            depth = block.depth if block.is_item else 0
            return {"kind": "say", "lines": block.text.split("\n"), "strong": block.is_strong, "depth": depth}
    raise NotImplementedError("a document on one transfer has no table")
