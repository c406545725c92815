"""The main job: read logs, judge every transfer, keep the accounting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditscan.ingest import NOTHING_SAID
from auditscan.readers.files import find_files
from auditscan.scanning import sources
from auditscan.scanning.bar import UNSEEN
from auditscan.scanning.judging import is_linked
from auditscan.scanning.rules import judge
from auditscan.store import prepare, scan_memory
from auditscan.store.comments import write_comments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from auditscan.ingest import Reads
    from auditscan.library import Library
    from auditscan.policy import Policy
    from auditscan.readers.files import Found
    from auditscan.readers.model import FileReport
    from auditscan.scanning.bar import Bar
    from auditscan.store import Store

SINCE = date(2025, 6, 1)
"""The first day of the question: CMS began handing data to DHS in June 2025."""


@dataclass(slots=True)
class ScanResult:
    """What one scan did."""

    files: list[FileReport]
    """In the order of their names."""
    judged_again: bool = False
    """Whether policy, queries or logs changed since the database was last judged."""


def scan(
    store: Store,
    paths: Sequence[Path],
    policy: Policy,
    as_of: date,
    *,
    since: date = SINCE,
    zone: str = "UTC",
    reads: Reads = NOTHING_SAID,
    bar: Bar = UNSEEN,
) -> ScanResult:
    """Find the logs at or below the paths, and scan them as `scan_files` does; raises what `find_logs` raises."""
    files = find_logs(paths, store.library, reads)
    return scan_files(store, files, policy, as_of, since=since, zone=zone, reads=reads, bar=bar)


def find_logs(paths: Sequence[Path], library: Library, reads: Reads) -> list[Found]:
    """The files at or below the paths, as `find_files` has them; none without a path."""
    from auditscan.ingest import log_teller

    return find_files(paths, reads.exclude, log_teller(library, reads)) if paths else []


def is_little(files: Sequence[Found]) -> bool:
    """Whether files hold few records, be they packed."""
    return sum(entry.size for entry in files) < 1 << 18


def scan_files(
    store: Store,
    files: Sequence[Found],
    policy: Policy,
    as_of: date,
    *,
    since: date = SINCE,
    zone: str = "UTC",
    reads: Reads = NOTHING_SAID,
    parts: Sequence[Path] = (),
    bar: Bar = UNSEEN,
) -> ScanResult:
    """Read what is new, judge everything, and return the accounting of this scan's files.

    `zone` is read into times that have none; `reads` is what is known of the logs besides; `parts` are databases of
    other scans that are taken over; `bar` is told how many bytes were read. What it writes lies in a private file
    until the store is closed. Raises UsageError for a file that the database holds under other settings, and what
    `gather` raises.
    """
    from auditscan.scanning.parts import gather
    from auditscan.scanning.reading import Reading

    changed = prepare(store, policy, as_of, since)
    store.run("begin")
    gathered: list[int] = []
    for part in parts:
        bar.say(f"taking over {part.name}")
        gathered += gather(store, part)
    reading = Reading(store, zone, bar, reads=reads)
    store.limit_memory(scan_memory(store.workers))
    read = reading.take_all(files)
    # What stands there may tell here what a record is, and the other way round.
    taken_over = [sources.read(store, source_id) for source_id in gathered]
    result = ScanResult(sorted([*taken_over, *read], key=lambda report: report.path))
    # What judging makes repeats its words: packed, its tables take a fifth of the room and no more time.
    store.connection.execute("set disabled_compression_methods = 'zstd'")
    result.judged_again = changed.law or reading.added or bool(parts) or is_linked(store) is not reads.link
    if result.judged_again:
        reading.judge_all(new_views=changed.queries, same_logs=not (files or parts or changed.clock))
    else:
        bar.say("judging: the rules")
        judge(store, anew=False, new_views=changed.queries)
    store.expect_questions()
    if store.kept:
        write_comments(store)
    return result
