"""The report as an exhibit: a PDF as a US federal court takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.documents.exhibit.told import told
from auditscan.documents.exhibit.typeset import in_parts

if TYPE_CHECKING:
    from pathlib import Path

    from auditscan.documents.content import Content

__all__ = ["parts"]


def parts(content: Content, path: Path) -> list[tuple[Path, bytes]]:
    """Return the files of an exhibit that is called `path`: one, or as many as keep below the limit, numbered.

    Raises UsageError where no part can be as small as was asked for.
    """
    # Typesetting takes 400 MB: what the engine has freed by then, it gives back meanwhile, and keeps otherwise.
    content.store.connection.execute("set allocator_background_threads = true")
    return in_parts(told(content), content.filing, path)
