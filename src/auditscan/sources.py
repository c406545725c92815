"""The `sources` table: what was read of each file, kept beside its records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.readers.model import FileReport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from auditscan.readers.model import Unreadable
    from auditscan.store import Store


def next_id(store: Store) -> int:
    """The number of the next file."""
    return int(store.one("select coalesce(max(source_id), 0) + 1 from sources"))


def write(store: Store, report: FileReport, source_id: int, zone: str) -> None:
    """Write down a file's accounting under its number."""
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


def read(store: Store, source_id: int) -> FileReport:
    """The accounting of a file read before."""
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


def write_quarantine(store: Store, source_id: int, quarantined: Sequence[Unreadable]) -> None:
    """Keep the records of a file that could not be read, as they stood in it."""
    columns = {
        "source_id": "integer",
        "source_record": "bigint",
        "reason": "varchar",
        "byte_offset": "bigint",
        "byte_length": "bigint",
        "bytes": "blob",
    }
    store.insert(
        "quarantine",
        columns,
        [(source_id, bad.source_record, bad.reason, bad.byte_offset, bad.byte_length, bad.kept) for bad in quarantined],
    )
