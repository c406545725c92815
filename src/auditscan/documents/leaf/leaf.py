"""What a document on one transfer says, and which module writes it in which form."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from auditscan.disk.wholefile import usable, writing
from auditscan.errors import UsageError
from auditscan.render.explain import draw
from auditscan.render.record import draw_records
from auditscan.render.said import Heading, Said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from pathlib import Path
    from types import ModuleType

    from auditscan.questions.explanation import Explanation
    from auditscan.questions.originals import Shown
    from auditscan.render.said import Block

__all__ = ["ENDINGS", "Leaf", "ending_of", "write_all"]

ENDINGS = {".html": "html", ".md": "markdown", ".pdf": "pdf"}
"""Ending of a file's name -> the module of this room whose `write(leaf, path)` writes that form."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One id, and all that is told of it: several records may have it."""

    transfer_id: str
    explanations: Sequence[Explanation]
    records: Sequence[Sequence[Shown | str]]
    """Of each explanation, its records as they stand in their files."""
    case: Mapping[str, str]
    """The caption, and that no order was read in full."""
    versions: Mapping[str, str]
    as_of: date
    command: str
    at: datetime
    """When it was made, in UTC."""

    def why(self) -> list[Block]:
        """The trees of the terminal, one an explanation, and what it does not say."""
        said = Said()
        draw(self.explanations, said)
        return said.blocks

    def beside(self) -> list[Block]:
        """The records."""
        said = Said()
        for explanation, found in zip(self.explanations, self.records, strict=True):
            draw_records(found, said, explanation.deciding_words)
        return said.blocks

    def made(self) -> list[Block]:
        """The case, and how the document came to be."""
        said = Said()
        said.blocks.append(Heading("How this was made"))
        said.say(f"{self.case['no_order_read']}.")
        said.say(f"Made on {self.at:%Y-%m-%d at %H:%M:%S} UTC, judged as of {self.as_of}, by: {self.command}")
        for name, value in self.versions.items():
            said.say(f"{name if name == 'auditscan' else f'SHA-256 of the {name}'}: {value}")
        return said.blocks


def ending_of(path: Path) -> str:
    """Return the ending by which a name asks for a form.

    Raises UsageError for a name that asks for none, or that cannot be used, and for a form that is not installed.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(
            f"the name does not say which form the document shall have; it ends in {', '.join(ENDINGS)}",
            where=str(path),
            hint="give it one of these endings",
        )
    usable(path)
    _form(ending)
    return ending


def write_all(leaf: Leaf, paths: Sequence[Path]) -> None:
    """Write a document for each path; raises UsageError and StoreError where one cannot be written."""
    for path in paths:
        form = _form(ending_of(path))
        with writing(path) as file:
            form.write(leaf, file)


def _form(ending: str) -> ModuleType:
    return import_module(f"auditscan.documents.leaf.{ENDINGS[ending]}")
