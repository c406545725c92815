"""Which containers a log lies in, told by trying: taken off is what holds records of a format that is known."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from auditscan.policy import normalize
from auditscan.readers.containers import Opening, ways, within
from auditscan.readers.csv_rows import cells_of
from auditscan.readers.json_array import list_places
from auditscan.readers.raw import Fixed, read_up_to
from auditscan.readers.sniff import HEAD_BYTES, recognize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from auditscan.ingest.recognized import Recognized
    from auditscan.readers.json_text import Member
    from auditscan.readers.sniff import Guess

_LINES = 100
_OBJECTS = 20
"""Lines that are looked at, and of objects those whose fields are."""

_LIKELY = 0.5
"""The share of them that has to be contained alike."""

_PROGRAMS = 30
"""Programs of a system log whose lines are looked at."""

_MOST_LAYERS = 4
_MOST_TRIES = 120
"""How many containers may lie in one another, and how many are looked into."""

_BLANK_LINES = re.compile(r"^\n+|\n{2,}")

_DELIMITERS = ",\t;|"


def opened(text: str, guess: Guess, find: Callable[[str, Guess], Recognized | None]) -> Recognized | None:
    """What containers in a text hold, where `find` knows it by its beginning; None for nothing that is known."""
    waiting: list[tuple[str, Guess, tuple[Opening, ...]]] = [(text, guess, ())]
    tries = 0
    while waiting:
        outer, guessed, before = waiting.pop(0)
        for opening in _openings(outer, guessed):
            tries += 1
            if tries > _MOST_TRIES:
                return None
            inner = _sample(outer, opening)
            told = recognize(inner.encode(), "")
            found = find(inner, told)
            if found is not None and found.kind != "csv":
                return _contained(found, (*before, opening))
            if len(before) + 1 < _MOST_LAYERS:
                waiting.append((inner, told, (*before, opening)))
    return None


def _contained(found: Recognized, openings: tuple[Opening, ...]) -> Recognized:
    """What was found behind these openings; with the time of the last one, where the format looks for it."""
    last, log_format = openings[-1], found.log_format
    if log_format is not None and log_format.reads_json and "message" in log_format.wrapped and found.kind != "lines":
        last = replace(last, keep=True)
    around = ", ".join(opening.told for opening in openings if opening.told)
    told = f"{found.why}, as contained in {around}" if around else found.why
    return replace(found, openings=(*openings[:-1], last), why=told)


def _openings(text: str, guess: Guess) -> Iterator[Opening]:
    """The ways in which a text may contain records, by its beginning."""
    table = ways()
    lines = [line for line in text.split("\n", _LINES)[:_LINES] if line.strip()]
    first = next((line.lstrip() for line in lines), "")
    if first.startswith("[") and _within(first):
        yield Opening("pairs")
    elif guess.format == "json":
        yield Opening("items")
    elif first.startswith('"') and _is_text(first):
        yield Opening("quoted")
    elif first.startswith("{"):
        objects = [found for line in lines[:_OBJECTS] if (found := _within(line))]
        held = Counter(
            name for found in objects for name in {normalize(one.key) for one in found if one.raw[0] in '"{'}
        )
        for way in table["field"]:
            word = normalize(way.what)
            if held[word] and held[word] >= len(objects) * _LIKELY:
                yield Opening("field", word, told=way.told)
        for key, _ in list_places(text, {normalize(way.what) for way in table["list"]}):
            yield Opening("inside", key)
    else:
        yield from _openings_of_lines(text, lines, first)


def _is_text(line: str) -> bool:
    try:
        return isinstance(json.loads(line), str)
    except ValueError:
        return False


def _openings_of_lines(text: str, lines: list[str], first: str) -> Iterator[Opening]:
    table = ways()
    for way in table["before"]:
        pattern = re.compile(way.what)
        held = sum(pattern.match(line) is not None for line in lines)
        if held and held >= len(lines) * _LIKELY:
            yield Opening("before", way.what, way.becomes, way.told)
            # A few lines of the one program may stand among many of others.
            if "program" in pattern.groupindex and not way.becomes:
                programs = Counter(found["program"] for line in text.splitlines() if (found := pattern.match(line)))
                if len(programs) > 1:
                    for program, _ in programs.most_common(_PROGRAMS):
                        yield Opening("program", program, way.what, "a system log")
    delimiter = max(_DELIMITERS, key=first.count)
    cells = {normalize(cell) for cell in cells_of(first, delimiter)}
    if any(normalize(way.what) in cells for way in table["field"]) and len(lines) > 1:
        yield Opening("rows", delimiter)


def _within(line: str) -> list[Member]:
    try:
        return within(line)
    except (ValueError, RecursionError):
        return []


def _sample(text: str, opening: Opening) -> str:
    """The beginning of what a text contains; its last line only where that is whole."""
    stream = opening.stream(Fixed(text.encode("utf-8", "replace")))
    # Blank lines stand for what is no record, and there may be many of them.
    inner = _BLANK_LINES.sub("\n", read_up_to(stream, 4 * HEAD_BYTES).decode("utf-8", "replace"))
    if text.endswith("\n") or inner.count("\n") < 2:
        return inner
    return inner[: inner.rstrip("\n").rfind("\n") + 1]
