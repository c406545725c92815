"""The steps every block goes through, whatever its format: stage, intern, account, write."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditscan.store import Store

WRITE_ROWS = 500_000
"""Records that wait to be written together: some whole row groups of the engine."""


@dataclass(frozen=True, slots=True)
class Account:
    """What one staged block holds."""

    records: int
    size: int | None
    """Bytes its known fields take; None where that cannot be said exactly."""
    unclear: bool
    """Whether a record needs a closer look to tell an object from a text."""


class Staging:
    """Stages blocks of one file under its number, on a connection of its own.

    Several may work on one file at once: only giving numbers to what is new is done one at a time, so that
    one content never gets two.
    """

    _interning = threading.Lock()
    _stages = "stage"
    """The step that stages a block."""

    def __init__(self, store: Store, source: str, source_id: int, zone: str, encoding: str) -> None:
        self.store = store.worker()
        self._source = store.library.get(source).sql
        self._mapped = False
        self._begun = False
        self._block = 0
        self._kept = True
        self._waiting = 0
        self.store.set(source_id=source_id, source_zone=zone, encoding=encoding)

    def begin(self) -> None:
        """Make the tables of the steps, unless they are there."""
        if not self._begun:
            self.store.run("begin_worker")
            self._begun = True

    def stage(self) -> None:
        """Map and stage what `incoming` shows, in place of a block that was staged and not kept.

        Raises duckdb.Error where the engine cannot read it.
        """
        self._drop_unkept()
        self.begin()
        self._block += 1
        self._kept = False
        self.store.set(block=self._block)
        self._map()
        self.store.run(self._stages)

    def _map(self) -> None:
        """Make what the step that stages reads of what `incoming` shows."""
        if not self._mapped:
            self.store.connection.execute(f"create or replace temp view mapped as {self._source}")
            self._mapped = True

    def account(self) -> Account:
        """Number what is new, and count."""
        connection = self.store.connection
        if self.store.one(
            "select bool_or(new_disclosure is not null or new_context is not null) from staged where block = $1",
            [self._block],
        ):
            with self._interning:
                self.store.run("intern")
        else:
            connection.execute("delete from fresh_disclosures")
            connection.execute("delete from fresh_contexts")
        records, size, unknown, unclear = self.store.run("account")[0]
        return Account(records, None if unknown or size is None else int(size), unclear)

    def keep(self, records: int, lines_before: int) -> None:
        """Take the staged block as read; its records are numbered from its beginning, behind `lines_before`."""
        self.store.connection.execute("insert into block_places values ($1, $2)", [self._block, lines_before])
        self._kept = True
        self._waiting += records
        if self._waiting >= WRITE_ROWS:
            self.write()

    def write(self) -> None:
        """Write the blocks that were kept."""
        self._drop_unkept()
        if self._waiting:
            self._write()
            self._waiting = 0

    def _write(self) -> None:
        self.store.run("write")

    def _drop_unkept(self) -> None:
        if not self._kept:
            self._drop_block()
            self._kept = True

    def _drop_block(self) -> None:
        self.store.connection.execute("delete from staged where block = $1", [self._block])

    def close(self) -> None:
        """Drop what was not written, and the connection."""
        self.store.connection.close()
