"""Audit records out of XML: one JSON text a record, whatever stands around them.

Logs of ATNA (RFC 3881, DICOM) and of FHIR come as one document, as documents one after the other, one a line, or
behind the header of a syslog line. A parser takes one document; where one ends or breaks, the next is looked for in
the bytes, and so a broken record costs itself only. defusedxml keeps the parser from everything that a document may
tell it to do beside being read.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml.common import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from auditscan.readers.model import KEPT_BYTES
from auditscan.readers.raw import read_up_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.sax.xmlreader import AttributesImpl

    from auditscan.readers.raw import ByteStream

RECORDS = ("AuditMessage", "AuditEvent")
"""The elements that are records, in any namespace."""

MAX_DEPTH = 100
MAX_BYTES = 16 << 20
"""Of a record, and of anything else that the parser has to hold at once."""
MAX_ATTRIBUTES = 1000
"""Of one element."""
MAX_ELEMENTS = 100_000
"""In one record."""

_BEGINNING = re.compile(rb"<(?:\?xml\s|!DOCTYPE|!--|[A-Za-z_])")
_NEXT = re.compile(rb"<(?:\?xml\s|(?:[\w.-]+:)?(?:AuditMessage|AuditEvent)[\s/>])")
"""Where reading goes on behind a fault."""
_NEXT_DECLARED = re.compile(rb"<\?xml\s|(?<=\n)<\d{1,3}>\d")
"""Where it goes on behind a DOCTYPE: not in the element that this stands for."""
_OTHER_TEXT = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']\s*(?!utf-?8)[^>]{0,50}>", re.IGNORECASE)
_CLOSING = re.compile(rb"(?:\s*</[\w:.-]+\s*>)*\s*")
"""What is left of the elements around a record behind a fault."""
_PIECE = 1 << 16
"""What is at hand is copied with every document: as little as serves."""
_WIDEST = 256
"""Of what the patterns above match, in bytes."""

_WORDS = {
    "no element found": "the document is cut off",
    "unclosed token": "the document is cut off",
    "unclosed CDATA section": "the document is cut off",
    "mismatched tag": "an element is closed that is not open",
    "undefined entity": "it uses an entity that XML does not have",
    "not well-formed (invalid token)": "a character stands where XML has none",
    "XML or text declaration not at start of entity": "another document begins inside of it",
    "junk after document element": "more text after the document",
}


@dataclass(frozen=True, slots=True)
class XmlRecord:
    """A record, or what stands where one should."""

    number: int
    """1-based, in its file."""
    byte_offset: int
    byte_length: int
    json: bytes = b""
    """One line, without its end: {"tag": name, "@attribute": value, "#text": text, "child": [{...}, ...]}.

    Names are without their prefix, children always lists. Only the record itself says its tag.
    """
    reason: str = ""
    """Why it cannot be read; '' if it can."""
    kept: bytes = b""
    """Of one that cannot be read, its first bytes."""


class _RefusedError(Exception):
    """A document holds what no record does; the words say what."""


class _AnotherError(Exception):
    """A record begins inside of another, which has lost its end."""


def xml_records(stream: ByteStream) -> Iterator[XmlRecord]:
    """Yield the records of a stream of UTF-8 XML documents, those that cannot be read among them.

    Elements around the records are passed over. Places are those of the stream.
    """
    ahead = _Ahead(stream)
    for number, told in enumerate(_all_records(ahead), start=1):
        yield XmlRecord(number, *told)


def _all_records(ahead: _Ahead) -> Iterator[_Told]:
    while True:
        yield from _between(ahead)
        if not ahead.at_hand:
            return
        yield from _Document(ahead).records()


def _between(ahead: _Ahead) -> Iterator[_Told]:
    """Go to the beginning of the next document, or to the end; yield the lines before it that have none.

    What stands before a document on its own line is the header of a syslog line.
    """
    while True:
        found = _BEGINNING.search(ahead.at_hand)
        line = ahead.at_hand.find(b"\n") + 1
        if found and not 0 < line <= found.start() and (ahead.ended or len(ahead.at_hand) > found.start() + _WIDEST):
            ahead.drop(ahead.place + found.start())
            return
        if not 0 < line <= (found.start() if found else line):
            if ahead.more() and len(ahead.at_hand) < MAX_BYTES:
                continue
            if found:
                continue
            line = len(ahead.at_hand)
        content = ahead.at_hand[:line].rstrip()
        if content and not _CLOSING.fullmatch(content):
            yield ahead.place, len(content), b"", "not XML: no document stands in the line", content[:KEPT_BYTES]
        if not line:
            return
        ahead.drop(ahead.place + line)


class _Ahead:
    """The stream's bytes with their places, some of them at hand."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream
        self.at_hand = b""
        self.place = 0
        """Of the first byte at hand."""
        self.ended = False

    def more(self) -> bool:
        """Take more bytes to hand; False at the end."""
        piece = b"" if self.ended else read_up_to(self._stream, _PIECE)
        self.ended = not piece
        self.at_hand += piece
        return bool(piece)

    def drop(self, place: int) -> None:
        """Let go of what stands before a place."""
        count = max(0, min(place - self.place, len(self.at_hand)))
        self.at_hand = self.at_hand[count:]
        self.place += count

    def find(self, pattern: re.Pattern[bytes]) -> bool:
        """Go to the next place where a pattern matches; False if there is none."""
        while True:
            found = pattern.search(self.at_hand)
            # What matches at the very end of what is at hand may match otherwise with more of it.
            if found and (self.ended or len(self.at_hand) - found.start() > _WIDEST):
                self.drop(self.place + found.start())
                return True
            if not found:
                self.drop(self.place + len(self.at_hand) - _WIDEST)
            if not self.more() and not found:
                return False


_Told = tuple[int, int, bytes, str, bytes]
"""An XmlRecord without its number."""


class _Document:
    """One document, from where it begins."""

    def __init__(self, ahead: _Ahead) -> None:
        self._ahead = ahead
        self._begin = ahead.place
        self._comment = ahead.at_hand.startswith(b"<!--")
        self._parser = DefusedExpatParser(forbid_dtd=True)
        self._builder = _Builder(self._index)
        self._parser.setContentHandler(self._builder)
        declared = _OTHER_TEXT.match(ahead.at_hand)
        # Bytes that are UTF-8 by now are so whatever they were when the declaration was written.
        self._declared = declared.end() if declared and _is_utf8(ahead.at_hand) else 0

    def _index(self) -> int:
        """Where the parser is, counted from where the document begins."""
        expat = self._parser._parser  # noqa: SLF001 -- the reader's own places are lines and columns
        # One that is closed has no place any more: it was at the end.
        index = getattr(expat, "CurrentByteIndex", len(self._ahead.at_hand) + self._ahead.place - self._begin)
        return max(0, index) + self._declared

    def records(self) -> Iterator[_Told]:
        """Yield the records; afterwards what is at hand begins behind the document."""
        fed = self._declared
        while True:
            at_hand = self._ahead.at_hand[self._begin + fed - self._ahead.place :]
            fault, following = self._feed(at_hand)
            fed += len(at_hand)
            yield from self._done()
            if self._builder.closed is not None:
                self._ahead.drop(self._begin + self._builder.closed)
                # The parser points at the last tag, not behind it.
                end = self._ahead.at_hand.find(b">")
                self._ahead.drop(self._ahead.place + (end + 1 if end >= 0 else len(self._ahead.at_hand)))
                return
            if not fault and fed - self._held() > MAX_BYTES:
                fault = f"more than {MAX_BYTES >> 20} MiB without an end"
            if fault:
                yield self._broken(fault, following)
                return
            self._ahead.drop(self._begin + self._held())
            if not self._ahead.more():
                if fault := self._close():
                    yield self._broken(fault, _NEXT)
                return

    def _held(self) -> int:
        """Where that begins which is not complete yet."""
        begun = self._builder.begun
        return self._index() if begun is None else begun

    def _feed(self, piece: bytes) -> tuple[str, re.Pattern[bytes]]:
        """Why the document is refused, '' if it is not, and where reading goes on."""
        try:
            self._parser.feed(piece)
        except _AnotherError:
            return "the record has no end: another begins inside of it", _NEXT
        except _RefusedError as error:
            return str(error), _NEXT
        except DefusedXmlException:
            return "it has a DOCTYPE or entities, which no log needs and bombs are made of", _NEXT_DECLARED
        except SAXParseException as error:
            return "" if self._builder.closed is not None else _in_words(error), _NEXT
        except (LookupError, ValueError):
            return "not XML: it names an encoding that nobody knows, or that no XML is written in", _NEXT
        return "", _NEXT

    def _close(self) -> str:
        try:
            self._parser.close()
        except SAXParseException as error:
            # A comment at the end of a file is no document.
            return "" if self._comment and not self._builder.started else _in_words(error)
        return ""

    def _done(self) -> Iterator[_Told]:
        for begin, end, text in self._builder.done:
            yield self._begin + begin, end - begin, text, "", b""
        self._builder.done.clear()

    def _broken(self, reason: str, following: re.Pattern[bytes]) -> _Told:
        """Tell of what cannot be read, and go to where reading goes on."""
        ahead = self._ahead
        begun = self._builder.begun if self._builder.begun is not None else 0
        begin = max(ahead.place, self._begin + begun)
        kept = ahead.at_hand[begin - ahead.place :][:KEPT_BYTES]
        # Once it was stopped, the parser may be past what it was stopped for.
        fault = self._begin + (self._index() if self._builder.another is None else self._builder.another)
        ahead.drop(max(fault, begin + 1))
        if not ahead.find(following):
            ahead.drop(ahead.place + len(ahead.at_hand))
        length = ahead.place - begin
        return begin, length, b"", reason, kept[:length].rstrip()


class _Builder(ContentHandler):
    """Makes records of what the parser tells."""

    def __init__(self, index: Callable[[], int]) -> None:
        super().__init__()
        self._index = index
        self._depth = 0
        self._open: list[dict[str, Any]] = []
        self._elements = 0
        self._texts: list[list[str]] = []
        self.begun: int | None = None
        """Where the record begins that is not complete yet."""
        self.done: list[tuple[int, int, bytes]] = []
        """Records with begin and end."""
        self.another: int | None = None
        """Where a record begins inside of another."""
        self.started = False
        self.closed: int | None = None
        """Where the last tag of the document is, if it was there."""

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 -- the library's name
        """Begin an element."""
        self.started = True
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _RefusedError(f"elements are nested more than {MAX_DEPTH} deep")
        if len(attrs) > MAX_ATTRIBUTES:
            raise _RefusedError(f"an element has more than {MAX_ATTRIBUTES:,} attributes")
        local = name.rpartition(":")[2]
        if self.begun is not None and local in RECORDS:
            self.another = self._index()
            raise _AnotherError
        if self.begun is None and local not in RECORDS:
            return
        node: dict[str, Any] = {}
        if self.begun is None:
            self.begun = self._index()
            self._elements = 0
            node["tag"] = local
        else:
            self._open[-1].setdefault(local, []).append(node)
        self._check()
        for key in attrs.getNames():
            if key != "xmlns" and not key.startswith("xmlns:"):
                short = f"@{key.rpartition(':')[2]}"
                node[short if short not in node else f"@{key}"] = attrs[key]
        self._open.append(node)
        self._texts.append([])

    def characters(self, content: str) -> None:
        """Take a piece of text."""
        if self._texts:
            self._texts[-1].append(content)

    def endElement(self, name: str) -> None:  # noqa: N802 -- the library's name
        """End an element."""
        self._depth -= 1
        if self._open:
            self._check()
            node = self._open.pop()
            if text := "".join(self._texts.pop()).strip():
                node["#text"] = text
            if not self._open and self.begun is not None:
                written = json.dumps(node, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
                self.done.append((self.begun, self._index() + len(f"</{name}>".encode()), written))
                self.begun = None
        if not self._depth:
            self.closed = self._index()

    def _check(self) -> None:
        self._elements += 1
        if self._elements > 2 * MAX_ELEMENTS:
            raise _RefusedError(f"the record has more than {MAX_ELEMENTS:,} elements")
        if self.begun is not None and self._index() - self.begun > MAX_BYTES:
            raise _RefusedError(f"the record is longer than {MAX_BYTES >> 20} MiB")


def _is_utf8(piece: bytes) -> bool:
    """Whether bytes are UTF-8, as far as they go."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(piece)
    except UnicodeDecodeError:
        return False
    return True


def _in_words(error: SAXParseException) -> str:
    said = str(error.getMessage())
    return f"not XML: {_WORDS.get(said, said)}"
