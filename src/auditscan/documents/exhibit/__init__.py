"""The report as an exhibit: a PDF as a US federal court takes it."""

from __future__ import annotations

import json
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
    # As text, for typesetting takes 300 MB, and as dictionaries it would be 26 more.
    text = json.dumps(told(content))
    content.store.give_back(forget=True)
    return in_parts(text, content.filing, path)
