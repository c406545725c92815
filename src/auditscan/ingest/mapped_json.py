"""JSON records of another system, a block at a time, on their way through the SQL of their format."""

from __future__ import annotations

import itertools
import re
from functools import partial
from typing import TYPE_CHECKING

from auditscan.ingest.keys import has_room, head_lines, refuses_others
from auditscan.ingest.mapped import FormatStaging, note_outcome
from auditscan.policy import normalize
from auditscan.readers.blocks import Block
from auditscan.readers.json_lines import check
from auditscan.readers.odd_lines import OddLines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.formats import Format
    from auditscan.ingest.mapped import Outcome
    from auditscan.readers.model import FileReport
    from auditscan.store import Store

OBJECT_BYTES = 1 << 22
"""Longer lines than this are read the careful way, in a buffer of their own size."""

MOST_KEYS = 200
"""Of records with more different keys each is asked for its own: the engine reads every key of every record."""


class MappedJsonWorker:
    """Reads blocks of one log on a connection of its own."""

    def __init__(
        self, log: BlockLog, report: FileReport, store: Store, log_format: Format, source_id: int, zone: str
    ) -> None:
        self.staging = FormatStaging(store, log_format, source_id, zone)
        self._records = JsonRecords(self.staging, log_format)
        self._log = log
        self._report = report
        self._format = log_format

    def block(self, number: int, block: Block, offset: int) -> None:
        """Read a block: as the engine does, but for lines that need a closer look."""
        lines, odd = block.count_lines(), OddLines(block)
        rows = self._odd_rows(block)
        # Read again without odd lines, where it can be.
        while rows is not None and (rows or self._records.count != lines):
            rows = self._odd_rows(block) if odd.take(rows, self._records.count) else None
        if rows is None:
            odd.take_all()
        if odd:
            look = partial(check, odd.each(offset), wrapped=self._format.wrapped)
            done, before = self._log.look_closer(number, lines, look)
            self._records.replace(None if rows is None else odd.numbers, done.clean, block)
            outcome = self._take(lines - done.lines + done.readable, len(odd.content))
        else:
            outcome = self._take(lines, block.size)
            before = self._log.place(number, lines, lines)
        content = odd.content if odd or outcome.unreadable else b""
        with self._log.lock:
            self._report.fields |= self.staging.fields
            note_outcome(self._report, outcome, before, content, offset)
        self.staging.keep(outcome.transfers, before)

    def _take(self, records: int, size: int) -> Outcome:
        self._records.show()
        return self.staging.take(records, size)

    def _odd_rows(self, block: Block) -> list[int] | None:
        """Read a block; the rows of it that need a closer look, None where the engine cannot read it."""
        import duckdb

        try:
            return self._records.read(block)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            if self._log.stopped:
                raise
            return None


class JsonRecords:
    """Makes `incoming` of the JSON records of a block: the fields that the SQL of a format reads.

    The keys of a block that is read for the first time are asked for, record by record. Once they are known the engine
    reads fields at once, as `incoming_rows`, and refuses a record with any other key.
    """

    _refuses: bool | None = None
    """Whether the engine refuses keys that it was not told of; None where nobody had to know yet."""

    def __init__(self, staging: FormatStaging, log_format: Format) -> None:
        self._staging = staging
        self._store = staging.store
        self._format = log_format
        words = set(re.findall(r"\w+", staging.store.library.get(log_format.name).body))
        # Only where the SQL reads them: whole records beside their fields are most of what a block takes.
        self._whole = [name for name in ("record", "envelope") if name in words]
        self._keys: set[str] = set()
        """Of all blocks so far."""
        self._wrapped = False
        """Whether a collector put something around a record."""
        self._held = False
        """Whether the fields of the block are in `incoming_rows` already."""
        self.count = 0
        """How many records the block has."""

    def read(self, block: Block) -> list[int]:
        """Read the records of a block as the engine does; which of its rows need a closer look.

        Raises duckdb.Error where the engine cannot read them.
        """
        odd = self._hold(block) if self._may_hold() else None
        self._held = odd is not None
        if odd is not None:
            self._no_lines()
        else:
            block.lead(b"")
            self._store.run("raw_lines", block_path=block.path, block_object_size=OBJECT_BYTES)
            self.count = int(self._store.one("select count(*) from raw_lines"))
            odd = self._unwrap()
        return odd

    def _no_lines(self) -> None:
        self._store.connection.execute("create or replace temp table raw_lines (record_no bigint, envelope json)")

    def _may_hold(self) -> bool:
        """Whether the keys are known, and the engine tells them from all others."""
        if self._whole or self._wrapped or not 0 < len(self._keys) <= MOST_KEYS or "" in self._keys:
            return False
        if len({key.casefold() for key in self._keys}) < len(self._keys) or not has_room(head_lines(self._keys)):
            return False
        if JsonRecords._refuses is None:
            JsonRecords._refuses = refuses_others(self._hold)
        return JsonRecords._refuses

    def _hold(self, block: Block) -> list[int] | None:
        """Read the fields of a block; which rows need a closer look, None where the engine refuses one."""
        import duckdb

        keys = sorted(self._keys)
        block.lead(head_lines(keys))
        places = [f"k{place}" for place in range(len(keys))]
        unread = [f"({place} is null)::int" for place, key in zip(places, keys, strict=True) if not self._reads(key)]
        self._store.set(block_path=block.path, block_object_size=OBJECT_BYTES)
        try:
            # The engine refuses no key where a column is not read: those that mean nothing are counted.
            self._store.connection.execute(
                f"create or replace temp table incoming_rows as select record_no, {self._fields(places)}, "  # noqa: S608 - places and our own names
                f"{' + '.join(unread) or 0} as unread from memory.block_records(getvariable('block_object_size')) "
                f"as b (record_no, {', '.join(places)}) where record_no > 0"
            )
            ((lines, odd),) = self._store.run("odd_lines")
        except duckdb.InvalidInputException:
            return None
        self.count = int(self._store.one("select count(*) from incoming_rows"))
        return odd if lines == self.count else None

    def replace(self, numbers: list[int] | None, checked: bytes | bytearray, block: Block) -> None:
        """Put records that were checked in the place of those of some lines of the block, None for all."""
        if numbers is None:
            # What the engine could not read is not there, or is that of the block before.
            self._held = False
            self._no_lines()
        else:
            table = "incoming_rows" if self._held else "raw_lines"
            self._store.connection.execute(
                f"delete from {table} where record_no in (select unnest($1::bigint[]))",  # noqa: S608 - one of two of ours
                [numbers],
            )
        if checked:
            with Block(len(checked)) as beside:
                beside.fill(checked)
                object_bytes = max(OBJECT_BYTES, len(checked) + 1)
                self._store.run("raw_lines_numbered", block_path=beside.path, block_object_size=object_bytes)
            self._store.set(block_path=block.path, block_object_size=OBJECT_BYTES)
        self._unwrap()
        if self._held:
            self._store.connection.execute(f"insert into incoming_rows by name {self._extracted()}")

    def _unwrap(self) -> list[int]:
        """Make the view `raw_records`: what a collector put around a record stays beside it as `envelope`.

        Returns the rows that the step `raw_keys` finds odd.
        """
        self._store.connection.execute(
            "create or replace temp view raw_records as select *, envelope as record from raw_lines"
        )
        found = self._store.run("raw_keys")
        odd = {row for _, rows in found for row in rows}
        if self._format.wrapped:
            keys = {normalize(key): key for keys, _ in found for key in keys or ()}
            wrappers = [_path(keys[name]) for name in self._format.wrapped if name in keys]
            if wrappers:
                self._wrapped = True
                self._store.run("raw_records", wrapper_paths=wrappers)
                found = self._store.run("raw_keys")
                odd |= {row for _, rows in found for row in rows}
        self._keys |= {key for keys, _ in found for key in keys or ()}
        return sorted(odd)

    def _reads(self, key: str) -> bool:
        return normalize(key) in self._format.fields

    def _fields(self, values: Sequence[str]) -> str:
        """Each field of the format by every spelling there is of it; `values` are expressions of the sorted keys."""
        spelled: dict[str, list[str]] = {name: [] for name in self._format.fields}
        for key, value in zip(sorted(self._keys), values, strict=True):
            if self._reads(key):
                spelled[normalize(key)].append(value)
        return ", ".join(
            f'coalesce({", ".join(values)}) as "{name}"' if values else f'null::varchar as "{name}"'
            for name, values in spelled.items()
        )

    def _extracted(self) -> str:
        """The query that takes the fields out of `raw_records`."""
        keys = sorted(self._keys)
        self._store.set(record_paths=[_path(key) for key in keys if self._reads(key)])
        places = itertools.count(1)
        fields = self._fields([f"v[{next(places)}]" if self._reads(key) else "" for key in keys])
        columns = ", ".join(["record_no", *(f"{name}::varchar as {name}" for name in self._whole), fields])
        return (
            f"select {columns} from (select *, "  # noqa: S608 - places and our own names
            "json_extract_string(record, getvariable('record_paths')::varchar[]) as v from raw_records)"
        )

    def show(self) -> None:
        """Make the view `incoming` of the records of the block, with each field of the format."""
        whole = "select record_no, json_fields(record) as whole_record, record::varchar as raw from raw_records"
        rows = "from incoming_rows"
        if self._held:
            whole += (
                " union all select record_no, json_fields(line::json), line from lines_as_they_stand "
                "where record_no not in (select record_no from raw_lines)"
            )
        elif self._format.parses is not None:
            # Asked for its texts first and mapped then: the records are taken out of their JSON once.
            self._store.connection.execute(f"create or replace temp table incoming_rows as {self._extracted()}")
        else:
            rows = self._extracted()
        self._staging.read_whole(whole)
        self._store.connection.execute(f"create or replace temp view incoming as {rows}")


def _path(key: str) -> str:
    """The JSON path of one key."""
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
