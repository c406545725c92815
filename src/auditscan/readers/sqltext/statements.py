"""One statement taken apart as far as its head tells: what it does, where to, and which query it holds.

The parser knows neither GET nor UNLOAD, and parts of COPY only: what it need not see is cut off here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.readers.sqltext.tokens import unquoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.readers.sqltext.tokens import Token

_QUERY_HEADS = ("SELECT", "SEL", "WITH", "FROM", "(", "VALUES", "TABLE")
_DDL = frozenset(
    (
        "CREATE",
        "ALTER",
        "DROP",
        "UNDROP",
        "TRUNCATE",
        "COMMENT",
        "GRANT",
        "REVOKE",
        "ANALYZE",
        "VACUUM",
        "OPTIMIZE",
        "REFRESH",
        "MSCK",
    )
)
_OTHER = frozenset(
    (
        "SHOW",
        "DESCRIBE",
        "DESC",
        "LIST",
        "LS",
        "EXPLAIN",
        "USE",
        "SET",
        "UNSET",
        "RESET",
        "BEGIN",
        "START",
        "COMMIT",
        "ROLLBACK",
        "ABORT",
        "END",
        "CLOSE",
        "UPDATE",
        "DELETE",
        "REMOVE",
        "RM",
        "CANCEL",
        "LOCK",
        "CACHE",
        "UNCACHE",
        "CLEAR",
        "DEALLOCATE",
    )
)
_HIDDEN = frozenset(
    ("CALL", "EXECUTE", "EXEC", "DECLARE", "LET", "IF", "FOR", "WHILE", "LOOP", "RETURN", "FETCH", "PREPARE")
)
_PROTOCOL = re.compile(r"^(@|\w+://|dbfs:|/)")


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement, as far as its head tells."""

    kind: str
    direction: str
    query: str = ""
    """The query in it, as SQL; empty if there is none to follow."""
    table: str = ""
    """The table it puts out whole, or shares."""
    creates: str = ""
    """The table it makes from its query."""
    file: str | None = None
    inner: str = ""
    """A statement it carries as text."""
    problem: str = ""


class Parts:
    """The tokens of one statement, with what is asked of them."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.words = [token.upper for token in tokens]

    def at(self, place: int, *words: str) -> bool:
        """Whether these words stand from that place on."""
        return self.words[place : place + len(words)] == list(words)

    def find(self, *words: str, start: int = 0) -> int:
        """The place of the first of the words outside parentheses, or -1."""
        depth = 0
        for place in range(start, len(self.tokens)):
            word = self.words[place]
            if depth == 0 and word in words:
                return place
            depth += (word == "(") - (word == ")")
        return -1

    def closing(self, place: int) -> int:
        """The place of the parenthesis that closes the one at `place`."""
        depth = 0
        for here in range(place, len(self.tokens)):
            depth += (self.words[here] == "(") - (self.words[here] == ")")
            if depth == 0:
                return here
        return len(self.tokens) - 1

    def sql(self, start: int, end: int | None = None) -> str:
        """The text from one token up to another, which is left out."""
        last = len(self.tokens) if end is None else end
        return self.text[self.tokens[start].start : self.tokens[last - 1].end] if start < last else ""

    def path(self, place: int) -> tuple[str, int]:
        """A file, stage or table name, quoted or not, and the place after it."""
        if place >= len(self.tokens):
            return "", place
        if self.tokens[place].kind == "string":
            return unquoted(self.tokens[place]), place + 1
        end = place + 1
        while end < len(self.tokens) and self.tokens[end].start == self.tokens[end - 1].end:
            if self.words[end] == "(" or self.words[end] == ")":
                break
            end += 1
        return self.sql(place, end), end


def cut(text: str, tokens: list[Token]) -> Statement:
    """What one statement does. A statement nobody knows is unparsed, never harmless."""
    parts = Parts(text, tokens)
    head = parts.words[0]
    if head == "TABLE" and len(tokens) > 1:
        return Statement("select", "out", table=parts.path(1)[0])
    if head in _QUERY_HEADS:
        return Statement("select", "out", query=parts.sql(0))
    if head in _HEADS:
        found = _HEADS[head](parts)
        if found is not None:
            return found
    if head in _HIDDEN or (head == "BEGIN" and len(tokens) > 1 and parts.words[1] not in ("TRANSACTION", "WORK")):
        return Statement("other", "unknown", problem="it runs a procedure or script: what that did is not in the text")
    if head in _DDL:
        return Statement("ddl", "none")
    if head in _OTHER:
        return Statement("other", "none")
    word = tokens[0].text[:20]
    return Statement("unparsed", "unknown", problem=f"it begins with {word}, which is no statement we know")


def _copy(parts: Parts) -> Statement | None:
    if not parts.at(1, "INTO"):
        to = parts.find("TO", start=1)
        if to > 0 and not 0 < parts.find("FROM", start=1) < to:
            return _copy_to(parts, to)
        return _copy_files(parts) if parts.at(1, "FILES") else Statement("load", "in", file=_after(parts, "FROM"))
    target, end = parts.path(2)
    if not _PROTOCOL.match(target):
        return Statement("load", "in", file=_after(parts, "FROM"))
    source = parts.find("FROM", start=end) + 1
    if source == 0 or source >= len(parts.tokens):
        return Statement("unload", "out", file=target, problem="it does not say what it puts into the file")
    if parts.words[source] == "(":
        return Statement("unload", "out", query=parts.sql(source + 1, parts.closing(source)), file=target)
    return Statement("unload", "out", table=parts.path(source)[0], file=target)


def _copy_to(parts: Parts, to: int) -> Statement:
    """PostgreSQL's way out: into a file of the server, or to the client."""
    after = parts.tokens[to + 1 : to + 2]
    file = unquoted(after[0]) if after and after[0].kind == "string" else None
    if parts.at(1, "("):
        return Statement("unload", "out", query=parts.sql(2, parts.closing(1)), file=file)
    table, end = parts.path(1)
    if end < to and parts.words[end] == "(":
        columns = parts.sql(end + 1, parts.closing(end))
        return Statement("unload", "out", query=f"select {columns} from {table}", file=file)  # noqa: S608 - read, never run
    return Statement("unload", "out", table=table, file=file)


def _export(parts: Parts) -> Statement | None:
    """BigQuery's EXPORT DATA."""
    at = _query_after_as(parts, 1)
    if not parts.at(1, "DATA") or at < 0:
        return None
    place = parts.words.index("URI") + 2 if "URI" in parts.words else 0
    return Statement("unload", "out", query=parts.sql(at), file=(parts.path(place)[0] or None) if place else None)


def _copy_files(parts: Parts) -> Statement:
    target = parts.path(3)[0] if parts.at(2, "INTO") else None
    return Statement("unload", "unknown", file=target, problem="it copies files: what they hold is not in the text")


def _after(parts: Parts, word: str) -> str | None:
    place = parts.find(word) + 1
    return (parts.path(place)[0] or None) if place else None


def _unload(parts: Parts) -> Statement:
    inside = parts.tokens[2:] if parts.at(1, "(") else []
    file = _after(parts, "TO")
    if not inside:
        return Statement("unload", "out", file=file, problem="it does not say what it puts into the file")
    if inside[0].kind == "string":
        return Statement("unload", "out", inner=unquoted(inside[0]), file=file)
    query = parts.sql(2, parts.closing(1))
    if parts.words[2] in _QUERY_HEADS:
        return Statement("unload", "out", query=query, file=file)
    return Statement("unload", "out", table=query, file=file)


def _get(parts: Parts) -> Statement:
    return Statement("get", "out", file=parts.path(1)[0] or None)


def _put(parts: Parts) -> Statement:
    place = parts.path(1)[1]
    if place < len(parts.tokens) and parts.words[place] == "INTO":
        place += 1
    return Statement("put", "in", file=parts.path(place)[0] or None)


def _create(parts: Parts) -> Statement | None:
    words = parts.words[1:8]
    if "SHARE" in words[:4] or "DATASHARE" in words[:4]:
        return Statement("share", "none")
    kinds = [word for word in words if word in ("TABLE", "VIEW", "PROCEDURE", "FUNCTION", "TASK", "STAGE", "ALERT")]
    if not kinds or kinds[0] not in ("TABLE", "VIEW"):
        return None
    place = parts.words.index(kinds[0]) + 1
    while place < len(parts.tokens) and parts.words[place] in ("IF", "NOT", "EXISTS"):
        place += 1
    name, end = parts.path(place)
    view = kinds[0] == "VIEW" and "MATERIALIZED" not in words
    direction = "none" if view else "stay"
    clone = parts.find("CLONE", start=end) + 1
    if clone:
        return Statement("create", direction, table=parts.path(clone)[0], creates=name)
    at = _query_after_as(parts, end)
    if at < 0:
        return None
    location = parts.find("LOCATION", start=end) + 1
    file = parts.path(location)[0] if 0 < location < at else None
    return Statement("create", "out" if file else direction, query=parts.sql(at), creates=name, file=file)


def _query_after_as(parts: Parts, start: int) -> int:
    place = parts.find("AS", start=start) + 1
    while 0 < place < len(parts.tokens) and parts.words[place] not in _QUERY_HEADS:
        place = parts.find("AS", start=place) + 1
    if not 0 < place < len(parts.tokens):
        # Databricks may leave out AS.
        return parts.find("SELECT", "WITH", start=start)
    return place


def _insert(parts: Parts) -> Statement:
    overwrite = parts.find("DIRECTORY") if parts.at(1, "OVERWRITE") else -1
    start = 1
    while start < len(parts.tokens) and parts.words[start] in ("OVERWRITE", "INTO", "ALL", "FIRST", "TABLE"):
        start += 1
    at = parts.find("SELECT", "WITH", "FROM", start=start)
    if 0 < overwrite <= 2 + parts.words[2:3].count("LOCAL"):
        file = parts.path(overwrite + 1)[0] or None
        if at < 0:
            return Statement("unload", "out", file=file, problem="it does not say what it puts into the file")
        return Statement("unload", "out", query=parts.sql(at), file=file)
    if at >= 0:
        return Statement("insert", "stay", query=parts.sql(at))
    wrapped = next((p for p in range(start, len(parts.tokens) - 1) if parts.words[p + 1] in ("SELECT", "WITH")), -1)
    if wrapped >= 0 and parts.words[wrapped] == "(" and parts.find("VALUES") < 0:
        return Statement("insert", "stay", query=parts.sql(wrapped, parts.closing(wrapped) + 1))
    source = parts.find("TABLE", start=start) + 1
    if 0 < source < len(parts.tokens):
        return Statement("insert", "stay", table=parts.path(source)[0])
    return Statement("insert", "in")


def _merge(parts: Parts) -> Statement:
    place = parts.find("USING") + 1
    if 0 < place < len(parts.tokens) and parts.words[place] == "(":
        return Statement("insert", "stay", query=parts.sql(place + 1, parts.closing(place)))
    return Statement("insert", "stay", table=parts.path(place)[0] if place else "")


def _share(parts: Parts) -> Statement | None:
    """GRANT and ALTER, where they hand something to a share or a share to somebody."""
    words = parts.words
    if words[0] == "ALTER":
        if words[1:2] not in (["SHARE"], ["DATASHARE"]):
            return None
        added = parts.find("ADD", "SET")
        if added < 0:
            return Statement("share", "none")
        table = parts.path(added + 2)[0] if words[added + 1 : added + 2] in (["TABLE"], ["VIEW"]) else ""
        return Statement("share", "out", table=table)
    if not {"SHARE", "DATASHARE", "RECIPIENT"} & set(words):
        return None
    place = parts.find("ON") + 1
    whole = parts.at(1, "SELECT") and 0 < place < len(words) and words[place] not in ("SHARE", "DATASHARE", "ALL")
    if whole and words[place] in ("TABLE", "VIEW"):
        place += 1
    return Statement("share", "out", table=parts.path(place)[0] if whole else "")


def _execute(parts: Parts) -> Statement | None:
    if parts.at(1, "IMMEDIATE") and len(parts.tokens) == 3 and parts.tokens[2].kind == "string":
        return Statement("other", "unknown", inner=unquoted(parts.tokens[2]))
    return None


def _declare(parts: Parts) -> Statement | None:
    place = parts.find("FOR") + 1
    if parts.find("CURSOR") > 0 and 0 < place < len(parts.tokens) and parts.words[place] in _QUERY_HEADS:
        return Statement("select", "out", query=parts.sql(place))
    return None


_HEADS: dict[str, Callable[[Parts], Statement | None]] = {
    "COPY": _copy,
    "EXPORT": _export,
    "UNLOAD": _unload,
    "GET": _get,
    "PUT": _put,
    "CREATE": _create,
    "INSERT": _insert,
    "MERGE": _merge,
    "GRANT": _share,
    "ALTER": _share,
    "EXECUTE": _execute,
    "DECLARE": _declare,
}
