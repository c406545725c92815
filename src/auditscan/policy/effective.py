"""The effective policy: base and overlays read, laid over each other and checked together."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from auditscan.policy.check import check
from auditscan.policy.checker import MEANINGS, meanings
from auditscan.policy.csvfiles import SHAPES, Rows, read_rows
from auditscan.policy.merge import overlay_document, overlay_rows
from auditscan.policy.overlay import REGIMES, Overlay, OverlayNote
from auditscan.policy.problems import Problems, Source
from auditscan.policy.regimefile import Block, Document, read_document
from auditscan.policy.tables import TableRow, build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from auditscan.policy.overlay import Change

FILES = (*SHAPES, REGIMES)


def effective(
    overlays: Sequence[Overlay | Path | str], base: Path
) -> tuple[Mapping[str, tuple[TableRow, ...]], tuple[OverlayNote, ...], tuple[Overlay, ...]]:
    """Return the tables of a base folder with overlays laid on in the order given, what each changed, and them.

    Raises PolicyError with everything that is wrong.
    """
    problems = Problems()
    document = Document(Block(Source(str(base / REGIMES), REGIMES, REGIMES).at(1)))
    files: dict[str, Rows] = {}
    for name in FILES:
        source = Source(str(base / name), name, name)
        text = _read(source, base / name, problems)
        if name == REGIMES:
            document = document if text is None else read_document(source, text, problems)
        else:
            files[name] = {} if text is None else dict(_rows(source, text) or read_rows(source, text, problems))
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
    return build(document, files), tuple(notes), laid


@lru_cache(maxsize=len(SHAPES))
def _rows(source: Source, text: str) -> Rows | None:
    """Return the rows of a file of the base, None where something is wrong with them.

    Where several are laid over the same base, two thirds of the time of each went into this.
    """
    problems = Problems()
    rows = read_rows(source, text, problems)
    return None if problems.files else rows


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
