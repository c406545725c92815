"""Which form the ending of a name asks for, and several files written, each whole or not at all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from auditscan.disk.wholefile import usable, writing
from auditscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from auditscan.documents.content import Content

__all__ = ["ENDINGS", "ending_of", "write_all"]

ENDINGS = {
    ".md": "markdown",
    ".ocsf.ndjson": "events",
    ".sarif": "sarif",
}
"""Ending of a file's name -> the module of this room whose `write(content, path)` writes that form."""


def ending_of(path: Path) -> str:
    """Return the ending by which a name asks for a form.

    Raises UsageError for a name that asks for none, or that cannot be used.
    """
    found = [ending for ending in ENDINGS if path.name.lower().endswith(ending)]
    if not found:
        raise UsageError(
            f"the name does not say which form the document shall have; it ends in {', '.join(ENDINGS)}",
            where=str(path),
            hint="give it one of these endings",
        )
    usable(path)
    return max(found, key=len)


def write_all(content: Content, paths: Sequence[Path]) -> None:
    """Write a document for each path; raises UsageError and StoreError where one cannot be written."""
    for path in paths:
        form = import_module(f"auditscan.documents.{ENDINGS[ending_of(path)]}")
        with writing(path) as file:
            form.write(content, file)
