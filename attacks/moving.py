"""Files that change while they are read: each at a drawn byte, in a thread of its own that the reader waits for."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from attacks.hostile import ANY, READ, UNREAD, Expected, record
from auditscan.readers.raw import HashedFile

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

RECORDS = 700
"""At least, of 2 kB each: more than is read at once."""


@dataclass
class Moving:
    """A log, and what is done to it when so much of a log was read."""

    kind: Callable[[Moving], None]
    path: Path
    number: int
    at: int
    """After how many bytes."""
    watched: Path
    """Of which log: itself, or the one before it, so that it changes between the listing and the opening."""
    expected: Expected
    rng: random.Random
    done: bool = False
    rounds: int = field(default=1)
    """How often it is done."""

    @classmethod
    def drawn(cls, kind: Callable[[Moving], None], rng: random.Random, folder: Path, number: int) -> Moving:
        """Make the log, and draw the moment."""
        before, path = folder / f"m{number:03}-a.ndjson", folder / f"m{number:03}-b.ndjson"
        # No two of one size: what has the size of another is hashed once before it is opened to be read.
        lines = [record(f"M-{number}-{line}", 1800) for line in range(RECORDS + number)]
        path.write_bytes(b"".join(lines))
        size = path.stat().st_size
        early = kind.__name__.startswith("early")
        if early:
            before.write_bytes(b"".join(record(f"B-{number}-{line}", 1800) for line in range(100)))
        whole = tuple(f"M-{number}-{line}" for line in range(len(lines)))
        statuses, ids = {
            appended: (READ, whole), endless: (READ, whole), replaced: (READ, whole), removed: (READ, whole),
            touched: (READ, whole), half_line: (READ, whole),
        }.get(kind, (ANY if early else UNREAD, ()))  # fmt: skip
        return cls(
            kind,
            path,
            number,
            rng.randint(70_000, 140_000) if early else rng.randint(70_000, size - 1),
            before if early else path,
            Expected(path.as_posix(), statuses, ids),
            rng,
            rounds=60 if kind is endless else 1,
        )


def appended(plan: Moving) -> None:
    """More records are written."""
    with plan.path.open("ab") as file:
        file.write(b"".join(record(f"later-{line}", 100) for line in range(plan.rng.randint(1, 50))))


def endless(plan: Moving) -> None:
    """More is written than is read."""
    with plan.path.open("ab") as file:
        file.write(record("endless", 100) * 10_000)


def half_line(plan: Moving) -> None:
    """The beginning of a record is written."""
    with plan.path.open("ab") as file:
        file.write(record("half")[: plan.rng.randint(1, 60)])


def shortened(plan: Moving) -> None:
    """It is cut below what was read, or to nothing."""
    os.truncate(plan.path, plan.rng.choice([0, 10, plan.at // 2]))


def emptied_and_written(plan: Moving) -> None:
    """It is emptied and begun anew, as copytruncate leaves it."""
    with plan.path.open("wb") as file:
        file.write(b"".join(record(f"new-{line}", 1800) for line in range(plan.rng.choice([1, 100, 900]))))


def written_over(plan: Moving) -> None:
    """Other records are written over those that are there, in as many bytes."""
    content = plan.path.read_bytes().replace(b'"CA"', b'"TX"')
    with plan.path.open("r+b") as file:
        file.write(content)


def replaced(plan: Moving) -> None:
    """Another file takes its name."""
    other = plan.path.with_name(f"{plan.path.name}.tmp")
    other.write_bytes(record("other"))
    other.rename(plan.path)


def removed(plan: Moving) -> None:
    """It is removed."""
    plan.path.unlink()


def touched(plan: Moving) -> None:
    """Only its time is changed."""
    os.utime(plan.path)


def early_removed(plan: Moving) -> None:
    """It was listed, and is gone when it is opened."""
    plan.path.unlink()


def early_pipe(plan: Moving) -> None:
    """It was listed, and is a pipe when it is opened."""
    plan.path.unlink()
    os.mkfifo(plan.path)


def early_kernel(plan: Moving) -> None:
    """It was listed, and is a link to what waits for ever when it is opened."""
    plan.path.unlink()
    plan.path.symlink_to(plan.rng.choice(["/proc/kmsg", "/dev/zero", "/proc/self", "/proc/kcore"]))


def early_folder(plan: Moving) -> None:
    """It was listed, and is a folder when it is opened."""
    plan.path.unlink()
    plan.path.mkdir()


def early_other(plan: Moving) -> None:
    """It was listed, and is a log of another content and size when it is opened."""
    plan.path.write_bytes(record("other") * plan.rng.choice([1, 5000]))


MOVING = (
    appended, endless, half_line, shortened, emptied_and_written, written_over, replaced, removed, touched,
    early_removed, early_pipe, early_kernel, early_folder, early_other,
)  # fmt: skip


@contextmanager
def moved(plans: Sequence[Moving]) -> Iterator[None]:
    """Do what is planned, each as soon as so much of its log was read."""
    waiting = {str(plan.watched): plan for plan in plans}
    opened: dict[int, str] = {}
    begin, read = HashedFile.__init__, HashedFile.readinto

    def beginning(self: HashedFile, path: Path, *more: Any) -> None:
        begin(self, path, *more)
        opened[id(self)] = str(path)

    def reading(self: HashedFile, view: memoryview) -> int:
        count = read(self, view[: 1 << 17])
        plan = waiting.get(opened.get(id(self), ""))
        if plan is not None and plan.rounds and self.size >= plan.at:
            plan.rounds -= 1
            hand = threading.Thread(target=plan.kind, args=(plan,))
            hand.start()
            hand.join()
            plan.done = True
        return count

    HashedFile.__init__, HashedFile.readinto = beginning, reading  # type: ignore[method-assign]
    try:
        yield
    finally:
        HashedFile.__init__, HashedFile.readinto = begin, read  # type: ignore[method-assign]
