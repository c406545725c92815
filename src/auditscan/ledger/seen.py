"""The files of one night: which are new, grown, rewritten, renamed, copied, restored, or as they were.

What is new is decided by content. A file is taken for untouched, and not hashed again, only where its size, its
times, its number in the file system and the file system itself are those of when it was hashed last. The time of the
last change of an inode is set by the system, whatever a program writes into the time of the last change of the file;
and after some days a file is hashed again all the same.

The members of an archive are files of their own, and the archive none: what the file system says of it stands with
each of them, and where all of them have it still, it is not opened.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditscan.ingest import TAILED, NotGrown, Tail
from auditscan.ledger import versions
from auditscan.ledger.versions import FileState, Version
from auditscan.readers.members import opened
from auditscan.readers.raw import CHUNK, HashedFile
from auditscan.scanning import sources
from auditscan.scanning.bar import UNSEEN
from auditscan.scanning.reading import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from auditscan.ingest import Reads
    from auditscan.readers.files import Found
    from auditscan.readers.model import FileReport
    from auditscan.scanning.bar import Bar
    from auditscan.store import Store

BAD = ("unreadable", "unrecognized", "damaged", "empty", "no_log")


@dataclass(frozen=True, slots=True)
class Change:
    """A path that is not as the scan before left it."""

    path: str
    change: str
    """As in `night.NightFile`."""
    source_id: int | None
    """What was read of it tonight: the row of `sources`; None where nothing was."""
    note: str


@dataclass(slots=True)
class _Now:
    """What a path holds tonight."""

    entry: Found
    version: Version
    status: str
    """Of its accounting: read, damaged, unreadable and so on."""
    note: str = ""
    read: bool = False
    """Whether something of it was read tonight."""
    was: bool = False
    """Whether the scan before found the same there."""


class Seen:
    """What a ledger knows of files, and what tonight's files are to it."""

    def __init__(
        self,
        store: Store,
        scan_id: int,
        now: datetime,
        *,
        rehash_days: int,
        zone: str,
        reads: Reads,
        bar: Bar = UNSEEN,
    ) -> None:
        self._store = store
        self._scan_id = scan_id
        self._now = now
        self._rehash_days = rehash_days
        self._bar = bar
        self.reading = Reading(store, zone, bar, scan_id, reads)
        known = versions.read(store)
        self._known = {(version.path, version.sha256): version for version in known}
        self._last = {version.path: version for version in known}
        self._statuses: dict[int, str] = dict(store.rows("select source_id, status from sources"))
        self._tonight: dict[str, _Now] = {}
        self._displaced: list[Version] = []
        self._excluded: dict[str, str] = {}
        self._skipped: list[str] = []

    def take(self, entries: Sequence[Found]) -> None:
        """Read what is new of these files: all that there are tonight."""
        self._excluded = {entry.shown: entry.skip for entry in entries if entry.excluded}
        self._skipped = [entry.skip for entry in entries if entry.skip and not entry.excluded]
        found = [(entry, FileState.of(entry.path)) for entry in entries if not entry.skip]
        inside = self._members_of({entry.shown for entry, _ in found})
        # A new file may go on from what is no longer, or perhaps no longer, where it was.
        standing = {version.path for known in inside.values() for version in known}
        self._displaced = [version for version in self._last.values() if version.path not in standing] + [
            version
            for entry, state in found
            if state is not None
            for version in inside[entry.shown]
            if not version.untouched(_as_archive(state, version, entry))
        ]
        for number, (entry, state) in enumerate(found, start=1):
            self._bar.say(f"reading {number:,} of {len(found):,}: {entry.path.name}")
            if state is None or not self._pass_over(entry, state, inside[entry.shown]):
                with opened(entry, self._bar.advance) as files:
                    for file in files:
                        if not file.skip:
                            self._take(self.reading.unless_refused(file), state)
                        elif file.excluded:
                            self._excluded[file.shown] = file.skip
                        else:
                            self._skipped.append(file.skip)
        self.reading.load_waiting()

    def _members_of(self, paths: set[str]) -> dict[str, list[Version]]:
        """What the ledger has at each of these paths, the members of the archive there included.

        Of an archive these are the members that it had when it was looked at last.
        """
        inside: dict[str, list[Version]] = {path: [] for path in paths}
        for version in self._last.values():
            path = version.path
            while path and path not in inside:
                path = path.rpartition("/")[0]
            if path:
                inside[path].append(version)
        return {
            path: [version for version in known if version.last_scan == max(one.last_scan for one in known)]
            for path, known in inside.items()
        }

    def _pass_over(self, entry: Found, state: FileState, known: Sequence[Version]) -> bool:
        """Take a file for what it was, with all that it stands for, if nothing has touched it."""
        if not known or not all(self._may_pass_over(version, _as_archive(state, version, entry)) for version in known):
            return False
        for version in known:
            if version.source_id is not None:
                self.reading.check_settings(replace(entry, shown=version.path), version.source_id)
        self._bar.advance(state.size or 0)
        for version in known:
            file = replace(entry, shown=version.path)
            self._tonight[version.path] = self._there(file, replace(version, last_scan=self._scan_id), version)
        return True

    def _take(self, entry: Found, state: FileState | None) -> None:
        """Read what is new of a file; `state` is its own, or that of the archive that it lies in."""
        if state is not None and entry.archive is not None:
            state = replace(state, size=None if entry.fault else entry.path.stat().st_size)
        last = self._last.get(entry.shown)
        sha256, size = self.reading.hash_if_known(entry)
        if sha256 is None:
            self._load(entry, state, last)
        else:
            self._tonight[entry.shown] = self._again(entry, state, last, sha256, size)

    def _may_pass_over(self, last: Version, state: FileState) -> bool:
        # One that was hashed at a time to come, by a clock that was wrong then or is now, says nothing of today.
        if last.hashed_at is None or not 0 <= (self._now - last.hashed_at).days < self._rehash_days:
            return False
        # What could not be read may be readable today: the permissions are others, or the version is.
        return last.untouched(state) and self._status_of(last) in ("read", "copy", "damaged", "empty", "no_log")

    def _status_of(self, version: Version) -> str:
        return "unreadable" if version.source_id is None else self._statuses[version.source_id]

    def _again(self, entry: Found, state: FileState | None, last: Version | None, sha256: str, size: int) -> _Now:
        """A file whose content the ledger holds."""
        earlier = None if last is None else last.sha256
        known = self._known.get((entry.shown, sha256))
        if known is None:
            source_id = self.reading.source_of(sha256, size)
            path = sources.read(self._store, source_id).path
            known = Version(entry.shown, sha256, size, "copy", source_id, earlier, path, self._scan_id, self._scan_id)
            return _Now(entry, known.found(self._scan_id, self._now, state), "copy")
        return self._there(entry, self._back(known, last).found(self._scan_id, self._now, state), last)

    def _back(self, known: Version, last: Version | None) -> Version:
        """A content that a path had before, and has again, with another one in between unless it is the last."""
        if known is last:
            return known
        return replace(known, change="restored", earlier_sha256=None if last is None else last.sha256)

    def _there(self, entry: Found, version: Version, last: Version | None) -> _Now:
        """A path with a content that it had before: in the scan before, or earlier."""
        status = self._status_of(version)
        if last is not None and last.sha256 == version.sha256:
            if last.last_scan == self._scan_id - 1:
                return _Now(entry, version, status, was=True)
            if version.sha256 is not None:
                version = replace(version, change="restored")
        return _Now(entry, version, status, "it is there again")

    def _new(
        self,
        entry: Found,
        state: FileState | None,
        last: Version | None,
        loaded: tuple[FileReport, int],
        origin: Version | None = None,
        note: str = "",
    ) -> _Now:
        """A file whose content the ledger does not hold: `loaded`, and if so the content it goes on from."""
        report, source_id = loaded
        known = self._known.get((entry.shown, report.sha256))
        if known is not None and known.sha256 is not None and report.status in ("read", "damaged"):
            # The same bytes, which can be read today: somebody said yes to their mapping, or we learned to.
            version = replace(known, change="restored", source_id=source_id, note=report.note)
            return _Now(entry, version.found(self._scan_id, self._now, state), report.status, report.note, read=True)
        if known is not None:
            # It could not be read before, and cannot today. Of what cannot even be hashed nobody knows what it is.
            back = known if known.sha256 is None else self._back(known, last)
            now = self._there(entry, back.found(self._scan_id, self._now, state), last)
            return replace(now, status=report.status, note=report.note)
        if report.sha256 is None:
            change = report.status if report.status in BAD else "unreadable"
        elif origin is not None:
            change = "grown"
        elif last is not None and last.sha256 is not None:
            change = "rewritten"
        else:
            change = report.status if report.status in BAD else "new"
        version = Version(
            entry.shown,
            report.sha256,
            report.size,
            change,
            source_id,
            origin.sha256 if origin is not None else None if last is None else last.sha256,
            None if origin is None else origin.path,
            self._scan_id,
            self._scan_id,
            "; ".join(filter(None, (note, report.note))),
        ).found(self._scan_id, self._now, state)
        return _Now(entry, version, report.status, version.note, read=True)

    def _load(self, entry: Found, state: FileState | None, last: Version | None) -> None:
        """Load a file whose content the ledger does not hold, now or together with others."""

        def take(loaded: tuple[FileReport, int], origin: Version | None = None, note: str = "") -> None:
            self._tonight[entry.shown] = self._new(entry, state, last, loaded, origin, note)

        size = 0 if state is None or entry.fault else state.size or 0
        candidates = [] if last is None else [last]
        candidates += [version for version in self._displaced if version is not last]
        for origin in candidates:
            if not 0 < origin.bytes < size or origin.sha256 is None:
                continue
            begins = f"its first {origin.bytes:,} bytes are those of " + (
                "before" if origin.path == entry.shown else origin.path
            )
            if (tail := self._tail(origin)) is not None:
                try:
                    loaded = self.reading.load(entry, tail, origin.source_id)
                except NotGrown:
                    pass
                else:
                    take(loaded, origin, f"{begins}; only what follows was read")
                    return
            if _begins_with(entry.path, origin):
                take(self.reading.load(entry), origin, f"{begins}; it was read again from its beginning")
                return
        self.reading.load_later(entry, lambda *loaded: take(loaded))

    def _tail(self, origin: Version) -> Tail | None:
        """What to pass over of a file that goes on from this content; None where it has to be read whole."""
        if origin.source_id is None or origin.sha256 is None:
            return None
        status, kind, quarantined = self._store.rows(
            "select status, format, quarantined from sources where source_id = $1", [origin.source_id]
        )[0]
        if status != "read" or kind not in TAILED or quarantined:
            return None
        return Tail(origin.bytes, origin.sha256, kind)

    def finish(self) -> list[Change]:
        """Write down what became of every path; return those that are not as the scan before left them, by path."""
        left: dict[str | None, Version] = {
            version.sha256: version
            for version in self._last.values()
            if version.last_scan == self._scan_id - 1 and version.sha256 is not None and not self._still_there(version)
        }
        here = {now.version.sha256 for now in self._tonight.values()}
        here |= {
            now.version.earlier_sha256 for now in self._tonight.values() if now.read and now.version.change == "grown"
        }
        changes = [
            self._told(now, left, here) for now in sorted(self._tonight.values(), key=lambda now: now.version.path)
        ]
        changes += [self._lost(version) for version in left.values() if version.sha256 not in here]
        versions.write(self._store, [now.version for now in self._tonight.values()])
        return sorted((change for change in changes if change is not None), key=lambda one: (one.path, one.change))

    def _still_there(self, version: Version) -> bool:
        now = self._tonight.get(version.path)
        return now is not None and now.version.sha256 == version.sha256

    def _told(self, now: _Now, left: dict[str | None, Version], here: set[str | None]) -> Change | None:
        """What is to be said of a path, now that all are read; None where nothing is."""
        if now.was:
            return None
        version, source_id = now.version, now.version.source_id if now.read else None
        note = now.note
        if version.change == "copy" and version.sha256 in left:
            origin = left[version.sha256].path
            version = replace(version, change="renamed", earlier_path=origin)
            note = f"it was {origin}"
        elif version.change == "copy":
            report = self.reading.copy(now.entry, str(version.sha256), version.bytes)
            source_id = sources.next_id(self._store) - 1
            version, note = replace(version, source_id=source_id), report.note
            if version.earlier_sha256 is not None and version.earlier_sha256 not in here:
                version = replace(version, change="rewritten")
        elif version.change == "rewritten" and version.earlier_sha256 in here:
            version = replace(version, change="new")
            note = "; ".join(filter(None, ("what stood here before is under another name now", note)))
        elif version.change == "rewritten":
            note = "; ".join(filter(None, ("both versions are kept", note)))
        now.version = replace(version, note=note)
        return Change(version.path, version.change, source_id, note)

    def _lost(self, version: Version) -> Change | None:
        """What is to be said of a content that is nowhere any more; None where its path says it."""
        now = self._tonight.get(version.path)
        if now is None:
            parts = version.path.split("/")
            above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
            if why := next(filter(None, map(self._why_unseen, above)), ""):
                return Change(version.path, "vanished", None, f"{why}: it is not looked at; its transfers are kept")
            return Change(version.path, "vanished", None, "no log holds any more what it held; its transfers are kept")
        if now.version.change in ("renamed", "new"):
            return Change(
                version.path, "vanished", None, "another log stands in its place, and what it held is nowhere"
            )
        return None

    def _why_unseen(self, path: str) -> str:
        """Why nothing below a path is seen tonight; '' if it is not so."""
        folder = self._tonight.get(path)
        shut = folder is not None and folder.status == "unreadable"
        return self._excluded.get(path, f"{path} could not be read tonight" if shut else "")

    @property
    def statuses(self) -> list[tuple[str, str, str]]:
        """Path, status and note of every file that there is tonight."""
        return [(path, now.status, now.version.note) for path, now in sorted(self._tonight.items())]

    @property
    def left_aside(self) -> list[str]:
        """What is said of each file that is no log and was not excluded, the kind of it in front."""
        no_logs = (now for now in self._tonight.values() if now.status in ("no_log", "empty"))
        return [*self._skipped, *(now.version.note for now in no_logs)]

    @property
    def unchanged(self) -> int:
        """How many files are as the scan before left them."""
        return sum(now.was for now in self._tonight.values())


def _as_archive(state: FileState, version: Version, entry: Found) -> FileState:
    """What the file system says of a file, to be held against what it said of something that the file stands for."""
    return state if version.path == entry.shown else replace(state, size=None)


def _begins_with(path: Path, version: Version) -> bool:
    """Whether a file begins with the bytes of a version."""
    try:
        with closing(HashedFile(path)) as file:
            left = version.bytes
            while left and (piece := file.read(min(left, CHUNK))):
                left -= len(piece)
    except OSError:
        return False
    return not left and file.hexdigest() == version.sha256
