"""The logs that are at hand against what receipts say of them: the same, grown at their end, or not.

A log may be a member of an archive: it is found again by the archive's name, or in any archive below the folders that
are looked through.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.ledger.receipts.chain import Check, told_of
from auditscan.ledger.receipts.checks import logs_of
from auditscan.readers.files import Found, any_file, list_files
from auditscan.readers.members import opened
from auditscan.readers.raw import open_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from auditscan.ledger.receipts.chain import Link

PIECE = 1 << 20

Content = tuple[int, str]
"""Bytes and sha256."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a content was found."""

    path: Path
    """The file, or the archive."""
    goes_on: bool
    """Whether the log that has it goes on behind it."""
    member: str = ""
    """The log in the archive, as scans name it; '' for a file that is no archive."""


@dataclass(slots=True)
class AtHand:
    """What was found of the contents that were looked for."""

    places: dict[Content, Place] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    """All members of the archives that were looked into, as scans name them."""


def contents(links: Sequence[Link]) -> dict[str, list[Content]]:
    """Return path -> the contents that scans found there, the latest last; not those that no scan could read.

    A content that only grew stands for what was there before: it begins with it.
    """
    found: dict[str, list[Content]] = defaultdict(list)
    for link in links:
        for name, told in logs_of(link):
            size, sha256 = told.get("bytes"), told.get("sha256")
            if isinstance(size, int) and isinstance(sha256, str) and sha256:
                path = found[name]
                # What came back to a path is its latest content again.
                if (size, sha256) in path:
                    path.remove((size, sha256))
                if told.get("change") == "grown" and path and path[-1][1] == told.get("earlier_sha256"):
                    path.pop()
                path.append((size, sha256))
    return dict(found)


def check_logs(links: Sequence[Link], roots: Sequence[Path], *, allow_missing: bool = False) -> Check:
    """Hash the logs where the scans found them, or below `roots`, and compare."""
    named = contents(links)
    at_hand = find_contents(named, roots)
    changed, missing, grown, whole = [], [], 0, 0
    for path, versions in named.items():
        for version in versions:
            if version in at_hand.places:
                whole += 1
                grown += version == versions[-1] and at_hand.places[version].goes_on
                continue
            here = os.path.isfile(path) or path in at_hand.members  # noqa: PTH113 - see `archive_of`
            latest = version == versions[-1]
            if here and latest:
                changed.append(f"{path} is not what was read: it was rewritten")
            else:
                missing.append(f"{path} is not at hand" if latest else f"an earlier content of {path} is not at hand")
    return told_of(
        "logs",
        f"{whole:,} contents are as they were read",
        (changed, "logs at hand were changed"),
        (missing, "contents of logs are not at hand"),
        allow_missing=allow_missing,
        holds=f"{whole:,} contents of logs are as they were read" + (f"; {grown:,} grew since" if grown else ""),
    )


def find_contents(named: dict[str, list[Content]], roots: Sequence[Path]) -> AtHand:
    """Return where the contents are, and which members the archives have that were looked into.

    They are looked for where the scans found them, in files and archives, then below `roots`: in files of the same
    name or size, and in archives.
    """
    found = AtHand()
    archives: dict[Path, None] = {}
    for path, versions in named.items():
        _match(Path(path), versions, found, Place(Path(path), goes_on=False))
        if not os.path.isfile(path) and (archive := archive_of(path)):  # noqa: PTH113 - see `archive_of`
            archives[archive] = None
    for archive in archives:
        _look_into(Found(archive, archive.as_posix()), _wanted(named, found), found)
    wanted = _wanted(named, found)
    if wanted and roots:
        sizes, names = {size for size, _ in wanted}, {Path(path).name for path in wanted.values()}
        below = [entry for entry in list_files(roots, is_log=any_file) if not entry.skip and entry.path not in archives]
        for entry in below:
            if entry.path.name in names or entry.size in sizes:
                _match(entry.path, wanted, found, Place(entry.path, goes_on=False))
        for entry in below:
            if wanted := _wanted(named, found):
                _look_into(entry, wanted, found)
    return found


def at_hand_in_turn(places: dict[Content, Place]) -> Iterator[tuple[Content, Path]]:
    """Yield each content with a file that has it, there until the next is asked for; every archive is opened once."""
    inside: dict[Path, dict[str, list[Content]]] = defaultdict(lambda: defaultdict(list))
    for content, place in places.items():
        if place.member:
            inside[place.path][place.member].append(content)
        else:
            yield content, place.path
    for archive, members in inside.items():
        with opened(Found(archive, archive.as_posix())) as files:
            for file in files:
                for content in members.get(file.shown, ()) if not (file.skip or file.fault) else ():
                    yield content, file.path


def _wanted(named: dict[str, list[Content]], found: AtHand) -> dict[Content, str]:
    """Return the contents that were not found, each with a path that had it."""
    return {version: path for path, versions in named.items() for version in versions if version not in found.places}


def archive_of(path: str) -> Path | None:
    """Return the file that stands where a folder of this path should; None where there is none."""
    # Path.is_file raises for a name too long, and for what may not be looked at.
    return next((folder for folder in Path(path).parents if os.path.isfile(folder)), None)  # noqa: PTH113


def _look_into(entry: Found, wanted: Iterable[Content], found: AtHand) -> None:
    """Look for contents among the members of a file, if it is an archive."""
    wanted = list(wanted)
    with opened(Found(entry.path, entry.path.as_posix())) as files:
        for file in files:
            if file.archive is None:
                continue
            found.members.add(file.shown)
            if not file.skip and not file.fault:
                _match(file.path, wanted, found, Place(entry.path, goes_on=False, member=file.shown))


def _match(path: Path, wanted: Iterable[Content], found: AtHand, place: Place) -> None:
    """Hash a file once, and note which of the wanted contents it is, or begins with; `place` is where it is."""
    by_size: dict[int, set[str]] = defaultdict(set)
    for size, sha256 in wanted:
        by_size[size].add(sha256)
    digest, read = hashlib.sha256(), 0
    try:
        with open_log(path) as file:
            total = os.fstat(file.fileno()).st_size
            for size in sorted(size for size in by_size if size <= total):
                while read < size and (piece := file.read(min(PIECE, size - read))):
                    digest.update(piece)
                    read += len(piece)
                if read == size and digest.hexdigest() in by_size[size]:
                    found.places.setdefault((size, digest.hexdigest()), replace(place, goes_on=total > size))
    except OSError:
        return
