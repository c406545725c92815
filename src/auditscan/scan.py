"""The main job: read logs, judge every transfer, keep the accounting."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from auditscan.errors import AccountingError, NoInputError
from auditscan.ingest import load_file
from auditscan.policy import Policy
from auditscan.readers.model import FileReport
from auditscan.readers.raw import HashedFile
from auditscan.rules import judge
from auditscan.store import Store, prepare

SINCE = date(2025, 6, 1)
"""The first day of the question: CMS began handing data to DHS in June 2025."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file a scan was pointed at."""

    path: Path
    shown: str
    """As messages and answers name it: below the path the user gave, with forward slashes."""
    skip: str = ""
    """Why it is not read; empty if it is."""


@dataclass(slots=True)
class ScanResult:
    """What one scan did."""

    files: list[FileReport] = field(default_factory=list)
    """In the order of their names."""
    judged_again: bool = False
    """Whether policy, queries or logs changed since the database was last judged."""


def find_files(paths: Sequence[Path]) -> list[Found]:
    """Every file at or below the paths, sorted by name, each once.

    Folders that lead back into themselves through links are entered once. Hidden files and READMEs are
    listed as skipped. Raises NoInputError where a path is missing or nothing is left to read.
    """
    found: dict[str, Found] = {}
    for path in paths:
        if not path.exists() and not path.is_symlink():
            raise NoInputError("there is no such file or folder", where=str(path), hint="check the path")
        for entry in _below(path):
            found.setdefault(entry.shown, entry)
    if not any(not entry.skip for entry in found.values()):
        raise NoInputError(
            "there is no log to read",
            where=", ".join(str(path) for path in paths),
            hint="name a log file, or a folder that holds some",
        )
    return [found[shown] for shown in sorted(found)]


def _below(path: Path) -> Iterator[Found]:
    if not path.is_dir():
        yield Found(path, path.as_posix(), _skip_reason(path))
        return
    entered: set[tuple[int, int]] = set()
    for folder, folders, names in os.walk(path, followlinks=True):
        status = os.stat(folder)
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            entry = Path(folder) / name
            skip = "hidden" if name.startswith(".") else ""
            if name.upper().startswith("README"):
                skip = "documentation"
            yield Found(entry, entry.as_posix(), skip or _skip_reason(entry))


def _skip_reason(path: Path) -> str:
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""  # Reading it will fail too, and say why.
    return "" if stat.S_ISREG(mode) else "not a regular file"


def scan(
    store: Store,
    paths: Sequence[Path],
    policy: Policy,
    as_of: date,
    *,
    since: date = SINCE,
    zone: str = "UTC",
    advance: Callable[[Found], None] = lambda _: None,
) -> ScanResult:
    """Read what is new, judge everything, and return the accounting of this scan's files.

    `zone` is read into times that have none. What it writes lies in a private
    file until the store is closed.
    """
    files = find_files(paths) if paths else []
    result = ScanResult()
    changed = prepare(store, policy, as_of, since)
    store.run("begin")
    if True:
        known = {
            (sha256, size): (path, source_id)
            for sha256, size, path, source_id in store.rows(
                "select sha256, bytes, path, source_id from sources where status in ('read', 'damaged')"
            )
        }
        sizes = {size for _, size in known}
        added = False
        for entry in files:
            report = _take(store, entry, known, sizes, zone)
            added = added or report.status in ("read", "damaged")
            result.files.append(report)
            advance(entry)
        result.judged_again = changed or added
        if result.judged_again:
            store.run("settle")
            store.run("judge")
    # Outside of the transaction: a rule that fails would take it down, and has to leave the others alone.
    judge(store, anew=result.judged_again)
    return result


def _take(
    store: Store,
    entry: Found,
    known: dict[tuple[str, int], tuple[str, int]],
    sizes: set[int],
    zone: str,
) -> FileReport:
    """Load one file, unless its content is in the database already, and write down its accounting."""
    if entry.skip:
        report = FileReport(path=entry.shown, status="skipped", note=entry.skip)
    else:
        report = _copy_of(store, entry, known, sizes) or _load(store, entry, known, sizes, zone)
    return report


def _copy_of(
    store: Store, entry: Found, known: dict[tuple[str, int], tuple[str, int]], sizes: set[int]
) -> FileReport | None:
    """The report of a file whose content was read before, under this name or another; else None."""
    try:
        if entry.path.stat().st_size not in sizes:
            return None
        source = HashedFile(entry.path)
        try:
            source.drain()
        finally:
            source.close()
    except OSError:
        return None  # Loading meets the same error and reports it.
    same = known.get((source.hexdigest(), source.size))
    if same is None:
        return None
    path, source_id = same
    if path == entry.shown:
        return _stored(store, source_id)
    already = store.one(
        "select source_id from sources where path = $1 and sha256 = $2", [entry.shown, source.hexdigest()]
    )
    if already is not None:
        return _stored(store, already)
    report = _stored(store, source_id)
    report.path, report.status, report.note = entry.shown, "copy", f"same content as {path}"
    report.quarantined_count = len(report.quarantined) or report.quarantined_count
    report.quarantined = []
    _write_source(store, report, _next_source(store), "")
    return report


def _load(
    store: Store,
    entry: Found,
    known: dict[tuple[str, int], tuple[str, int]],
    sizes: set[int],
    zone: str,
) -> FileReport:
    source_id = _next_source(store)
    report = load_file(store, entry.path, entry.shown, source_id, zone)
    report.quarantined_count = len(report.quarantined)
    kept = store.one("select count(*) from records where record_key // 68719476736 = $1", [source_id])
    if report.records != kept + report.not_transfers + report.quarantined_count:
        raise AccountingError(
            "the records of a file do not add up",
            where=entry.shown,
            why=f"{report.records} read, but {kept} transfers, {report.not_transfers} others and "
            f"{report.quarantined_count} in the quarantine",
            hint="this is a fault of auditscan: report it; nothing was written",
        )
    if store.one(
        "select count(*) from sources where path = $1 and status = $2 and sha256 is not distinct from $3",
        [report.path, report.status, report.sha256],
    ):
        return report
    _write_source(store, report, source_id, zone)
    store.insert(
        "quarantine",
        {
            "source_id": "integer",
            "source_record": "bigint",
            "reason": "varchar",
            "byte_offset": "bigint",
            "byte_length": "bigint",
            "bytes": "blob",
        },
        [
            (source_id, bad.source_record, bad.reason, bad.byte_offset, bad.byte_length, bad.kept)
            for bad in report.quarantined
        ],
    )
    if report.sha256 and report.status in ("read", "damaged"):
        known[report.sha256, report.size] = (report.path, source_id)
        sizes.add(report.size)
    return report


def _next_source(store: Store) -> int:
    return int(store.one("select coalesce(max(source_id), 0) + 1 from sources"))


def _write_source(store: Store, report: FileReport, source_id: int, zone: str) -> None:
    columns = {
        "source_id": "integer",
        "path": "varchar",
        "sha256": "varchar",
        "bytes": "bigint",
        "format": "varchar",
        "zone": "varchar",
        "status": "varchar",
        "records": "bigint",
        "not_transfers": "bigint",
        "quarantined": "bigint",
        "blank_lines": "bigint",
        "fields": "varchar[]",
        "unknown_fields": "varchar[]",
        "note": "varchar",
    }
    store.insert(
        "sources",
        columns,
        [
            (
                source_id,
                report.path,
                report.sha256,
                report.size,
                report.format,
                zone,
                report.status,
                report.records,
                report.not_transfers,
                report.quarantined_count,
                report.blank_lines,
                sorted(report.fields),
                sorted(report.unknown_fields),
                report.note,
            )
        ],
    )


def _stored(store: Store, source_id: int) -> FileReport:
    """The accounting of a file read by an earlier scan."""
    path, sha256, size, kind, status, note, records, others, quarantined, blank, fields, unknown = store.rows(
        "select path, sha256, bytes, format, status, note, records, not_transfers, quarantined, blank_lines, "
        "fields, unknown_fields from sources where source_id = $1",
        [source_id],
    )[0]
    report = FileReport(path=path, sha256=sha256, size=size, format=kind, status=status, note=note)
    report.records, report.not_transfers, report.blank_lines = records, others, blank
    report.fields, report.unknown_fields = set(fields), dict.fromkeys(unknown, 0)
    report.quarantined_count = quarantined
    return report
