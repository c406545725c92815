"""Files that are no logs and that nobody takes for one: PDFs, pictures, mail, lock files.

A production of records is full of them. They hold no records, so nothing is missing where they are not read: they are
counted by kind. The kinds are rows of `no_logs.csv`: told by how a file's bytes begin, by what lies in a ZIP or an OLE
compound file, or, where the content fits no log format, by the name. A web page counts only under the name of one:
under that of a log it is a download that failed, or a table, and something is missing. Folders that programs keep for
themselves are not looked into, and counted by kind as well.
"""

from __future__ import annotations

import csv
import re
from fnmatch import fnmatchcase
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from auditscan.readers import ole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

HEAD_BYTES = 1 << 14
"""How much of a file's beginning is looked at: the header line of a load file may be long."""


_LOG_ENDING = re.compile(
    r"\.(ndjson|jsonl?|csv|tsv|log|parquet|xlsx?|zip|tar|tgz)([.-]\d+)?(\.(gz|zst|bz2|xz))?$", re.IGNORECASE
)

_SAVED_AS_TEXT = ("load file", "mail message")
"""Kinds that are text, and bear such a name in productions."""


@cache
def _rows() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """The table: how a kind is told -> (what tells it, the kind, the names it must have), in the table's order."""
    text = resources.files(__package__).joinpath("no_logs.csv").read_text(encoding="utf-8")
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["told_by"], []).append((row["what"], row["kind"], row["named"]))
    return {told_by: tuple(rows) for told_by, rows in found.items()}


@cache
def _patterns() -> tuple[tuple[re.Pattern[bytes], str, str], ...]:
    rows = _rows()["bytes"]
    return tuple((re.compile(what.encode("ascii"), re.DOTALL), kind, named) for what, kind, named in rows)


def by_bytes(head: bytes, name: str) -> str:
    """The kind of a file of this name that begins so; '' for what may be a log.

    Under the name of a log it may be one behind that beginning, or what should be one: then something is missing.
    """
    ending = name.lower().rpartition(".")[2]
    may_be = head.lstrip()[:1] not in (b"{", b"[") and (is_log_name(name) or ending in ("txt", "xml"))
    found = (
        kind
        for pattern, kind, named in _patterns()
        if pattern.match(head)
        and (_is(name, named) if named else not may_be or (ending == "txt" and kind in _SAVED_AS_TEXT))
    )
    return next(found, "")


def is_log_name(name: str) -> bool:
    """Whether a name is one that nobody gives to anything but a log, or to what logs are packed in."""
    return _LOG_ENDING.search(name) is not None


def _is(name: str, named: str) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in named.split("|"))


def by_streams(path: Path) -> str:
    """The kind of an OLE compound file; '' for a workbook, and for what is not known. Raises OSError."""
    names = ole.streams(path)
    if names & ole.WORKBOOK:
        return ""
    return next((kind for what, kind, _ in _rows()["stream"] if what in names), "")


def by_members(names: Iterable[str]) -> str:
    """The kind of a ZIP with these members, or of this media type; '' for what may hold logs."""
    held = set(names)
    return next((kind for what, kind, _ in _rows()["zip"] if what in held), "")


def by_name(name: str) -> str:
    """The kind of a file of this name, without its folder, whose content fits no log format; '' for none."""
    return next((kind for what, kind, _ in _rows()["name"] if _is(name, what)), "")


def by_folder(name: str) -> str:
    """The kind of a folder of this name that programs keep for themselves; '' for one that is looked into."""
    return next((kind for what, kind, _ in _rows()["folder"] if _is(name, what)), "")
