"""A query text as tokens, and the checks that come before a parser may see it.

The parser calls itself some twenty times for each parenthesis: what is nested too deeply must be
turned away here, not by the interpreter running out of stack.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from auditscan.readers.sqltext.model import NotFollowed

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_BYTES = 1 << 16
MAX_LISTED = 1 << 23
"""Bytes of a text of which most are lists of values, before these are shortened."""
MAX_DEPTH = 32
"""Parentheses, brackets and CASE within each other. The parser fails near 45 under Python's usual limit."""

_PATTERN = r"""
      (?P<blank>\s+|--[^\n]*|(?<![:/])//[^\n]*|/\*.*?\*/)
    | (?P<string>%s|\$\$.*?\$\$)
    | (?P<name>"(?:[^"]|"")*+"|`[^`]*`)
    | (?P<word>[^\W\d][\w$]*)
    | (?P<number>\d+)
    | (?P<broken>'|"|`|/\*|\$\$)
    | (?P<sign>.)
    """
_ESCAPED, _PLAIN = r"'(?:[^'\\]|\\.|'')*+'", r"'(?:[^']|'')*+'"
_TOKEN = re.compile(_PATTERN % _ESCAPED, re.VERBOSE | re.DOTALL)
_TOKEN_PLAIN = re.compile(_PATTERN % _PLAIN, re.VERBOSE | re.DOTALL)
"""Where a backslash is a sign like any other: in the paths of GET and PUT, and in standard SQL."""
_NO_ESCAPES = frozenset(("athena", "oracle", "postgres", "teradata", "trino", "tsql"))
_FILES_OF_A_CLIENT = re.compile(r"\s*(get|put)\b", re.IGNORECASE)
# A text of one line that a log wrote with the signs for its line breaks, outside of what is quoted.
_KEPT_TEXT = r"'(?:[^'\\]|\\.|'')*+'|\"[^\"]*\"|`[^`]*`|\$\$.*?\$\$"
_BREAKS = re.compile(rf"{_KEPT_TEXT}|--(?:(?!\\n|\n).)*+|\\+[nrt]", re.DOTALL)
# A place in a text that somebody was to fill in, with what stands next to it.
_TO_FILL_IN = re.compile(rf"{_KEPT_TEXT}|--[^\n]*|(\w*(?:(?:\$\{{[^{{}}]*\}}|\{{\{{[^{{}}]*\}}\}})\w*)+)", re.DOTALL)
# The values of lists are short; a bound keeps the search from running on to the end of a text at every quote.
_VALUE = r"(?:''[^'\\]{0,80}+''|\\'[^'\\]{0,80}+\\'|N?'(?:[^'\\]|\\.|''){0,80}+'|-?\d[\d.]{0,40}+|(?i:null))"
_ROW = rf"(?:{_VALUE}|\(\s*+{_VALUE}(?:\s*+,\s*+{_VALUE})*+\s*+\))"
_LIST = re.compile(rf"{_ROW}(?:\s*+,\s*+{_ROW}){{100,}}+")
_ROWS = re.compile(_ROW)
_LONG = 2000
_KEPT = 90
_HEAD = 2000
_TAIL = 40
_OPEN = {"(": ")", "[": "]", "{": "}"}
_UNFINISHED = frozenset(
    ("AND", "OR", "FROM", "WHERE", "JOIN", "SELECT", "BY", "IN", "LIKE", "BETWEEN", "UNION", "WITH")
)
_UNFINISHED_SIGNS = frozenset({",", "=", ".", "|", "+", "<"})
_ELLIPSIS = re.compile(r"(\.\.\.|…|\btruncated\b[\])>]*)\s*$", re.IGNORECASE)


class Token(NamedTuple):
    """One token that is neither blank nor comment."""

    kind: str
    """string | name | word | number | sign | broken"""
    text: str
    start: int
    end: int

    @property
    def upper(self) -> str:
        """The word or sign in upper case; nothing for what stands in quotes, which is never a keyword."""
        return self.text.upper() if self.kind in ("word", "sign") else ""


def tokens_of(text: str, dialect: str) -> list[Token]:
    """The tokens of the text.

    Raises NotFollowed for a text that is empty, too long, nested too deeply or cut off.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise NotFollowed(f"the text is longer than {MAX_BYTES // 1024} KiB")
    found: list[Token] = []
    for token in _scan(text, dialect):
        if token.kind == "broken":
            raise NotFollowed("the text is cut off: a quote or comment is opened and never closed")
        found.append(token)
    if not found:
        raise NotFollowed("the text is empty")
    _check(text, found)
    return found


def readable(text: str, dialect: str) -> str:
    """The text with its line breaks as such, and with no more of long lists of values than tells what they are.

    A list is cut after some values, and an empty one stands for the rest: the text tells no more what is in it.
    What was to be filled in, as ${columns}, becomes a name in quotes.
    """
    if "\\" in text and not _FILES_OF_A_CLIENT.match(text):
        text = _BREAKS.sub(lambda found: found.group() if found.group()[0] != "\\" else "\n", text)
    if "${" in text or "{{" in text:
        quote = "`" if dialect in ("bigquery", "databricks") else '"'
        text = _TO_FILL_IN.sub(lambda found: f"{quote}{found[1]}{quote}" if found[1] else found.group(), text)
    return _LIST.sub(_shortened, text) if _LONG < len(text) <= MAX_LISTED else text


def _shortened(found: re.Match[str]) -> str:
    rows = list(dict.fromkeys(_ROWS.findall(found.group())))
    if len(rows) <= _KEPT:
        return ", ".join(rows)
    rest = re.sub(_VALUE, "NULL", rows[-1])
    return ", ".join([*rows[:_KEPT], rest])


def beginning(text: str, dialect: str) -> list[Token]:
    """The tokens at the beginning of a text that cannot be read whole."""
    found: list[Token] = []
    for token in _scan(text[:_HEAD], dialect):
        if token.kind == "broken":
            break
        found.append(token)
    return found


def _scan(text: str, dialect: str) -> Iterator[Token]:
    place = 0
    plain = dialect in _NO_ESCAPES or _FILES_OF_A_CLIENT.match(text)
    pattern = _TOKEN_PLAIN if plain else _TOKEN
    while match := pattern.match(text, place):
        kind = match.lastgroup or ""
        place = match.end()
        if kind != "blank":
            yield Token(kind, match.group(), match.start(), place)
        elif dialect != "snowflake" and match.group().startswith("//"):
            # Two divisions, or a path: only Snowflake has this comment.
            place = match.start() + 1
            yield Token("sign", "/", match.start(), place)


def _check(text: str, tokens: list[Token]) -> None:
    expected: list[str] = []
    for token in tokens:
        if token.kind == "sign" and token.text in _OPEN:
            expected.append(_OPEN[token.text])
        elif token.kind == "sign" and token.text in ")]}":
            while expected and expected[-1] == "END":
                expected.pop()
            if not expected or expected.pop() != token.text:
                raise NotFollowed("its parentheses do not match")
        elif token.upper == "CASE":
            expected.append("END")
        elif token.upper == "END" and expected and expected[-1] == "END":
            expected.pop()
        if len(expected) > MAX_DEPTH:
            raise NotFollowed(f"it is nested deeper than {MAX_DEPTH} levels")
    if any(sign != "END" for sign in expected):
        raise NotFollowed("the text is cut off: a parenthesis is opened and never closed")
    last = tokens[-1]
    # A file may well be called `/in`: a keyword stands by itself.
    alone = len(tokens) == 1 or last.start > tokens[-2].end
    unfinished = alone and last.upper in _UNFINISHED
    if unfinished or last.upper in _UNFINISHED_SIGNS or _ELLIPSIS.search(text[-_TAIL:]):
        raise NotFollowed("the text is cut off: it stops in the middle of a clause")


def split(tokens: list[Token]) -> list[list[Token]]:
    """The statements of a text, parted by `;`."""
    statements: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "sign":
            depth += (token.text in _OPEN) - (token.text in ")]}")
        if token.kind == "sign" and token.text == ";" and depth <= 0:
            statements.append([])
        else:
            statements[-1].append(token)
    return [statement for statement in statements if statement]


def flowing(tokens: list[Token]) -> list[list[Token]]:
    """The stages of a statement of which each reads what the one before it found: `... ->> ...`."""
    stages: list[list[Token]] = [[]]
    depth = 0
    for place, token in enumerate(tokens):
        depth += (token.text in _OPEN) - (token.text in (")", "]", "}"))
        signs = tokens[place : place + 3]
        arrow = depth == 0 and [sign.text for sign in signs] == ["-", ">", ">"]
        if arrow and signs[0].end == signs[1].start and signs[1].end == signs[2].start:
            stages.append([])
        elif not (stages[-1] == [] and len(stages) > 1 and token.text == ">"):
            stages[-1].append(token)
    return [stage for stage in stages if stage]


def unquoted(token: Token) -> str:
    """What a string or quoted name says."""
    text = token.text
    if text.startswith("$$"):
        return text[2:-2]
    if token.kind == "string":
        return re.sub(r"'(')|\\(.)", lambda found: found[1] or found[2], text[1:-1], flags=re.DOTALL)
    if token.kind == "name":
        return text[1:-1]
    return text
