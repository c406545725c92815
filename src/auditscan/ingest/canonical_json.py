"""Canonical logs in JSON: NDJSON as it stands, arrays as lines of one item each.

A block is first read the fast way, by the engine. What it read is then added up to the byte: if the known
fields do not take exactly the bytes of the block, its keys are looked at; if a line is no record, the block
is read again line by line, and only then does Python look at records.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from auditscan.ingest.staging import Staging
from auditscan.policy import normalize
from auditscan.readers.json_lines import lines_of, repair
from auditscan.readers.model import FIELDS

if TYPE_CHECKING:
    from auditscan.ingest.block_log import BlockLog
    from auditscan.readers.blocks import Block
    from auditscan.store import Store

__all__ = ["CanonicalJsonWorker"]

OBJECT_BYTES = 1 << 20
"""Longer lines than this are read the careful way, in a buffer of their own size."""

_NAMELESS = "select bool_or(transfer_id is null) from staged where block = getvariable('block')"
"""Whether a record of the block has no id: then all of its fields make one."""

_TEXTS = ("transfer_id", "occurred_at", "record_count")
"""Read as plain text at once; the other fields keep their JSON until their text is new."""


class CanonicalJsonWorker:
    """Reads blocks of one canonical log on a connection of its own."""

    def __init__(self, log: BlockLog, store: Store, source_id: int, zone: str) -> None:
        self.staging = Staging(store, "canonical_json", source_id, zone, "json")
        self._log = log
        self._store = self.staging.store
        self._spelling = {name: name for name in FIELDS}
        """Canonical field -> the key this log uses for it."""

    def block(self, number: int, block: Block, offset: int) -> None:
        """Read a block: added up to the byte as the engine reads it, else line by line."""
        import duckdb

        try:
            done = self._fast(number, block)
        except duckdb.Error:
            if self._log.stopped:
                raise
            done = False
        if not done:
            self._careful(number, block, offset)

    def _fast(self, number: int, block: Block) -> bool:
        """Stage and keep the block as the engine reads it; False if a record needs a closer look."""
        columns = {key: "VARCHAR" if name in _TEXTS else "JSON" for name, key in self._spelling.items()}
        self._open("incoming_json", block, OBJECT_BYTES, columns)
        self.staging.stage()
        account = self.staging.account()
        if account.unclear:
            return False
        present, unknown = set(FIELDS), dict[str, int]()
        if account.size != block.size or any(name != key for name, key in self._spelling.items()):
            checked = self._check_keys(block, account.records)
            if checked is None:
                return False
            present, unknown, again = checked
            if again:
                return self._fast(number, block)
            if unknown and self._store.one(_NAMELESS):
                return False
        before = self._log.place(number, account.records, account.records)
        self._log.note_keys(present, unknown)
        self.staging.keep(account.records, before)
        return True

    def _open(self, incoming: str, block: Block, object_bytes: int, columns: dict[str, str] | None = None) -> None:
        if columns is not None:
            self._store.set(block_columns=columns)
        self._store.run(incoming, block_path=block.path, block_object_size=object_bytes)

    def _check_keys(self, block: Block, records: int) -> tuple[set[str], dict[str, int], bool] | None:
        """The fields present, the unknown keys, and whether to stage again under other spellings.

        None where the block has to be read line by line.
        """
        combinations = self._store.run("block_keys")
        if block.count_lines() != records or sum(row[1] for row in combinations) != records:
            return None
        spelling: dict[str, set[str]] = {}
        unknown: dict[str, int] = {}
        for keys, count, repeated in combinations:
            if keys is None or repeated:
                return None
            names = [normalize(key) for key in keys]
            known = [name for name in names if name in self._spelling]
            if not known or len(known) != len(set(known)):
                return None
            for key, name in zip(keys, names, strict=True):
                if name in self._spelling:
                    spelling.setdefault(name, set()).add(key)
                else:
                    unknown[key] = unknown.get(key, 0) + count
        if any(len(keys) > 1 for keys in spelling.values()):
            return None
        wanted = {name: next(iter(keys)) for name, keys in spelling.items()}
        again = any(self._spelling[name] != key for name, key in wanted.items())
        if again:
            # A field this block lacks must not be looked for under a key that means another.
            taken = set(wanted.values()) | set(unknown)
            free = {name: name if name not in taken else f"no {name}" for name in FIELDS}
            self._spelling = free | wanted
        return set(spelling), unknown, again

    def _careful(self, number: int, block: Block, offset: int) -> None:
        lines = lines_of(block.text())
        done, before = self._log.look_closer(number, partial(repair, lines, offset))
        if done.readable:
            block.fill(done.clean)
            self._open("incoming_json_numbered", block, max(OBJECT_BYTES, len(done.clean)))
            self.staging.stage()
            self.staging.account()
            self.staging.keep(done.readable, before)
