"""Text of a log as UTF-8 with line feeds, whatever it was written in.

Everything behind this module sees one encoding. What cannot be decoded becomes the byte 0xff, which
no UTF-8 holds: so the record with the damage, and no other, is later found undecodable.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from auditscan.readers.raw import CHUNK, ByteStream, Prefixed, Pull, UntilCut, read_up_to

MARK = b"\xff"
"""Stands for what could not be decoded, or for what is missing behind a cut."""

CUT_OFF = "the record is cut off"

_SAMPLE_BYTES = 4096
_HEAD_BYTES = 1 << 16
"""Letters outside of ASCII are rare in these logs: one looks further for them."""
_FEW_LINES = 2
"""One line that is no UTF-8 is damage; several that read well otherwise were written otherwise."""

_FEW_LETTERS = 0.25
_FEW_NULS = 0.1
"""The least share of ASCII letters in a log, and the most of NULs that it may hold by itself."""

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_WINDOWS_1252 = re.compile(
    rb"""
    [\x80\x82-\x8c\x8e\x91-\x9c\x9e-\xbf]       # quotes, dashes and signs, wherever they stand
    | (?<=[A-Za-z\xc0-\xfe]) [\xc0-\xd6\xd8-\xf6\xf8-\xfe]     # letters, beside another letter
    | [\xc0-\xd6\xd8-\xf6\xf8-\xfe] (?=[A-Za-z])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A stream in UTF-8 without a byte order mark."""

    stream: ByteStream
    note: str = ""
    """What was found, for the accounting; '' for plain UTF-8."""
    shift: int | None = 0
    """What to add to a byte's place to find it in the file; None where bytes were changed."""


def in_utf8(stream: ByteStream) -> Decoded:
    """The stream as UTF-8 with its lines ended by line feeds."""
    long_head = read_up_to(stream, _HEAD_BYTES)
    head = long_head[:_SAMPLE_BYTES]
    whole = Prefixed(long_head, stream)
    if (marked := _marked(head)) is not None:
        return Decoded(Utf8(whole, marked), marked.upper(), None)
    if head.startswith(codecs.BOM_UTF8):
        # No second mark may hide here: a line that begins with one is told by its own reader.
        return Decoded(Prefixed(long_head[3:], stream), "UTF-8 with a byte order mark", 3)
    # Without a mark: text that is mostly ASCII has a NUL in every second byte, always on one side.
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half >= 8 and odd > half * 0.7 and even < half * 0.1:
        return Decoded(Utf8(whole, "utf-16-le"), "UTF-16 without a byte order mark", None)
    if half >= 8 and even > half * 0.7 and odd < half * 0.1:
        return Decoded(Utf8(whole, "utf-16-be"), "UTF-16 without a byte order mark", None)
    if _is_windows_1252(long_head):
        return Decoded(Utf8(whole, "cp1252"), "read as Windows-1252", None)
    return Decoded(whole)


def _marked(head: bytes) -> str | None:
    """The encoding whose byte order mark a file begins with, where what follows is written in it.

    The bytes of a mark may be damage, too. Text of a log is mostly ASCII, whose higher bytes are NUL there.
    """
    little = head.startswith(codecs.BOM_UTF16_LE)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        try:
            codecs.getincrementaldecoder("utf-32")().decode(head)
        except UnicodeDecodeError:
            pass
        else:
            return "utf-32"
    if little or head.startswith(codecs.BOM_UTF16_BE):
        text = head[2:]
        high, low = (text[1::2], text[0::2]) if little else (text[0::2], text[1::2])
        if high.count(0) >= len(high) * _FEW_LETTERS and low.count(0) <= len(low) * _FEW_NULS:
            return "utf-16"
    return None


def _is_windows_1252(head: bytes) -> bool:
    """Whether text is Windows-1252, as Excel writes CSV, and not UTF-8 with some damage.

    It is where several lines are no UTF-8, none has UTF-8 outside of ASCII, and all their odd bytes are signs of
    Windows-1252, or letters of it in words.
    """
    lines = head.split(b"\n")
    if len(head) == _HEAD_BYTES:
        del lines[-1]  # It may be cut inside of a character.
    odd = [line for line in lines if not line.isascii()]
    if len(odd) < _FEW_LINES or _CONTROL.search(head):
        return False
    return not any(is_utf8(line) for line in odd) and all(_WINDOWS_1252.sub(b"", line).isascii() for line in odd)


def is_utf8(line: bytes) -> bool:
    """Whether bytes are UTF-8."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


class Utf8(Pull):
    """Text of another encoding as UTF-8, MARK in place of what cannot be decoded."""

    def __init__(self, source: ByteStream, encoding: str) -> None:
        super().__init__()
        codecs.register_error("auditscan_mark", _mark)
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("auditscan_mark")
        self._done = False

    def _piece(self) -> bytes:
        buffer = bytearray(CHUNK)
        while not self._done:
            count = self._source.readinto(memoryview(buffer))
            self._done = count == 0
            text = self._decoder.decode(bytes(buffer[:count]), final=self._done)
            if text:
                return text.encode("utf-8", "surrogateescape")
        return b""


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\udcff", error.end


class LineFeeds(Pull):
    """Lines that end with a lone carriage return, as old Macintosh programs wrote them.

    No byte is added or taken away, so places in the file stay what they are.
    """

    def __init__(self, source: ByteStream) -> None:
        super().__init__()
        self._source = source

    def _piece(self) -> bytes:
        buffer = bytearray(CHUNK)
        count = self._source.readinto(memoryview(buffer))
        return bytes(buffer[:count]).replace(b"\r", b"\n")


def ends_lines_with_cr(head: bytes) -> bool:
    """Whether the head of a file has carriage returns between its lines and no line feed."""
    return b"\n" not in head and b"\r" in head.rstrip(b"\r")


class MarkedCut:
    """A stream that ends in MARK if its last line was cut off: half a row is never a row."""

    def __init__(self, stream: ByteStream, source: UntilCut) -> None:
        self._stream = stream
        self._source = source
        self._last = b"\n"

    def readinto(self, view: memoryview) -> int:
        """Fill the buffer; 0 at the end."""
        count = self._stream.readinto(view)
        if count:
            self._last = bytes(view[count - 1 : count])
        elif self._source.cut and self._last not in (b"\n", MARK):
            view[:1] = self._last = MARK
            return 1
        return count


def undecodable(raw: bytes, at: int) -> str:
    """Why a record with a byte that is no UTF-8 at `at` cannot be read, in plain words."""
    if at == len(raw) - 1 and raw[at:] == MARK:
        return CUT_OFF
    return f"undecodable text: byte {at + 1} of the record is no UTF-8"
