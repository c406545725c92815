"""Which form the ending of a name asks for, and several files written, each whole or not at all."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from auditscan.disk.wholefile import usable, writing
from auditscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import ModuleType

    from auditscan.documents.content import Content
    from auditscan.documents.leaf.leaf import Leaf

ENDINGS = {
    ".html": "page",
    ".md": "markdown",
    ".ocsf.ndjson": "events",
    ".pdf": "exhibit",
    ".sarif": "sarif",
    ".xlsx": "workbook",
}
"""Ending of a file's name -> the module of this room that writes that form: `write(content, path)`, or, where a
document may be filed in parts, `parts(content, path)`, which returns the files by their names."""

OF_A_TRANSFER = {".html": "leaf.html", ".md": "leaf.markdown", ".pdf": "leaf.pdf"}
"""The same of a document on one transfer."""

SHOWING_ALL = frozenset({".ocsf.ndjson", ".sarif"})
"""Forms whose text the engine makes as JSON, in which nothing can be hidden."""


def ending_of(path: Path, endings: Mapping[str, str] = ENDINGS) -> str:
    """Return the ending, one of `endings`, by which a name asks for a form.

    Raises UsageError for a name that asks for none, or that cannot be used, and for a form that is not installed.
    """
    found = [ending for ending in endings if path.name.lower().endswith(ending)]
    if not found:
        raise UsageError(
            f"the name does not say which form the document shall have; it ends in {', '.join(endings)}",
            where=str(path),
            hint="give it one of these endings",
        )
    usable(path)
    ending = max(found, key=len)
    # What is missing to write it is told before anything is read.
    _form(endings[ending])
    return ending


def write_all(content: Content | Leaf, paths: Sequence[Path], endings: Mapping[str, str] = ENDINGS) -> list[Path]:
    """Write a document for each path, and return the files written: one that is too large for a court is several.

    Raises UsageError and StoreError where one cannot be written.
    """
    written: list[Path] = []
    for path in paths:
        form = _form(endings[ending_of(path, endings)])
        if hasattr(form, "parts"):
            for name, data in form.parts(content, path):
                with writing(name) as file:
                    file.write_bytes(data)
                written.append(name)
        else:
            with writing(path) as file:
                form.write(content, file)
            written.append(path)
    return written


def _form(module: str) -> ModuleType:
    return import_module(f"auditscan.documents.{module}")
