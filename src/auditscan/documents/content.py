"""What every document says, whatever its form: the report, and behind it each transfer, finding, file and source."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.documents.filing import Filing
from auditscan.questions.answers import ordered, slices
from auditscan.questions.report import narrowed
from auditscan.render.said import Said
from auditscan.render.summary import summary
from auditscan.render.terminal import DRAWN, sections
from auditscan.scanning.rules import found_by_met, narrow_to, rule_by_rule, that_met

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from auditscan.questions.report import Report, Row
    from auditscan.render.said import Block, Line
    from auditscan.store import Store

PIECE = 200
"""Rows taken from the engine at a time."""

SLICE = 5_000
"""Transfers told at a time: they are wide, and all of them together would take the memory of a scan."""


@dataclass(frozen=True, slots=True)
class Made:
    """How a document came to be."""

    command: str
    """The command line, as it could be typed again."""
    at: datetime
    """When it was made, in UTC: the same moment gives the same bytes."""
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
    filing: Filing = field(default_factory=Filing)

    def first_screen(self) -> list[Line]:
        """The lines with which the report begins in a terminal, not yet broken."""
        said = Said()
        summary(self.report, said)
        return said.lines_said

    def sections(self, *names: str) -> list[Block]:
        """What the report says behind its first screen in a terminal, each section whole: those named, or all."""
        said = Said()
        sections(self.report, said, names or None, full=True)
        return said.blocks

    def section(self, name: str, *, full: bool) -> list[Block]:
        """One of them, its long lists shortened unless `full`."""
        said = Said()
        DRAWN[name](self.report, said, full=full)
        return said.blocks

    def reviews(self) -> Iterator[Row]:
        """Yield what is to review now, by reason; columns as in `listed_reviews`."""
        rules = {rule.name: rule for rule in that_met(self.store)}
        with self._in_order(listed_reviewed=True) as total:
            for _ in slices(self.store, total, max(total, 1)):
                self.store.run("slice_verdicts")
                reasons = [row["rule"] for row in self.asked("review_reasons")]
                for rule in rule_by_rule(self.store, [rules[reason] for reason in reasons if reason]):
                    self.store.give_back(forget=True)
                    yield from self.asked("listed_reviews", listed_rule=rule.name)
                if None in reasons:
                    yield from self.asked("listed_reviews", listed_rule="")

    def column_notes(self, table: str) -> dict[str, str]:
        """Return column -> what it holds, as the comments on a table of the database say it."""
        notes: dict[str, str] = dict(self.store.run("column_comments"))
        for name, note in self.store.run("own_comments"):
            of, _, column = name.partition(".")
            if of == table:
                notes[column] = note
        return notes

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
        return self._listed(most, barred=False)

    def barred(self, most: int | None = None) -> Iterator[Row]:
        """Yield each transfer that is barred now or was then, as `transfers` does; attempts come last."""
        return self._listed(most, barred=True)

    def findings(self) -> Iterator[Row]:
        """Yield each finding on a transfer of the selection, worst first; columns as in `listed_findings`."""
        for _ in rule_by_rule(self.store, that_met(self.store)):
            self.store.give_back(forget=True)
            yield from self.asked("listed_findings")

    def findings_by_source(self) -> list[Row]:
        """The rules that met a transfer of the selection, by the source of law that they rest on; columns as there."""
        with found_by_met(self.store):
            return self.rows("findings_by_source")

    def about(self, record_keys: Sequence[int], query: str) -> list[Row]:
        """Return the rows of a query on these records alone, as `findings_of`."""
        try:
            narrow_to(self.store, record_keys)
            return [self.report.redaction.row(row) for row in self.store.table(query)]
        finally:
            self.store.run("widen", record_keys=None)

    def rows(self, query: str) -> list[Row]:
        """The rows of a report query, for the selection."""
        return list(self.asked(query))

    def asked(self, query: str, **variables: object) -> Iterator[Row]:
        """Yield the rows of a report query on the selection, with these variables."""
        with narrowed(self.store, self.report.selection, **variables):
            cursor = self.store.execute(self.store.library.get(query).sql)
            columns = [column[0] for column in cursor.description or ()]
            while rows := cursor.fetchmany(PIECE):
                for row in rows:
                    yield self.report.redaction.row(dict(zip(columns, row, strict=True)))

    @contextmanager
    def found_once(self) -> Iterator[None]:
        """Let what the rules found be tables while the block lasts: a query that joins it need not run every rule.

        The hash tables of all rules and of all answers together do not fit into the memory of a scan.
        """
        names = ("disclosure_findings", "event_findings")
        try:
            for name in names:
                self.store.connection.execute(f"create temp table {name} as from auditscan.{name}")
            yield
        finally:
            for name in names:
                self.store.connection.execute(f"drop table if exists temp.{name}")

    def _listed(self, most: int | None, *, barred: bool) -> Iterator[Row]:
        with self._in_order(listed_barred=barred) as total:
            for _ in slices(self.store, total if most is None else min(most, total), SLICE):
                self.store.give_back()
                self.store.run("slice_verdicts")
                yield from self.asked("listed_transfers", listed_barred=barred)

    @contextmanager
    def _in_order(self, **variables: object) -> Iterator[int]:
        """Put the transfers of the selection in order while the block lasts, and yield how many there are."""
        with (
            narrowed(self.store, self.report.selection, **variables),
            ordered(self.store, order="order_listed") as total,
        ):
            yield total
