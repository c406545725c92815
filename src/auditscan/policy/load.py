"""Read the base and the overlays, check them together, hand back one Policy."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from auditscan.policy.check import check
from auditscan.policy.checker import MEANINGS, meanings
from auditscan.policy.csvfiles import SHAPES, Rows, read_rows
from auditscan.policy.merge import Change, OverlayNote, overlay_document, overlay_rows
from auditscan.policy.overlay import REGIMES, Overlay
from auditscan.policy.overlay_text import read_overlay
from auditscan.policy.problems import Problems, Source
from auditscan.policy.regimefile import Block, Document, read_document
from auditscan.policy.tables import COLUMNS, TableRow, build, fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FILES = (*SHAPES, REGIMES)


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

    def today(self) -> date:
        """Return the calendar day at the court: the clock by which orders begin and end."""
        zone, *_ = self.tables["policy_settings"][0]
        return datetime.now(ZoneInfo(str(zone))).date()


def load(overlays: Sequence[Overlay | Path | str] = (), base: Path | None = None) -> Policy:
    """Return the policy of a base folder with overlays laid on in the order given.

    An overlay is a folder, or an Overlay of texts. `base` is the folder of tables that comes with the
    program unless another is named. Raises PolicyError with everything that is wrong, each problem with
    its file and line.
    """
    base = Path(__file__).parent if base is None else base
    problems = Problems()
    document = Document(Block(Source(str(base / REGIMES), REGIMES, REGIMES).at(1)))
    files: dict[str, Rows] = {}
    sources = {name: Source(str(base / name), name, name) for name in FILES}
    texts = {name: _read(source, base / name, problems) for name, source in sources.items()}
    as_it_stands = (base, *texts.values())
    if not overlays and as_it_stands in _CHECKED:
        known = _CHECKED[as_it_stands]
        return replace(known, tables=dict(known.tables))
    for name, text in texts.items():
        source = sources[name]
        if name == REGIMES:
            document = document if text is None else read_document(source, text, problems)
        else:
            files[name] = {} if text is None else read_rows(source, text, problems)
    notes = []
    seen: set[Path] = set()
    beneath: dict[str, frozenset[str]] = dict.fromkeys(MEANINGS, frozenset())
    laid = tuple(map(Overlay.of, overlays))
    for place, overlay in enumerate(laid, start=1):
        if overlay.folder is not None and overlay.folder.resolve() in seen:
            problems.add(overlay.at(place), "the overlay is given twice", "name it once")
            continue
        if overlay.folder is not None:
            seen.add(overlay.folder.resolve())
        beneath = {name: found | beneath[name] for name, found in meanings(files).items()}
        changes = _lay_over(overlay, place, document, files, problems)
        notes.append(OverlayNote(overlay.name, tuple(changes)))
    check(document, files, problems, beneath)
    problems.raise_if_any()
    tables = build(document, files)
    policy = Policy(tables, fingerprint(tables), tuple(notes), laid)
    if not overlays:
        _CHECKED.clear()
        _CHECKED[as_it_stands] = replace(policy, tables=dict(tables))
    return policy


_CHECKED: dict[tuple[Path | str | None, ...], Policy] = {}
"""The last policy without overlays, by its folder and the whole text of each of its files: to check the same texts
again would only say the same, and takes longer than many a question."""


def _lay_over(
    overlay: Overlay,
    place: int,
    document: Document,
    files: Mapping[str, Rows],
    problems: Problems,
) -> list[Change]:
    """Lay one overlay over what is there and return what it changed."""
    changes: list[Change] = []
    for source, content in overlay.sources(place, problems):
        if source.name not in FILES:
            problems.add(source.at(), "no policy file has this name", f"use one of: {', '.join(FILES)}")
            continue
        text = content if isinstance(content, str) else _read(source, content, problems)
        if text is None:
            continue
        if source.name == REGIMES:
            extra = read_document(source, text, problems)
            changes += overlay_document(document, extra, problems, may_add=not overlay.is_setting)
        else:
            changes += overlay_rows(source.name, files[source.name], read_rows(source, text, problems), problems)
    return changes


def _read(source: Source, path: Path, problems: Problems) -> str | None:
    """Return the text of a file, None when there is none to be had."""
    try:
        # Spreadsheets put a byte-order mark in front.
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add(source.at(line), "not UTF-8 text", "save the file as UTF-8")
    except FileNotFoundError:
        problems.add(source.at(), "the file is missing", "put it back")
    except OSError as error:
        problems.add(source.at(), f"not readable: {error.strerror}", "check the file")
    return None
