"""Sessions of AWS Transfer Family: each step of one gets what the steps before it told.

Who is connected stands in the first step of a session only, how a file was opened where it was opened, and how much
was read where it was closed. Whether a file was ever closed is known at the end of the log alone, so the steps wait in
a file for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditscan.ingest.prepare.lines import ToldAtEnd
from auditscan.policy import normalize
from auditscan.readers.raw import CHUNK, read_up_to

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.readers.raw import ByteStream

__all__ = ["TransferSessions"]

_WRAPPERS = ("message", "raw")
_KEPT = ("user", "source-ip", "resource-arn", "role", "home-dir", "client")
_MAX_SESSIONS = 100_000
"""Sessions remembered at once; the one that began first is forgotten when there are more."""


@dataclass(slots=True)
class _Open:
    """A file that is open."""

    line: int
    mode: str | None
    failed: bool = False


@dataclass(slots=True)
class _Session:
    """What is known of a session."""

    who: dict[str, Any] = field(default_factory=dict)
    files: dict[str, list[_Open]] = field(default_factory=dict)


class TransferSessions(ToldAtEnd):
    """A byte stream of the same lines, each step of a session with a `session` object in its record."""

    def __init__(self, source: ByteStream) -> None:
        super().__init__()
        self._source = source
        self._sessions: dict[str, _Session] = {}

    def _prepared(self) -> Iterator[bytes]:
        for number, line in enumerate(_lines_of(self._source)):
            yield self._with_session(number, line) + b"\n"
        for session in self._sessions.values():
            self._end(session)

    def _with_session(self, number: int, line: bytes) -> bytes:
        outer, record = _record_of(line)
        if outer is None or record is None:
            return line
        named = {normalize(key): value for key, value in record.items()}
        told = self._step(number, named)
        if told is None:
            return line
        record["session"] = told
        return _written(outer) or line

    def _step(self, number: int, named: dict[str, Any]) -> dict[str, Any] | None:
        """What is known of the session of a step; None where the step names no session."""
        key, activity = named.get("session_id"), named.get("activity_type")
        if not isinstance(key, str):
            return None
        if activity == "CONNECTED" and key in self._sessions:
            self._end(self._sessions.pop(key))
        session = self._sessions.setdefault(key, _Session())
        if len(self._sessions) > _MAX_SESSIONS:
            self._end(self._sessions.pop(next(iter(self._sessions))))
        session.who.update({name: value for name in _KEPT if (value := named.get(normalize(name))) is not None})
        told = dict(session.who)
        told.update(_file_step(session, number, activity, named))
        if activity == "DISCONNECTED":
            self._end(self._sessions.pop(key))
        return told

    def _end(self, session: _Session) -> None:
        """Note the files that a session left open."""
        self._late.update(one.line for files in session.files.values() for one in files)

    def _changed(self, line: bytes) -> bytes:
        """The step that opened a file, told that no later one closed it."""
        outer, record = _record_of(line)
        if outer is None or record is None or not isinstance(record.get("session"), dict):
            return line
        record["session"]["file"] = "never closed"
        return (_written(outer) or line.rstrip(b"\n")) + b"\n"


def _file_step(session: _Session, number: int, activity: object, named: dict[str, Any]) -> dict[str, Any]:
    """What the steps before told of the file of this one."""
    path, mode = named.get("path"), named.get("mode")
    if not isinstance(path, str):
        return {}
    mode = mode if isinstance(mode, str) else None
    if activity == "OPEN":
        session.files.setdefault(path, []).append(_Open(number, mode))
        return {"mode": mode, "file": "opened"}
    files = session.files.get(path)
    if not files:
        return {}
    if activity == "ERROR":
        files[-1].failed = True
        return {"mode": files[-1].mode, "file": "open"}
    if activity not in ("CLOSE", "PARTIAL_CLOSE"):
        return {}
    closed = files.pop()
    if not files:
        del session.files[path]
    return {"mode": closed.mode, "file": "failed" if closed.failed else "closed"}


def _record_of(line: bytes) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The object of a line, and in it the record, taken out of what a collector put around it; None for none."""
    outer = _object(line.decode("utf-8", "surrogateescape"))
    if outer is None:
        return None, None
    for key, value in outer.items():
        if normalize(key) in _WRAPPERS:
            held = _object(value) if isinstance(value, str) else value
            if isinstance(held, dict):
                outer[key] = held
                return outer, held
    return outer, outer


def _object(text: str) -> dict[str, Any] | None:
    """The object that a text holds. None where it is none, or would not be the same when written again."""
    if text.lstrip()[:1] != "{":
        return None
    try:
        found = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _written(outer: dict[str, Any]) -> bytes | None:
    """An object as a line; None where it holds what no JSON text can."""
    try:
        return json.dumps(outer, ensure_ascii=False, allow_nan=False).encode("utf-8", "surrogateescape")
    except (ValueError, RecursionError):
        return None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of these; raises ValueError where a key is given twice: which one counts, nobody can say."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no JSON")


def _lines_of(source: ByteStream) -> Iterator[bytes]:
    """The lines of a stream, without their ends."""
    left = b""
    while piece := read_up_to(source, CHUNK):
        *lines, left = (left + piece).split(b"\n")
        yield from lines
    if left:
        yield left
