"""One statement taken apart as far as its head tells: what it does, where to, and which query it holds.

The parser knows neither GET nor UNLOAD, and parts of COPY only: what it need not see is cut off here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.readers.sqltext.parts import Parts, Statement
from auditscan.readers.sqltext.sharing import altered, granted, made_to_share
from auditscan.readers.sqltext.tokens import unquoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.readers.sqltext.tokens import Token

_QUERY_HEADS = ("SELECT", "WITH", "FROM", "(", "VALUES", "TABLE", "SEL")
_DDL = frozenset(
    (
        "CREATE", "ALTER", "DROP", "UNDROP", "TRUNCATE", "COMMENT", "GRANT", "REVOKE", "ANALYZE", "VACUUM", "OPTIMIZE",
        "REFRESH", "MSCK",
    )
)  # fmt: skip
_OTHER = frozenset(
    (
        "SHOW", "DESCRIBE", "DESC", "LIST", "LS", "EXPLAIN", "USE", "SET", "UNSET", "RESET", "BEGIN", "START", "COMMIT",
        "ROLLBACK", "ABORT", "END", "CLOSE", "UPDATE", "DELETE", "REMOVE", "RM", "CANCEL", "LOCK", "CACHE", "UNCACHE",
        "CLEAR", "DEALLOCATE",
    )
)  # fmt: skip
_HIDDEN = frozenset(
    ("CALL", "EXECUTE", "EXEC", "DECLARE", "LET", "IF", "FOR", "WHILE", "LOOP", "RETURN", "FETCH", "PREPARE", "DO")
)
_PROTOCOL = re.compile(r"^(@|\w+://|dbfs:|/)")
_PATH_IN_NAME = re.compile(r"^\w+\.[`\"](?P<path>(\w+:/|/).*)[`\"]$", re.DOTALL)
_PLACES = frozenset(("LOCATION", "EXTERNAL_LOCATION", "PATH", "URI", "URIS"))
_AFTER_QUERY = ("WITH", "ON", "NO", "PRIMARY", "UNIQUE")
_SCRIPT = "it runs a procedure or script: what that did is not in the text"
_CHANGES = "it puts out the rows that it changes"
_NO_SOURCE = "it does not say what it puts into the file"


def cut(text: str, tokens: list[Token]) -> Statement:
    """What one statement does. A statement nobody knows is unparsed, never harmless."""
    try:
        return _cut(Parts(text, tokens))
    except LookupError:
        return Statement("unparsed", "unknown", problem="the text is cut off: it stops in the middle of a clause")


def _cut(parts: Parts) -> Statement:
    tokens = parts.tokens
    head = parts.words[0]
    if head == "TABLE" and len(tokens) > 1:
        return Statement("select", "out", table=parts.path(1)[0])
    if head in _QUERY_HEADS:
        return Statement("select", "out", query=parts.sql(0))
    if head in _HEADS:
        found = _HEADS[head](parts)
        if found is not None:
            return found if not _shows_changes(parts) else replace(found, direction="unknown", problem=_CHANGES)
    if head in _HIDDEN or (head == "BEGIN" and len(tokens) > 1 and parts.words[1] not in ("TRANSACTION", "WORK")):
        return Statement("other", "unknown", problem=_SCRIPT)
    if head in _DDL:
        return Statement("ddl", "none")
    if head in _OTHER:
        return Statement("other", "none")
    word = tokens[0].text[:20]
    return Statement("unparsed", "unknown", problem=f"it begins with {word}, which is no statement we know")


def _shows_changes(parts: Parts) -> bool:
    """Whether it puts out the rows that it changes."""
    words = parts.words
    if words[0] not in ("INSERT", "UPDATE", "DELETE", "MERGE"):
        return False
    after = words[words.index("OUTPUT") + 1 :][:1] if "OUTPUT" in words else []
    return parts.find("RETURNING") > 0 or after in (["INSERTED"], ["DELETED"], ["$"])


def _copy(parts: Parts) -> Statement | None:
    if not parts.at(1, "INTO"):
        return _copy_files(parts) if parts.at(1, "FILES") else _copy_either_way(parts)
    target, end = parts.path(2)
    if parts.at(2, "IDENTIFIER", "("):
        end = parts.closing(3) + 1
        target = parts.sql(2, end)
    source = parts.find("FROM", start=end) + 1
    if _PATH_IN_NAME.match(target):
        return Statement("unload", "unknown", file=_path_in(target), problem="it copies files into others")
    if not _PROTOCOL.match(target) and (source == 0 or _reads_files(parts, source)):
        return Statement("load", "in", file=_after(parts, "FROM"), fills=target)
    if source == 0 or source >= len(parts.tokens):
        return Statement("unload", "out", file=target, problem=_NO_SOURCE)
    return _unloaded(parts, source, target)


def _unloaded(parts: Parts, source: int, file: str | None) -> Statement:
    if parts.words[source] == "(":
        return Statement("unload", "out", query=parts.sql(source + 1, parts.closing(source)), file=file)
    return Statement("unload", "out", table=parts.path(source)[0], file=file)


def _reads_files(parts: Parts, source: int) -> bool:
    """Whether nothing but files stands where a COPY reads from."""
    if source >= len(parts.tokens):
        return False
    places = [source]
    if parts.words[source] == "(":
        inner = range(source, parts.closing(source))
        places = [here + 1 for here in inner if parts.words[here] in ("FROM", "JOIN")] or places
    return all(
        here < len(parts.tokens) and (parts.words[here] == "@" or parts.tokens[here].kind == "string")
        for here in places
    )


def _copy_either_way(parts: Parts) -> Statement:
    """COPY as Redshift and Postgres have it: FROM files, or TO one."""
    target, end = ("", parts.closing(1) + 1) if parts.at(1, "(") else parts.path(1)
    way = parts.find("FROM", "TO", start=end)
    if way < 0 or parts.words[way] == "FROM":
        return Statement("load", "in", file=_after(parts, "FROM"), fills=target)
    return _unloaded(parts, 1, parts.path(way + 1)[0] or None)


def _copy_files(parts: Parts) -> Statement:
    target = parts.path(3)[0] if parts.at(2, "INTO") else None
    return Statement("unload", "unknown", file=target, problem="it copies files: what they hold is not in the text")


def _after(parts: Parts, word: str) -> str | None:
    place = parts.find(word) + 1
    if 0 < place < len(parts.tokens) and parts.words[place] == "(":
        place = next((here + 1 for here in range(place, len(parts.tokens)) if parts.words[here] == word), 0)
    return (parts.path(place)[0] or None) if place else None


def _path_in(name: str) -> str | None:
    """The file or folder that stands where a table is named, as in delta.`s3://bucket/x`."""
    found = _PATH_IN_NAME.match(name)
    return found["path"] if found else None


def _place(parts: Parts, start: int, end: int) -> str | None:
    """The file or folder in which a table or an export is put."""
    for here in range(start, end - 1):
        token = parts.tokens[here]
        if token.upper in _PLACES or (token.kind == "string" and unquoted(token).upper() in _PLACES):
            value = next((p for p in range(here + 1, end) if parts.words[p] not in ("=", "[", "(")), end)
            if value < end and parts.tokens[value].kind == "string":
                return unquoted(parts.tokens[value])
    return None


def _unload(parts: Parts) -> Statement:
    inside = parts.tokens[2:] if parts.at(1, "(") else []
    file = _after(parts, "TO")
    if not inside:
        return Statement("unload", "out", file=file, problem=_NO_SOURCE)
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
    found = made_to_share(parts)
    if found is not None:
        return found
    words = parts.words[1:8]
    kinds = [word for word in words if word in ("TABLE", "VIEW", "PROCEDURE", "FUNCTION", "TASK", "STAGE", "ALERT")]
    if not kinds or kinds[0] not in ("TABLE", "VIEW"):
        return None
    place = parts.words.index(kinds[0]) + 1
    while place < len(parts.tokens) and parts.words[place] in ("IF", "NOT", "EXISTS"):
        place += 1
    name, end = parts.path(place)
    names, end = parts.columns(end)
    view = kinds[0] == "VIEW" and "MATERIALIZED" not in words
    made = Statement("create", "none" if view else "stay", creates=name, names=tuple(names), view=kinds[0] == "VIEW")
    made = replace(made, may_exist=parts.find("EXISTS") in range(place))
    clone = parts.find("CLONE", start=end) + 1
    at = len(parts.tokens) if clone else _query_after_as(parts, end)
    if at < 0:
        return Statement("ddl", "none", creates=name, names=tuple(names)) if names else None
    file = _path_in(name) or _place(parts, end, at)
    if file:
        made = replace(made, direction="out", file=file)
    if clone:
        return replace(made, table=parts.path(clone)[0])
    closed = parts.closing(at) + 1 if parts.words[at] == "(" else len(parts.tokens)
    rest = parts.words[closed : closed + 1]
    return replace(made, query=parts.sql(at, closed if rest and rest[0] in _AFTER_QUERY else None))


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
    at = parts.find("SELECT", "WITH", "FROM", "SEL", start=start)
    if 0 < overwrite <= 2 + parts.words[2:3].count("LOCAL"):
        file = parts.path(overwrite + 1)[0] or None
        if at < 0:
            return Statement("unload", "out", file=file, problem=_NO_SOURCE)
        return Statement("unload", "out", query=parts.sql(at), file=file)
    target = parts.path(start)[0]
    found = Statement("insert", "stay", fills=target, whole=parts.sql(0))
    if _path_in(target) or parts.words[start : start + 1] in (["OPENROWSET"], ["OPENQUERY"], ["OPENDATASOURCE"]):
        found = replace(found, kind="unload", direction="out", file=_path_in(target) or target)
    if parts.find("EXEC", "EXECUTE", "CALL", start=start) > 0 and at < 0:
        return Statement("other", "unknown", fills=target, problem=_SCRIPT)
    if at >= 0:
        return replace(found, query=parts.sql(at))
    wrapped = next((p for p in range(start, len(parts.tokens) - 1) if parts.words[p + 1] in ("SELECT", "WITH")), -1)
    if wrapped >= 0 and parts.words[wrapped] == "(" and parts.find("VALUES") < 0:
        return replace(found, query=parts.sql(wrapped, parts.closing(wrapped) + 1))
    source = parts.find("TABLE", start=start) + 1
    if 0 < source < len(parts.tokens):
        return replace(found, table=parts.path(source)[0])
    return replace(found, direction="in") if found.kind == "insert" else replace(found, problem=_NO_SOURCE)


def _merge(parts: Parts) -> Statement:
    place = parts.find("USING") + 1
    target = parts.path(1 + parts.at(1, "INTO"))[0]
    found = Statement("insert", "stay", fills=target, whole=parts.sql(0))
    if 0 < place < len(parts.tokens) and parts.words[place] == "(":
        return replace(found, query=parts.sql(place + 1, parts.closing(place)))
    return replace(found, table=parts.path(place)[0] if place else "")


def _change(parts: Parts) -> Statement:
    """UPDATE and DELETE, which some databases let put out the rows that they change."""
    target = parts.path(1 + (parts.at(1, "FROM") or parts.at(1, "ONLY")))[0]
    return Statement("other", "none", fills=target if parts.words[0] == "UPDATE" else "", whole=parts.sql(0))


def _export(parts: Parts) -> Statement | None:
    if parts.at(1, "TABLE"):
        return Statement("unload", "out", table=parts.path(2)[0], file=_after(parts, "TO"))
    at = _query_after_as(parts, 1) if parts.at(1, "DATA") else -1
    if at < 0:
        return None
    return Statement("unload", "out", query=parts.sql(at), file=_place(parts, 1, at))


def _locking(parts: Parts) -> Statement | None:
    at = parts.find("SELECT", "SEL")
    return Statement("select", "out", query=parts.sql(at)) if at > 0 else None


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
    "UNLOAD": _unload,
    "EXPORT": _export,
    "GET": _get,
    "PUT": _put,
    "CREATE": _create,
    "INSERT": _insert,
    "INS": _insert,
    "MERGE": _merge,
    "UPDATE": _change,
    "DELETE": _change,
    "GRANT": granted,
    "ALTER": altered,
    "EXECUTE": _execute,
    "DECLARE": _declare,
    "LOCKING": _locking,
}
