"""Logs damaged by bytes, lines, junk, encodings, packing and other logs: what was not touched stays, or is told."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attacks.counted import Counted
from auditscan.library import Library
from auditscan.policy import load
from auditscan.scanning.scan import scan
from auditscan.store import KEYS_A_SOURCE, open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FULL = 3_200
STEP = 1_600

ROOT = Path(__file__).parents[2]
LOGS = (ROOT / "sample_logs", ROOT / "tests" / "samples")
AS_OF = date(2026, 3, 1)

TOLD = ("unrecognized", "unreadable", "damaged")
CANONICAL = ("ndjson", "json", "csv", "parquet")

_RECORDS = """
    select r.record_key, r.transfer_id, r.occurred_at, r.record_count, content_of(l), c.content, j.verdict
    from records r
    inner join logged_disclosures l on r.disclosure_id = l.disclosure_id
    inner join contexts c on r.context_id = c.context_id
    left join judgments j
        on r.disclosure_id = j.disclosure_id and j.regime_id = (select regime_now from settings)
"""


@dataclass(slots=True)
class Seen:
    """What a scan says of one file."""

    status: str = ""
    format: str = ""
    places: str = ""
    records: int = 0
    aside: int = 0
    note: str = ""
    said: dict[int, tuple[Any, ...]] = field(default_factory=dict)
    """The number of a record -> what it says, and the verdict on its content now."""
    bad: dict[int, tuple[int | None, int]] = field(default_factory=dict)
    """The number of a record that cannot be read -> its place and length in bytes."""
    unheard: bool = False
    """Whether records are set aside as something that auditscan does not know: the first screen tells of them."""

    @property
    def kind(self) -> str:
        """The format, however it is packed."""
        return self.format.removesuffix(".gz")


@dataclass(slots=True)
class Base:
    """A sample, as it is."""

    path: Path
    content: bytes
    seen: Seen = field(default_factory=Seen)
    alone: bool = False
    """Whether each of its records says the same without the others."""

    @property
    def lines(self) -> list[bytes]:
        """Its lines with their ends."""
        return self.content.splitlines(keepends=True) if b"\r" not in self.content else _lines(self.content)


@dataclass(slots=True)
class Mutant:
    """A damaged copy of a sample."""

    base: Base
    how: str
    content: bytes
    moved: dict[int, int]
    """The number of a line that was not touched -> its number now."""
    ending: str = ""

    @property
    def mixed(self) -> bool:
        """Whether records of another log stand in it: it may then be taken for one of that kind."""
        return self.how.endswith((" in front", " behind")) or self.how.startswith("lines of ")


def _lines(content: bytes) -> list[bytes]:
    return list(io.BytesIO(content))


def _kept(before: Sequence[bytes], after: Sequence[bytes | int]) -> tuple[bytes, dict[int, int]]:
    """Lines in their new order: those of the sample by their places, from 0, others as they are."""
    content, moved, number = b"", {}, 0
    for one in after:
        if isinstance(one, int):
            text = before[one] if before[one].endswith(b"\n") else before[one] + b"\n"
            moved.setdefault(one + 1, number + 1)
        else:
            text = one
        content += text
        number += text.count(b"\n")
    return content, moved


def _at_bytes(base: Base, begin: int, end: int, put: bytes) -> tuple[bytes, dict[int, int]]:
    """Other bytes in the place of some."""
    content = base.content[:begin] + put + base.content[end:]
    first = base.content.count(b"\n", 0, begin) + 1
    last = base.content.count(b"\n", 0, max(begin, end)) + 1
    count = len(base.lines)
    shift = content.count(b"\n") - base.content.count(b"\n")
    moved = {number: number for number in range(1, first)}
    moved |= {number: number + shift for number in range(last + 1, count + 1)}
    return content, moved


def _flipped(drawn: random.Random, base: Base, _: Sequence[Base]) -> Mutant:
    at = drawn.randrange(len(base.content))
    put = bytes([base.content[at] ^ (1 << drawn.randrange(8))])
    return Mutant(base, f"bit flipped at {at}", *_at_bytes(base, at, at + 1, put))


def _inserted(drawn: random.Random, base: Base, _: Sequence[Base]) -> Mutant:
    at = drawn.randrange(len(base.content))
    put = drawn.choice(
        (drawn.randbytes(drawn.randint(1, 40)), b'"', b"\\", b"{", b"}", b"\n", b",", b"\0" * 9, b"\xff")
    )
    return Mutant(base, f"{put!r} put in at {at}", *_at_bytes(base, at, at, put))


def _deleted(drawn: random.Random, base: Base, _: Sequence[Base]) -> Mutant:
    at = drawn.randrange(len(base.content))
    end = min(len(base.content), at + drawn.choice((1, 1, 3, 50, 500)))
    return Mutant(base, f"bytes {at} to {end} deleted", *_at_bytes(base, at, end, b""))


def _cut(drawn: random.Random, base: Base, _: Sequence[Base]) -> Mutant:
    at = drawn.randrange(1, len(base.content)) if len(base.content) > 1 else 1
    return Mutant(base, f"cut at {at}", *_at_bytes(base, at, len(base.content), b""))


def _ordered(drawn: random.Random, base: Base, _: Sequence[Base]) -> Mutant:
    lines = base.lines
    order: list[int | bytes] = list(range(len(lines)))
    how = drawn.choice(("doubled", "swapped", "removed"))
    # Of a table the first line says what the others mean.
    at, other = (drawn.randrange(min(1, len(lines) - 1), len(lines)) for _ in range(2))
    if how == "doubled":
        order.insert(other, at)
    elif how == "swapped":
        order[at], order[other] = order[other], order[at]
    else:
        del order[at]
    return Mutant(base, f"line {at + 1} {how} ({other + 1})", *_kept(lines, order))


def _with_junk(drawn: random.Random, base: Base, others: Sequence[Base]) -> Mutant:
    lines = base.lines
    other = drawn.choice(others)
    name, junk = drawn.choice(
        (
            ("NULs", b"\0" * drawn.choice((1, 4, 5000, 70_000)) + b"\n"),
            ("random bytes", drawn.randbytes(drawn.choice((1, 20, 3000))).replace(b"\n", b"") + b"\n"),
            ("lines of text", b"something else stands here, %d\n" % drawn.randrange(99) * drawn.choice((1, 3, 250))),
            ("a long line", b"x" * 70_000 + b"\n"),
            ("marks", drawn.choice((b"\xff\xfe", b"\xef\xbb\xbf", b"\xfe\xff")) + b"\n"),
            (
                f"lines of {other.path.name}",
                b"".join(drawn.sample(other.lines, min(3, len(other.lines)))).rstrip() + b"\n",
            ),
        )
    )
    at = drawn.choice((0, len(lines), drawn.randrange(len(lines))))
    return Mutant(base, f"{name} above line {at + 1}", *_kept(lines, [*range(at), junk, *range(at, len(lines))]))


def _glued(drawn: random.Random, base: Base, _: Sequence[Base]) -> Mutant:
    count = drawn.choice((1, 2, 7, 5000, 70_000))
    return Mutant(
        base, f"{count} NULs before it", b"\0" * count + base.content, {n + 1: n + 1 for n in range(len(base.lines))}
    )


def _written_otherwise(drawn: random.Random, base: Base, _: Sequence[Base]) -> Mutant:
    same = {number + 1: number + 1 for number in range(len(base.lines))}
    text = base.content.decode("utf-8", "replace")
    how = drawn.choice(("crlf", "cr", "utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "latin-1", "utf-32"))
    if how in ("crlf", "cr"):
        end = b"\r\n" if how == "crlf" else b"\r"
        content = base.content.replace(b"\r\n", b"\n").replace(b"\n", end)
    else:
        content = text.encode(how, "replace")
    return Mutant(base, f"written as {how}", content, same if how != "latin-1" or text.isascii() else {})


def _packed(drawn: random.Random, base: Base, _: Sequence[Base]) -> Mutant:
    same = {number + 1: number + 1 for number in range(len(base.lines))}
    if drawn.random() < 0.5:
        content, ending = (
            gzip.compress(base.content + b"\n" * drawn.randrange(99), drawn.randrange(1, 10), mtime=0),
            ".gz",
        )
    else:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", drawn.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
            archive.writestr(base.path.name, base.content + b"\n" * drawn.randrange(99))
        content, ending = file.getvalue(), ".zip"
    how = drawn.choice(("", "flipped", "flipped", "cut"))
    at = drawn.randrange(len(content))
    if how == "flipped":
        content = content[:at] + bytes([content[at] ^ (1 << drawn.randrange(8))]) + content[at + 1 :]
    elif how == "cut":
        content = content[: max(1, at)]
    return Mutant(base, f"packed as {ending} {how} {at}", content, {} if how else same, ending)


def _joined(drawn: random.Random, base: Base, others: Sequence[Base]) -> Mutant:
    other = drawn.choice(others)
    lines = base.lines
    first = drawn.random() < 0.5
    text = other.content if other.content.endswith(b"\n") else other.content + b"\n"
    after: list[int | bytes] = [text, *range(len(lines))] if first else [*range(len(lines)), text]
    return Mutant(base, f"{other.path.name} {'in front' if first else 'behind'}", *_kept(lines, after))


OF_BYTES: tuple[Callable[[random.Random, Base, Sequence[Base]], Mutant], ...] = (_flipped, _inserted, _deleted, _cut)
OF_TEXT = (
    *OF_BYTES,
    *OF_BYTES,
    _ordered,
    _ordered,
    _with_junk,
    _with_junk,
    _glued,
    _written_otherwise,
    _packed,
    _joined,
)


def read(folder: Path) -> dict[str, Seen]:
    """What a scan says of the files below a folder, by their paths in it."""
    with open_store(None, Library.shipped(), threads=2) as store:
        scan(store, [folder], load(), AS_OF)
        found: dict[int, Seen] = {}
        names: dict[str, Seen] = {}
        sources = store.rows(
            "select source_id, path, status, format, places, records, not_transfers, note from sources order by all"
        )
        for source, path, *said in sources:
            seen = found[source] = Seen(
                *(value or type_() for value, type_ in zip(said, (str, str, str, int, int, str), strict=True))
            )
            names[path.partition(f"{folder.name}/")[2]] = seen
        for key, *content in store.rows(_RECORDS):
            found[key // KEYS_A_SOURCE].said[key % KEYS_A_SOURCE] = tuple(content)
        bad = store.rows("select source_id, source_record, byte_offset, byte_length from quarantine")
        for source, number, *place in bad:
            found[source].bad[number] = tuple(place)
        for (source,) in store.rows("select source_id from set_aside where reason like '%does not know%'"):
            found[source].unheard = True
    return names


def bases(folder: Path, most: int, drawn: random.Random) -> list[Base]:
    """At most so many samples, each with what is said of it, and whether its lines stand for themselves."""
    files = sorted(path for root in LOGS for path in root.rglob("*") if path.is_file())
    found = [Base(path, path.read_bytes()) for path in files if path.suffix not in (".md", ".zip", ".toml")]
    found = [base for base in found if base.content]
    found = drawn.sample(found, min(most, len(found)))
    for number, base in enumerate(found):
        for half in range(3):
            place = folder / f"{number}-{half}" / base.path.name
            place.parent.mkdir(parents=True)
            lines = base.lines
            kept = [line if half == 2 or at == 0 or at % 2 == half else b"\n" for at, line in enumerate(lines)]
            place.write_bytes(b"".join(kept))
    seen = read(folder)
    for number, base in enumerate(found):
        base.seen = seen[f"{number}-2/{base.path.name}"]
        parts = [seen[f"{number}-{half}/{base.path.name}"].said for half in range(2)]
        base.alone = bool(base.seen.said) and base.seen.places == "line"
        base.alone = base.alone and all(
            said == next((part[place] for part in parts if place in part), None)
            for place, said in base.seen.said.items()
        )
    return found


def fault(mutant: Mutant, seen: Seen) -> str:
    """What is wrong with what was said of a mutant; '' for nothing."""
    base = mutant.base
    if seen.records != len(seen.said) + seen.aside + len(seen.bad) and seen.status != "copy":
        return f"{seen.records} records are not {len(seen.said)} + {seen.aside} + {len(seen.bad)}"
    if seen.status in (*TOLD, "copy"):
        return ""
    if seen.kind != base.seen.kind and seen.kind in CANONICAL and not mutant.mixed:
        return f"{base.seen.format or base.seen.status} has become {seen.format}"
    if base.seen.status != "read":
        return ""
    if base.seen.places != "line":
        fewer = len(mutant.content) < len(base.content)  # Of what is gone nobody can tell.
        if seen.records < base.seen.records and not fewer and not seen.bad and mutant.content.strip(b"\0 \r\n"):
            return f"{base.seen.records} records have become {seen.records} ({seen.status})"
        return ""
    if seen.status != "read" and mutant.moved and base.seen.said.keys() & mutant.moved.keys():
        return f"it is {seen.status}"
    header = base.seen.kind == "csv" or (1 not in base.seen.said and 1 not in base.seen.bad)
    if header and 1 not in mutant.moved:
        return ""  # What the columns mean was touched.
    begins = sorted({*base.seen.said, *base.seen.bad, len(base.lines) + 1})
    for number, end in pairwise(begins):
        said = base.seen.said.get(number)
        if said is None or not all(line in mutant.moved for line in range(number, end)):
            continue
        now = mutant.moved[number]
        have = seen.said.get(now)
        if seen.places != "line" and said in seen.said.values():
            continue  # A record now goes over two lines, so that records are counted and no lines.
        if have == said or _told(mutant, seen, now):
            continue
        if mutant.mixed and (seen.aside if have is None else have[-1] == "review"):
            continue  # Taken for one of the other kind, all of it has been looked at as one, and it is not clean.
        if mutant.mixed and have is not None and _same_but_for_the_basis(said, have):
            continue
        if not base.alone and (have is None or have[-1] in ("enjoined", "review") or said[-1] != "enjoined"):
            continue
        return f"line {number}, now {now}, said {said} and says {have}"
    return ""


def _same_but_for_the_basis(said: tuple[Any, ...], have: tuple[Any, ...]) -> bool:
    """Whether two readings differ in nothing but in how its elements are known: registers declare them."""
    return said[:3] + said[4:] == have[:3] + have[4:] and have[3].startswith(said[3])


def _told(mutant: Mutant, seen: Seen, number: int) -> bool:
    """Whether a line stands in what could not be read: by itself, or within what began above it."""
    if number in seen.bad or seen.unheard:
        return True
    begin = 0
    for _ in range(number - 1):
        begin = mutant.content.find(b"\n", begin) + 1
    for above, (offset, length) in seen.bad.items():
        if above < number and (offset is None or offset <= begin < offset + length + 1):
            return True
    return False


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Damage samples in `count` ways, and read the damaged ones together."""
    drawn = random.Random(seed)
    counted = Counted()
    samples = bases(folder / "bases", max(6, count // 4), drawn)
    texts = [base for base in samples if b"\0" not in base.content[:1000]]
    mutants: dict[str, Mutant] = {}
    while len(mutants) < count:
        base = drawn.choice(samples)
        mutant = drawn.choice(OF_TEXT if base in texts else (*OF_BYTES, _packed))(drawn, base, texts)
        if mutant.content and mutant.content != base.content:
            name = f"{len(mutants)}/{base.path.name}{mutant.ending}"
            mutants[name] = mutant
            place = folder / "mutants" / name
            place.parent.mkdir(parents=True)
            place.write_bytes(mutant.content)
    try:
        found = read(folder / "mutants")
    except Exception as error:  # noqa: BLE001 - whatever it is, it ended the reading of all files
        for name, mutant in mutants.items():
            try:
                read((folder / "mutants" / name).parent)
            except Exception as alone:  # noqa: BLE001
                counted.broke(f"{mutant.base.path.name}, {mutant.how}, seed {seed}: {type(alone).__name__}: {alone}")
        counted.broke(f"{count} mutants of seed {seed} together: {type(error).__name__}: {error}")
        return counted
    for name, mutant in mutants.items():
        place = name if mutant.ending != ".zip" else f"{name}/{mutant.base.path.name}"
        # A member may have another name by now.
        members = (found[path] for path in found if path.startswith(f"{name}/"))
        seen = found.get(place) or found.get(name) or next(members, None)
        wrong = "it is in no account" if seen is None else fault(mutant, seen)
        if wrong:
            counted.broke(f"{mutant.base.path.name}, {mutant.how}, seed {seed}, {name}: {wrong}")
        elif seen is not None:
            told = seen.status in TOLD or seen.bad
            counted.held("told" if told else "the same" if seen.said == mutant.base.seen.said else "what was untouched")
    return counted
