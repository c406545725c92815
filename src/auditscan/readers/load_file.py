"""Load files of litigation databases, as tables in CSV.

Concordance and its kin put a thorn around each cell and a control sign between them, or other signs that stand in no
text; a sign within a cell stands for a new line. What most of them hold is an index of documents, but a database of
disclosures is handed over in the same way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from auditscan.readers.encodings import Utf8
from auditscan.readers.raw import LineByLine, Prefixed

if TYPE_CHECKING:
    from auditscan.readers.raw import ByteStream

NEW_LINE = "\u2028"
"""Stands in a cell for a new line: with a real one, records would lose the number of their line."""

_QUOTES = ("\u00fe", "^", "|", "~")
_DELIMITERS = ("\x14", "|", "^", ";", ",", "\t")
_SIGN = "\u00ae"


def as_csv(head: bytes, stream: ByteStream) -> ByteStream | None:
    """Return a load file as CSV, in UTF-8; None for any other text. `head` is the beginning of the stream."""
    first = head.lstrip().split(b"\n", 1)[0].rstrip(b"\r")
    whole: ByteStream = Prefixed(head, stream)
    if first[:1] == b"\xfe":
        first = first.decode("cp1252", "replace").encode()
        whole = Utf8(whole, "cp1252")
    line = first.decode("utf-8", "replace")
    for quote in _QUOTES:
        for delimiter in _DELIMITERS:
            between = quote + delimiter + quote
            if quote != delimiter and line[:1] == line[-1:] == quote and len(line) > 2 and line.count(between) > 1:
                return _Rows(whole, quote, delimiter)
    return None


class _Rows(LineByLine):
    """The lines of a load file, each as a line of CSV."""

    def __init__(self, source: ByteStream, quote: str, delimiter: str) -> None:
        super().__init__(source)
        self._quote = quote
        self._delimiter = delimiter

    def _made(self, line: bytes) -> bytes:
        text = line.decode("utf-8", "surrogateescape").rstrip("\r")
        if not text.strip():
            return b"\n"
        quote, delimiter = self._quote, self._delimiter
        if text[:1] == text[-1:] == quote and len(text) > 1:
            cells = text[1:-1].split(quote + delimiter + quote)
        else:
            cells = [cell.strip(quote) for cell in text.split(delimiter)]
        quoted = (cell.replace('"', '""').replace(_SIGN, NEW_LINE) for cell in cells)
        return ('"' + '","'.join(quoted) + '"\n').encode("utf-8", "surrogateescape")
