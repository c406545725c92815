"""The files that a file stands for: itself, or the members of the archive that it is.

The one place where archives are opened: scans, nightly scans and the checks of receipts all come through here, so
that what they call a member is the same thing. A member is a file like any other while it is read, alone in a
private folder, and gone when the next one is asked for.
"""

from __future__ import annotations

import re
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.disk.private import private_folder
from auditscan.readers import no_logs
from auditscan.readers.archive import BrokenArchive, Budget, Names
from auditscan.readers.faults import in_words, is_not_of_the_file
from auditscan.readers.files import Found, passed_over
from auditscan.readers.kinds import DOCUMENTS, kind_of
from auditscan.readers.model import DamagedFile
from auditscan.readers.raw import CHUNK, HashedFile, read_up_to
from auditscan.readers.tar_members import tar_members
from auditscan.readers.unpack import unpacked
from auditscan.readers.zip_members import zip_members

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path

    from auditscan.readers.archive import Member

DEPTH = 2
"""An archive in an archive is opened; one in that is not."""

_NAME_BYTES = 100


@contextmanager
def opened(entry: Found, advance: Callable[[int], None] = lambda _: None) -> Iterator[Iterator[Found]]:
    """Give the files that a file stands for, one at a time; each is at hand until the next is asked for.

    A file that is no archive stands for itself. Members that are not read, or cannot be, are among them with the
    reason; a fault with the whole archive comes last, under the archive's own name. `advance` is told of the packed
    bytes of an archive as they are read. Nothing that is wrong with a file is raised.
    """
    with closing(_files(entry, advance)) as found:
        yield found


def _files(entry: Found, advance: Callable[[int], None]) -> Generator[Found, None, None]:
    if entry.skip or entry.fault:
        yield entry
        return
    try:
        kind = kind_of(entry.path)
    except OSError:
        kind = ""  # Loading the file meets the same error, and reports it.
    if kind in ("", "workbook"):
        yield entry
    elif kind in ("zip", "tar"):
        with private_folder() as folder:
            yield from _Archive(entry, kind, entry.path, Budget(entry.size), folder, advance).files()
    else:
        yield _not_read(entry, kind)


def _not_read(entry: Found, kind: str) -> Found:
    """A file that is no archive and of a kind that is not read, with the reason."""
    if kind in DOCUMENTS:
        return replace(entry, fault=DOCUMENTS[kind], status="unrecognized")
    return replace(entry, fault=kind, status="no_log")


class _Archive:
    """One archive being read, or one inside of it."""

    def __init__(
        self,
        entry: Found,
        kind: str,
        outer: Path,
        budget: Budget,
        folder: Path,
        advance: Callable[[int], None],
        depth: int = 1,
        names: Names | None = None,
    ) -> None:
        self._entry = entry
        self._kind = kind
        self._outer = outer
        self._budget = budget
        self._folder = folder
        self._advance = advance
        self._depth = depth
        # A member may be called as one of an archive beside it is shown.
        self._names = names or Names()
        self._read = False
        self._empty = True

    def files(self) -> Iterator[Found]:
        """Yield its members, then what is wrong with it as a whole."""
        try:
            with closing(self._members()) as members:
                for member in members:
                    yield from self._files(member)
        except BrokenArchive as error:
            yield self._fault(error.message, "damaged" if self._read else "unreadable")
        except OSError as error:
            yield self._fault(f"cannot be read: {error.strerror}", "damaged" if self._read else "unreadable")
        except Exception as error:
            if is_not_of_the_file(error):
                raise
            yield self._fault(in_words(error), "damaged" if self._read else "unreadable")
        else:
            if self._empty:
                yield self._fault("an archive with no log in it", "empty")

    def _fault(self, why: str, status: str) -> Found:
        # An archive that lies in another has no file of its own to be hashed by then.
        return replace(self._entry, path=self._outer, fault=why, status=status, format=self._kind)

    def _members(self) -> Generator[Member, None, None]:
        if self._kind == "zip":
            with closing(zip_members(self._entry.path, self._advance)) as members:
                yield from members
            return
        file = HashedFile(self._entry.path, self._advance)
        try:
            yield from tar_members(unpacked(file)[0], self._budget)
        finally:
            file.close()

    def _files(self, member: Member) -> Iterator[Found]:
        self._budget.member()
        found = Found(
            self._outer,
            self._names.once(f"{self._entry.shown}/{member.name}"),
            archive=self._outer,
            below=f"{self._entry.below}/{member.name}",
            exclude=self._entry.exclude,
            is_log=self._entry.is_log,
        )
        parts = member.name.split("/")
        of_program = any(map(no_logs.by_folder, parts[:-1]))
        if skip := member.skip or found.excluded or ("program file: in a hidden folder" if of_program else ""):
            yield replace(found, skip=skip)
        elif member.open is None:
            self._empty = False
            yield replace(found, fault=member.fault)
        else:
            path = self._folder / str(self._depth) / _file_name(parts[-1])
            path.parent.mkdir(exist_ok=True)
            try:
                yield from self._unpacked(member, replace(found, path=path), passed_over(parts[-1]))
            finally:
                path.unlink(missing_ok=True)

    def _unpacked(self, member: Member, found: Found, aside: str) -> Iterator[Found]:
        """Yield what a member stands for, while it is at hand; `aside` is why its name says that it holds no log."""
        broken: BrokenArchive | None = None
        try:
            self._write(member, found.path)
        except BrokenArchive as error:
            broken, why = error, f"nothing of it was read, because of its archive: {error.message}"
        except DamagedFile as error:
            why = error.message
        except OSError as error:
            why = f"it cannot be unpacked: {error.strerror}"
        else:
            if aside and not self._entry.is_log(found.path):
                yield replace(found, path=self._outer, skip=aside)
                return
            self._read, self._empty = True, False
            yield from self._standing(found)
            return
        self._empty = False
        yield replace(found, path=self._outer, fault=why)
        if broken is not None:
            raise broken

    def _write(self, member: Member, path: Path) -> None:
        if member.open is None:
            return
        stream = member.open()
        with path.open("wb", buffering=0) as file:
            while piece := read_up_to(stream, CHUNK):
                if self._kind == "zip":
                    self._budget.take(len(piece))
                file.write(piece)

    def _standing(self, found: Found) -> Iterator[Found]:
        """Yield what an unpacked member stands for."""
        kind = kind_of(found.path)
        if kind in ("", "workbook"):
            yield found
        elif kind not in ("zip", "tar"):
            yield replace(_not_read(found, kind), path=self._outer)
        elif self._depth >= DEPTH:
            yield replace(
                found, path=self._outer, fault="it is the third archive around its files: unpack it and scan the folder"
            )
        else:
            inner = _Archive(
                found,
                kind,
                self._outer,
                self._budget,
                self._folder,
                lambda _: None,
                depth=self._depth + 1,
                names=self._names,
            )
            yield from inner.files()


def _file_name(name: str) -> str:
    """A name for the unpacked file that ends as its own: where content leaves a format open, the ending decides."""
    return re.sub(r"[^\w.~$-]", "_", name, flags=re.ASCII)[-_NAME_BYTES:]
