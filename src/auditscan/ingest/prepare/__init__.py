"""Preparations: what SQL cannot read of a log, made into one JSON record a line.

A preparation takes the file's text and gives NDJSON of as many lines, so that a record keeps its number. Formats name
one in the header of their source file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ingest.prepare.headed import W3cLog, ZeekLog
from auditscan.ingest.prepare.openssh import SftpServerLog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditscan.readers.raw import ByteStream

__all__ = ["PREPARATIONS"]

PREPARATIONS: Mapping[str, Callable[[ByteStream], ByteStream]] = {
    "sftp_server": SftpServerLog,
    "w3c": W3cLog,
    "zeek": ZeekLog,
}
"""By the name that a source file gives."""
