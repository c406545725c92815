"""Small canonical logs, read together: one block, and one turn of every step, for many files.

The steps of reading take as long for twenty records as for ten thousand. A small log that is as plain as a log can be
is therefore held in memory until there are many; each keeps its own number, records and account. Whatever is odd
about one, it is left to `load_file`, which reads it alone.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.errors import AccountingError
from auditscan.ingest.canonical_json import keys_of_logs
from auditscan.ingest.detection import looked
from auditscan.ingest.digests import is_listed
from auditscan.ingest.recognized import Recognized
from auditscan.ingest.staging import Staging
from auditscan.readers.blocks import Block
from auditscan.readers.faults import is_not_of_the_file
from auditscan.readers.model import FIELDS, FileReport
from auditscan.readers.raw import HashedFile, UntilCut, read_up_to
from auditscan.store import KEYS_A_SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from auditscan.ingest.reads import Reads
    from auditscan.library import Library
    from auditscan.store import Store

__all__ = ["SMALL_BYTES", "TOGETHER_BYTES", "TOGETHER_FILES", "PlainLog", "load_together", "plain_log"]

SMALL_BYTES = 1 << 20
"""A longer file is worth its own turn of the steps."""

TOGETHER_BYTES = 8 << 20
TOGETHER_FILES = 1_000
"""How much is read together at most."""

_COLUMNS = dict.fromkeys(FIELDS, "JSON") | dict.fromkeys(("transfer_id", "occurred_at", "record_count"), "VARCHAR")


@dataclass(frozen=True, slots=True)
class PlainLog:
    """A small canonical log that was read and hashed, and not yet loaded."""

    content: bytes
    """Its lines, an object each, the last one with its end."""
    report: FileReport
    """Its accounting, if it turns out to be what it seems to be."""


def plain_log(path: Path, shown: str, library: Library, reads: Reads) -> PlainLog | None:
    """A small canonical log that may be read together with others; None for all that has to be loaded alone."""
    if reads.log_format is not None or is_listed(shown):
        return None
    try:
        source = HashedFile(path)
    except OSError:
        return None
    try:
        if source.length > SMALL_BYTES or source.peek(1) != b"{":
            return None
        stream = UntilCut(source)
        seen = looked(stream, stream, path, library, reads)
        odd = seen.notes or seen.encoding or seen.above or seen.shift != 0
        if odd or seen.taken != Recognized("ndjson", None, seen.taken.why):
            return None
        content = read_up_to(seen.stream, source.length + 1)
        if len(content) != source.length or source.meanwhile()[0]:
            return None
    except BaseException as error:
        if is_not_of_the_file(error):
            raise
        return None
    finally:
        source.close()
    content += b"" if content.endswith(b"\n") else b"\n"
    lines = content.count(b"\n")
    # An object on each line, and no blank one: then the engine reads as many rows.
    if content.count(b"\n{") + 1 != lines or content.count(b"}\n") != lines or not _are_objects(content):
        return None
    report = FileReport(
        shown, source.hexdigest(), source.size, "ndjson", places="line", records=lines, fields=set(FIELDS)
    )
    return PlainLog(content, report)


def _are_objects(content: bytes) -> bool:
    """Whether each line is an object for certain: the engine that refuses one refuses all that are read with it."""
    try:
        objects = [json.loads(line, object_pairs_hook=list) for line in content.decode()[:-1].split("\n")]
    except (ValueError, RecursionError):
        return False
    # The halves of a surrogate pair are characters to Python.
    return all(len(dict(members)) == len(members) for members in objects) and b"\\ud" not in content.lower()


def load_together(store: Store, logs: Mapping[int, PlainLog], zone: str) -> set[int]:
    """Load logs under their numbers, and return the numbers of those that have to be loaded alone.

    Of these nothing is in the database, and of the others all that they hold, added up to the byte log by log. Where
    reading them together fails, it is all of them.
    """
    if len(logs) < 2:
        return set(logs)
    try:
        return _load(store, logs, zone)
    except BaseException as error:
        if is_not_of_the_file(error):
            raise
    store.connection.execute(
        "delete from records where record_key // $2 in (select unnest($1::bigint[]))", [list(logs), KEYS_A_SOURCE]
    )
    return set(logs)


def _load(store: Store, logs: Mapping[int, PlainLog], zone: str) -> set[int]:
    places, rows = [], 0
    for source_id, log in logs.items():
        records = log.report.records
        places.append({"source_id": source_id, "rows_before": rows, "records": records, "bytes": len(log.content)})
        rows += records
    content = b"".join(log.content for log in logs.values())
    staging = Staging(store, "canonical_json", 0, zone, "json")
    own = staging.store
    try:
        with Block(len(content)) as block:
            block.fill(content)
            own.set(together=places, block_columns=_COLUMNS, block_path=block.path, block_object_size=SMALL_BYTES)
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
    for source_id, (records, keys) in keys_of_logs(own, odd).items() if odd else ():
        report = logs[source_id].report
        if keys is not None and keys.usual and not keys.unknown and records == report.records:
            report.fields = set(keys.spelling)
            whole.add(source_id)
    return whole
