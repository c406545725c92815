"""Staging of records of other systems: their source's SQL makes them canonical, block by block."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from auditscan.errors import AccountingError
from auditscan.ingest.holder import names_of_dhs
from auditscan.ingest.staging import Staging
from auditscan.readers.model import FIELDS, SetAside
from auditscan.store import KEYS_A_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from auditscan.ingest.formats import Format
    from auditscan.ingest.made import MadeTables
    from auditscan.readers.model import FileReport
    from auditscan.store import Store


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the records of a block."""

    transfers: int
    asides: int = 0
    """How many are no transfers."""
    set_aside: dict[str, SetAside] = field(default_factory=dict)
    """Why they are none -> how many, counted in the block; empty where they wait to be counted."""
    unreadable: int = 0
    why: Iterable[tuple[int, str]] = ()
    """Of each that is unreadable the number in the block, in their order, and why it is no record."""

    @property
    def records(self) -> int:
        """All of them."""
        return self.transfers + self.asides + self.unreadable


VARIABLES = ("held_by", "holder_side", "dhs_names", "states_own", "rotated_on")
"""What the steps read of the scan."""

FEW_BYTES = 1 << 20
"""The steps take as long for the records of a smaller block as for ten thousand: those wait for the ones of others."""


class _Seen(NamedTuple):
    """How many of the rows of a block are what: the columns of `closer_look`."""

    rows: int
    different: int
    unreadable: int
    asides: int
    calls: int
    nameless: int
    oddly_timed: int


class MappedStaging(Staging):
    """Stages what `mapped_rows` shows, of whichever logs it is."""

    _stages = "stage_mapped"

    def __init__(self, store: Store, source: str, source_id: int, zone: str) -> None:
        super().__init__(store, source, source_id, zone, "json")
        self._key_base = source_id * KEYS_A_SOURCE
        names_of_dhs(store)
        # Variables are those of one connection.
        told = store.rows("select " + ", ".join(f"getvariable('{name}')" for name in VARIABLES))[0]
        self.store.set(**dict(zip(VARIABLES, told, strict=True)))

    def look(self) -> _Seen:
        """Count the rows by what is to be done with them."""
        return _Seen(*self.store.run("closer_look")[0])

    def stage_rows(self, seen: _Seen) -> list[tuple[int, str, SetAside]]:
        """Stage them, in place of a block that was staged and not kept, and return what is set aside.

        That is the number of the log where rows have the keys of records, why they are no transfers, and how many.
        """
        self._drop_unkept()
        if not self._block:
            self.store.run("begin_mapped")
        self.store.connection.execute("truncate content_ids; truncate spelled_times")
        for some, step in ((seen.nameless, "content_ids_made"), (seen.oddly_timed, "spelled_times_read")):
            if some:
                self.store.run(step)
        self.stage()
        self.account()
        counted = self.store.run("count_aside") if seen.asides else ()
        return [(source_id, reason, SetAside(*counts)) for source_id, reason, *counts in counted]

    def write_together(self) -> None:
        """Write what was staged of many logs, all of it or nothing, under the keys of the records."""
        self.store.connection.begin()
        self.keep(self.store.one("select count(*) from staged"), 0)
        self.write()
        self.store.connection.commit()

    def _map(self) -> None:
        """Nothing: they are mapped."""

    def keep(self, records: int, lines_before: int) -> None:
        """Take the staged block as `Staging` does, and write its traces, which are not kept in memory."""
        self.store.run("write_traces", key_base=self._key_base + lines_before)
        super().keep(records, lines_before)


class FormatStaging(MappedStaging):
    """Stages blocks of `incoming` through the SQL of a format; what a small block holds waits for `write_waiting`."""

    _parsing = threading.Lock()

    def __init__(self, store: Store, log_format: Format, source_id: int, zone: str) -> None:
        super().__init__(store, log_format.name, source_id, zone)
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
        self._waits: _Seen | None = None
        """What is to be done with the rows of the last block, where they are to wait for those of others."""
        self._calls = False
        """Whether some of them are calls, or were run by one."""
        self.store.set(source_format=log_format.name)

    def _give(self) -> None:
        if self._format.parses is not None:
            from auditscan.ingest.parsed import join_pieces, parse_texts

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
        if not self.fields:
            given = {name for name, *_ in self.store.rows("describe given_rows")}
            self.fields = given & set(FIELDS)
            self.gives_texts = {"said_no", "session"} <= given
            self.store.run("mapped_rows")
            if "said_no" in given:
                self.store.run("shared_sayings")

    def read_whole(self, sql: str) -> None:
        """Say how the records of the next block stand in the log.

        `record_no`, `whole_record` as a text that two records share only where they say the same, and `raw`, a text
        that holds all of their words and costs nothing to make.
        """
        self.store.connection.execute(f"create or replace temp view whole_records as {sql}")

    def take_together(self, expected: int) -> tuple[set[int], list[tuple[int, str, SetAside]]]:
        """Stage what `incoming` shows of many logs, each record under its key, but for logs with unreadable records.

        Returns the numbers of these, and of the others what is set aside as `stage_rows` does. Raises AccountingError
        as `take` does.
        """
        self._give()
        seen = self._look_at(expected)
        alone = set()
        if seen.unreadable:
            alone = {source_id for (source_id,) in self.store.run("leave_unreadable")}
            seen = self.look()
        self._calls = seen.calls > 0
        return alone, self.stage_rows(seen)

    def take(self, expected: int, size: int) -> Outcome:
        """Stage what `incoming` shows, a block of `size` bytes, and tell what became of its records.

        Raises AccountingError where the format's SQL does not give each of the `expected` records once.
        """
        self._drop_unkept()
        self._give()
        seen = self._look_at(expected)
        self._waits = seen if size < FEW_BYTES else None
        self._calls = seen.calls > 0
        aside = {} if self._waits else {reason: counted for _, reason, counted in self.stage_rows(seen)}
        transfers = expected - seen.asides - seen.unreadable
        return Outcome(transfers, seen.asides, aside, seen.unreadable, self._unreadable() if seen.unreadable else ())

    def _look_at(self, expected: int) -> _Seen:
        seen = self.look()
        if seen.rows != expected or seen.different != expected:
            raise AccountingError(
                f"the source `{self._format.name}` does not give every record once",
                where=str(self.store.library.get(self._format.name).path),
                why=f"{expected} records came in, {seen.rows} rows with {seen.different} numbers came out",
                hint="its SQL must return one row for each row of `incoming`; nothing was written",
            )
        return seen

    def keep(self, records: int, lines_before: int) -> None:
        """Take the block as read, or let it wait; its records are numbered as `Staging` has it."""
        if self._calls:
            self.store.run("keep_calls", key_base=self._key_base + lines_before)
        if self._waits is None:
            super().keep(records, lines_before)
            return
        self.store.run("wait", key_base=self._key_base + lines_before)
        if self._waits.asides or self._waits.nameless:
            self.store.run("wait_whole")

    def _unreadable(self) -> Iterator[tuple[int, str]]:
        """The records of the block that are none, a few at a time."""
        found = self.store.connection.execute(
            "select record_no, unreadable from mapped_rows where unreadable is not null order by record_no"
        )
        while some := found.fetchmany(10_000):
            yield from some


def note_outcome(
    report: FileReport, outcome: Outcome, before: int, content: bytes | None = None, offset: int = 0
) -> None:
    """Add what became of a block's records to a file's accounting.

    `before` records of the file precede the block. `content` is the block as it stands, from byte `offset` of the
    file on, a record's number being that of its line; None where that is not known.
    """
    report.not_transfers += outcome.asides
    for why, aside in outcome.set_aside.items():
        report.count_aside(why, aside, before)
    line, begin = 1, 0
    for number, reason in outcome.why:
        if content is None:
            report.quarantined.add(before + number, reason, None, b"")
            continue
        while line < number:
            line, begin = line + 1, content.index(b"\n", begin) + 1
        raw = content[begin : content.index(b"\n", begin)].removesuffix(b"\r")
        report.quarantined.add(before + number, reason, offset + begin, raw)
