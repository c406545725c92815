"""What files of tables begin with: asked of every file, so it brings along nothing that reads one."""

from __future__ import annotations

import re

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
EXCEL_XML = b"urn:schemas-microsoft-com:office:spreadsheet"
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.*?-->\s*)?<(?:!doctype html|html|head|meta|table)\b", re.IGNORECASE | re.DOTALL
)
_NO_TABLE = re.compile(rb"<(?:form|script|input|iframe)\b", re.IGNORECASE)
_CELL = re.compile(rb"<t[dh]\b", re.IGNORECASE)


def is_workbook(head: bytes) -> bool:
    """Tell whether a file could be a workbook, by its beginning: .xlsx and its kin, .ods, .xls, tables in markup."""
    if head.startswith(OLE) or is_markup(head):
        return True
    return head.startswith(ZIP) and any(
        name in head for name in (b"[Content_Types].xml", b"xl/", b"_rels/.rels", b"application/vnd.oasis.opendocument")
    )


def workbook_ending(head: bytes) -> str:
    """Return how the name of a workbook ends that begins so."""
    if head.startswith(OLE):
        return ".xls"
    return ".ods" if b"application/vnd.oasis.opendocument" in head else ".xlsx"


def is_markup(head: bytes) -> bool:
    """Tell whether a file could hold tables in markup, by its beginning."""
    if EXCEL_XML in head:
        return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    return bool(_PAGE.match(head) and _CELL.search(head)) and not _NO_TABLE.search(head)
