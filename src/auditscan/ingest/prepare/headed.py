"""Logs whose columns are named by a line of their own, which may come again and differ: W3C and Zeek."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from auditscan.ingest.prepare.lines import LinesAsJson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditscan.readers.raw import ByteStream

SESSIONS = 10_000
"""How many sessions are kept in mind."""

_DISORDER = timedelta(minutes=5)
"""How far lines of one log stand out of order: a clock that goes back further stands for another day."""

_METHOD = re.compile(r"\[(?P<session>\d+)\](?P<command>\w+)")


class W3cLog(LinesAsJson):
    """The extended log format of the W3C, as IIS writes it.

    A line without a date column gets `date`: that of the `#Date:` line above it, a day later each time that its
    clock went back. How many days passed no line says: `uncertain` says so. `software` is what wrote the log, and
    `session_user` whose session it is where only the line of the login says that.
    """

    def __init__(self, stream: ByteStream) -> None:
        super().__init__(stream)
        self._fields: tuple[str, ...] = ()
        self._software = ""
        self._begun: date | None = None
        self._clock: datetime | None = None
        self._users: dict[tuple[str, str], str] = {}

    def record(self, line: str) -> Mapping[str, object] | None:
        """The cells of a line by the names that `#Fields:` gave; `unread` says what is wrong with it."""
        if line.startswith("#"):
            self._directive(line)
            return None
        cells = line.split()
        if not self._fields:
            return {"unread": "no #Fields: line stands above it", "line": line}
        if len(cells) != len(self._fields) == line.count(" ") + 1:
            # An empty field between two blanks.
            cells = [cell or "-" for cell in line.split(" ")]
        if len(cells) != len(self._fields):
            return {"unread": f"{len(cells)} fields where #Fields: names {len(self._fields)}", "line": line}
        record = dict(zip(self._fields, cells, strict=True))
        if self._software:
            record["software"] = self._software
        self._whose(record)
        if "date" not in record and self._clock is not None:
            self._dated(record)
        return record

    def _whose(self, record: dict[str, str]) -> None:
        """Keep the user of a login for the lines of its session that name none, and give it to those."""
        method = _METHOD.fullmatch(record.get("cs-method", ""))
        session = record.get("x-session") or (method["session"] if method else "")
        if session in ("", "-"):
            return
        key = session, record.get("c-ip", "")
        command = (method["command"] if method else record["cs-method"]).upper()
        if command == "USER":
            self._users[key] = record.get("cs-uri-stem", "-")
            if len(self._users) > SESSIONS:
                del self._users[next(iter(self._users))]
        elif record.get("cs-username", "-") == "-" and self._users.get(key, "-") != "-":
            record["session_user"] = self._users[key]
        if command in ("QUIT", "CLOSED", "CONTROLCHANNELCLOSED"):
            self._users.pop(key, None)

    def _directive(self, line: str) -> None:
        name, _, value = line[1:].partition(":")
        if name == "Fields":
            self._fields = tuple(value.split())
        elif name == "Software":
            self._software = value.strip()
        elif name == "Date":
            stamp = re.match(r"\s*(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d))?", value)
            try:
                self._clock = None if stamp is None else datetime.fromisoformat(f"{stamp[1]} {stamp[2] or '00:00:00'}")
            except ValueError:
                self._clock = None
            self._begun = None if self._clock is None else self._clock.date()

    def _dated(self, record: dict[str, str]) -> None:
        try:
            clock = time.fromisoformat(record.get("time", ""))
        except ValueError:
            return
        if self._clock is None or self._begun is None or clock.tzinfo is not None:
            return
        now = datetime.combine(self._clock.date(), clock)
        if self._clock - now > _DISORDER:
            try:
                now += timedelta(days=1)
            except OverflowError:  # Behind the last day of the year 9999.
                return
        self._clock = max(self._clock, now)
        record["date"] = now.date().isoformat()
        if passed := (now.date() - self._begun).days:
            days = "1 day" if passed == 1 else f"{passed} days"
            record["uncertain"] = f"the log writes no day: it is at least {days} after its #Date: line"


_UNSET = ("-", "(empty)")


class ZeekLog(LinesAsJson):
    """A log of Zeek: JSON lines as they stand, tab-separated ones by the names that `#fields` gave."""

    _fields: tuple[str, ...] = ()

    def record(self, line: str) -> Mapping[str, object] | None:
        """The cells of a line that are set, by their names; `unread` says what is wrong with it."""
        if line.startswith("#fields\t"):
            self._fields = tuple(line.split("\t")[1:])
        if line.startswith("#"):
            return None
        cells = line.split("\t")
        if not self._fields:
            return {"unread": "no #fields line stands above it", "line": line}
        if len(cells) != len(self._fields):
            return {"unread": f"{len(cells)} fields where #fields names {len(self._fields)}", "line": line}
        return {name: cell for name, cell in zip(self._fields, cells, strict=True) if cell not in _UNSET}

    def _made(self, line: bytes) -> bytes:
        return line + b"\n" if line.startswith(b"{") else super()._made(line)
