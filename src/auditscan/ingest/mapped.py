"""Staging of records of other systems: their source's SQL makes them canonical, block by block."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.errors import AccountingError
from auditscan.ingest.staging import Staging
from auditscan.readers.model import FIELDS, SetAside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditscan.ingest.formats import Format
    from auditscan.ingest.made import MadeTables
    from auditscan.readers.model import FileReport
    from auditscan.store import Store

__all__ = ["MappedStaging", "Outcome", "note_outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the records of a block."""

    transfers: int
    set_aside: dict[str, SetAside] = field(default_factory=dict)
    """Why records are no transfers -> how many, counted in the block."""
    unreadable: int = 0
    why: Iterable[tuple[int, str]] = ()
    """Of each that is unreadable the number in the block, in their order, and why it is no record."""

    @property
    def records(self) -> int:
        """All of them."""
        return self.transfers + sum(aside.records for aside in self.set_aside.values()) + self.unreadable


VARIABLES = ("held_by", "holder_side", "dhs_names", "states_own", "rotated_on")
"""What the steps read of the scan."""


class MappedStaging(Staging):
    """Stages blocks of `incoming` through the SQL of a format."""

    _parsing = threading.Lock()
    _stages = "stage_mapped"

    def __init__(self, store: Store, log_format: Format, source_id: int, zone: str) -> None:
        super().__init__(store, log_format.name, source_id, zone, "json")
        # Variables are those of one connection.
        self.store.set(**{name: store.one(f"select getvariable('{name}')") for name in VARIABLES})
        self._format = log_format
        self._made: MadeTables | None = None
        """Which tables the log made, where it is read again because of them."""
        if log_format.parses is not None:
            self.store.set(source_dialect=log_format.parses[1])
            if store.one("select getvariable('reads_again')"):
                from auditscan.ingest.made import MadeTables

                self._made = MadeTables(self.store, log_format.parses[1])
        self.fields: set[str] = set()
        """The canonical fields that the format gives, once a block was staged."""
        self.gives_texts = False
        """Whether it gives what it takes to follow a table from one statement to another."""
        self.store.set(source_format=log_format.name)
        self.store.run("mapped_columns")

    def _map(self) -> None:
        if self._format.parses is not None:
            from auditscan.ingest.parsed import join_pieces, parse_texts

            # Asked for its texts first and mapped then: the records are taken out of their JSON once.
            self.store.connection.execute("create or replace temp table incoming_rows as select * from incoming")
            self.store.connection.execute("create or replace temp view incoming as select * from incoming_rows")
            if self._format.pieces is not None:
                join_pieces(self.store, self._format.parses[0], self._format.pieces)
            with self._parsing:
                parse_texts(self.store, *self._format.parses)
        self._map_incoming()
        if self._format.parses is None or not self.gives_texts:
            return
        if self._made is None:
            self.store.run("keep_writers")
        elif self._made.read_together(self.store):
            self._map_incoming()

    def _map_incoming(self) -> None:
        body = self.store.library.get(self._format.name).body
        self.store.connection.execute(f"create or replace temp table given_rows as {body}")
        # What the source leaves out is null: in a view, so that nothing is copied.
        self.store.connection.execute(
            "create or replace temp view mapped_rows as "
            "select * replace (case when not takes_in(arrives) then set_aside end as set_aside) "
            "from (from mapped_columns union all by name from given_rows)"
        )
        self.store.run("closer_look")
        for some, step in (("nameless", "content_ids_made"), ("oddly_timed", "spelled_times_read")):
            if self.store.one(f"select count(*) from {some}"):  # noqa: S608 - our own names
                self.store.run(step)
        if not self.fields:
            given = {name for name, *_ in self.store.rows("describe given_rows")}
            self.fields = given & set(FIELDS)
            self.gives_texts = {"query_text", "session"} <= given

    def read_whole(self, sql: str) -> None:
        """Say how the records of the next block stand in the log.

        `record_no`, `whole_record` as a text that two records share only where they say the same, and `raw`, a text
        that holds all of their words and costs nothing to make.
        """
        self.store.connection.execute(f"create or replace temp view whole_records as {sql}")

    def take(self, expected: int) -> Outcome:
        """Stage what `incoming` shows, and tell what became of its records.

        Raises AccountingError where the format's SQL does not give each of the `expected` records once.
        """
        self.stage()
        self.store.run("stage_traces")
        self.account()
        rows, different = self.store.rows("select count(*), count(distinct record_no) from mapped_rows")[0]
        if rows != expected or different != expected:
            raise AccountingError(
                f"the source `{self._format.name}` does not give every record once",
                where=str(self.store.library.get(self._format.name).path),
                why=f"{expected} records came in, {rows} rows with {different} numbers came out",
                hint="its SQL must return one row for each row of `incoming`; nothing was written",
            )
        aside: dict[str, SetAside] = {}
        if self.store.one("select bool_or(set_aside is not null and unreadable is null) from mapped_rows"):
            aside = {reason: SetAside(*counted) for reason, *counted in self.store.run("count_aside")}
        unreadable = self.store.one("select count(*) from mapped_rows where unreadable is not null")
        transfers = expected - sum(one.records for one in aside.values()) - unreadable
        return Outcome(transfers, aside, unreadable, self._unreadable() if unreadable else ())

    def _unreadable(self) -> Iterator[tuple[int, str]]:
        """The records of the block that are none, a few at a time."""
        found = self.store.connection.execute(
            "select record_no, unreadable from mapped_rows where unreadable is not null order by record_no"
        )
        while some := found.fetchmany(10_000):
            yield from some

    def _write(self) -> None:
        self.store.run("write_traces")
        super()._write()

    def _drop_block(self) -> None:
        self.store.connection.execute("delete from staged_traces where block = $1", [self._block])
        super()._drop_block()


def note_outcome(
    report: FileReport, outcome: Outcome, before: int, content: bytes | None = None, offset: int = 0
) -> None:
    """Add what became of a block's records to a file's accounting.

    `before` records of the file precede the block. `content` is the block as it stands, from byte `offset` of the
    file on, a record's number being that of its line; None where that is not known.
    """
    for why, aside in outcome.set_aside.items():
        report.count_aside(why, aside, before)
        report.not_transfers += aside.records
    line, begin = 1, 0
    for number, reason in outcome.why:
        if content is None:
            report.quarantined.add(before + number, reason, None, b"")
            continue
        while line < number:
            line, begin = line + 1, content.index(b"\n", begin) + 1
        raw = content[begin : content.index(b"\n", begin)].removesuffix(b"\r")
        report.quarantined.add(before + number, reason, offset + begin, raw)
