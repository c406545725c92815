"""JSON records of another system, a block at a time, on their way through the SQL of their format."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from auditscan.ingest.mapped import FormatStaging, note_outcome
from auditscan.policy import normalize
from auditscan.readers.json_lines import check
from auditscan.readers.odd_lines import OddLines

if TYPE_CHECKING:
    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.formats import Format
    from auditscan.ingest.mapped import Outcome
    from auditscan.readers.blocks import Block
    from auditscan.readers.model import FileReport
    from auditscan.store import Store

__all__ = ["JsonRecords", "MappedJsonWorker"]

OBJECT_BYTES = 1 << 22
"""Longer lines than this are read the careful way, in a buffer of their own size."""


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
            block.fill(done.clean)
            self._records.replace(None if rows is None else odd.numbers, block)
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
    """Makes `incoming` of the JSON records of a block: the fields that the SQL of a format reads."""

    def __init__(self, staging: FormatStaging, log_format: Format) -> None:
        self._staging = staging
        self._store = staging.store
        self._format = log_format
        self._words = set(re.findall(r"\w+", staging.store.library.get(log_format.name).body))
        self._keys: set[str] = set()

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self._store.one("select count(*) from raw_lines"))

    def read(self, block: Block) -> list[int]:
        """Read the records of a block as the engine does; which of its rows need a closer look.

        Raises duckdb.Error where the engine cannot read them.
        """
        self._store.run("raw_lines", block_path=block.path, block_object_size=OBJECT_BYTES)
        return self._unwrap()

    def replace(self, numbers: list[int] | None, checked: Block) -> None:
        """Put records that were checked in the place of those of some lines, None for all."""
        if numbers is None:
            self._store.connection.execute("create or replace temp table raw_lines (record_no bigint, envelope json)")
        else:
            self._store.connection.execute(
                "delete from raw_lines where record_no in (select unnest($1::bigint[]))", [numbers]
            )
        if checked.size:
            object_bytes = max(OBJECT_BYTES, checked.size + 1)
            self._store.run("raw_lines_numbered", block_path=checked.path, block_object_size=object_bytes)
        self._unwrap()

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
                self._store.run("raw_records", wrapper_paths=wrappers)
                found = self._store.run("raw_keys")
                odd |= {row for _, rows in found for row in rows}
        self._keys = {key for keys, _ in found for key in keys or ()}
        return sorted(odd)

    def show(self) -> None:
        """Make the view `incoming`: each field of the format by every spelling that the block has of it."""
        spelled: dict[str, list[int]] = {name: [] for name in self._format.fields}
        paths: list[str] = []
        for key in sorted(self._keys):
            name = normalize(key)
            if name in spelled:
                paths.append(_path(key))
                spelled[name].append(len(paths))
        self._store.set(record_paths=paths)
        fields = [
            f'coalesce({", ".join(f"v[{place}]" for place in places)}) as "{name}"'
            if places
            else f'null::varchar as "{name}"'
            for name, places in spelled.items()
        ]
        # Only where the SQL reads them: whole records beside their fields are most of what a block takes.
        whole = [f"{name}::varchar as {name}" for name in ("record", "envelope") if name in self._words]
        columns = ", ".join(["record_no", *whole, *fields])
        self._staging.read_whole(
            "select record_no, json_fields(record) as whole_record, record::varchar as raw from raw_records"
        )
        self._store.connection.execute(
            f"create or replace temp view incoming as select {columns} from "  # noqa: S608 - places and our own names
            "(select *, json_extract_string(record, getvariable('record_paths')::varchar[]) as v from raw_records)"
        )


def _path(key: str) -> str:
    """The JSON path of one key."""
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
