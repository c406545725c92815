"""What every document says, whatever its form: the report, and behind it each transfer, finding, file and source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.questions.report import narrowed
from auditscan.render.said import Said
from auditscan.render.summary import summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from auditscan.questions.report import Report, Row
    from auditscan.render.said import Line
    from auditscan.store import Store

__all__ = ["Content", "Made"]

PIECE = 1_000
"""Rows taken from the engine at a time."""


@dataclass(frozen=True, slots=True)
class Made:
    """How a document came to be."""

    command: str
    """The command line, as it could be typed again."""
    at: datetime
    """When it was made, in UTC: the same moment gives the same bytes."""
    settings: Mapping[str, object] = field(default_factory=dict)
    """Name of a setting -> its value, for those that decide what is read and how it is judged."""
    receipt: str = ""
    """The name of the receipt that holds the hash of the document; '' where none is written."""
    rests_on: str = ""
    """The hash of what went in (logs, queries, policy, versions, days), which the receipt holds too."""
    ocsf_class: int = 2006
    """The class of an event in `.ocsf.ndjson`: 2006 (Data Security Finding) or 2004 (Detection Finding)."""


@dataclass(frozen=True, slots=True)
class Content:
    """A judged database as documents tell it. Valid while its store is open; one row iterator at a time."""

    store: Store
    report: Report
    made: Made

    def first_screen(self) -> list[Line]:
        """The lines with which the report begins in a terminal, not yet broken."""
        said = Said()
        summary(self.report, said)
        return said.lines

    def provenance(self) -> tuple[str, ...]:
        """What a document rests on and which receipt names it, a sentence each."""
        made = self.made
        found = [f"Rests on sha256 {made.rests_on}: logs, queries, policy and versions."] if made.rests_on else []
        if made.receipt:
            found.append(
                f"The receipt {made.receipt} holds the same hash, and the hash of this file; "
                "`auditscan verify --receipt` checks both."
            )
        return tuple(found)

    def transfers(self, most: int | None = None) -> Iterator[Row]:
        """Yield each transfer of the selection, the worst first, `most` of them; columns as in `listed_transfers`."""
        return self._rows("listed_transfers", listed_limit=most)

    def findings(self) -> Iterator[Row]:
        """Yield each finding on a transfer of the selection, worst first; columns as in `listed_findings`."""
        return self._rows("listed_findings")

    def law(self) -> list[Row]:
        """The orders and agreements behind the verdicts; columns as in `sources_of_law`."""
        return list(self._rows("sources_of_law"))

    def asked(self, query: str, **variables: object) -> Iterator[Row]:
        """Yield the rows of a report query on the selection, with these variables."""
        return self._rows(query, **variables)

    def _rows(self, query: str, **variables: object) -> Iterator[Row]:
        with narrowed(self.store, self.report.selection, **variables):
            cursor = self.store.execute(self.store.library.get(query).sql)
            columns = [column[0] for column in cursor.description or ()]
            while rows := cursor.fetchmany(PIECE):
                for row in rows:
                    yield dict(zip(columns, row, strict=True))
