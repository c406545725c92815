"""Log lines that give each value behind its name, in any order, as programs write them into a system log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from auditscan.ingest.prepare.lines import LinesAsJson

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAMES = (
    "ID", "LogTime", "Action", "InstID", "Username", "UserID", "UserRealName", "TargetID", "TargetName", "FolderID",
    "FileID", "IPAddress", "Error", "ErrorText", "Parm1", "Parm2", "Parm3", "Parm4", "Message", "AgentBrand",
    "AgentVersion", "XferSize", "Duration", "FileName", "FolderPath", "ResilNode",
)  # fmt: skip
_NAME = re.compile(rf"(?<![\w.-])({'|'.join(_NAMES)})\s*[=:]\s*", re.IGNORECASE)
_HEAD = re.compile(r"(?:<\d{1,3}>)?(?:1 )?([A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) ")


class MoveitLines(LinesAsJson):
    """The columns of MOVEit's log by their names; a line without an action has none, and its format quarantines it."""

    def record(self, line: str) -> Mapping[str, object] | None:
        """The values behind the names that stand in a line. Where it gives no time, that of the system log counts."""
        known = {name.lower(): name for name in _NAMES}
        parts = _NAME.split(line)
        found: dict[str, object] = {}
        for name, value in zip(parts[1::2], parts[2::2], strict=True):
            if known[name.lower()] in found:
                return {"Message": line}
            found[known[name.lower()]] = value.strip(" \t;,|\"'()[]")
        if head := _HEAD.match(line):
            found.setdefault("LogTime", head[1])
        return found
