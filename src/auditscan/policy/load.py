"""Read the base and the overlays, check them together, hand back one Policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.policy.check import check
from auditscan.policy.csvfiles import SHAPES, Rows, read_rows
from auditscan.policy.overlay import Change, OverlayNote, overlay_document, overlay_rows
from auditscan.policy.problems import Problems, Source, Where
from auditscan.policy.regimefile import Block, Document, read_document
from auditscan.policy.tables import COLUMNS, TableRow, build, fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

REGIMES = "regimes.toml"
FILES = (*SHAPES, REGIMES)


@dataclass(frozen=True, slots=True)
class Policy:
    """The effective policy: checked, flat and ready to be copied into a database."""

    tables: Mapping[str, tuple[TableRow, ...]]
    """Table name -> rows, columns as in COLUMNS, sorted. SQL lists are tuples."""
    sha256: str
    """Of what the tables say, wherever they lie and in whatever order they were written."""
    overlays: tuple[OverlayNote, ...]
    """What each overlay changed, in the order they were laid on."""

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


def load(overlays: Sequence[Path] = (), base: Path | None = None) -> Policy:
    """Return the policy of a base folder with overlays laid on in the order given.

    `base` is the folder of tables that comes with the program unless another is named. Raises
    PolicyError with everything that is wrong, each problem with its file and line.
    """
    base = Path(__file__).parent if base is None else base
    problems = Problems()
    document = Document(Block(Source(base / REGIMES, REGIMES).at(1)))
    files: dict[str, Rows] = {}
    for name in FILES:
        source = Source(base / name, name)
        text = _read(source, problems)
        if name == REGIMES:
            document = document if text is None else read_document(source, text, problems)
        else:
            files[name] = {} if text is None else read_rows(source, text, problems, overlay=False)
    notes = []
    seen: set[Path] = set()
    for folder in overlays:
        if folder.resolve() in seen:
            problems.add(_whole(folder), "the overlay is given twice", "name it once")
            continue
        seen.add(folder.resolve())
        changes = _lay_over(folder, document, files, problems)
        notes.append(OverlayNote(folder, tuple(changes)))
    check(document, files, problems)
    problems.raise_if_any()
    tables = build(document, files)
    return Policy(tables, fingerprint(tables), tuple(notes))


def _lay_over(folder: Path, document: Document, files: Mapping[str, Rows], problems: Problems) -> list[Change]:
    """Lay one folder over what is there and return what it changed."""
    try:
        # Sorted: in which order a file system lists a folder must not show in the notes.
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        problems.add(_whole(folder), f"not readable as a folder: {error.strerror}", "check the path")
        return []
    changes: list[Change] = []
    known = 0
    for entry in entries:
        if entry.name.startswith((".", "README")):
            continue
        source = Source(entry, entry.as_posix())
        if entry.name not in FILES:
            problems.add(source.at(), "no policy file has this name", f"use one of: {', '.join(FILES)}")
            known += 1
            continue
        known += 1
        text = _read(source, problems)
        if text is None:
            continue
        if entry.name == REGIMES:
            changes += overlay_document(document, read_document(source, text, problems))
        else:
            extra = read_rows(source, text, problems, overlay=True)
            changes += overlay_rows(entry.name, files[entry.name], extra)
    if not known:
        problems.add(_whole(folder), "nothing to overlay", f"put one of these here: {', '.join(FILES)}")
    return changes


def _read(source: Source, problems: Problems) -> str | None:
    """Return the text of a file, None when there is none to be had."""
    try:
        # Spreadsheets put a byte-order mark in front.
        return source.path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add(source.at(line), "not UTF-8 text", "save the file as UTF-8")
    except FileNotFoundError:
        problems.add(source.at(), "the file is missing", "put it back")
    except OSError as error:
        problems.add(source.at(), f"not readable: {error.strerror}", "check the file")
    return None


def _whole(folder: Path) -> Where:
    return Source(folder, folder.as_posix()).at()
