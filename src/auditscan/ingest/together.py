"""Small logs, read together: one block, and one turn of every step, for many files of one format.

The steps of reading take as long for twenty records as for ten thousand. Each log keeps its own number, records and
account; one that turns out not to be as plain as it seemed is left to `load_file`, which reads it alone.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditscan.errors import AccountingError
from auditscan.ingest.keys import Keys, agreed, key_sets
from auditscan.ingest.load import forget, no_tables_made
from auditscan.ingest.log_file import tell_of_file
from auditscan.ingest.mapped import FormatStaging
from auditscan.ingest.mapped_json import JsonRecords
from auditscan.ingest.mapped_lines import open_lines
from auditscan.ingest.plain import SMALL_BYTES
from auditscan.ingest.staging import Staging
from auditscan.readers.blocks import Block
from auditscan.readers.faults import is_not_of_the_file
from auditscan.readers.model import FIELDS
from auditscan.store import KEYS_A_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.ingest.formats import Format
    from auditscan.ingest.plain import PlainLog
    from auditscan.ingest.reads import Reads
    from auditscan.store import Store

TOGETHER_BYTES = 8 << 20
TOGETHER_FILES = 1_000
"""How much is read together at most."""

_COLUMNS = dict.fromkeys(FIELDS, "JSON") | dict.fromkeys(("transfer_id", "occurred_at", "record_count"), "VARCHAR")


def load_together(store: Store, logs: Mapping[int, PlainLog], zone: str, reads: Reads) -> set[int]:
    """Load logs under their numbers, and return the numbers of those that have to be loaded alone.

    Of these nothing is in the database, and of the others all that they hold, each with its account. Where reading
    those of one format together fails, it is all of them.
    """
    alike: dict[tuple[str, str | None], dict[int, PlainLog]] = defaultdict(dict)
    for source_id, log in logs.items():
        alike[log.log_format.name if log.log_format else "", log.rotated_on][source_id] = log
    alone = set()
    for some in alike.values():
        alone |= _load_alike(store, some, zone, reads)
    return alone


def _load_alike(store: Store, logs: Mapping[int, PlainLog], zone: str, reads: Reads) -> set[int]:
    """As `load_together`, of logs of one format."""
    if len(logs) < 2:
        return set(logs)
    one = next(iter(logs.values()))
    try:
        if one.log_format is None:
            return _load_canonical(store, logs, zone)
        tell_of_file(store, reads, one.rotated_on)
        return _load_mapped(store, one.log_format, logs, zone)
    except BaseException as error:
        if is_not_of_the_file(error):
            raise
    forget(store, logs)
    return set(logs)


@contextmanager
def _block_of(own: Store, logs: Mapping[int, PlainLog]) -> Iterator[tuple[Block, int]]:
    """A block of all of them, which the step `together` takes apart, and how many records they have."""
    places, rows = [], 0
    for source_id, log in logs.items():
        records = log.report.records
        places.append({"source_id": source_id, "rows_before": rows, "records": records, "bytes": len(log.content)})
        rows += records
    own.run("together", together=places)
    content = b"".join(log.content for log in logs.values())
    with Block(len(content)) as block:
        block.fill(content)
        yield block, rows


def _load_mapped(store: Store, log_format: Format, logs: Mapping[int, PlainLog], zone: str) -> set[int]:
    """Load logs of another system; alone have to be read those with a record that is unreadable."""
    no_tables_made(store)
    staging = FormatStaging(store, log_format, 0, zone)
    own = staging.store
    try:
        with _block_of(own, logs) as (block, rows):
            if log_format.reader == "lines":
                open_lines(staging, block, SMALL_BYTES, "text_lines_together")
            else:
                records = JsonRecords(staging, log_format)
                if records.read(block) or records.count != rows:
                    return set(logs)
                own.run("raw_lines_together")
                records.show()
            alone, asides = staging.take_together(rows)
            # Who reads a log again because of the tables that it makes, reads it by itself.
            if own.one("select count(*) from memory.made_tables"):
                return set(logs)
            staging.write_together()
    finally:
        staging.close()
    for source_id, reason, counted in asides:
        report = logs[source_id].report
        report.not_transfers += counted.records
        report.count_aside(reason, counted)
    for source_id in logs.keys() - alone:
        report = logs[source_id].report
        report.fields |= staging.fields
        report.list_fewer()
    return alone


def _load_canonical(store: Store, logs: Mapping[int, PlainLog], zone: str) -> set[int]:
    """Load canonical logs; alone have to be read those that do not add up to the byte, nor by their keys."""
    staging = Staging(store, "canonical_json", 0, zone, "json")
    own = staging.store
    try:
        with _block_of(own, logs) as (block, rows):
            own.set(block_columns=_COLUMNS, block_path=block.path, block_object_size=SMALL_BYTES)
            own.run("incoming_json_together")
            staging.stage()
            staging.account()
            if own.one("select count(*) from staged") != rows:
                raise AccountingError("logs that were read together have not as many records as lines")
            odd = dict(own.run("account_together"))
            whole = _known_by_keys(own, logs, [source_id for source_id, may_be in odd.items() if may_be])
            alone = odd.keys() - whole
            own.connection.execute(
                "delete from staged where record_no // $2 in (select unnest($1::bigint[]))",
                [list(alone), KEYS_A_SOURCE],
            )
            staging.keep(rows, 0)
            staging.write()
            return alone
    finally:
        staging.close()


def _known_by_keys(own: Store, logs: Mapping[int, PlainLog], odd: list[int]) -> set[int]:
    """Those of the logs whose bytes do not add up and whose records have canonical fields alone, each once."""
    whole = set()
    for source_id, found in key_sets(own, odd).items() if odd else ():
        report = logs[source_id].report
        keys, refused = agreed(Keys({}, asked=True), found)
        records = sum(len(one.rows) for one in found)
        if not refused and keys.usual and not keys.unknown and records == report.records:
            report.fields = set(keys.spelling)
            whole.add(source_id)
    return whole
