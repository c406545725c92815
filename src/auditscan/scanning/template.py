"""Makes what new databases begin with, where that is not at hand."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.disk.cache import can_keep, is_kept, keep
from auditscan.disk.private import private_folder
from auditscan.errors import AuditscanError
from auditscan.policy import load
from auditscan.scanning.scan import SINCE, scan
from auditscan.store import open_store
from auditscan.store.template import made_of, name_for, packed

if TYPE_CHECKING:
    from auditscan.library import Library


def see_to_template(library: Library) -> None:
    """Make the beginning of databases of a library and keep it, where it is not kept and can be."""
    queries = made_of(library)
    if not queries or is_kept(name_for(queries)) or not can_keep():
        return
    import duckdb

    # What is in the way here is told by the scan that comes, if it is in its way.
    with suppress(AuditscanError, duckdb.Error, OSError), private_folder() as folder:
        file = folder / "new.duckdb"
        with open_store(file, replace(library, queries=queries)) as store:
            scan(store, [], load(), SINCE)
        keep(name_for(queries), packed(file.read_bytes()))
