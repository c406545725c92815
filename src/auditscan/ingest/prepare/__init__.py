"""Preparations: what SQL cannot read of a log, made into one JSON record a line.

A preparation takes the file's text and gives NDJSON of as many lines, so that a record keeps its number. Formats name
one in the header of their source file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditscan.readers.raw import ByteStream

__all__ = ["PREPARATIONS"]

PREPARATIONS: Mapping[str, Callable[[ByteStream], ByteStream]] = {}
"""By the name that a source file gives."""
