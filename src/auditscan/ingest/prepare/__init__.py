"""Preparations: what SQL cannot read of a log, made into one JSON record a line.

A preparation takes the file's text and gives NDJSON of as many lines, so that a record keeps its number. Formats name
one in the header of their source file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.ingest.prepare.audit_xml import atna_xml, fhir_xml
from auditscan.ingest.prepare.headed import W3cLog, ZeekLog
from auditscan.ingest.prepare.keyed import MoveitLines
from auditscan.ingest.prepare.openssh import SftpServerLog
from auditscan.ingest.prepare.statements import PostgresLog, RedshiftActivity
from auditscan.ingest.prepare.transfer_sessions import TransferSessions, text_sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditscan.readers.raw import ByteStream

__all__ = ["BY_ITEM", "PREPARATIONS"]

PREPARATIONS: Mapping[str, Callable[[ByteStream], ByteStream]] = {
    "atna_xml": atna_xml,
    "fhir_xml": fhir_xml,
    "moveit_lines": MoveitLines,
    "postgres_log": PostgresLog,
    "redshift_activity": RedshiftActivity,
    "sftp_server": SftpServerLog,
    "transfer_sessions": TransferSessions,
    "transfer_text": text_sessions,
    "w3c": W3cLog,
    "zeek": ZeekLog,
}
"""By the name that a source file gives."""

BY_ITEM = frozenset({"atna_xml", "fhir_xml"})
"""Preparations that make a line of each record, wherever it stands: several may stand on one line of the file."""
