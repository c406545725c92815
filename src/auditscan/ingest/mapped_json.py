"""JSON records of another system, a block at a time, on their way through the SQL of their format."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from auditscan.ingest.mapped import FormatStaging, note_outcome
from auditscan.policy import normalize
from auditscan.readers.json_lines import check, lines_of

if TYPE_CHECKING:
    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.formats import Format
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
        """Read a block: as the engine does where every line is a record, else line by line."""
        total = block.count_lines()
        if self._fast(block, total):
            outcome = self.staging.take(total, block.size)
            content = block.text() if outcome.unreadable else b""
            before = self._log.place(number, total, total)
        else:
            content = block.text()
            repaired, before = self._log.look_closer(
                number, partial(check, lines_of(content), offset, wrapped=self._format.wrapped)
            )
            block.fill(repaired.clean)
            self._records.open_checked(block, len(repaired.clean))
            outcome = self.staging.take(repaired.readable, block.size)
        with self._log.lock:
            self._report.fields |= self.staging.fields
            note_outcome(self._report, outcome, before, content, offset)
        self.staging.keep(outcome.transfers, before)

    def _fast(self, block: Block, lines: int) -> bool:
        import duckdb

        try:
            return self._records.open(block, lines)
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error:
            if self._log.stopped:
                raise
            return False


class JsonRecords:
    """Makes `incoming` of the JSON records of a block: the fields that the SQL of a format reads."""

    def __init__(self, staging: FormatStaging, log_format: Format) -> None:
        self._staging = staging
        self._store = staging.store
        self._format = log_format
        self._words = set(re.findall(r"\w+", staging.store.library.get(log_format.name).body))

    def open(self, block: Block, lines: int, numbered: str = "") -> bool:
        """Open the block as the engine reads it; False if one of its `lines` needs a closer look.

        A step may have `numbered` the records anew. Raises duckdb.Error where the engine cannot read them.
        """
        self._store.run("raw_lines", block_path=block.path, block_object_size=OBJECT_BYTES)
        if numbered:
            self._store.run(numbered)
        combinations = self._unwrap()
        if any(keys is None or unclear for keys, _, unclear in combinations):
            return False
        if self._store.one("select count(*) from raw_lines") != lines:
            return False
        self._show(_all_keys(combinations))
        return True

    def open_checked(self, block: Block, size: int) -> None:
        """Open a block of records that were checked one by one, each with its number."""
        object_bytes = max(OBJECT_BYTES, size + 1)
        self._store.run("raw_lines_numbered", block_path=block.path, block_object_size=object_bytes)
        self._show(_all_keys(self._unwrap()))

    def _unwrap(self) -> list[tuple[Any, ...]]:
        """Make the view `raw_records`: what a collector put around a record stays beside it as `envelope`.

        Returns what the step `raw_keys` says of the records.
        """
        self._store.connection.execute(
            "create or replace temp view raw_records as select *, envelope as record from raw_lines"
        )
        combinations = self._store.run("raw_keys")
        if self._format.wrapped:
            found = {normalize(key): key for keys, _, _ in combinations for key in keys or ()}
            wrappers = [_path(found[name]) for name in self._format.wrapped if name in found]
            if wrappers:
                self._store.run("raw_records", wrapper_paths=wrappers)
                combinations = self._store.run("raw_keys")
        return combinations

    def _show(self, keys: list[str]) -> None:
        """Make the view `incoming`: each field of the format by every spelling that the block has of it."""
        spelled: dict[str, list[int]] = {name: [] for name in self._format.fields}
        paths: list[str] = []
        for key in keys:
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


def _all_keys(combinations: list[tuple[Any, ...]]) -> list[str]:
    return sorted({key for keys, *_ in combinations for key in keys or ()})


def _path(key: str) -> str:
    """The JSON path of one key."""
    return '$."' + key.replace("\\", "\\\\").replace('"', '\\"') + '"'
