"""What small blocks of other systems' logs hold, staged and written together for many logs.

Each keeps its own number and account. Where a step fails, every log goes through it alone, and only the one at fault
is unreadable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ingest.load import discard
from auditscan.ingest.mapped import MappedStaging
from auditscan.readers.faults import in_words, is_not_of_the_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from auditscan.readers.model import FileReport
    from auditscan.store import Store

_LOGS = "select distinct record_no // 68719476736 from memory.waiting_rows order by all"


def write_waiting(store: Store, reports: Mapping[int, FileReport], zone: str) -> None:
    """Write what `load_file` let wait of logs, by their numbers, and tell each report what its log has set aside.

    A log whose records cannot be written is unreadable by its report, and nothing of it is in the database. Nobody
    waits afterwards.
    """
    logs = [source_id for (source_id,) in store.rows(_LOGS)]
    if not logs:
        return
    try:
        _write(store, reports, logs, zone)
    except BaseException as error:
        if is_not_of_the_file(error):
            raise
        for source_id in logs:
            try:
                _write(store, reports, [source_id], zone)
            except BaseException as own:
                if is_not_of_the_file(own):
                    raise
                discard(store, reports[source_id], source_id, in_words(own))
    store.connection.execute("truncate memory.waiting_rows; truncate memory.waiting_records")


def _write(store: Store, reports: Mapping[int, FileReport], logs: Sequence[int], zone: str) -> None:
    staging = MappedStaging(store, "canonical_json", 0, zone)
    try:
        staging.store.run("take_waiting", waiting_logs=list(logs))
        asides = staging.stage_rows(staging.look())
        staging.write_together()
    finally:
        staging.close()
    for source_id, reason, counted in asides:
        reports[source_id].count_aside(reason, counted)
    for source_id in logs:
        reports[source_id].list_fewer()
