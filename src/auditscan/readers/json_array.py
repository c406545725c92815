"""A JSON array, or JSON objects over several lines, as lines of one item each.

The items then go the way of NDJSON: the same check, the same quarantine. An item that cannot be parsed
becomes a line that cannot be parsed, and reading goes on at the next item that stands as the others stood.
"""

from __future__ import annotations

import codecs
import json
import re

from auditscan.readers.raw import CHUNK, ByteStream

_DECODER = json.JSONDecoder()
_BLANKS = re.compile(r"[\s,]*")
_DAMAGED = re.compile(r"\s+")


class ArrayLines:
    """A byte stream of NDJSON made of the items of a JSON array, one line an item, in their order."""

    def __init__(self, source: ByteStream) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = ""
        self._at = 0
        self._ended = False
        self._opened = False
        self._closed = False
        self._indent: str | None = None
        self._left = b""

    def readinto(self, view: memoryview) -> int:
        if not self._left:
            self._left = self._lines()
        count = min(len(view), len(self._left))
        view[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def _more(self) -> bool:
        """Read on, dropping what was used up; False at the end of the file."""
        if self._ended:
            return False
        buffer = bytearray(max(CHUNK, len(self._text) - self._at))
        count = self._source.readinto(memoryview(buffer))
        self._ended = count == 0
        self._text = self._text[self._at :] + self._decoder.decode(bytes(buffer[:count]), final=self._ended)
        self._at = 0
        return True

    def _lines(self) -> bytes:
        lines: list[str] = []
        size = 0
        while size < CHUNK:
            line = self._next()
            if line is None:
                break
            lines.append(line)
            size += len(line) + 1
        return "".join(line + "\n" for line in lines).encode("utf-8", "surrogateescape")

    def _next(self) -> str | None:
        """The next item on one line; None at the end."""
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            start = blanks.end() if blanks else self._at
            if start >= len(self._text):
                self._at = start
                if self._more():
                    continue
                return self._missing_end()
            mark = self._text[start]
            if mark == "[" and not self._opened:
                self._opened = True
                self._at = start + 1
                continue
            if mark == "]" and self._opened and not self._closed:
                self._closed = True
                self._at = start + 1
                continue
            if self._indent is None:
                self._indent = self._indent_of(start)
            try:
                _, end = _DECODER.raw_decode(self._text, start)
            except (ValueError, RecursionError):
                if self._more():
                    continue
                return self._damaged(start)
            if end == len(self._text) and self._more():
                continue
            self._at = end
            return _one_line(self._text[start:end])

    def _missing_end(self) -> str | None:
        if self._opened and not self._closed:
            self._closed = True
            return "] is missing: the array is cut off"
        return None

    def _indent_of(self, start: int) -> str | None:
        """What stands between the line's start and the item, where that is nothing but blanks."""
        begin = self._text.rfind("\n", 0, start) + 1
        lead = self._text[begin:start]
        return lead if begin and not lead.strip(" \t") else None

    def _damaged(self, start: int) -> str:
        """The text up to the next line on which an item begins as the first did, as one bad line."""
        end = len(self._text)
        if self._indent is not None:
            again = re.compile(r"\n" + re.escape(self._indent) + r"\{").search(self._text, start + 1)
            if again:
                end = again.start()
        self._at = end
        if end == len(self._text) and not self._closed:
            self._closed = True  # the damage is the cut-off itself: one record of the quarantine, not two
        return _DAMAGED.sub(" ", self._text[start:end])


def _one_line(item: str) -> str:
    # A line end between tokens may become a blank; inside a string JSON has none.
    return item.replace("\r", " ").replace("\n", " ") if "\n" in item or "\r" in item else item
