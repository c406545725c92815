"""What a report leaves out of what logs say: applied once, to rows on their way to whatever shows them.

`Fields` hides the fields that were named, and their values wherever another text holds them. `Public` goes the other
way round: of text it lets through only what the policy and the queries wrote, so that a column nobody thought of is
hidden. Numbers, days and verdicts stay as they are under both, so the figures of a report never change.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from auditscan.readers.files import EXCLUDED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditscan.policy import OverlayNote
    from auditscan.readers.model import FileReport
    from auditscan.store import Store

HIDDEN = "[redacted]"
"""What stands in the place of a text."""

Row = dict[str, Any]

FIELDS: Mapping[str, tuple[frozenset[str], str]] = {
    "transfer_id": (frozenset({"transfer_id"}), "select distinct transfer_id from records limit $1"),
    "actor": (frozenset({"actor"}), "select distinct actor from contexts limit $1"),
    "system": (frozenset({"system"}), "select distinct system from contexts limit $1"),
    "action": (frozenset({"action"}), "select distinct action from contexts limit $1"),
    "purpose": (frozenset({"purpose"}), "select distinct purpose from logged_disclosures limit $1"),
    "sender": (frozenset({"sender", "sender_agency"}), "select distinct sender from logged_disclosures limit $1"),
    "recipient": (frozenset({"recipient"}), "select distinct recipient from logged_disclosures limit $1"),
    "elements": (
        frozenset({"elements", "logged_as"}),
        "select distinct unnest(elements) from logged_disclosures limit $1",
    ),
    "file_name": (frozenset({"file_name", "files"}), "select distinct file_name from traces limit $1"),
    "source_file": (
        frozenset({"source_file", "path", "first_file", "naming_file"}),
        "select path from sources union select parse_filename(path) from sources limit $1",
    ),
}
"""Fields of a transfer that can be hidden -> the columns of reports that show them, and the values they have."""

MOST_VALUES = 20_000
"""So many different values are looked for in other texts; where there are more, those texts are hidden whole."""

_QUOTING = frozenset({
    "evidence", "message", "note", "noted", "reason", "subject", "suppressed_by", "text", "what_to_do", "unknown_field",
    "place", "first_place", "naming_place",
})  # fmt: skip
"""Columns whose text may quote any field of a record."""

_OURS = frozenset({
    "as_of", "author", "caption", "categories", "certainty", "citation", "counts", "court_day", "element_basis",
    "enjoined_categories", "first_at", "format", "how", "id", "implied_by", "key", "kind", "last_at", "log", "logs",
    "meaning", "month", "name", "nearest", "no_order_read", "occurred_at", "outcome", "plaintiff_states",
    "population_basis", "populations", "program_basis", "programs", "purpose_kind", "reasons", "recipient_agency",
    "recipient_basis", "regime_id", "regime_now", "regime_then", "regime_title", "reported_certainty",
    "reported_regime", "reported_title", "role", "rule", "sender_agency", "sender_basis", "severity", "sha256",
    "source_sha256", "standing", "state", "state_basis", "states", "status", "suppressed_rules", "title",
    "verdict_basis", "verdict_now", "verdict_then", "what",
})  # fmt: skip
"""Columns in which no text of a log can stand: words of the policy tables and of our queries, days, hashes."""

_NUMBERED = re.compile(r"(?:line|row|item|record) [\d,]+")
_KIND = re.compile(r"[A-Za-z][A-Za-z0-9 -]{0,39}")


class Redaction(Protocol):
    """What a report hides."""

    @property
    def said(self) -> str:
        """A sentence for the reader on what is hidden; empty if nothing is."""

    def row(self, row: Row) -> Row:
        """Return a row of a report query as it may be shown."""

    def text(self, text: str) -> str:
        """Return a text of this run (a command line, a folder) as it may be shown."""

    def file(self, file: FileReport) -> FileReport:
        """Return a file that was not read as it may be shown."""

    def overlay(self, note: OverlayNote) -> OverlayNote:
        """Return what an overlay changed as it may be shown."""


class _Nothing:
    said = ""

    def row(self, row: Row) -> Row:
        return row

    def text(self, text: str) -> str:
        return text

    def file(self, file: FileReport) -> FileReport:
        return file

    def overlay(self, note: OverlayNote) -> OverlayNote:
        return note


NOTHING: Redaction = _Nothing()
"""Hides nothing."""


def _texts(value: object, change: Callable[[str], str]) -> object:
    """Change a text, or each text of a list; anything else stays."""
    if isinstance(value, str):
        return change(value) if value else value
    if isinstance(value, list):
        return [_texts(one, change) for one in value]
    return value


def _hidden(_: str) -> str:
    return HIDDEN


@dataclass(frozen=True)
class Fields:
    """Hides the fields that were named, of `FIELDS`, and what they hold in every other text."""

    store: Store
    names: tuple[str, ...]

    @property
    def said(self) -> str:
        """As of `Redaction`."""
        return f"Hidden in this report, and shown as {HIDDEN}: {', '.join(self.names)}."

    @cached_property
    def _columns(self) -> frozenset[str]:
        return frozenset().union(*(FIELDS[name][0] for name in self.names))

    @cached_property
    def _values(self) -> re.Pattern[str] | None:
        """What finds any value of a hidden field, the longest first; None where there are too many to look for."""
        rows = [row for name in self.names for row in self.store.rows(FIELDS[name][1], [MOST_VALUES + 1])]
        values = {value for (value,) in rows if value and not value.isspace()}
        if len(values) > MOST_VALUES:
            return None
        longest_first = sorted(values, key=lambda value: (-len(value), value))
        # What finds nothing, where there is nothing to find.
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)", re.IGNORECASE)

    def row(self, row: Row) -> Row:
        """As of `Redaction`."""
        return {
            name: _texts(value, _hidden if name in self._columns else self._changed(name))
            for name, value in row.items()
        }

    def _changed(self, column: str) -> Callable[[str], str]:
        if column in _OURS:
            return str
        return _hidden if self._values is None and column in _QUOTING else self.text

    def text(self, text: str) -> str:
        """As of `Redaction`."""
        return HIDDEN if self._values is None else self._values.sub(HIDDEN, text)

    def file(self, file: FileReport) -> FileReport:
        """As of `Redaction`."""
        path = HIDDEN if "source_file" in self.names else self.text(file.path)
        return replace(file, path=path, note=self.text(file.note))

    def overlay(self, note: OverlayNote) -> OverlayNote:
        """As of `Redaction`: an overlay is the user's own."""
        return note


@dataclass(frozen=True)
class Public:
    """Hides accounts, hosts, paths and every other text of a log; ids become hashes by a key that stays out."""

    store: Store
    key: bytes = field(repr=False)

    said = (
        "For the public: texts of the logs (accounts, hosts, paths, words for data, parties that no table knows) are "
        f"hidden and shown as {HIDDEN}, files are numbered, and ids are hashes by a key that is kept apart."
    )

    @cached_property
    def _files(self) -> dict[str, str]:
        paths = self.store.rows("select distinct path from sources order by path")
        return {path: f"file {number}" for number, (path,) in enumerate(paths, start=1)}

    @cached_property
    def _agencies(self) -> frozenset[str]:
        return frozenset(agency for (agency,) in self.store.rows("select distinct agency from policy_agencies"))

    def row(self, row: Row) -> Row:
        """As of `Redaction`."""
        shown = {name: _texts(value, self._changed(name)) for name, value in row.items()}
        if row.get("note") and row.get("status") in ("no_log", "empty", "skipped"):
            shown["note"] = self._kind(row["note"])
        return shown

    def _changed(self, column: str) -> Callable[[str], str]:
        if column in _OURS:
            return str
        return {
            "transfer_id": self._id,
            "sender": self._agency,
            "recipient": self._agency,
            "held_by": self._agency,
            "source_file": self._file,
            "path": self._file,
            "first_file": self._file,
            "naming_file": self._file,
            "place": self._place,
            "first_place": self._place,
            "naming_place": self._place,
            "origin": self._origin,
        }.get(column, _hidden)

    def _id(self, text: str) -> str:
        return f"T-{hmac.new(self.key, text.encode(errors='surrogatepass'), hashlib.sha256).hexdigest()[:16]}"

    def _agency(self, text: str) -> str:
        return text if text in self._agencies or text == "unknown" else HIDDEN

    def _file(self, text: str) -> str:
        return self._files.get(text, HIDDEN)

    def _place(self, text: str) -> str:
        found = _NUMBERED.search(text)
        return found[0] if found else HIDDEN

    def _kind(self, text: str) -> str:
        """The kind of a file that is no log, which stands before the colon of its note; no pattern of the user."""
        kind = text.partition(": ")[0]
        return kind if _KIND.fullmatch(kind) and not kind.startswith(EXCLUDED) else HIDDEN

    def _origin(self, text: str) -> str:
        return HIDDEN if "/" in text or "\\" in text else text

    def text(self, text: str) -> str:  # noqa: ARG002 -- whatever it is
        """As of `Redaction`."""
        return HIDDEN

    def file(self, file: FileReport) -> FileReport:
        """As of `Redaction`."""
        return replace(file, path=HIDDEN, note=self._kind(file.note))

    def overlay(self, note: OverlayNote) -> OverlayNote:
        """As of `Redaction`: that there was one, and neither its folder nor its words."""
        return replace(note, name=HIDDEN, changes=())
