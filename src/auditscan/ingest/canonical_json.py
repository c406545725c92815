"""Canonical logs in JSON: NDJSON as it stands, arrays as lines of one item each.

A block is first read the fast way, by the engine, which refuses a record with a key that it was not told of. What it
read is then added up to the byte: if the known fields do not take exactly the bytes of the block, it is looked at for
what is no JSON. Lines that are no records, or may be none, are taken out of the block, and Python looks at them one by
one; only where there are many, or they cannot be told apart, does it look at all lines.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from auditscan.ingest.keys import HEAD_LINES, Keys, agreed, key_sets, refuses_others
from auditscan.ingest.staging import Staging
from auditscan.readers.json_lines import repair
from auditscan.readers.model import FIELDS
from auditscan.readers.odd_lines import OddLines

if TYPE_CHECKING:
    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.staging import Account
    from auditscan.readers.blocks import Block
    from auditscan.store import Store

OBJECT_BYTES = 1 << 20
"""Longer lines than this are read the careful way, in a buffer of their own size."""

_DOUBTFUL = (
    "select record_no from staged where block = getvariable('block') and (unclear or ($1 and transfer_id is null))"
)
"""Which records of a block only a closer look tells from others, or, where it is asked for, makes an id for."""

_LEAVE = "delete from staged where block = getvariable('block') and record_no in (select unnest($1::bigint[]))"


class CanonicalJsonWorker:
    """Reads blocks of one canonical log on a connection of its own; the blocks have a head."""

    _refuses: bool | None = None
    """Whether the engine refuses keys that it was not told of; None where nobody had to know yet."""

    def __init__(self, log: BlockLog, store: Store, source_id: int, zone: str) -> None:
        self.staging = Staging(store, "canonical_json", source_id, zone, "json")
        self._log = log
        self._store = self.staging.store
        self._keys = Keys()
        self._opened = ""
        """The step that made what is open: the engine looks into a block for its columns whenever it is made."""

    def block(self, number: int, block: Block, offset: int) -> None:
        """Read a block: added up to the byte as the engine reads it, but for odd lines; else line by line."""
        import duckdb

        keys, odd = self._keys, OddLines(block)
        try:
            records = self._fast(block, odd)
        except duckdb.Error:
            if self._log.stopped:
                raise
            records = 0
        if not records:
            # A key of a record that cannot be read is none of the log's.
            self._keys = keys
            odd.take_all()
        if odd:
            self._careful(number, block, offset, odd, records)
        else:
            self.staging.keep(records, self._log.place(number, records, records))

    def _fast(self, block: Block, odd: OddLines) -> int:
        """Stage the block as the engine reads it, without odd lines; how many records it has, 0 where all are odd."""
        refused = self._keys.asked and self._engine_refuses()
        account = self._staged(block, odd)
        if account is None:
            block.lead(b"")
            count, rows = self._store.run("no_json_lines")[0]
            account = self._staged(block, odd) if rows and odd.take(rows, count) else None
        if account is None or not (self._is_exact(account, block, odd) or (refused and self._is_json(account, odd))):
            told, taken = self._keys.spelling, odd.numbers
            records = self._ask(block, odd)
            if account is None or (told, taken) != (self._keys.spelling, odd.numbers):
                account = self._staged(block, odd) if records else None
            if account is None or account.records != records:
                return 0
        exact = self._is_exact(account, block, odd)
        nameless = not exact and bool(self._keys.unknown)
        doubtful = [line for (line,) in self._store.rows(_DOUBTFUL, [nameless])] if account.unclear or nameless else []
        if not odd.add(doubtful):
            return 0
        self._leave(doubtful)
        if exact:
            self._log.note_keys(set(FIELDS), {})
        else:
            self._log.note_keys(set(self._keys.spelling), dict.fromkeys(self._keys.unknown, 0))
        return account.records - len(doubtful)

    def _is_exact(self, account: Account, block: Block, odd: OddLines) -> bool:
        """Whether the known fields take exactly the bytes of the block."""
        return account.size == block.size - odd.stand_ins and self._keys.usual

    def _staged(self, block: Block, odd: OddLines) -> Account | None:
        """Stage the block without odd lines; None where the engine refuses one of the others."""
        import duckdb

        block.lead(self._keys.lines())
        try:
            # The engine looks into the block for its columns, and may come upon such a line then.
            self._open("incoming_json", block, OBJECT_BYTES)
            self.staging.stage()
        except duckdb.InvalidInputException:
            return None
        self._leave(odd.numbers)
        return self.staging.account()

    def _leave(self, numbers: list[int]) -> None:
        """Leave out what was staged of some lines."""
        if numbers:
            self._store.connection.execute(_LEAVE, [numbers])

    def _open(self, incoming: str, block: Block, object_bytes: int) -> None:
        self._store.set(block_path=block.path, block_object_size=object_bytes)
        if incoming != self._opened:
            self._store.run(incoming)
            self._opened = incoming

    def _engine_refuses(self) -> bool:
        if CanonicalJsonWorker._refuses is None:
            CanonicalJsonWorker._refuses = refuses_others(lambda block: self._staged(block, OddLines(block)))
        return CanonicalJsonWorker._refuses

    def _is_json(self, account: Account, odd: OddLines) -> bool:
        """Whether every line of the block that was staged is a record, and JSON for certain."""
        self._store.set(values_known=account.size is not None)
        lines, some_odd = self._store.run("block_oddities")[0]
        return not some_odd and lines == account.records + len(odd.numbers) + HEAD_LINES

    def _ask(self, block: Block, odd: OddLines) -> int:
        """Learn the keys of a block and take out the lines that say otherwise; how many others it has."""
        self.staging.begin()
        block.lead(b"")
        found = key_sets(self._store).get(0, [])
        rows = sum(len(one.rows) for one in found)
        keys, refused = agreed(self._keys, found)
        if (refused or block.count_lines() != rows) and not odd.take(refused, rows):
            return 0
        self._keys = keys
        return odd.lines - len(odd.numbers) if odd else rows

    def _careful(self, number: int, block: Block, offset: int, odd: OddLines, records: int) -> None:
        """Look at odd lines one by one; the others, so many records, were staged."""
        done, before = self._log.look_closer(number, odd.lines, partial(repair, odd.each(offset)))
        if records:
            self.staging.keep(records, before)
        if done.readable:
            block.fill(done.clean)
            block.lead(b"")
            self._open("incoming_json_numbered", block, max(OBJECT_BYTES, len(done.clean)))
            self.staging.stage()
            self.staging.account()
            self.staging.keep(done.readable, before)
