"""Made-up canonical records: for hypothesis, and thousands at once from a seed.

Both doors share one generator that asks a `Source` for every choice, so that they cover the same
ground; choices list the plain case first, which is where hypothesis shrinks to. Records lean
toward what decides a verdict (edges of days, one odd entry in an otherwise permitted batch), for
a record of evenly drawn words is `enjoined` or `review` nearly always.

What no page settles is not drawn: blanks at the ends of an id, a text or a time, digits and
letters outside the usual scripts in a word the tables know.
"""

from __future__ import annotations

import json
import random
import re
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hypothesis import strategies as st

from oracle import Record, normalize
from oracle.reading import LIST_FIELDS, TEXT_FIELDS
from strategies.values import (
    ACTIONS,
    ANY_YEAR,
    AS_OF_DAYS,
    COUNTS,
    EDGE_TIMES,
    JUNK,
    MISSING,
    ODD_SCALARS,
    OUTCOMES,
    PLAIN_TIMES,
    UNREADABLE_TIMES,
    ZONES,
)
from strategies.words import (
    AGENCIES,
    BLANK_ENDS,
    ENFORCERS,
    ITEM_POOLS,
    KEY_SPELLINGS,
    LETTERS,
    NOT_PARTIES,
    OTHER_PARTS,
    PARTIES,
    PURPOSES,
    SEVERAL,
    SIDES,
    SPELLINGS,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

T = TypeVar("T")
Fields = dict[str, Any]

FILES = ("a.ndjson", "b.ndjson")
NOBODY = ["[REDACTED]", "(b)(6)", "Acme", "Palantir", None, ""]


class Source(Protocol):
    """Where choices come from."""

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""

    def word(self) -> str:
        """Return a short text without white space that is not empty."""


def _word(source: Source, pool: Sequence[str]) -> str:
    return source.pick(SPELLINGS)(source.pick(pool))


def _party(source: Source, side: str) -> Any:
    kind = source.pick(["right"] * 12 + ["found", "found", "several", "not", "other", "odd", "no"])
    if kind == "right" and side == "recipient":
        return _word(source, AGENCIES[source.pick(source.pick([ENFORCERS, ENFORCERS, OTHER_PARTS]))])
    if kind == "right":
        return _word(source, SIDES[side])
    if kind == "other":
        return _word(source, SIDES[source.pick(["sender", "recipient", "elsewhere"])])
    if kind == "found":
        return source.pick(PARTIES[source.pick([side, side, *PARTIES])])
    if kind == "several":
        pools = [SIDES[side], PARTIES[side], *PARTIES.values(), NOT_PARTIES]
        parts = [source.pick(source.pick(pools)) for _ in range(source.pick([2, 2, 3]))]
        return source.pick(SEVERAL).join(parts)
    if kind == "not":
        return source.pick(NOT_PARTIES)
    if kind == "odd":
        return source.pick([source.word(), source.pick([*ODD_SCALARS, *JUNK])])
    return source.pick(MISSING)


def _list(source: Source, field: str) -> Any:
    pools = ITEM_POOLS[field]
    mixed = source.pick([pools[0], source.pick(pools), source.pick(pools)])
    items: list[Any] = [_word(source, mixed) for _ in range(source.pick([1, 1, 2, 3, 5]))]
    kind = source.pick(["plain"] * 16 + ["mixed", "mixed", "blanks", "unknown", "odd", "one", "no"])
    if kind == "mixed":
        items.append(_word(source, source.pick(pools)))
    elif kind == "blanks":
        items = [source.pick(BLANK_ENDS) + item + source.pick(BLANK_ENDS) for item in items]
        items += [source.pick(MISSING), items[0]]
    elif kind == "unknown":
        items.insert(source.pick([0, len(items)]), source.word())
    elif kind == "odd":
        items.append(source.pick([*ODD_SCALARS, *JUNK]))
    elif kind == "one":
        return source.pick([items[0], source.word(), source.pick([*ODD_SCALARS, *JUNK])])
    elif kind == "no":
        return source.pick([*MISSING, [], [None], [" ", ""]])
    return items


def _purpose(source: Source) -> Any:
    kind = source.pick(["no", "no", "immigration_enforcement", "immigration_enforcement", "other", "unheard", "odd"])
    if kind in PURPOSES:
        return _word(source, PURPOSES[kind])
    if kind == "unheard":
        return source.pick(["picnic", "mission support", "per request", source.word()])
    return source.pick([*MISSING, "unknown", "Unknown!"] if kind == "no" else [*ODD_SCALARS, *JUNK])


def _fields(source: Source, transfer_id: Any) -> Fields:
    time_kind = source.pick(["plain"] * 3 + ["edge"] * 8 + ["any year"] * 3 + ["unreadable", "no"])
    times: dict[str, Sequence[Any]] = {
        "plain": PLAIN_TIMES,
        "edge": EDGE_TIMES,
        "any year": ANY_YEAR,
        "unreadable": UNREADABLE_TIMES,
        "no": MISSING,
    }
    fields: Fields = {
        "transfer_id": transfer_id,
        "occurred_at": source.pick(times[time_kind]),
        "sender": _party(source, "sender"),
        "recipient": _party(source, "recipient"),
    }
    if source.pick([False] * 15 + [True]):
        # Redacted on both sides, or on one and hired by nobody knows whom on the other.
        fields["sender"], fields["recipient"] = source.pick(NOBODY), source.pick(NOBODY)
    for field in LIST_FIELDS:
        fields[field] = _list(source, field)
    fields["purpose"] = _purpose(source)
    fields["outcome"] = source.pick([*OUTCOMES, *MISSING, *JUNK[:2]])
    fields["record_count"] = source.pick([*COUNTS, *MISSING, *JUNK[:2]])
    fields["action"] = source.pick([*ACTIONS, *MISSING])
    for field in ("actor", "system", "authority"):
        fields[field] = source.pick([None, "idr-01", source.word(), 12])
    dropped = source.pick([""] * 20 + sorted(fields))
    if dropped != "transfer_id":
        fields.pop(dropped, None)
    if source.pick([False] * 4 + [True]):
        fields[source.pick(["elments", "note", "Sender Agency Code", "x" + source.word()])] = "CA"
    if source.pick([False] * 9 + [True]):
        spell = source.pick(KEY_SPELLINGS)
        fields = {spell(name): value for name, value in fields.items()}
    return fields


def reword(source: Source, fields: Fields) -> Fields:
    """Return the same content in other raw forms: the two are one transfer."""
    spell = source.pick(KEY_SPELLINGS)
    given: Fields = {normalize(name): value for name, value in fields.items()}
    for name in [*TEXT_FIELDS, *LIST_FIELDS, "occurred_at", "record_count"]:
        if given.get(name) is None and source.pick([False, False, True]):
            given[name] = source.pick(MISSING)
    words: Fields = {spell(n): _same(source, n, v) for n, v in reversed(given.items())}
    words[f"note {len(words)}"] = "seen twice"
    return words


def _same(source: Source, field: str, value: Any) -> Any:
    if field in LIST_FIELDS and isinstance(value, list):
        if all(isinstance(item, str) for item in value) and value:
            rotated = [*value[1:], value[0], source.pick(value), source.pick(MISSING)]
            return [(i and source.pick(BLANK_ENDS) + i + source.pick(BLANK_ENDS)) for i in rotated]
    elif field in LIST_FIELDS and isinstance(value, str):
        return [value, value]
    elif field == "record_count" and type(value) is int and value < 10**15:
        return source.pick([str(value), f"{value}.0", f" {value} "]) if value >= 0 else value
    # A year of three digits, as Linux writes it, is not readable.
    elif field == "occurred_at" and value not in UNREADABLE_TIMES and re.fullmatch(r"\d{4}-.*Z", str(value)):
        return value.removesuffix("Z") + source.pick(["+00:00", "-00", " +0000", "z", " Z"])
    return value


def _records(source: Source, size: int, ids: Sequence[Any]) -> list[Record]:
    made: list[Fields] = []
    for _ in range(size):
        kind = source.pick(["new"] * 7 + ["again", "reworded", "altered"]) if made else "new"
        if kind == "new":
            made.append(_fields(source, source.pick(ids)))
            continue
        earlier = source.pick(made)
        if kind == "again":
            made.append(dict(earlier))
        elif kind == "reworded":
            made.append(reword(source, earlier))
        else:
            given = {normalize(name): value for name, value in earlier.items()}
            other = {normalize(n): v for n, v in _fields(source, given["transfer_id"]).items()}
            field = source.pick([*LIST_FIELDS, *TEXT_FIELDS, "occurred_at"])
            made.append(given | {field: other.get(field)})
    lines = dict.fromkeys(FILES, 0)
    records = []
    for fields in made:
        file = source.pick(FILES)
        lines[file] += 1
        records.append(Record(file, lines[file], fields))
    return records


# --- the two doors ------------------------------------------------------------------------------


class Seeded:
    """Choices from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def pick(self, options: Sequence[T]) -> T:
        return self._random.choice(options)

    def word(self) -> str:
        return "".join(self._random.choices(LETTERS, k=self._random.randint(1, 8)))


class _Drawn:
    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw

    def pick(self, options: Sequence[T]) -> T:
        return self._draw(st.sampled_from(options))

    def word(self) -> str:
        return self._draw(st.text(LETTERS, min_size=1, max_size=8))


def many(n: int, seed: int) -> list[Record]:
    """Return `n` records, the same for the same seed; about one id in three is used again."""
    ids: list[Any] = [f"T-{number:06d}" for number in range(max(1, n))]
    return _records(Seeded(seed), n, [*ids, 7, "7", "é-1", "😀"])


@st.composite
def records(draw: st.DrawFn, max_size: int = 12) -> list[Record]:
    """Draw up to `max_size` records with few ids, so that repeats and conflicts happen."""
    size = draw(st.integers(1, max_size))
    return _records(_Drawn(draw), size, ["T-1", "T-2", "T-10", "t-1", 7, "7", "é"])


def as_of_days() -> st.SearchStrategy[date]:
    """Draw an as-of day: under each regime, on each edge, and before all of them."""
    return st.sampled_from(AS_OF_DAYS)


def zones() -> st.SearchStrategy[str]:
    """Draw the clock of times that name no zone."""
    return st.sampled_from(ZONES)


def ndjson(records: Sequence[Record]) -> dict[str, str]:
    """Return the text of each file that holds the records, one a line by their numbers.

    Every file of `FILES` is a key, one without records too.
    """
    texts = dict.fromkeys(FILES, "")
    for record in sorted(records, key=lambda record: record[:2]):
        texts[record.source_file] += json.dumps(record.fields, ensure_ascii=False) + "\n"
    return texts
