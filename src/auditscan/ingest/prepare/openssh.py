"""The log of OpenSSH's SFTP server: what belongs to one session stands in lines of one process."""

from __future__ import annotations

import json
import re
import tempfile
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from auditscan.ingest.prepare.backwards import Backwards, is_newest_first
from auditscan.ingest.prepare.lines import IN_MEMORY, LinesAsJson, ToldAtEnd, written
from auditscan.readers.raw import CHUNK, Prefixed, read_up_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.readers.raw import ByteStream

SESSIONS = 10_000
"""How many sessions are kept in mind; of more, the one that was silent longest is forgotten."""

_TIME = r"(?P<time>[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+)"
_FORMS = (
    # The forms of system logs, with or without a priority and the name of the host.
    re.compile(
        rf"(?:<\d{{1,3}}>)?(?:1 )?{_TIME} (?:(?P<host>[^\s:\[\]]+) )?(?P<program>[^\s:\[]+)"
        r"(?:(?:\[(?P<pid>\d+)\])?:| (?P<process>\d+|-) \S+ (?:-|\[.*?\])) (?P<message>.*)"
    ),
    # The server's own file, as it writes it on Windows.
    re.compile(r"(?P<pid>\d+) (?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) (?P<message>.*)"),
)
_AROUND = re.compile(r"(?:user: (?P<user>\S+): )?(?P<message>.*?)(?: \[(?:post|pre)auth\])?")
"""What a process puts around a message that it hands on for another."""

_SESSION = re.compile(r"session (?P<what>opened|closed) for local user (?P<user>.*) from \[(?P<peer>[^\]]*)\]")
_OPEN = re.compile(r'open "(?P<file>.*)" flags (?P<flags>\S+) mode \d+')
_CLOSE = re.compile(r'(?P<forced>forced )?close "(?P<file>.*)" bytes read (?P<read>\d+) written (?P<written>\d+)')
_STATUS = re.compile(r"sent status (?P<status>.*)")
_BEGUN = re.compile(r'open "|(?:forced )?close "|session (?:opened|closed) for local user ')
"""What a message begins with that has to be understood to its end."""
_SECOND = re.compile(r'\[\d+\]: (?:open "|close "|forced close "|session |opendir |sent status )')
"""Where the line of another process begins within a message."""

_PROGRAMS = ("internal-sftp", "sftp-server")
_FINE = ("Success", "OK", "End of file")

_Changes = dict[str, object]


@dataclass(slots=True)
class _Open:
    """A file that may be open."""

    line: int
    time: object
    refused: str | None = None
    """The status that was sent next. It may be that of a question which the log does not show."""


@dataclass(slots=True)
class _Session:
    user: str | None = None
    peer: str | None = None
    open: dict[str, list[_Open]] = field(default_factory=dict)
    unnamed: list[int] = field(default_factory=list)
    """Lines of which nobody knows yet whose they are."""
    last: _Open | None = None
    """What the last line was to open."""


class SftpServerLog(ToldAtEnd[_Changes]):
    """Gives every line of a session its user and address, and every close the time of its open.

    The server writes down an open before it tries it. What it refused is told by the status that it sends next, or by
    the end of the session, where it closes whatever is still open: then nothing was read. Where the log has no end of
    the session, the line that opened a file says so: the log does not say that nothing of it was read.
    """

    def __init__(self, stream: ByteStream) -> None:
        super().__init__()
        self._stream = stream

    def _prepared(self) -> Iterator[bytes]:
        head = read_up_to(self._stream, CHUNK)
        stream = Prefixed(head, self._stream)
        if not is_newest_first(head, _time_in):
            told = _Sessions(stream, self._late)
            while piece := read_up_to(told, CHUNK):
                yield piece
            told.end()
            return
        with (
            tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as newest_first,
            tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as oldest_first,
        ):
            while piece := read_up_to(stream, CHUNK):
                newest_first.write(piece)
            changes: dict[int, _Changes] = {}
            told = _Sessions(Backwards(newest_first), changes)
            while piece := read_up_to(told, CHUNK):
                oldest_first.write(piece)
            told.end()
            self._late |= {told.lines - 1 - number: change for number, change in changes.items()}
            again = Backwards(oldest_first)
            while piece := read_up_to(again, CHUNK):
                yield piece

    def _changed(self, line: bytes, told: _Changes) -> bytes:
        return written(json.loads(line) | told)


class _Sessions(LinesAsJson):
    """The lines as far as those before them tell; what later ones tell of them goes into `changes`."""

    def __init__(self, stream: ByteStream, changes: dict[int, _Changes]) -> None:
        super().__init__(stream)
        self._changes = changes
        self._sessions: OrderedDict[tuple[str, str], _Session] = OrderedDict()
        self.lines = 0

    def end(self) -> None:
        """Take what is open for never closed."""
        for session in self._sessions.values():
            self._leave(session, {"event": "unclosed"})

    def _leave(self, session: _Session, told: _Changes) -> None:
        for one in (one for some in session.open.values() for one in some):
            self._change(one.line, told if one.refused is None else {"event": "refused", "refused": one.refused})
        session.open.clear()

    def _change(self, number: int, told: _Changes) -> None:
        self._changes[number] = self._changes.get(number, {}) | told

    def _made(self, line: bytes) -> bytes:
        self.lines += 1
        return super()._made(line)

    def record(self, line: str) -> Mapping[str, object] | None:
        """What a line says: `event` is session, open, close, forced close, other or other program."""
        found = _entry(line) if line.startswith("{") else _parted(line)
        if found is None:
            return {"unread": "not a line of a system log", "line": line}
        record: dict[str, object] = {"time": found["time"], "host": found["host"], "event": "other program"}
        around = _AROUND.fullmatch(found["message"] or "")
        message = found["message"] or "" if around is None else around["message"]
        begun = _BEGUN.match(message) is not None
        if found["program"] not in (*_PROGRAMS, None) and not begun:
            return record | {"program": found["program"]}
        if _SECOND.search(message):
            return {"unread": "two lines in one: where the first ends is not known", "line": line}
        key = found["host"] or "", found["pid"] or ""
        session = self._sessions.get(key) or _Session()
        step = self._step(session, message, record["time"])
        if begun and step["event"] == "other":
            if found["program"] in (*_PROGRAMS, None) or '"' in message:
                return {"unread": "a line that breaks off", "line": line}
            return record | {"program": found["program"]}
        if step["event"] == "session" and step["what"] == "closed":
            self._sessions.pop(key, None)
        else:
            self._keep(key, session)
        user = session.user or (None if around is None else around["user"])
        if user is None:
            session.unnamed.append(self.lines - 1)
        return record | step | {"user": user, "peer": session.peer}

    def _keep(self, key: tuple[str, str], session: _Session) -> None:
        self._sessions[key] = session
        self._sessions.move_to_end(key)
        if len(self._sessions) > SESSIONS:
            self._leave(self._sessions.popitem(last=False)[1], {"event": "unclosed"})

    def _step(self, session: _Session, message: str, time: object) -> dict[str, object]:
        """What a message says, and keep what later lines of its session need."""
        last, session.last = session.last, None
        number = self.lines - 1
        if about := _SESSION.fullmatch(message):
            self._end_or_begin(session, about)
            return {"event": "session", "what": about["what"]}
        if about := _OPEN.fullmatch(message):
            session.last = _Open(number, time)
            session.open.setdefault(about["file"], []).append(session.last)
            return {"event": "open", "file": about["file"], "flags": about["flags"]}
        if about := _CLOSE.fullmatch(message):
            some = session.open.get(about["file"], [])
            # Of one that was refused and one that was not, the latter.
            closed = max(some, key=lambda one: (one.refused is None, one.line), default=None)
            if closed is not None:
                some.remove(closed)
            return {
                "event": "forced close" if about["forced"] else "close",
                "file": about["file"],
                "read": about["read"],
                "written": about["written"],
                "opened_at": None if closed is None else closed.time,
            }
        if last is not None and (about := _STATUS.fullmatch(message)) and about["status"] not in _FINE:
            last.refused = about["status"]
        return {"event": "other"}

    def _end_or_begin(self, session: _Session, about: re.Match[str]) -> None:
        """The line that opens or closes a session, either of which says whose it is."""
        if about["what"] == "opened":
            # A process of this number that was there before: its end is in no line.
            self._leave(session, {"event": "unclosed"})
            session.unnamed.clear()
        elif session.user is None:
            for number in session.unnamed:
                self._change(number, {"user": about["user"], "peer": about["peer"]})
        session.user, session.peer = about["user"], about["peer"]
        if about["what"] == "closed":
            self._leave(session, {"event": "refused", "refused": "it gave no handle"})


def _parted(line: str) -> dict[str, str | None] | None:
    """The parts of a line of text."""
    for form in _FORMS:
        if found := form.fullmatch(line):
            parts = {"host": None, "program": None, **found.groupdict()}
            return parts | {"pid": parts["pid"] or parts.get("process")}
    return None


def _entry(line: str) -> dict[str, str | None] | None:
    """The parts of an entry of the journal of systemd, which it writes as JSON."""
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    message, stamp = entry.get("MESSAGE"), entry.get("__REALTIME_TIMESTAMP")
    if not isinstance(message, str) or not (isinstance(stamp, str) and stamp.isdecimal() and len(stamp) < 18):
        return None
    return {
        "time": datetime.fromtimestamp(int(stamp) / 1e6, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "host": entry.get("_HOSTNAME"),
        "program": entry.get("SYSLOG_IDENTIFIER") or entry.get("_COMM") or "",
        "pid": entry.get("SYSLOG_PID") or entry.get("_PID"),
        "message": message,
    }


def _time_in(line: str) -> str | None:
    found = _entry(line) if line.startswith("{") else _parted(line)
    return None if found is None else found["time"]
