"""The `sources` table: what was read of each file, kept beside its records."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING

from auditscan.readers.model import FileReport

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditscan.ingest import Tail
    from auditscan.readers.model import SetAside
    from auditscan.store import Store


def next_id(store: Store) -> int:
    """The number of the next file."""
    return int(store.one("select coalesce(max(source_id), 0) + 1 from sources"))


def write(
    store: Store,
    reports: Sequence[tuple[int, FileReport, str]],
    zone: str,
    *,
    scan_id: int | None = None,
    tail: Tail | None = None,
    tail_of: int | None = None,
) -> None:
    """Write down the accounting of files: of each its number, its report, and what a user said of how to read it.

    `scan_id` is the nightly scan that read them. With a `tail`, the report is on what stands behind that, and
    `tail_of` is the number of the file that held only the tail's bytes.
    """
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
        "scan_id": "integer",
        "tail_of": "integer",
        "tail_offset": "bigint",
        "lines_before": "bigint",
        "read_as": "varchar",
        "places": "varchar",
        "sheets": "varchar[]",
        "counts": "varchar",
        "content_sha256": "varchar",
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
                scan_id,
                tail_of,
                None if tail is None else tail.offset,
                None if tail is None else report.lines_before,
                read_as,
                report.places,
                report.sheets or None,
                report.counts,
                report.content_sha256,
            )
            for source_id, report, read_as in reports
        ],
    )


def write_set_aside(store: Store, set_aside: Mapping[int, Mapping[str, SetAside]]) -> None:
    """Keep why records of files are no transfers, how many for each reason, and how many of them name DHS."""
    columns = {
        "source_id": "integer",
        "reason": "varchar",
        "records": "bigint",
        "first_record": "bigint",
        "naming": "bigint",
        "first_naming": "bigint",
    }
    rows = [
        (source_id, why, *astuple(aside))
        for source_id, asides in set_aside.items()
        for why, aside in sorted(asides.items())
    ]
    store.insert("set_aside", columns, rows)


def take_back(store: Store, report: FileReport, source_id: int) -> None:
    """Account for a file, and its copies, as unreadable, its records being gone; it was written down as read."""
    store.connection.execute(
        "update sources set status = $2, note = $3, records = 0, not_transfers = 0, quarantined = 0, blank_lines = 0, "
        "fields = [], unknown_fields = [] "
        "where source_id = $1 or (status = 'copy' and sha256 = $4 and bytes = $5)",
        [source_id, report.status, report.note, report.sha256, report.size],
    )
    for table in ("quarantine", "set_aside", "digest_entries"):
        store.connection.execute(f"delete from {table} where source_id = $1", [source_id])  # noqa: S608 - our own names
    # A scan before this one may have said the same of the file.
    store.connection.execute(
        "delete from sources where source_id = $1 and exists (from sources o where o.source_id <> $1 and o.path = $2 "
        "and o.status = $3 and o.sha256 = $4)",
        [source_id, report.path, report.status, report.sha256],
    )


def read(store: Store, source_id: int) -> FileReport:
    """The accounting of a file read before; that of one that grew is on all of it."""
    path, sha256, size, kind, status, note, places, sheets, content = store.rows(
        "select path, sha256, bytes, format, status, note, places, sheets, content_sha256 "
        "from sources where source_id = $1",
        [source_id],
    )[0]
    report = FileReport(path=path, sha256=sha256, size=size, format=kind, status=status, note=note, places=places)
    report.sheets, report.content_sha256 = sheets or [], content
    part: int | None = source_id
    while part is not None:
        records, others, quarantined, blank, fields, unknown, part = store.rows(
            "select records, not_transfers, quarantined, blank_lines, fields, unknown_fields, tail_of "
            "from sources where source_id = $1",
            [part],
        )[0]
        report.records += records
        report.not_transfers += others
        report.quarantined_count += quarantined
        report.blank_lines += blank
        report.fields |= set(fields)
        report.unknown_fields |= dict.fromkeys(unknown, 0)
    return report
