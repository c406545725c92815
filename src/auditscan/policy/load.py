"""One Policy, checked: the tables that ship, with whatever is laid over them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from auditscan.disk.cache import keep, kept, name_of
from auditscan.policy.overlay_text import read_overlay
from auditscan.policy.tables import COLUMNS, TableRow, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from auditscan.policy.overlay import Overlay, OverlayNote

_SHIPPED = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Policy:
    """The effective policy: checked, flat and ready to be copied into a database."""

    tables: Mapping[str, tuple[TableRow, ...]]
    """Table name -> rows, sorted; `auditscan.policy.COLUMNS` names the columns. SQL lists are tuples."""
    sha256: str
    """Of what the tables say, wherever they lie and in whatever order they were written."""
    overlays: tuple[OverlayNote, ...]
    """What each overlay changed, in the order they were laid on."""
    laid: tuple[Overlay, ...] = field(default=(), repr=False, compare=False)
    """The overlays themselves, for another policy to be built on this one."""

    @classmethod
    def load(cls, *overlays: Overlay | Path | str) -> Policy:
        """Return the shipped policy with overlays laid on in the order given.

        An overlay is a folder, or in text: a folder, the name of a what-if that ships, or a setting such as
        `R2.categories.name=permitted`. Raises PolicyError with everything that is wrong, each problem with
        its file and line, and UsageError for a text that is none of these.

        >>> import auditscan
        >>> policy = auditscan.Policy.load("names-permitted", "R1.enabled=false")
        >>> [note.name for note in policy.overlays]
        ['what_ifs/names-permitted', 'setting R1.enabled=false']
        """
        return load([read_overlay(one) if isinstance(one, str) else one for one in overlays])

    def regime_on(self, day: date) -> str | None:
        """Return the id of the enabled regime in force on a day; None when no regime is."""
        names = [name for name, _ in COLUMNS["policy_regimes"]]
        at = {name: names.index(name) for name in ("regime_id", "enabled", "first_day", "last_day")}
        for row in self.tables["policy_regimes"]:
            first, last = row[at["first_day"]], row[at["last_day"]]
            if not row[at["enabled"]] or not isinstance(first, date) or day < first:
                continue
            if not isinstance(last, date) or day <= last:
                return str(row[at["regime_id"]])
        return None

    @property
    def court_zone(self) -> str:
        """The time zone of the court: the clock by which orders begin and end."""
        zone, *_ = self.tables["policy_settings"][0]
        return str(zone)

    def today(self) -> date:
        """Return the calendar day at the court."""
        return datetime.now(ZoneInfo(self.court_zone)).date()


def load(overlays: Sequence[Overlay | Path | str] = (), base: Path | None = None) -> Policy:
    """Return the policy of a base folder with overlays laid on in the order given.

    An overlay is a folder, or an Overlay of texts. `base` is the folder of tables that comes with the
    program unless another is named. Raises PolicyError with everything that is wrong, each problem with
    its file and line.
    """
    if not overlays and base is None:
        return _shipped()
    return _checked(overlays, _SHIPPED if base is None else base)


def _checked(overlays: Sequence[Overlay | Path | str], base: Path) -> Policy:
    from auditscan.policy.effective import effective

    tables, notes, laid = effective(overlays, base)
    return Policy(tables, fingerprint(tables), notes, laid)


_KNOWN: dict[str, Policy] = {}
"""The shipped policy, by the name of what its tables lie under in the cache."""


def _shipped() -> Policy:
    """The policy without overlays; the same texts are not checked twice, which takes longer than many a question."""
    texts = (part for file in sorted(_SHIPPED.glob("*.*")) for part in (file.name.encode(), file.read_bytes()))
    name = name_of("policy", (), *texts)
    if name not in _KNOWN:
        policy = _policy_of(kept(name))
        if policy is None:
            policy = _checked((), _SHIPPED)
            keep(name, json.dumps([policy.sha256, policy.tables], default=str).encode())
        _KNOWN.clear()
        _KNOWN[name] = policy
    return replace(_KNOWN[name], tables=dict(_KNOWN[name].tables))


def _policy_of(content: bytes | None) -> Policy | None:
    """The policy that was kept, its days and lists as they were."""
    if content is None:
        return None
    sha256, tables = json.loads(content)
    return Policy({name: _rows(name, tables[name]) for name in COLUMNS}, sha256, ())


def _rows(name: str, rows: list[list[Any]]) -> tuple[TableRow, ...]:
    """The rows of a table, of which JSON keeps neither days nor tuples."""
    of: dict[str, Callable[[Any], object]] = {"DATE": date.fromisoformat, "VARCHAR[]": tuple}
    places = [(place, of[kind]) for place, (_, kind) in enumerate(COLUMNS[name]) if kind in of]
    for row in rows:
        for place, read in places:
            row[place] = None if row[place] is None else read(row[place])
    return tuple(map(tuple, rows))
