"""Strict JSON, taken apart without changing it.

The engine reads more than JSON allows (a comma before a closing bracket, `NaN`), and Python writes
numbers otherwise than it read them (`1e3` becomes `1000.0`). So a record is checked here, and its
values are handed on as the very text that stood in the log: both ways of reading come to the same
content.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, NoReturn

_BLANKS = re.compile(r"[ \t\r\n]*")
_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<open>[\[{])|(?P<close>[\]}])|(?P<comma>,)|(?P<colon>:)"
    r'|(?P<text>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")'
    r"|(?P<plain>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?|true|false|null))"
)
_LISTS = re.compile(r"\[+")
_WORDS = {
    "Expecting value": "no JSON value stands here",
    "Expecting property name enclosed in double quotes": "a field name in double quotes is missing",
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting ':' delimiter": "a colon is missing after a field name",
    "Illegal trailing comma before end of object": "a comma stands before the closing bracket",
    "Illegal trailing comma before end of array": "a comma stands before the closing bracket",
    "Invalid \\escape": "a backslash stands before a character that needs none",
    "Invalid \\uXXXX escape": "\\u is not followed by four hexadecimal digits",
    "Invalid control character at": "a tab, line end or control character stands inside a text",
}
_CUT = "Unterminated string starting at"


class NotJsonError(ValueError):
    """The text is no JSON; the message says so in plain words."""

    def __init__(self, reason: str, at: int, *, cut: bool = False) -> None:
        super().__init__(reason if cut else f"{reason} (character {at + 1})")
        self.at = at
        """Where the text stops being JSON."""
        self.cut = cut
        """Whether more text might complete it."""
        self.deep = False
        """Whether it is nested too deeply for Python's reader, which took long."""


class NoObjectError(ValueError):
    """The text is JSON, but no object."""


class Member(NamedTuple):
    """One key of an object."""

    key: str
    value: Any
    """Numbers as they were written, in a text."""
    raw: str
    """The value as it was written."""


def _no_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON value")


# Numbers stay text: no limit on their digits, and 1, 1.0 and 1e0 stay three.
_DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_int=str, parse_float=str)


def members(text: str) -> list[Member]:
    """The keys of the one object that `text` holds, in their order.

    Raises NotJsonError, or NoObjectError where the text is JSON of another kind.
    """
    at = _past_blanks(text, 0)
    if text[at : at + 1] != "{":
        _end_of_text(text, value_end(text, at))
        raise NoObjectError(f"this is JSON, but {_kind(text[at])} and no record")
    found: list[Member] = []
    at = _past_blanks(text, at + 1)
    while text[at : at + 1] != "}" or found:
        if text[at : at + 1] != '"':
            _fail(text, at, "a field name in double quotes is missing")
        key, at = _value(text, at)
        at = _past_blanks(text, at)
        if text[at : at + 1] != ":":
            _fail(text, at, "a colon is missing after a field name")
        start = _past_blanks(text, at + 1)
        value, end = _value(text, start)
        found.append(Member(key, value, text[start:end]))
        at = _past_blanks(text, end)
        mark = text[at : at + 1]
        if mark == "}":
            break
        if mark != ",":
            _fail(text, at, "a comma or a closing bracket is missing")
        at = _past_blanks(text, at + 1)
    _end_of_text(text, at + 1)
    return found


def value_end(text: str, at: int) -> int:
    """Where the JSON value that begins at `at` ends; raises NotJsonError."""
    return _value(text, at)[1]


def _value(text: str, at: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        try:
            end = _deep_end(text, at)
        except NotJsonError as error:
            error.deep = True
            raise
        return text[at:end], end
    except json.JSONDecodeError as error:
        words = next((_WORDS[start] for start in _WORDS if error.msg.startswith(start)), error.msg)
        short = error.msg.startswith("Invalid \\uXXXX") and len(text) - error.pos < 8
        if error.msg == _CUT or short:
            raise NotJsonError("the record is cut off inside a text", error.pos, cut=True) from error
        _fail(text, error.pos, words)
    except ValueError as error:  # a constant that JSON does not have
        raise NotJsonError(str(error), at) from error


def _deep_end(text: str, at: int) -> int:
    """value_end for values nested too deeply for Python's reader, a call a level."""
    closers: list[str] = []
    expected = {"open", "text", "plain"}
    in_object = key_next = False
    while True:
        token = _TOKEN.match(text, at)
        if token is None:
            _fail(text, at, "no JSON value stands here")
        kind, mark = str(token.lastgroup), token.group(str(token.lastgroup))
        if kind not in expected or (kind == "close" and (not closers or mark != closers[-1])):
            _fail(text, token.start(kind), "the brackets do not match")
        at = token.end()
        if kind == "open":
            if mark == "[" and (run := _LISTS.match(text, at)):
                closers += "]" * len(run[0])
                at = run.end()
            closers.append("]" if mark == "[" else "}")
            in_object = mark == "{"
            expected = {"text", "close"} if in_object else {"open", "text", "plain", "close"}
            key_next = in_object
            continue
        if kind == "close":
            closers.pop()
            if not closers:
                return at
            in_object = closers[-1] == "}"
            expected, key_next = {"comma", "close"}, False
        elif kind == "comma":
            key_next = in_object
            expected = {"text"} if in_object else {"open", "text", "plain"}
        elif kind == "colon":
            expected, key_next = {"open", "text", "plain"}, False
        else:
            expected, key_next = ({"colon"} if key_next else {"comma", "close"}), False


def _past_blanks(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _end_of_text(text: str, at: int) -> None:
    at = _past_blanks(text, at)
    if at < len(text):
        two = text[at] in "{,"
        _fail(text, at, "a second record on the same line" if two else "more text after the record")


def _fail(text: str, at: int, reason: str) -> NoReturn:
    """Raise for `reason`, unless the text simply ends before it is complete."""
    # A word or number may be cut in the middle: its reader points at its beginning.
    if at >= len(text) or (len(text) - at < 9 and _might_go_on(text[at:])):
        raise NotJsonError("the record is cut off", at, cut=True)
    raise NotJsonError(reason, at)


def _might_go_on(rest: str) -> bool:
    if re.fullmatch(r"-|[.eE][-+]?", rest):
        return True
    return any(word.startswith(rest) for word in ("true", "false", "null"))


def _kind(mark: str) -> str:
    return {
        "[": "a list",
        '"': "a text",
        "t": "a truth value",
        "f": "a truth value",
        "n": "null",
    }.get(mark, "a number")
