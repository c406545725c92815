"""The log of OpenSSH's SFTP server: what belongs to one session stands in lines of one process."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.ingest.prepare.lines import LinesAsJson, ToldAtEnd, written
from auditscan.readers.raw import CHUNK, read_up_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.readers.raw import ByteStream

__all__ = ["SftpServerLog"]

SESSIONS = 10_000
"""How many sessions are kept in mind; of more, the one that was silent longest is forgotten."""

_LINE = re.compile(
    r"(?P<time>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) (?P<host>\S+) "
    r"(?P<program>[^\s:\[]+)(?:\[(?P<pid>\d+)\])?: (?P<message>.*)"
)
_SESSION = re.compile(r"session (?P<what>opened|closed) for local user (?P<user>\S*) from \[(?P<peer>[^\]]*)\]")
_OPEN = re.compile(r'open "(?P<file>.*)" flags (?P<flags>\S+) mode \d+')
_CLOSE = re.compile(r'(?P<forced>forced )?close "(?P<file>.*)" bytes read (?P<read>\d+) written (?P<written>\d+)')

_PROGRAMS = ("internal-sftp", "sftp-server")


@dataclass(slots=True)
class _Session:
    user: str | None = None
    peer: str | None = None
    reading: dict[str, tuple[int, object]] = field(default_factory=dict)
    """Files that are open for reading: the line of the open, and its time."""


class SftpServerLog(ToldAtEnd):
    """Gives every line of a session its user and address, and every close the time of its open.

    Where a file is never closed, the line that opened it for reading says so: the log does not say that nothing of
    it was read.
    """

    def __init__(self, stream: ByteStream) -> None:
        super().__init__()
        self._told = _Sessions(stream, self._late)

    def _prepared(self) -> Iterator[bytes]:
        while piece := read_up_to(self._told, CHUNK):
            yield piece
        self._told.end()

    def _changed(self, line: bytes) -> bytes:
        return written(json.loads(line) | {"event": "unclosed"})


class _Sessions(LinesAsJson):
    """The lines as far as those before them tell; puts the numbers of opens that no close follows into `unclosed`."""

    def __init__(self, stream: ByteStream, unclosed: set[int]) -> None:
        super().__init__(stream)
        self._unclosed = unclosed
        self._sessions: OrderedDict[tuple[str, str], _Session] = OrderedDict()
        self._number = -1

    def end(self) -> None:
        """Take what is open for never closed."""
        for session in self._sessions.values():
            self._forget(session)

    def _forget(self, session: _Session) -> None:
        self._unclosed.update(number for number, _ in session.reading.values())
        session.reading.clear()

    def _made(self, line: bytes) -> bytes:
        self._number += 1
        return super()._made(line)

    def record(self, line: str) -> Mapping[str, object] | None:
        """What a line says: `event` is session, open, close, forced close, other or other program."""
        found = _LINE.fullmatch(line)
        if found is None:
            return {"unread": "not a line of a system log", "line": line}
        record: dict[str, object] = {"time": found["time"], "host": found["host"], "event": "other program"}
        if found["program"] in _PROGRAMS and found["pid"]:
            session = self._session(found["host"], found["pid"])
            record |= self._step(session, found["message"], record["time"])
            record |= {"user": session.user, "peer": session.peer}
        return record

    def _session(self, host: str, pid: str) -> _Session:
        session = self._sessions.setdefault((host, pid), _Session())
        self._sessions.move_to_end((host, pid))
        if len(self._sessions) > SESSIONS:
            self._forget(self._sessions.popitem(last=False)[1])
        return session

    def _step(self, session: _Session, message: str, time: object) -> dict[str, object]:
        """What a message says, and keep what later lines of its session need."""
        if about := _SESSION.match(message):
            if about["what"] == "opened":
                session.user, session.peer = about["user"], about["peer"]
                self._forget(session)
            return {"event": "session"}
        if about := _OPEN.match(message):
            if "READ" in about["flags"].split(","):
                session.reading[about["file"]] = self._number, time
            return {"event": "open", "file": about["file"], "flags": about["flags"]}
        if about := _CLOSE.match(message):
            _, opened_at = session.reading.pop(about["file"], (None, None))
            return {
                "event": "forced close" if about["forced"] else "close",
                "file": about["file"],
                "read": int(about["read"]),
                "written": int(about["written"]),
                "opened_at": opened_at,
            }
        return {"event": "other"}
