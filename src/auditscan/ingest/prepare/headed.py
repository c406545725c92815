"""Logs whose columns are named by a line of their own, which may come again and differ: W3C and Zeek."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from auditscan.ingest.prepare.lines import LinesAsJson

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["W3cLog", "ZeekLog"]

HALF_A_DAY = 12


class W3cLog(LinesAsJson):
    """The extended log format of the W3C, as IIS writes it.

    A line without a date column gets `date`: that of the `#Date:` line above it, a day later each time that its
    clock went back by more than half a day.
    """

    _fields: tuple[str, ...] = ()
    _day: date | None = None
    _hour = 0

    def record(self, line: str) -> Mapping[str, object] | None:
        """The cells of a line by the names that `#Fields:` gave; `unread` says what is wrong with it."""
        if line.startswith("#"):
            self._directive(line)
            return None
        cells = line.split()
        if not self._fields:
            return {"unread": "no #Fields: line stands above it", "line": line}
        if len(cells) != len(self._fields):
            return {"unread": f"{len(cells)} fields where #Fields: names {len(self._fields)}", "line": line}
        record: dict[str, object] = dict(zip(self._fields, cells, strict=True))
        if "date" not in record and self._day is not None:
            record["date"] = self._dated(str(record.get("time", "")))
        return record

    def _directive(self, line: str) -> None:
        name, _, value = line[1:].partition(":")
        if name == "Fields":
            self._fields = tuple(value.split())
        elif name == "Date":
            stamp = re.match(r"\s*(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d))?", value)
            try:
                self._day = None if stamp is None else date(int(stamp[1]), int(stamp[2]), int(stamp[3]))
            except ValueError:
                self._day = None
            self._hour = 0 if stamp is None else int(stamp[4] or 0)

    def _dated(self, clock: str) -> str:
        hour = int(clock[:2]) if clock[:2].isdecimal() else self._hour
        if self._day is None:
            return ""
        if self._hour - hour > HALF_A_DAY:
            self._day += timedelta(days=1)
        self._hour = hour
        return self._day.isoformat()


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
