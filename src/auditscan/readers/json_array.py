"""A JSON array, or JSON objects over several lines, as lines of one item each.

The items then go the way of NDJSON: the same check, the same quarantine. An item that cannot be
parsed becomes a line that cannot be parsed, and reading goes on where the next item begins as the
others began.
"""

from __future__ import annotations

import codecs
import json
import re
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.readers.json_text import NotJsonError, value_end
from auditscan.readers.model import KEPT_BYTES, LINE_END, MAX_RECORD_BYTES, DamagedFile
from auditscan.readers.raw import CHUNK, ByteStream, Pull

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_BLANKS = re.compile(r"[\s,]*")
FIRST_KEY = re.compile(r'\{\s*("(?:[^"\\]|\\.)*")\s*:')
"""How an object begins."""

_WITHIN = re.compile(r'(?:[^"\[\]{}]++|"(?:[^"\\]|\\.)*+")*+', re.DOTALL)
"""What stands between brackets: whole texts, and all but texts."""

_TEXT_END = re.compile(r'(?:[^"\\]|\\.)*+"', re.DOTALL)

_USED = 1 << 16
"""How many characters that were read already stay at hand."""

_MAX_DEPTH = 3
"""How many objects a list of records may lie in."""

_KEY = re.compile(r'[\s,]*("(?:[^"\\]|\\.)*")\s*:\s*')

MOST_IN_VAIN = 1 << 29
"""Characters that are read of items which have no end; those behind them are looked for no more."""

_DEEP = 1000
"""As how many characters one counts that is nested more deeply than any record is, and takes long."""


class ArrayLines(Pull):
    """A byte stream of NDJSON made of the items of a JSON array, one line an item, in their order.

    Arrays that follow one another, and objects without an array around them, are read as one list
    of items.
    """

    def __init__(self, source: ByteStream) -> None:
        super().__init__()
        self._source = source
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._text = ""
        self._at = 0
        self._ended = False
        self._open = False
        self._broken = False
        """Whether the last item was no JSON."""
        self._next_item: re.Pattern[str] | None = None
        self._in_vain = 0
        self._padding = 0
        """How many bytes are still to be given of a line whose item was not kept."""
        self.passed_over = 0
        """How long the last item was, in bytes, if it was too long to be kept: then only its beginning was given."""

    @property
    def unclosed(self) -> bool:
        """Whether the array lacks its end; known once the stream is read to its end."""
        return self._open

    def _piece(self) -> bytes:
        if self._padding:
            # Whoever cuts the stream into lines passes over one that is too long, and needs only its length.
            count = min(CHUNK, self._padding)
            self._padding -= count
            return b" " * count + (b"" if self._padding else b"\n")
        lines: list[str] = []
        size = 0
        while size < CHUNK:
            item = self.item()
            if item is None:
                break
            # A line end between tokens may become a blank; inside a text JSON has none.
            end = LINE_END if self._broken else " "
            lines.append(item.replace("\r", end).replace("\n", end))
            if self.passed_over:
                self._padding = max(1, self.passed_over - _size(item))
                break
            lines.append("\n")
            size += len(item) + 1
        return "".join(lines).encode("utf-8", "surrogateescape")

    def _more(self) -> bool:
        """Read on, dropping what was used up; False at the end of the file."""
        if self._ended:
            return False
        if len(self._text) - self._at > 2 * MAX_RECORD_BYTES:
            raise DamagedFile(f"more than {2 * MAX_RECORD_BYTES >> 20} MiB stand beside the list of its records")
        buffer = bytearray(max(CHUNK, len(self._text) - self._at))
        count = self._source.readinto(memoryview(buffer))
        self._ended = count == 0
        self._text = self._text[self._at :] + self._decoder.decode(bytes(buffer[:count]), final=self._ended)
        self._at = 0
        return True

    def item(self) -> str | None:
        """The next item as it stands; None at the end."""
        self._broken, self.passed_over = False, 0
        if self._at > max(_USED, len(self._text) // 16):
            # Whatever an item breaks, Python's reader counts the lines before it.
            self._text, self._at = self._text[self._at :], 0
        while True:
            blanks = _BLANKS.match(self._text, self._at)
            start = self._at = blanks.end() if blanks else self._at
            if start == len(self._text):
                if self._more():
                    continue
                return None
            mark = self._text[start]
            if mark == ("]" if self._open else "["):
                self._open = not self._open
                self._at += 1
                if not self._open:
                    self._closed()
                continue
            if self._next_item is None and self._in_vain <= MOST_IN_VAIN:
                self._next_item = self._beginning(start)
            try:
                end = value_end(self._text, start)
            except NotJsonError as error:
                if error.cut and mark in '{["' and len(self._text) - start > MAX_RECORD_BYTES:
                    return self._too_long()
                if error.cut and self._more():
                    continue
                # An item without an end is read to the end of all; so is each that lies in it, and is tried next.
                self._in_vain += (error.at - start) * (_DEEP if error.deep else 1)
                if self._in_vain > MOST_IN_VAIN:
                    self._next_item = None
                return self._damaged()
            if end == len(self._text) and self._more():
                continue  # a number may go on
            self._at = end
            return self._text[start:end]

    def _too_long(self) -> str:
        """The beginning of an item that is not kept; reading goes on behind it."""
        self._broken = True
        begins = self._text[self._at : self._at + KEPT_BYTES]
        self.passed_over = self._pass_over()
        return begins

    def _pass_over(self) -> int:
        """Read to the end of the value that begins here, by its brackets and quotes alone; how many bytes it takes."""
        size = depth = 0
        in_text = False
        at = self._at
        while True:
            if in_text:
                closed = _TEXT_END.match(self._text, at)
                in_text = closed is None
                at = closed.end() if closed else len(self._text)
            else:
                passed = _WITHIN.match(self._text, at)
                at = passed.end() if passed else at
                mark = self._text[at : at + 1]
                depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(mark, 0)
                in_text = mark == '"'
                at += len(mark)
            if depth <= 0 and not in_text and at > self._at:
                break
            if at == len(self._text):
                # An escape must not be parted from the character behind it.
                cut = at - 1 if in_text and (at - len(self._text.rstrip("\\"))) % 2 else at
                size += _size(self._text[self._at : cut])
                self._at = cut
                if not self._more():
                    return size
                at = 0
        size += _size(self._text[self._at : at])
        self._at = at
        return size

    def _closed(self) -> None:
        """An array has ended."""

    def _beginning(self, start: int) -> re.Pattern[str] | None:
        """How items begin, or the array ends, by the first item; None if that is no object."""
        line = self._text.rfind("\n", 0, start) + 1
        lead = self._text[line:start]
        if line and not lead.strip(" \t"):
            # Printed over several lines: what lies inside of an item is indented further.
            return re.compile(rf"(?<=\n){re.escape(lead)}\{{|(?<=\n)[ \t]{{0,{len(lead)}}}\]")
        key = FIRST_KEY.match(self._text, start)
        return re.compile(rf"\{{\s*{re.escape(key[1])}\s*:") if key else None

    def _damaged(self) -> str:
        """The text up to the beginning of the next item, which is no JSON."""
        self._broken = True
        searched = 1
        begins, size = "", 0
        while True:
            beginning = self._next_item
            found = beginning.search(self._text, self._at + searched) if beginning else None
            end = found.start() if found else len(self._text)
            # A beginning may lie across the end of what was read so far.
            searched = max(1, end - self._at - 1000)
            if not found and end - self._at > MAX_RECORD_BYTES:
                begins = begins or self._text[self._at : self._at + KEPT_BYTES]
                size += _size(self._text[self._at : self._at + searched])
                self._at, searched = self._at + searched, 1
            if found or not self._more():
                break
        item = self._text[self._at : end]
        self._at = end
        if begins:
            self.passed_over = size + _size(item)
            return begins
        return item.rstrip(LINE_END + "\r\n ,\t")


class InsideArray(ArrayLines):
    """The items of the arrays that outer objects hold under a key, as lines: `Records`, or below others `hits.hits`.

    What else stands in such an object is passed over. One without the array, behind the first, is an item itself: it
    may be a record that nobody put into an array.
    """

    def __init__(self, source: ByteStream, key: str) -> None:
        super().__init__(source)
        self._keys: set[str] = {normalize(key), *map(normalize, key.split("."))}
        self._any = False
        self._levels = 1
        """How many objects the array that is read lies in."""

    def item(self) -> str | None:
        """The next item as it stands; None at the end."""
        if not self._open:
            self._find()
        return super().item()

    def _find(self) -> None:
        """Go to the array of the object that comes next, if it has one."""
        while True:
            self._pass_blanks()
            if self._at < len(self._text):
                place = next(list_places(self._text[self._at :], self._keys), None)
                if place is not None:
                    self._at += place[1]
                    self._levels = place[0].count(".") + 1
                    self._any = True
                    return
                if self._any and (self._text[self._at] != "{" or self._whole()):
                    return
            if not self._more():
                return

    def _closed(self) -> None:
        """Pass over what the outer object holds behind its array."""
        while True:
            self._pass_blanks()
            if self._text[self._at : self._at + 1] == "}":
                self._at += 1
                self._levels -= 1
                if self._levels > 0:
                    continue
                break
            member = _KEY.match(self._text, self._at)
            end = None
            try:
                end = value_end(self._text, member.end()) if member else None
            except NotJsonError as error:
                if not error.cut:
                    break
            if end is not None and end < len(self._text):
                self._at = end
            elif member and len(self._text) - member.end() > MAX_RECORD_BYTES and self._text[member.end()] in '{["':
                self._at = member.end()
                self._pass_over()
            elif not self._more():
                self._at = len(self._text)
                break
        self._find()

    def _pass_blanks(self) -> None:
        blanks = _BLANKS.match(self._text, self._at)
        self._at = blanks.end() if blanks else self._at

    def _whole(self) -> bool:
        """Whether the value that begins here is complete, or broken for good."""
        try:
            value_end(self._text, self._at)
        except NotJsonError as error:
            return not error.cut
        return True


def _size(text: str) -> int:
    """How many bytes a text took."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogateescape"))


def list_places(text: str, keys: Container[str], at: int = 0, above: str = "") -> Iterator[tuple[str, int]]:
    """The lists that the one object that `text` begins with holds under these keys, also in objects under them.

    Gives each with its key, below others as in `hits.hits`, and where it begins.
    """
    blanks = _BLANKS.match(text, at)
    at = blanks.end() if blanks else at
    if text[at : at + 1] != "{":
        return
    at += 1
    while found := _KEY.match(text, at):
        try:
            key = json.loads(found[1], strict=False)
            at = found.end()
            if isinstance(key, str) and normalize(key) in keys:
                path = f"{above}.{key}" if above else key
                if text[at : at + 1] == "[":
                    yield path, at
                elif path.count(".") < _MAX_DEPTH:
                    yield from list_places(text, keys, at, path)
            at = value_end(text, at)
        except ValueError:
            return


def keys_begun(text: str) -> list[str]:
    """The keys of an object that `text` begins with, as far as it can be read: it may be cut off, or damaged."""
    found: list[str] = []
    blanks = _BLANKS.match(text)
    at = blanks.end() if blanks else 0
    if text[at : at + 1] != "{":
        return found
    at += 1
    while member := _KEY.match(text, at):
        try:
            found.append(json.loads(member[1], strict=False))
            at = value_end(text, member.end())
        except ValueError:
            break
    return found
