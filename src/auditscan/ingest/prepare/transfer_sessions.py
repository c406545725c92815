"""Sessions of AWS Transfer Family: each step of one gets what the other steps told.

Who is connected stands in one step of a session only, how a file was opened where it was opened, and how much was read
where it was closed. Logs are exported in pieces whose lines are in any order, the newest first among them, so all steps
wait in a file for the end of the log.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from auditscan.ingest.prepare.lines import LinesAsJson, ToldAtEnd
from auditscan.policy import normalize
from auditscan.readers.raw import CHUNK, read_up_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.readers.raw import ByteStream

_WRAPPERS = ("message", "raw")
_TIMES = ("timestamp", "time")
_KEPT = ("user", "source-ip", "resource-arn", "role", "home-dir", "client")
_MAX_SESSIONS = 100_000
"""Sessions remembered at once; the one that was silent longest is forgotten when there are more."""

_Told = dict[str, Any]


@dataclass(slots=True)
class _Step:
    """The opening of a file that no close is known of, or a close of which no opening is."""

    line: int
    at: float | None
    mode: str | None = None
    failed: bool = False


@dataclass(slots=True)
class _Session:
    """What is known of a session."""

    connected: bool = False
    who: _Told = field(default_factory=dict)
    open: dict[str, list[_Step]] = field(default_factory=dict)
    closed: dict[str, list[_Step]] = field(default_factory=dict)
    unnamed: list[int] = field(default_factory=list)
    """Steps that stand before the one that tells who is connected."""


class TransferSessions(ToldAtEnd[_Told]):
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
        told = self._step(number, named, _time_of(named, outer))
        if told is None:
            return line
        record["session"] = told
        return _written(outer) or line

    def _step(self, number: int, named: dict[str, Any], at: float | None) -> _Told | None:
        """What is known of the session of a step; None where the step names no session."""
        key, activity = named.get("session_id"), named.get("activity_type")
        if not isinstance(key, str):
            return None
        session = self._sessions.pop(key, None) or _Session()
        if activity == "CONNECTED" and session.connected:
            self._end(session)
            session = _Session()
        self._sessions[key] = session
        if len(self._sessions) > _MAX_SESSIONS:
            self._end(self._sessions.pop(next(iter(self._sessions))))
        session.who.update({name: value for name in _KEPT if (value := named.get(normalize(name))) is not None})
        if activity == "CONNECTED":
            session.connected = True
            for line in session.unnamed:
                self._tell(line, session.who)
            session.unnamed.clear()
        elif not session.connected:
            session.unnamed.append(number)
        return session.who | self._file_step(session, number, activity, named, at)

    def _tell(self, line: int, told: _Told) -> None:
        self._late[line] = self._late.get(line, {}) | told

    def _end(self, session: _Session) -> None:
        """Note the files that a session left open."""
        for one in (one for some in session.open.values() for one in some):
            self._tell(one.line, {"file": "never closed"})

    def _changed(self, line: bytes, told: _Told) -> bytes:
        outer, record = _record_of(line)
        if outer is None or record is None or not isinstance(record.get("session"), dict):
            return line
        record["session"] |= told
        return (_written(outer) or line.rstrip(b"\n")) + b"\n"

    def _file_step(
        self, session: _Session, number: int, activity: object, named: dict[str, Any], at: float | None
    ) -> _Told:
        """What the steps before told of the file of this one."""
        path, mode = named.get("path"), named.get("mode")
        if not isinstance(path, str):
            return {}
        mode = mode if isinstance(mode, str) else None
        files = session.open.get(path, [])
        if activity == "OPEN":
            # A close that stands above it in the file, and is later all the same.
            later = [one for one in session.closed.get(path, []) if None not in (at, one.at) and one.at >= at]  # type: ignore[operator]
            if later:
                closed = min(later, key=lambda one: (one.at or 0, -one.line))
                session.closed[path].remove(closed)
                self._tell(closed.line, {"mode": mode, "file": "closed"})
            else:
                session.open.setdefault(path, []).append(_Step(number, at, mode))
            return {"mode": mode, "file": "opened"}
        if activity == "ERROR" and files:
            files[-1].failed = True
            return {"mode": files[-1].mode, "file": "open"}
        if activity not in ("CLOSE", "PARTIAL_CLOSE"):
            return {}
        earlier = [one for one in files if None in (at, one.at) or one.at <= at]  # type: ignore[operator]
        if not earlier:
            session.closed.setdefault(path, []).append(_Step(number, at))
            return {}
        files.remove(earlier[-1])
        return {"mode": earlier[-1].mode, "file": "failed" if earlier[-1].failed else "closed"}


_TEXT = re.compile(
    r"(?:(?P<time>\d{4}-\d\d-\d\dT\S+)\s+)?(?:(?P<user>\S+)\.(?P<session>[0-9a-f]{16})|ERRORS) "
    r"(?P<activity>[A-Z_]+)(?: (?P<parts>.*))?"
)
_PART = re.compile(r"(\w+)=(.*?)(?= \w+=|$)")


class _TextSteps(LinesAsJson):
    """The steps of the older form, a line of text each, as the newer form writes them."""

    def record(self, line: str) -> Mapping[str, object] | None:
        """A step, its parts by the names of the newer form; no step has no `activity-type`."""
        found = _TEXT.fullmatch(line.strip())
        if found is None:
            return {"unread": line}
        parts = {
            re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower(): value
            for name, value in _PART.findall(found["parts"] or "")
        }
        told = {"activity-type": found["activity"], "session-id": found["session"], "timestamp": found["time"]}
        return {"user": found["user"]} | parts | {name: value for name, value in told.items() if value is not None}


def text_sessions(source: ByteStream) -> ByteStream:
    """The sessions of a log in the older form."""
    return TransferSessions(_TextSteps(source))


def _time_of(named: dict[str, Any], outer: dict[str, Any]) -> float | None:
    """When a step was, as a number: what the record says, else what the collector put beside it."""
    around = {normalize(key): value for key, value in outer.items()}
    for value in (some.get(name) for some in (named, around) for name in _TIMES):
        if isinstance(value, int | float):
            try:
                return float(value)
            except OverflowError:  # More digits than a float holds.
                continue
        if isinstance(value, str):
            try:
                found = datetime.fromisoformat(value)
            except ValueError:
                continue
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000
    return None


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
