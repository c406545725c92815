"""Logs of database servers as text: a statement begins on a line with a time, and may go on over the lines below."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from auditscan.ingest.prepare.lines import LinesAsJson, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from auditscan.readers.raw import ByteStream

_LONGEST = 1 << 20
"""Characters of one record: what goes on for longer is no statement."""


class StatementLog(LinesAsJson):
    """Makes one record of a line that begins one and the lines that carry it on, which become blank ones."""

    begins: re.Pattern[str]

    def __init__(self, stream: ByteStream) -> None:
        super().__init__(stream)
        self._open: list[str] = []

    def _piece(self) -> bytes:
        made = super()._piece()
        if not made and self._open:
            made = self._closed()
        return made

    def _made(self, line: bytes) -> bytes:
        text = line.decode("utf-8", "replace").rstrip("\r")
        if self._open and not self.begins.match(text) and sum(map(len, self._open)) < _LONGEST:
            self._open.append(text)
            return b""
        closed = self._closed()
        if not text.strip():
            return closed + b"\n"
        self._open = [text]
        return closed

    def _closed(self) -> bytes:
        """The record that is open, and a blank line for each further line that it took."""
        if not self._open:
            return b""
        lines, self._open = self._open, []
        while len(lines) > 1 and not lines[-1].strip():
            lines = lines[:-1]
            self._blank += 1
        record = self.record("\n".join(lines)) or {}
        blank, self._blank = self._blank, 0
        return written(record) + b"\n" * (len(lines) - 1 + blank)

    _blank = 0


class RedshiftActivity(StatementLog):
    """The user activity log of Amazon Redshift."""

    begins = re.compile(r"'\d{4}-\d\d-\d\dT[\d:]+Z UTC \[")
    _form = re.compile(r"'(\S+) UTC \[([^\]]*)\]' LOG: (.*)", re.DOTALL)

    def record(self, line: str) -> Mapping[str, object] | None:
        """Who ran what, and when; `unread` says that a line has another form."""
        found = self._form.match(line)
        if found is None:
            return {"unread": "not a line of the user activity log", "xid": "", "statement": None}
        told = dict(re.findall(r"(\w+)=(\S+)", found[2]))
        return {
            "time": found[1],
            "database": told.get("db"),
            "user": told.get("user"),
            "pid": told.get("pid"),
            "xid": told.get("xid", ""),
            "statement": found[3],
        }


class PostgresLog(StatementLog):
    """The log of a PostgreSQL server, as text with any prefix, or as CSV."""

    begins = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
    _form = re.compile(
        r"(?P<time>[-\d]+ [\d:.]+ ?(?:[A-Z]{2,5}|[+-]\d\d(?::?\d\d)?)?)(?P<prefix>.*?)\b"
        r"(?P<severity>DEBUG\d?|LOG|INFO|NOTICE|WARNING|ERROR|FATAL|PANIC|STATEMENT|DETAIL|HINT|CONTEXT):\s+(?P<message>.*)",
        re.DOTALL,
    )
    _plain = re.compile(r"(?:duration: [\d.]+ ms\s+)?(?:statement|execute [^:]*): (.*)", re.DOTALL)

    def record(self, line: str) -> Mapping[str, object] | None:
        """Who ran what, and when; a message that is no statement has none."""
        told = self._as_csv(line) or self._as_text(line)
        if told is None:
            return {"unread": "not a line of a server's log", "pid": "", "statement": None}
        message = str(told.pop("message"))
        if message.startswith("AUDIT: "):
            cells = _cells(message[len("AUDIT: ") :])
            if len(cells) >= 8:
                told |= {
                    "entry": cells[1],
                    "class": cells[3],
                    "object": cells[6] or None,
                    "statement": cells[7],
                    "rows": cells[9] if len(cells) > 9 and cells[9].isdecimal() else None,
                }
                return told
            return {"unread": "an entry of pgaudit that was cut off", "pid": "", "statement": None}
        plain = self._plain.match(message)
        told["statement"] = plain[1] if plain else None
        return told

    def _as_csv(self, line: str) -> dict[str, object] | None:
        cells = _cells(line)
        if len(cells) < 14 or not re.fullmatch(r"[A-Z]+\d?", cells[11]):
            return None
        return {
            "time": cells[0],
            "user": cells[1] or None,
            "database": cells[2] or None,
            "pid": cells[3],
            "host": cells[4].rpartition(":")[0] or cells[4] or None,
            "severity": cells[11],
            "message": cells[13],
        }

    def _as_text(self, line: str) -> dict[str, object] | None:
        found = self._form.match(line)
        if found is None:
            return None
        prefix = found["prefix"]
        account = re.search(r"([\w.+-]+)@([\w.-]+)", prefix)
        named = dict(re.findall(r"\b(user|db|app|client|host)=([^\s,\]]+)", prefix))
        pid = re.search(r"\[(\d+)(?:-\d+)?\]", prefix)
        host = re.search(r"\d+\.\d+\.\d+\.\d+", prefix)
        return {
            "time": found["time"].strip(),
            "user": named.get("user") or (account[1] if account else None),
            "database": named.get("db") or (account[2] if account else None),
            "pid": pid[1] if pid else "",
            "host": host[0] if host else named.get("client") or named.get("host"),
            "severity": found["severity"],
            "message": found["message"],
        }


def _cells(text: str) -> list[str]:
    """The cells of one CSV record; what quotes it inside of a cell may hold ends of lines."""
    try:
        rows = list(csv.reader(text.splitlines(keepends=True), strict=True))
    except csv.Error:
        return []
    return rows[0] if len(rows) == 1 else []
