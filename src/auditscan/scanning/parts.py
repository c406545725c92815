"""Parts of a scan: what other scans read into databases of their own, put together to be judged as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.disk.dbfile import attach, copy_database
from auditscan.errors import NoInputError, StoreError, UsageError
from auditscan.scanning import sources
from auditscan.scanning.reading import hash_of

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.store import Store

_SAME = "select policy_sha256, queries_sha256, auditscan_version from {}settings"


def gather(store: Store, part: Path) -> list[int]:
    """Take over all that was read into the database `part`, and return the numbers of its files, by their names.

    Each is noted to be told of by the part, which is named with its hash: nobody here read the file.
    What was judged there is left: everything is judged anew together. Raises NoInputError where there is no such
    file, StoreError for what is no database of ours, and UsageError for a ledger, and for one that was read under
    another policy, version or with other queries.
    """
    # The engine opens files in the folder of this scan alone; and nobody can change the copy.
    file = (store.work or part.parent) / "part.duckdb"
    if not part.is_file():
        raise NoInputError("there is no such database", where=str(part), hint="name a file that `scan --db` made")
    copy_database(part, file)
    try:
        attach(store.connection, file, "read_only", part, "part")
        try:
            _refuse_other(store, part)
            said = f"read by another scan: {part.name}, SHA-256 {hash_of(file)[0]}"
            found = store.run("gather", sources_before=sources.next_id(store) - 1, part_said=said)
        finally:
            store.connection.execute("detach part")
    finally:
        file.unlink()
    return [source_id for (source_id,) in found]


def _refuse_other(store: Store, part: Path) -> None:
    import duckdb

    try:
        said = store.rows(_SAME.format("part."))
        nights = store.one("select count(*) from part.scans")
    except duckdb.Error as error:
        raise StoreError("this database was not made by auditscan", where=str(part)) from error
    if nights:
        raise UsageError("a ledger is no part of a scan", where=str(part), hint="only its nightly scans add to it")
    if said != store.rows(_SAME.format("")):
        raise UsageError(
            "this part was read under another policy, with other queries or by another version",
            where=str(part),
            hint="scan its logs again as this scan judges: with the same --policy and --queries",
        )
