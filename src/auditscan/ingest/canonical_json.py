"""Canonical logs in JSON: NDJSON as it stands, arrays as lines of one item each.

A block is first read the fast way, by the engine, which refuses a record with a key that it was not told of. What it
read is then added up to the byte: if the known fields do not take exactly the bytes of the block, it is looked at for
what is no JSON; if a line is no record, the block is read again line by line, and only then does Python look at
records.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from auditscan.ingest.staging import Staging
from auditscan.policy import normalize
from auditscan.readers.blocks import HEAD_BYTES, Block
from auditscan.readers.json_lines import lines_of, repair
from auditscan.readers.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from auditscan.ingest.block_log import BlockLog
    from auditscan.ingest.staging import Account
    from auditscan.store import Store

__all__ = ["OBJECT_BYTES", "CanonicalJsonWorker", "Keys", "keys_of_logs"]

OBJECT_BYTES = 1 << 20
"""Longer lines than this are read the careful way, in a buffer of their own size."""

HEAD_LINES = 3
"""Two that name the keys of a log, and a blank one."""

_NAMELESS = "select bool_or(transfer_id is null) from staged where block = getvariable('block')"
"""Whether a record of the block has no id: then all of its fields make one."""

_TEXTS = ("transfer_id", "occurred_at", "record_count")
"""Read as plain text at once; the other fields keep their JSON until their text is new."""

_ABSENT = secrets.token_hex(8)
"""In a key that no log holds: nobody knew it when the log was written."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of a log, as far as it was asked for them."""

    spelling: dict[str, str] = field(default_factory=lambda: {name: name for name in FIELDS})
    """Canonical field -> the key this log uses for it."""
    unknown: frozenset[str] = frozenset()
    asked: bool = False

    @property
    def usual(self) -> bool:
        """Whether every field has its canonical name."""
        return all(name == key for name, key in self.spelling.items())

    def lines(self) -> bytes:
        """What tells the engine of them, as the step that opens a block wants it."""
        names = (*_TEXTS, *(name for name in FIELDS if name not in _TEXTS))
        keys = [self.spelling.get(name, f"no {name} {_ABSENT}") for name in names] + sorted(self.unknown)
        texts = dict.fromkeys(keys[: len(_TEXTS)], "x")
        kinds: Iterable[Any] = ([], {})
        return b"".join(json.dumps(dict.fromkeys(keys, kind) | texts).encode() + b"\n" for kind in kinds)


def keys_of_logs(store: Store, odd: Sequence[int] | None = None) -> dict[int, tuple[int, Keys | None]]:
    """How many records a block has of each log (0: of its only one), and the keys of their fields.

    None for keys where records have to be looked at one by one. Of logs that are read together only the `odd` ones.
    """
    found: dict[int, tuple[int, Keys | None]] = {}
    for source_id, keys, records, unclear in store.run("block_keys", odd_logs=odd):
        before, said = found.get(source_id, (0, Keys({}, asked=True)))
        found[source_id] = before + int(records), None if unclear or said is None else _with(said, keys)
    return found


def _with(said: Keys, keys: Sequence[str] | None) -> Keys | None:
    """What records said, and one with these keys; None where it has no field, one twice, or spells one otherwise."""
    known = {name: key for key in keys or () if (name := normalize(key)) in FIELDS}
    unknown = set(keys or ()) - set(known.values())
    if not known or any(normalize(key) in FIELDS for key in unknown):
        return None
    if any(said.spelling.get(name, key) != key for name, key in known.items()):
        return None
    return replace(said, spelling=said.spelling | known, unknown=said.unknown | unknown)


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
        """Read a block: added up to the byte as the engine reads it, else line by line."""
        import duckdb

        keys = self._keys
        try:
            done = self._fast(number, block)
        except duckdb.Error:
            if self._log.stopped:
                raise
            done = False
        if not done:
            # A key of a record that cannot be read is none of the log's.
            self._keys = keys
            self._careful(number, block, offset)

    def _fast(self, number: int, block: Block) -> bool:
        """Stage and keep the block as the engine reads it; False if a record needs a closer look."""
        import duckdb

        refused = self._keys.asked and self._engine_refuses()
        records = None
        try:
            account = self._staged(block)
        except duckdb.InvalidInputException:
            records = self._ask(block)
            if not records:
                return False
            account = self._staged(block)
        exact = account.size == block.size and self._keys.usual
        if not exact and records is None and not (refused and self._is_json(account)):
            told = self._keys.spelling
            records = self._ask(block)
            if any(told.get(name) != key for name, key in self._keys.spelling.items()):
                account = self._staged(block)
        if account.unclear or records not in (None, account.records) or not account.records:
            return False
        if not exact and self._keys.unknown and self._store.one(_NAMELESS):
            return False
        before = self._log.place(number, account.records, account.records)
        if exact:
            self._log.note_keys(set(FIELDS), {})
        else:
            self._log.note_keys(set(self._keys.spelling), dict.fromkeys(self._keys.unknown, 0))
        self.staging.keep(account.records, before)
        return True

    def _staged(self, block: Block) -> Account:
        block.lead(self._keys.lines())
        self._open("incoming_json", block, OBJECT_BYTES)
        self.staging.stage()
        return self.staging.account()

    def _open(self, incoming: str, block: Block, object_bytes: int) -> None:
        self._store.set(block_path=block.path, block_object_size=object_bytes)
        if incoming != self._opened:
            self._store.run(incoming)
            self._opened = incoming

    def _engine_refuses(self) -> bool:
        """Whether it does so today: it is nowhere written that it does."""
        import duckdb

        if CanonicalJsonWorker._refuses is None:
            with Block(1, head=True) as block:
                block.fill(json.dumps({_ABSENT: "x"}).encode() + b"\n")
                try:
                    self._staged(block)
                    CanonicalJsonWorker._refuses = False
                except duckdb.InvalidInputException:
                    CanonicalJsonWorker._refuses = True
        return CanonicalJsonWorker._refuses

    def _is_json(self, account: Account) -> bool:
        """Whether every line of the block that was staged is a record, and JSON for certain."""
        self._store.set(values_known=account.size is not None)
        lines, odd = self._store.run("block_oddities")[0]
        return not odd and lines == account.records + HEAD_LINES

    def _ask(self, block: Block) -> int:
        """Learn the keys of a block; how many records it has, 0 where it has to be read line by line."""
        block.lead(b"")
        records, found = keys_of_logs(self._store).get(0, (0, None))
        if found is None or block.count_lines() != records:
            return 0
        before = self._keys.spelling if self._keys.asked else {}
        learned = replace(found, spelling=before | found.spelling, unknown=self._keys.unknown | found.unknown)
        # The engine takes a record with a key of no letters for another kind.
        if "" in found.unknown or len(learned.lines()) >= HEAD_BYTES:
            return 0
        self._keys = learned
        return records

    def _careful(self, number: int, block: Block, offset: int) -> None:
        lines = lines_of(block.text())
        done, before = self._log.look_closer(number, partial(repair, lines, offset))
        if done.readable:
            block.fill(done.clean)
            block.lead(b"")
            self._open("incoming_json_numbered", block, max(OBJECT_BYTES, len(done.clean)))
            self.staging.stage()
            self.staging.account()
            self.staging.keep(done.readable, before)
