"""The table `file_versions`: which content stood at which path, from which scan to which."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from auditscan.store import Store

RACY_NS = 2_000_000_000
"""A file changed this shortly before it was hashed may have changed again within the same tick of its clock."""

COLUMNS = {
    "path": "varchar",
    "sha256": "varchar",
    "bytes": "bigint",
    "change": "varchar",
    "source_id": "integer",
    "earlier_sha256": "varchar",
    "earlier_path": "varchar",
    "first_scan": "integer",
    "last_scan": "integer",
    "note": "varchar",
    "mtime_ns": "bigint",
    "ctime_ns": "bigint",
    "inode": "ubigint",
    "device": "ubigint",
    "hashed_at": "timestamp",
}
"""Of `file_versions`, in the order of the fields of `Version`."""


@dataclass(frozen=True, slots=True)
class FileState:
    """What the file system says of a file; of a member of an archive, of the archive, whatever its own size."""

    size: int | None
    mtime_ns: int
    ctime_ns: int
    inode: int
    device: int

    @classmethod
    def of(cls, path: Path) -> FileState | None:
        """The state of a file; None where there is none to be had, and reading it fails too, and says why."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino, status.st_dev)


@dataclass(frozen=True, slots=True)
class Version:
    """A content at a path."""

    path: str
    sha256: str | None
    bytes: int
    change: str
    """How it came: new | copy | renamed | grown | rewritten | restored | unreadable, or what is wrong with it."""
    source_id: int | None
    earlier_sha256: str | None
    earlier_path: str | None
    first_scan: int
    last_scan: int
    note: str = ""
    mtime_ns: int | None = None
    ctime_ns: int | None = None
    inode: int | None = None
    device: int | None = None
    hashed_at: datetime | None = None

    def untouched(self, state: FileState) -> bool:
        """Whether the file system says that the file is as it was when it was hashed."""
        if self.hashed_at is None or self.ctime_ns is None:
            return False
        known = (self.mtime_ns, self.ctime_ns, self.inode, self.device)
        if known != (state.mtime_ns, state.ctime_ns, state.inode, state.device):
            return False
        if state.size is not None and state.size != self.bytes:
            return False
        hashed = self.hashed_at.replace(tzinfo=UTC).timestamp()
        return self.ctime_ns + RACY_NS < int(hashed * 1_000_000_000)

    def found(self, scan_id: int, now: datetime, state: FileState | None) -> Version:
        """The same content, hashed again by a scan; `state` is from before it was read."""
        version = replace(self, last_scan=scan_id, hashed_at=now)
        if state is None:
            return replace(version, mtime_ns=None, ctime_ns=None, inode=None, device=None)
        return replace(
            version, mtime_ns=state.mtime_ns, ctime_ns=state.ctime_ns, inode=state.inode, device=state.device
        )


def read(store: Store) -> list[Version]:
    """Every version of every path, those of the last scan last."""
    columns = ", ".join(COLUMNS)
    return [
        Version(*row)
        for row in store.rows(f"select {columns} from file_versions order by last_scan, first_scan, path")  # noqa: S608
    ]


def write(store: Store, versions: Iterable[Version]) -> None:
    """Write versions down, each in the place of what was known of the same content at the same path."""
    rows = [astuple(version) for version in versions]
    store.connection.execute(
        "delete from file_versions where (path, coalesce(sha256, '')) in "
        "(select (unnest($1::varchar[]), unnest($2::varchar[])))",
        [[row[0] for row in rows], [row[1] or "" for row in rows]],
    )
    store.insert("file_versions", COLUMNS, rows)
