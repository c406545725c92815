"""How a new database begins: as a scan of nothing leaves it, with every table, view, macro and comment.

To make all that takes longer than to read and judge a small log, so a copy of it is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.disk.cache import kept, name_of
from auditscan.library import shipped_folder

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.library import Library, Query

STORAGE_VERSION = "v1.5.0"
"""Older than the engine's own, so that DuckDB 1.5 clients can open what we write."""

_KINDS = ("schema", "step", "rule")
"""Queries that a scan of nothing runs."""

_PAGE = 4096
"""The bytes of a piece of a file that may be empty."""

_NUMBER = 8
"""The bytes of the number of such a piece, and of a file's length."""

_ROOMS = ("policy", "scanning", "store")
"""Parts of the program that decide what a scan of nothing leaves: the policy that ships, and views made in Python."""


def made_of(library: Library) -> tuple[Query, ...]:
    """Return the queries of a library that its beginning is made of; none where the schema is not the one that ships.

    Rules that a user brings are not among them.
    """
    shipped = shipped_folder("queries")
    ours = tuple(query for query in library.queries if query.kind in _KINDS and query.path.is_relative_to(shipped))
    schema = library.of("schema")
    return ours if schema and ours[: len(schema)] == schema else ()


def name_for(queries: tuple[Query, ...]) -> str:
    """Return the name under which a beginning made of these queries is kept: it stands for all that decides it."""
    import duckdb

    texts = (part.encode() for query in queries for part in (query.kind, query.path.name, query.sql))
    return name_of("template", _ROOMS, duckdb.__version__.encode(), STORAGE_VERSION.encode(), *texts)


def packed(content: bytes) -> bytes:
    """Return the content of a new database as it is kept: six parts of seven are empty, and left out."""
    pages = (content[place : place + _PAGE] for place in range(0, len(content), _PAGE))
    filled = [number.to_bytes(_NUMBER) + page for number, page in enumerate(pages) if page != bytes(_PAGE)]
    return b"".join([len(content).to_bytes(_NUMBER), *filled])


def lay(target: Path, library: Library) -> bool:
    """Lay the beginning of a database into a new file; return whether there was one to be relied on."""
    queries = made_of(library)
    content = kept(name_for(queries)) if queries else None
    if content is None:
        return False
    try:
        with target.open("wb") as file:
            for place in range(_NUMBER, len(content), _NUMBER + _PAGE):
                file.seek(int.from_bytes(content[place : place + _NUMBER]) * _PAGE)
                file.write(content[place + _NUMBER : place + _NUMBER + _PAGE])
            file.truncate(int.from_bytes(content[:_NUMBER]))
    except OSError:
        # The engine meets the same, and tells it.
        target.unlink(missing_ok=True)
        return False
    return True
