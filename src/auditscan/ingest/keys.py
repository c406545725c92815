"""The keys of canonical logs in JSON: how a log spells its fields, and which of its records say otherwise."""

from __future__ import annotations

import json
import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from auditscan.policy import normalize
from auditscan.readers.blocks import HEAD_BYTES, Block
from auditscan.readers.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Any

    from auditscan.store import Store

_TEXTS = ("transfer_id", "occurred_at", "record_count")
"""Read as plain text at once; the other fields keep their JSON until their text is new."""

_ABSENT = secrets.token_hex(8)
"""In a key that no log holds: nobody knew it when the log was written."""

HEAD_LINES = 3
"""How many lines stand in front of a block's own: two that name the keys of a log, and a blank one."""

_RARE = 1_000
"""A field that means nothing costs every record of a block; one in so many that has it costs no more by itself."""


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
        return head_lines(keys[: len(_TEXTS)], keys[len(_TEXTS) :])


class KeySet(NamedTuple):
    """The keys that some records of a block have."""

    keys: list[str] | None
    """None for lines that are no JSON."""
    rows: list[int]
    """Which rows of the block these records are."""
    odd: list[int]
    """Those of them which may be no JSON."""


def head_lines(texts: Iterable[str], others: Iterable[str] = ()) -> bytes:
    """What stands in front of a block's own lines to tell the engine of their keys: `texts`, and fields of any kind."""
    kinds: Iterable[Any] = ([], {})
    named = dict.fromkeys(texts, "x")
    return b"".join(json.dumps(named | dict.fromkeys(others, kind)).encode() + b"\n" for kind in kinds)


def refuses_others(read: Callable[[Block], object | None]) -> bool:
    """Whether the engine refuses a key that it was not told of today: it is nowhere written that it does.

    `read` reads a block and gives None where the engine refuses one of its lines.
    """
    with Block(1, head=True) as block:
        block.fill(json.dumps({_ABSENT: "x"}).encode() + b"\n")
        return read(block) is None


def key_sets(store: Store, odd_logs: Sequence[int] | None = None) -> dict[int, list[KeySet]]:
    """The keys of the records of each log of a block (0: of its only one), the most usual first.

    Of logs that are read together only `odd_logs`.
    """
    found: dict[int, list[KeySet]] = defaultdict(list)
    for source_id, *said in store.run("block_keys", odd_logs=odd_logs):
        found[source_id].append(KeySet(*said))
    return found


def agreed(log: Keys, found: Sequence[KeySet]) -> tuple[Keys, list[int]]:
    """The keys of a block of a log, and the rows that have to be looked at one by one.

    Those are no JSON for certain, have no field, or one twice, or spell one otherwise than most do; and what one in
    a thousand says that means nothing to a transfer is read there too.
    """
    records = sum(len(one.rows) for one in found)
    counted = Counter[str]()
    for one in found:
        counted.update(dict.fromkeys(one.keys or (), len(one.rows)))
    rare = {key for key, count in counted.items() if count * _RARE < records} - log.unknown
    before = log.spelling if log.asked else {}
    said, refused = Keys({}, log.unknown, asked=True), []
    for one in found:
        more = _with(said, one.keys or ())
        if more is None or more.unknown & rare or not has_room(replace(more, spelling=before | more.spelling).lines()):
            refused += one.rows
        else:
            said = more
            refused += one.odd
    return replace(said, spelling=before | said.spelling), refused


def has_room(head: bytes) -> bool:
    """Whether so much fits in front of a block's own lines."""
    return len(head) < HEAD_BYTES


def _with(said: Keys, keys: Sequence[str]) -> Keys | None:
    """What records said, and one with these keys; None where it has no field, one twice, or spells one otherwise."""
    known = {name: key for key in keys if (name := normalize(key)) in FIELDS}
    unknown = set(keys) - set(known.values())
    # The engine takes a record with a key of no letters for another kind.
    if not known or len(set(keys)) < len(keys) or "" in unknown or any(normalize(key) in FIELDS for key in unknown):
        return None
    if any(said.spelling.get(name, key) != key for name, key in known.items()):
        return None
    return replace(said, spelling=said.spelling | known, unknown=said.unknown | unknown)
