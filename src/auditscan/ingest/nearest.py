"""What an unrecognized file resembles most: said of it, and never read by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auditscan.policy import normalize
from auditscan.readers.csv_rows import cells_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from auditscan.ingest.formats import Format

_LINES = 100
_HALF = 0.5
_DELIMITERS = ",\t;|"


def nearest(text: str, objects: Sequence[Mapping[str, Any]], formats: Iterable[Format]) -> str:
    """Which format a text is most like, and how far; '' where it is like none."""
    formats = [one for one in formats if one.reader != "register"]
    if objects:
        return _among_objects(objects, formats)
    return _among_lines(text, formats) or _by_header(text, formats)


def _said(name: str, how: str) -> str:
    return f"most like {name}: {how}; if it is one, --log-format {name} reads it"


def _among_lines(text: str, formats: Iterable[Format]) -> str:
    lines = [line for line in text.splitlines() if line.strip()][:_LINES]
    counted = [
        (sum(one.pattern.match(line) is not None for line in lines), one.name)
        for one in formats
        if one.reader == "lines" and one.pattern is not None
    ]
    hits, name = max(counted, default=(0, ""))
    return _said(name, f"{hits} of its first {len(lines)} lines have its form") if hits else ""


def _among_objects(objects: Sequence[Mapping[str, Any]], formats: Iterable[Format]) -> str:
    names = [{normalize(key) for key in one} for one in objects]
    counted = [
        (sum(one.needs_stand_in(keys) for keys in names), one.name) for one in formats if one.reads_json and one.needs
    ]
    hits, name = max(counted, default=(0, ""))
    if hits:
        return _said(name, f"{hits} of its first {len(objects)} records have its fields")
    return _by_names(set().union(*names), [one for one in formats if one.reads_json], "its records lack")


def _by_header(text: str, formats: Iterable[Format]) -> str:
    line = next((line for line in text.splitlines() if line.strip()), "")
    cells = cells_of(line, max(_DELIMITERS, key=line.count))
    return _by_names(
        {normalize(cell) for cell in cells}, [one for one in formats if one.reads_tables], "its header lacks"
    )


def _by_names(names: set[str], formats: Iterable[Format], lacks: str) -> str:
    """The format most of whose necessary fields are among the names."""
    best: tuple[float, int, str, list[str]] = (0.0, 0, "", [])
    for one in formats:
        missing = sorted(need for need in one.needs if not any(name in names for name in need.split("|")))
        there = len(one.needs) - len(missing)
        # One field alone may stand in any log.
        if there >= 2 and (share := there / len(one.needs)) > _HALF and (share, there) > best[:2]:
            best = share, there, one.name, missing
    _, _, name, missing = best
    if not name or not missing:
        return ""
    return _said(name, f"{lacks} {', '.join(need.replace('|', ' or ') for need in missing)}")
