"""What a document on one transfer says; a module of this room writes each form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.documents.leaf.drawn import drawn
from auditscan.render.explain import draw
from auditscan.render.record import draw_records
from auditscan.render.said import Said

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from auditscan.documents.leaf.drawn import Drawn
    from auditscan.questions.explanation import Explanation
    from auditscan.questions.originals import Shown
    from auditscan.render.said import Block


@dataclass(frozen=True, slots=True)
class Leaf:
    """One id, and all that is told of it: several records may have it."""

    explanations: Sequence[Explanation]
    records: Sequence[Sequence[Shown | str]]
    """Of each explanation, its records as they stand in their files; none where anything is hidden."""
    case: Mapping[str, str]
    """The caption, and that no order was read in full."""
    versions: Mapping[str, str]
    as_of: date
    command: str
    at: datetime
    """When it was made, in UTC."""
    hidden: str = ""
    """A sentence on what is hidden."""

    @property
    def transfer_id(self) -> str:
        """The id, as it may be shown."""
        return str(self.explanations[0].record["transfer_id"])

    def drawn(self) -> list[Drawn]:
        """The pictures of the traces, one an explanation that has several."""
        return [picture for explanation in self.explanations if (picture := drawn(explanation))]

    def why(self) -> list[Block]:
        """The trees of the terminal, one an explanation, and what it does not say."""
        said = Said()
        draw(self.explanations, said)
        return said.blocks

    def beside(self) -> list[Block]:
        """The records."""
        said = Said()
        if self.hidden:
            said.heading("The record as it stands in its file")
            said.say(f"{self.hidden} A record as it stands in its file hides nothing, so it is left out.")
            return said.blocks
        for explanation, found in zip(self.explanations, self.records, strict=True):
            draw_records(found, said, explanation.deciding_words)
        return said.blocks

    def made(self) -> list[Block]:
        """The case, and how the document came to be."""
        said = Said()
        said.heading("How this was made")
        said.say(f"{self.case['no_order_read']}.")
        said.say(f"Made on {self.at:%Y-%m-%d at %H:%M:%S} UTC, judged as of {self.as_of}, by: {self.command}")
        for name, value in self.versions.items():
            said.say(f"{name if name == 'auditscan' else f'SHA-256 of the {name}'}: {value}")
        return said.blocks
