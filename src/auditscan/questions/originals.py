"""Records as they stand in their files, found by the place that every report names.

The database keeps no bytes of a log: the place finds a record, and the hash tells whether its file is still the one
that was scanned.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auditscan.errors import AuditscanError, NoInputError, UsageError
from auditscan.ingest import Reads
from auditscan.ingest.original import Original, Wanted, read_original
from auditscan.policy import normalize
from auditscan.readers.files import Found
from auditscan.readers.members import opened
from auditscan.readers.raw import CHUNK
from auditscan.scanning.reading import hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.library import Library
    from auditscan.store import Store

STATES = {
    "unchecked": "not held against a scan; --db does that",
    "same": "as it was scanned",
    "grown": "it has grown since it was scanned; what was scanned stands in it unchanged",
    "changed": "NOT WHAT WAS SCANNED: it has changed since, and this may be another record",
}
"""How a file stands to what was scanned of it, in words."""

_SPOKEN = re.compile(r"(?P<unit>line|row|item|record) (?P<number>[\d,]+)(?: of .+)?")
_SHEET = re.compile(r'(?P<file>.+), sheet "(?P<sheet>.+)", row (?P<number>[\d,]+)')


@dataclass(frozen=True, slots=True)
class Known:
    """What a scan knows of a file."""

    path: str
    sha256: str | None
    size: int
    reads: Reads


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as it stands in its file."""

    path: str
    original: Original
    sha256: str
    """Of the file, as it is now."""
    state: str
    """unchecked | same | grown | changed: a key of STATES."""
    scanned: str | None = None
    """The SHA-256 that the scan wrote down, where the file is another now."""

    @property
    def cited(self) -> str:
        """File and place, as a person says it."""
        return f"{self.path}, {self.original.place}"

    def as_json(self) -> dict[str, object]:
        """The record as a JSON object."""
        original = asdict(self.original)
        original["fields"] = [{"field": name, "text": text} for name, text in self.original.fields]
        return {"file": self.path, **original, "sha256": self.sha256, "state": self.state, "scanned": self.scanned}


def parse_place(text: str) -> tuple[str, Wanted]:
    """Return the file and the record that a place names: `log.csv:13`, `book.xlsx:2025:27` or as reports say it.

    Raises UsageError for what is none.
    """
    text = text.strip()
    if named := _SHEET.fullmatch(text):
        return named["file"], Wanted(_number(named["number"]), "row", named["sheet"])
    file, parted, place = text.rpartition(", ")
    if parted and (spoken := _SPOKEN.fullmatch(place)):
        unit = None if spoken["unit"] == "record" else spoken["unit"]
        return file, Wanted(_number(spoken["number"]), unit)
    file, parted, number = text.rpartition(":")
    if parted and file and number.isdecimal():
        book, parted, sheet = file.rpartition(":")
        if parted and book and not Path(file).exists():
            return book, Wanted(_number(number), "row", sheet)
        return file, Wanted(_number(number))
    raise UsageError(
        f"{text!r} names no place in a file",
        hint="write the file and the line, row or item: `log.csv:13`, `book.xlsx:2025:27` for row 27 of sheet 2025, or "
        "as reports say it: 'log.csv, line 13'",
    )


def _number(text: str) -> int:
    number = int(text.replace(",", ""))
    if not 0 < number < 1 << 36:
        raise UsageError(f"{text} is no place in a file", hint="lines, rows and items are counted from 1")
    return number


def show(path: str, wanted: Wanted, library: Library, reads: Reads, known: Sequence[Known] | None = None) -> Shown:
    """Return a record of a file, or of a member of an archive: `gateway.zip/inner/x.log`.

    `known` is what a scan wrote down of the file; None where nobody asks. Raises NoInputError where there is no such
    file or record, and what `read_original` raises.
    """
    if known:
        reads = replace(known[-1].reads, trust=reads.trust)
    with _at_hand(path, known) as file, _told(path):
        sha256, size = hash_of(file)
        state, scanned = ("unchecked", None) if known is None else _state(file, sha256, size, known)
        return Shown(path, read_original(file, path, wanted, library, reads), sha256, state, scanned)


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Let what the system says against a file be told as one of this file."""
    try:
        yield
    except OSError as error:
        raise NoInputError("the file cannot be read", where=path, why=error.strerror) from error


@contextmanager
def _at_hand(path: str, known: Sequence[Known] | None) -> Iterator[Path]:
    """The file, or the member of an archive, while it is at hand."""
    whole = Path(path)
    for candidate in (whole, *whole.parents):
        if not candidate.is_file():
            continue
        shown = path[: len(path) - len(whole.as_posix()) + len(candidate.as_posix())]
        with opened(Found(candidate, shown)) as files:
            for file in files:
                if file.shown != path or (candidate == whole and file.path != whole):
                    continue
                if file.fault:
                    raise NoInputError("the file cannot be read", where=path, why=file.fault)
                yield file.path
                return
        if candidate == whole:
            raise NoInputError(
                "this is an archive", where=path, hint=f"name a file in it, and the place: `{path}/FILE:13`"
            )
        raise NoInputError("the archive holds no such file", where=path, hint="`auditscan sources detect` lists them")
    told = f"a scan knows it by the SHA-256 {known[-1].sha256}" if known and known[-1].sha256 else None
    raise NoInputError(
        "the file is gone" if known else "there is no such file",
        where=path,
        why=told,
        hint="run this in the folder from which the logs were scanned, or give the path from here",
    )


def _state(file: Path, sha256: str, size: int, known: Sequence[Known]) -> tuple[str, str | None]:
    """How a file stands to what was scanned under its name, and the hash of that where it is another."""
    if any(one.sha256 == sha256 for one in known):
        return "same", None
    for one in known:
        if one.sha256 and 0 < one.size < size and _begins(file, one.size) == one.sha256:
            return "grown", one.sha256
    return "changed", known[-1].sha256


def _begins(file: Path, size: int) -> str:
    """The SHA-256 of the first bytes of a file."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while size and (piece := content.read(min(size, CHUNK))):
            digest.update(piece)
            size -= len(piece)
    return digest.hexdigest()


def known_files(store: Store, path: str) -> list[Known]:
    """What the database knows of the file of that name, or of one that ends so: oldest first.

    Raises NoInputError where it knows none, UsageError where several end so.
    """
    rows = store.table("files_named", shown_path=path)
    paths = sorted({row["path"] for row in rows})
    if not rows:
        raise NoInputError(
            "the database holds no file of this name", where=path, hint="`auditscan query files_accounted` lists them"
        )
    if path not in paths and len(paths) > 1:
        raise UsageError("several files of the database end so", where=path, hint=f"name one: {', '.join(paths[:5])}")
    named = path if path in paths else paths[0]
    return [
        Known(row["path"], row["sha256"], row["bytes"], Reads.of(row["read_as"]))
        for row in rows
        if row["path"] == named
    ]


def originals_of(store: Store, record_keys: Sequence[int], library: Library) -> list[Shown | str]:
    """The records of these keys as they stand in their files; a sentence in the place of one that is not shown.

    A record is not shown where its file is gone, or is not what was scanned. Each file is opened and hashed once.
    """
    files: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    rows = store.table("records_placed", record_keys=list(record_keys))
    for row in rows:
        files[row["path"], row["sha256"]].append(row)
    found: dict[int, Shown | str] = {}
    for group in files.values():
        first = group[0]
        known = Known(first["path"], first["sha256"], first["bytes"], Reads.of(first["read_as"]))
        try:
            with _at_hand(known.path, [known]) as file, _told(known.path):
                sha256, size = hash_of(file)
                state, scanned = _state(file, sha256, size, [known])
                for row in group:
                    key = row["record_key"]
                    if state == "changed":
                        found[key] = (
                            f"{row['cited']} is not shown: the file is NOT WHAT WAS SCANNED. Its SHA-256 was "
                            f"{known.sha256}, and is {sha256}; `auditscan show` prints what stands there now."
                        )
                        continue
                    try:
                        original = read_original(file, known.path, Wanted(row["source_record"]), library, known.reads)
                    except AuditscanError as error:
                        found[key] = _not_shown(row["cited"], error)
                    else:
                        found[key] = Shown(known.path, original, sha256, state, scanned)
        except AuditscanError as error:
            found |= {row["record_key"]: _not_shown(row["cited"], error) for row in group}
    return [found[row["record_key"]] for row in rows]


def _not_shown(cited: str, error: AuditscanError) -> str:
    return f"{cited} is not shown: {error.message}" + (f" ({error.why})" if error.why else "")


def marked(original: Original, words: Sequence[str]) -> tuple[set[int], list[str]]:
    """The fields, by their number, that hold one of these words, and which of the words the record holds at all."""
    texts = [f"_{normalize(text)}_" for _, text in original.fields]
    whole = [*texts, f"_{normalize(original.raw)}_"]
    keys = {word: f"_{normalize(word)}_" for word in words if normalize(word)}
    held = [word for word, key in keys.items() if any(key in text for text in whole)]
    return {at for at, text in enumerate(texts) if any(keys[word] in text for word in held)}, held
