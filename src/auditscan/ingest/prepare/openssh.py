"""The log of OpenSSH's SFTP server: what belongs to one session stands in lines of one process."""

from __future__ import annotations

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from auditscan.ingest.prepare.lines import LinesAsJson

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    reading: dict[str, dict[str, object]] = field(default_factory=dict)
    """Files that are open for reading, with what is known of each."""


class SftpServerLog(LinesAsJson):
    """Gives every line of a session its user and address, and every close the time of its open.

    A file that is still open for reading where the log ends is a record of its own, behind the last line: the log
    does not say that nothing of it was read.
    """

    def __init__(self, stream: ByteStream) -> None:
        super().__init__(stream)
        self._sessions: OrderedDict[tuple[str, str], _Session] = OrderedDict()

    def record(self, line: str) -> Mapping[str, object] | None:
        """What a line says: `event` is session, open, close, forced close, other or other program."""
        found = _LINE.fullmatch(line)
        if found is None:
            return {"unread": "not a line of a system log", "line": line}
        record: dict[str, object] = {"time": found["time"], "host": found["host"], "event": "other program"}
        if found["program"] in _PROGRAMS and found["pid"]:
            session = self._session(found["host"], found["pid"])
            record |= _told(session, found["message"], record)
            record |= {"user": session.user, "peer": session.peer}
        return record

    def last(self) -> list[dict[str, object]]:
        """The files that were never closed."""
        return [
            opened | {"event": "unclosed", "file": file, "user": session.user, "peer": session.peer}
            for session in self._sessions.values()
            for file, opened in session.reading.items()
        ]

    def _session(self, host: str, pid: str) -> _Session:
        session = self._sessions.setdefault((host, pid), _Session())
        self._sessions.move_to_end((host, pid))
        if len(self._sessions) > SESSIONS:
            self._sessions.popitem(last=False)
        return session


def _told(session: _Session, message: str, line: Mapping[str, object]) -> dict[str, object]:
    """What a message says, and keep what later lines of its session need."""
    if about := _SESSION.match(message):
        if about["what"] == "opened":
            session.user, session.peer = about["user"], about["peer"]
            session.reading.clear()
        return {"event": "session"}
    if about := _OPEN.match(message):
        if "READ" in about["flags"].split(","):
            session.reading[about["file"]] = dict(line)
        return {"event": "open", "file": about["file"], "flags": about["flags"]}
    if about := _CLOSE.match(message):
        opened = session.reading.pop(about["file"], {})
        return {
            "event": "forced close" if about["forced"] else "close",
            "file": about["file"],
            "read": int(about["read"]),
            "written": int(about["written"]),
            "opened_at": opened.get("time"),
        }
    return {"event": "other"}
