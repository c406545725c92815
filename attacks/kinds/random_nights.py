"""Nights over logs that were appended to, cut, rotated, packed, moved, swapped, emptied and broken in between.

Each sequence is a ledger of its own and some nights, between which a few things happen to its logs, drawn at random.
What was written when is kept beside it: the ledger has to hold each id whose line a night could see, and no other,
each once, however often its log was copied; its records have to add up, and `verify` has to find nothing.
"""

from __future__ import annotations

import contextlib
import gzip
import random
import zipfile
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import scans
from attacks.counted import Counted
from auditscan.errors import NoInputError
from auditscan.ledger.nightly import Told, nightly
from auditscan.ledger.receipts.verify import Request, verify_ledger
from auditscan.ledger.setup import NightlySetup
from auditscan.store import open_store
from ledger.keeping import AS_OF, BEGIN, lines, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.ledger.night import Night

FULL = 192
STEP = 48
NIGHTS = 8
"""Of one sequence."""

BROKEN = (b"no log at all, \xff\xfe\x00", b"x1\nx2\n", b"{", b"", b"\x00" * 40)
"""What may stand where a log was."""


@dataclass(slots=True)
class World:
    """Logs, and what the ids in them were when nights saw them."""

    folder: Path
    luck: random.Random
    next_id: int = 1
    seen: set[str] = field(default_factory=set)
    """Ids whose line stood, whole, in a log that began as one."""
    perhaps: set[str] = field(default_factory=set)
    """Ids whose line stood, whole, in a log with another beginning: it may be of no known form."""
    names: int = 0

    @property
    def logs(self) -> Path:
        """The folder that nights read."""
        return self.folder / "logs"

    def pick(self, *endings: str) -> Path | None:
        """One of the logs, by luck; None where there is none."""
        found = sorted(path for path in self.logs.rglob("*") if path.is_file() and path.name.endswith(endings))
        return self.luck.choice(found) if found else None

    def name(self, ending: str = ".ndjson") -> Path:
        """A name that no log has had, sometimes in a folder below."""
        self.names += 1
        folder = self.logs / "below" if self.luck.random() < 0.2 else self.logs
        folder.mkdir(exist_ok=True)
        return folder / f"log-{self.names}{ending}"

    def lines(self, count: int) -> bytes:
        """Lines of records that have not been before."""
        first, self.next_id = self.next_id, self.next_id + count
        elements = (["ssn"], ["address"], ["name"])
        return lines(*(record(n, elements=elements[n % 3]) for n in range(first, first + count))).encode()


def write(world: World) -> None:
    """A new log."""
    world.name().write_bytes(world.lines(world.luck.randint(1, 6)))


def append(world: World) -> None:
    """More lines at the end of one, sometimes with the last of them not yet whole."""
    if path := world.pick(".ndjson"):
        more = world.lines(world.luck.randint(1, 5))
        with path.open("ab") as file:
            file.write(more if world.luck.random() < 0.7 else more[: -world.luck.randint(1, 30)])


def cut(world: World) -> None:
    """One loses bytes at its end, or lines at its beginning."""
    if path := world.pick(".ndjson"):
        content = path.read_bytes()
        if world.luck.random() < 0.5:
            path.write_bytes(content[: world.luck.randint(0, len(content))])
        else:
            path.write_bytes(b"".join(content.splitlines(keepends=True)[1:]))


def rotate(world: World) -> None:
    """One is renamed, and another begins under its name."""
    if path := world.pick(".ndjson"):
        path.rename(world.name(".ndjson"))
        path.write_bytes(world.lines(world.luck.randint(1, 3)))


def copytruncate(world: World) -> None:
    """One is copied and emptied; who writes it goes on where they were, behind zeros, or at the beginning."""
    if path := world.pick(".ndjson"):
        content = path.read_bytes()
        world.name().write_bytes(content)
        head = world.luck.choice((b"", b"\x00" * len(content)))
        path.write_bytes(head + (world.lines(2) if head or world.luck.random() < 0.5 else b""))


def pack(world: World) -> None:
    """One is packed, by gzip or into a ZIP with another."""
    if path := world.pick(".ndjson"):
        if world.luck.random() < 0.5:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        else:
            with zipfile.ZipFile(world.name(".zip"), "w") as archive:
                archive.writestr(path.name, path.read_bytes())
                archive.writestr("more.ndjson", world.lines(1))
        path.unlink()


def move(world: World) -> None:
    """One gets another name, or another folder."""
    if path := world.pick(".ndjson", ".gz", ".zip"):
        path.rename(world.name("".join(path.suffixes[-2:]) if path.suffix == ".gz" else path.suffix))


def swap(world: World) -> None:
    """Two exchange their names."""
    one, other = world.pick(".ndjson"), world.pick(".ndjson")
    if one and other and one != other:
        held, there = one.read_bytes(), other.read_bytes()
        one.write_bytes(there)
        other.write_bytes(held)


def remove(world: World) -> None:
    """One goes."""
    if path := world.pick(".ndjson", ".gz", ".zip"):
        path.unlink()


def empty(world: World) -> None:
    """One is emptied."""
    if path := world.pick(".ndjson"):
        path.write_bytes(b"")


def spoil(world: World) -> None:
    """Where one was stands something that is none, or another begins with it."""
    if path := world.pick(".ndjson", ".gz"):
        path.write_bytes(world.luck.choice(BROKEN) + (path.read_bytes() if world.luck.random() < 0.3 else b""))


def touch(world: World) -> None:
    """One is written again with the content that it has, or gets other rights."""
    if path := world.pick(".ndjson", ".gz", ".zip"):
        if world.luck.random() < 0.5:
            path.write_bytes(path.read_bytes())
        else:
            path.chmod(world.luck.choice((0o600, 0o644, 0o400)))
            path.chmod(0o600)


def copy(world: World) -> None:
    """One lies there twice."""
    if path := world.pick(".ndjson"):
        world.name().write_bytes(path.read_bytes())


HAPPENINGS: tuple[Callable[[World], None], ...] = (
    *(write, append, append, cut, rotate, copytruncate, pack, move, swap, remove, empty, spoil, touch, copy),
)


def attack(count: int, seed: int, folder: Path) -> Counted:
    """Run `count` nights, in sequences of `NIGHTS`, and look at the ledger after each."""
    counted = Counted()
    for number in range(0, count, NIGHTS):
        place = folder / str(number)
        place.mkdir()
        with contextlib.chdir(place):
            _sequence(World(place, random.Random(f"{seed} {number}")), min(NIGHTS, count - number), seed, counted)
    return counted


def _sequence(world: World, nights: int, seed: int, counted: Counted) -> None:
    world.logs.mkdir()
    write(world)
    setup = NightlySetup(
        logs=(Path("logs"),),
        ledger=Path("ledger"),
        policy=scans.POLICY,
        library=scans.LIBRARY,
        as_of=AS_OF,
        since=scans.SINCE,
        threads=1,
    )
    now = BEGIN
    done = ["write"]
    for _ in range(nights):
        for happening in world.luck.choices(HAPPENINGS, k=world.luck.randint(1, 4)):
            happening(world)
            done.append(happening.__name__)
        done.append("night")
        now += timedelta(days=1)
        _remember(world)
        moment = now
        try:
            night = nightly(replace(setup), Told(), clock=lambda moment=moment: moment).night
            wrong = _wrong(world, setup, night)
        except NoInputError:
            # A first night with nothing to read makes no ledger.
            wrong = "" if not setup.database.exists() else "a ledger, and nothing to read"
            if not wrong:
                counted.held("nothing to read, and said so")
                continue
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is a finding
            wrong = f"{type(error).__name__}: {error}"
        if wrong:
            counted.broke(f"seed {seed}, folder {world.folder.name}, {', '.join(done)}: {wrong}")
            # What follows from it would be found night after night.
            counted.held("not looked at, behind a finding", nights - done.count("night"))
            return
        counted.held("incomplete, and said so" if not night.complete else "complete")


def _remember(world: World) -> None:
    """Keep which ids tonight's logs hold."""
    for path in world.logs.rglob("*"):
        if path.is_file():
            for whole in _contents(path):
                # The zeros that a writer leaves who goes on behind what was emptied are passed over.
                content = whole.lstrip(b"\0")
                found = [line for line in content.split(b"\n") if _is_whole(line)]
                ids = {line.split(b'"')[3].decode() for line in found}
                # What is broken behind a sound beginning costs the lines that are broken, and no other.
                known = _is_whole(content.split(b"\n")[0])
                (world.seen if known else world.perhaps).update(ids)


def _is_whole(line: bytes) -> bool:
    return line.startswith(b'{"transfer_id"') and line.endswith(b"}") and line.count(b"{") == 1


def _contents(path: Path) -> list[bytes]:
    """What a file holds, unpacked."""
    content = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return [archive.read(name) for name in archive.namelist()]
    if content.startswith(b"\x1f\x8b"):
        return [gzip.decompress(content)]
    return [content]


def _wrong(world: World, setup: NightlySetup, night: Night) -> str:
    """What is wrong with a ledger after a night; nothing, as an empty text."""
    with open_store(setup.database, setup.library, read_only=True) as store:
        found = store.rows("select transfer_id, count(*) from answers group by all")
    held = {name for name, _ in found}
    lost, invented = world.seen - held, held - world.seen - world.perhaps
    twice = [name for name, count in found if count > 1]
    totals = night.totals
    parts = sum(totals[part] for part in ("transfers", "not_transfers", "duplicates", "quarantined"))
    if lost or invented:
        return f"lost {sorted(lost)[:5]}, invented {sorted(invented)[:5]}"
    if twice:
        return f"held twice: {sorted(twice)[:5]}"
    if parts != totals["records"]:
        return f"the records do not add up: {totals}"
    verified = verify_ledger(Request(setup.ledger, setup.library, setup.policy, allow_missing=True))
    differs = [
        f"{check.subject}: {check.message} {check.details}" for check in verified.checks if check.outcome == "differs"
    ]
    return f"verify accuses: {'; '.join(differs)}" if differs else ""
