"""Which format a log is in, told by its content.

Formats are tried on a sample of the file's own records; the one that most of them fit wins, the one that asks for
more among equals. A file that fits none is not recognized: nothing is ever guessed into transfers.
"""

from __future__ import annotations

import json
import re
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from auditscan.ingest.contained import opened
from auditscan.ingest.nearest import nearest
from auditscan.ingest.recognized import Recognized
from auditscan.policy import normalize
from auditscan.readers import sniff
from auditscan.readers.containers import ways
from auditscan.readers.csv_rows import cells_of
from auditscan.readers.json_array import FIRST_KEY, keys_begun, list_places
from auditscan.readers.json_text import NotJsonError, value_end
from auditscan.readers.model import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditscan.ingest.formats import Format
    from auditscan.registers.propose import ProposedTable

SAMPLE = 100
"""Records looked at."""

_LIKELY = 0.5
"""The share of the sample that has to fit."""

_NO_FORMAT = "its JSON records have the fields of no log format that auditscan knows"

_NO_RECORD = "it begins as JSON, and none of its first records can be read or has the fields of a transfer"

_NO_ITEM = re.compile(r"\s*\[\s*\]?\s*")
"""All of a log without records."""

_DELIMITERS = ",\t;|"

_Object = dict[str, Any]


def recognize(
    head: bytes, name: str, formats: Sequence[Format], asked: Format | None = None, *, as_rows: bool = False
) -> Recognized:
    """What a file called `name` that begins with `head` is taken for; `asked` leaves out the choice of the format.

    `as_rows` says that its objects are the rows of a table of columns, as Parquet has them.
    """
    text = _Text(head.decode("utf-8", "replace"), sniff.recognize(head, name))
    guess = text.guess
    tried = formats if asked is None else (asked,)
    canonical = guess.format == "csv" or (guess.format is not None and text.is_canonical)
    if asked is not None or not canonical or not text.is_mostly_canonical:
        found = bare(text, tried, as_rows=as_rows)
        if found is not None:
            return found
    if asked is not None or not canonical:
        contained = opened(
            text.text,
            guess,
            lambda inner, told: (
                bare(_Text(inner, told), tried) or (None if asked is not None else _canonical(_Text(inner, told)))
            ),
        )
        if contained is not None:
            return contained
    if asked is not None:
        return _as_asked(text.text, guess, asked)
    if guess.format in (None, "csv"):
        from auditscan.registers.propose import delimited_head, no_register, propose_tables, why_no_register

        tables = propose_tables(delimited_head(text.text)[1])
        registers = [found for table in tables if (found := _register(table, formats)) is not None]
        if registers:
            return registers[0]
        best = max(tables, key=lambda table: len(table.fields), default=None)
        if best is not None and not _is_canonical_header(best):
            why, other = why_no_register(best), no_register(best.header.cells)
            told = f"{why}: see `auditscan sources map`" if why.startswith("row") else why
            if guess.format is None or other:
                return Recognized(None, None, other or nearest(text.text, (), formats) or told)
    if guess.format is None:
        return Recognized(None, None, nearest(text.text, text.objects, formats) or guess.why)
    if guess.format in ("ndjson", "json") and not (canonical or _is_begun(text) or _NO_ITEM.fullmatch(text.text)):
        why = _NO_FORMAT if text.objects else _NO_RECORD
        return Recognized(None, None, nearest(text.text, text.objects, formats) or why)
    return Recognized(guess.format, None, guess.why, delimiter=guess.delimiter)


def known(head: bytes, formats: Sequence[Format]) -> Recognized | None:
    """The format of another system that a text of lines shows, bare or in containers; None for none."""
    text = _Text(head.decode("utf-8", "replace"), sniff.recognize(head[: sniff.HEAD_BYTES], ""))
    return bare(text, formats) or opened(
        text.text[: sniff.HEAD_BYTES], text.guess, lambda inner, told: bare(_Text(inner, told), formats)
    )


def among_samples(text: str, formats: Sequence[Format]) -> Recognized | None:
    """What the JSON records are that stand somewhere among the lines of a text; None for none, or for no format."""
    found: list[_Object] = []
    for line in text.splitlines():
        if line.lstrip()[:1] == "{" and isinstance(item := _loaded(line), dict):
            found.append(item)
            if len(found) == SAMPLE:
                break
    formats = [one for one in formats if one.needs and one.reads_json]
    best = _best([_Sampled(item) for item in found], formats)
    if best is not None:
        return _of_records("ndjson", *best)
    canonical = sum(map(sniff.is_canonical, found))
    if canonical and canonical >= len(found) * _LIKELY:
        return Recognized("ndjson", None, f"{canonical} of {len(found)} records have the fields of a transfer")
    return None


class _Text:
    """A text, what it is taken for at first sight, and its first records, which many formats are held against."""

    def __init__(self, text: str, guess: sniff.Guess) -> None:
        self.text = text
        self.guess = guess

    @cached_property
    def objects(self) -> list[_Object]:
        """The first objects of a JSON log, as many as stand whole in its beginning."""
        if self.guess.format == "json":
            return _items(self.text)
        lines = (line for line in self.text.splitlines()[: SAMPLE * 2] if line.lstrip()[:1] == "{")
        return [item for line in lines if isinstance(item := _loaded(line), dict)][:SAMPLE]

    @property
    def is_canonical(self) -> bool:
        """Whether some record has fields of a canonical log that no other log would have."""
        return any(sniff.is_canonical(item) for item in self.objects)

    @property
    def is_mostly_canonical(self) -> bool:
        """Whether the fields of a canonical log outnumber the others: words like action stand in other logs too."""
        if self.guess.format == "csv":
            return True
        keys = [normalize(key) for item in self.objects for key in item]
        return sum(key in FIELDS for key in keys) * 2 > len(keys)


def bare(text: _Text, formats: Sequence[Format], *, as_rows: bool = False) -> Recognized | None:
    """The format of a text that no container holds; None for none of these."""
    return (
        _prepared(text.text, formats)
        or _among_objects(text, formats, as_rows=as_rows)
        or among_tables(text.text, formats)
        or _among_lines(text.text, formats)
    )


def _as_asked(text: str, guess: sniff.Guess, asked: Format) -> Recognized:
    """The file as one of the format that was asked for, though its beginning does not look like one."""
    why = "the format was given"
    if asked.prepare is not None and not asked.needs:
        return Recognized("prepared", asked, why)
    if asked.reader == "register":
        return Recognized("register", asked, why)
    if asked.reads_json and (guess.format in ("json", "ndjson") or not asked.reads_tables):
        return _of_records("json" if guess.format == "json" else "ndjson", asked, why, "certain")
    if asked.reader == "lines":
        return Recognized("lines", asked, why)
    line = next((line for line in text.splitlines() if line.strip()), "")
    return Recognized("csv", asked, why, delimiter=max(_DELIMITERS, key=line.count))


def _prepared(text: str, formats: Iterable[Format]) -> Recognized | None:
    """A format whose text has to be prepared, told by a pattern at the file's beginning."""
    for log_format in formats:
        if log_format.prepare is not None and log_format.pattern is not None and log_format.reads_json:
            found = log_format.pattern.search(text)
            if found:
                return Recognized("prepared", log_format, f"holds {_short(found.group())}")
    return None


@cache
def _list_keys() -> frozenset[str]:
    return frozenset(normalize(way.what) for way in ways()["list"])


def _among_objects(text: _Text, formats: Iterable[Format], *, as_rows: bool = False) -> Recognized | None:
    formats = [one for one in formats if one.needs and (one.reads_json or (as_rows and one.reads_tables))]
    keys = {key for log_format in formats for key in log_format.inside} | _list_keys()
    for key, start in list_places(text.text, keys):
        sample = [_Sampled(item) for item in _items(text.text[start:])]
        last = normalize(key.rpartition(".")[2])
        best = _best(sample, [one for one in formats if last in one.inside])
        if best is None and last in _list_keys():
            best = _best(sample, formats)
        if best is not None:
            why = f"{best[1]}, in a list under {key}"
            return _of_records("inside", best[0], why, best[2], key)
    best = _best([_Sampled(item) for item in text.objects], formats)
    return None if best is None else _of_records(text.guess.format or "ndjson", *best)


def _of_records(kind: str, log_format: Format, why: str, sure: str, inside: str = "") -> Recognized:
    # With a pattern, only what the pattern finds has to be prepared.
    if log_format.prepare is None or log_format.pattern is not None:
        return Recognized(kind, log_format, why, sure, inside=inside)
    return Recognized("prepared", log_format, why, sure, inside=inside, records=kind)


class _Sampled:
    """An object of a sample: its fields by their look-up words, and those of the objects that it carries in some."""

    def __init__(self, item: _Object) -> None:
        self.fields = {normalize(key): value for key, value in item.items()}
        self._carried: dict[str, _Object | None] = {}

    def within(self, name: str) -> _Object | None:
        """The fields of the object in a field, which may stand there as its text; None where there is none."""
        if name not in self._carried:
            value = self.fields.get(name)
            held = _loaded(value) if isinstance(value, str) and value.lstrip()[:1] == "{" else value
            fields = {normalize(key): inner for key, inner in held.items()} if isinstance(held, dict) else None
            self._carried[name] = fields
        return self._carried[name]

    def fits(self, log_format: Format) -> bool:
        """Whether it has what the format asks for, or carries what has."""
        carried = (self.within(name) for name in log_format.wrapped if name in self.fields)
        return any(_has(fields, log_format) for fields in (self.fields, *carried) if fields)


def _best(sample: Sequence[_Sampled], formats: Iterable[Format]) -> tuple[Format, str, str] | None:
    """The format that most of the sampled objects fit, why, and how sure that is."""
    if not sample:
        return None
    counted = [
        (sum(item.fits(log_format) for item in sample), len(log_format.needs) + len(log_format.values), log_format)
        for log_format in formats
    ]
    hits, _, log_format = max(counted, key=lambda entry: entry[:2], default=(0, 0, None))
    if log_format is None or hits < max(1, len(sample) * _LIKELY):
        return None
    named = ", ".join(sorted(need.split("|")[0] for need in log_format.needs)[:3])
    share = f"{hits} of its first {len(sample)} records have" if len(sample) > 1 else "its record has"
    why = f"{share} {named}"
    return log_format, why, "certain" if hits == len(sample) else "likely"


def _has(fields: _Object, log_format: Format) -> bool:
    if not log_format.needs_stand_in(fields):
        return False
    return all(name in fields and _matches(fields[name], pattern) for name, pattern in log_format.values.items())


def _matches(value: object, pattern: re.Pattern[str]) -> bool:
    text = value if isinstance(value, str) else json.dumps(value)
    return pattern.search(text) is not None


def _items(text: str) -> list[_Object]:
    """The first objects of a JSON array, or of objects that stand one after the other."""
    found: list[_Object] = []
    at = damaged = 0
    while len(found) + damaged < SAMPLE:
        start = re.compile(r"[\s,\[]*").match(text, at)
        at = start.end() if start else at
        if text[at : at + 1] != "{":
            break
        try:
            end = value_end(text, at)
        except NotJsonError as error:
            # Behind a damaged item the next one begins as this one does.
            beginning = FIRST_KEY.match(text, at)
            further = re.compile(rf"\{{\s*{re.escape(beginning[1])}\s*:").search(text, at + 1) if beginning else None
            if error.cut or error.deep or further is None:
                break
            at = further.start()
            damaged += 1
            continue
        item = _loaded(text[at:end])
        if isinstance(item, dict):
            found.append(item)
        at = end
    return found


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def among_tables(text: str, formats: Iterable[Format]) -> Recognized | None:
    """The table format whose header stands in one of the first lines."""
    formats = [log_format for log_format in formats if log_format.reads_tables and log_format.needs]
    lines = text.splitlines()[:20]
    best: tuple[int, Recognized] | None = None
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        for delimiter in _DELIMITERS:
            cells = {normalize(cell) for cell in cells_of(line, delimiter)}
            for log_format in formats:
                fits = log_format.needs_stand_in(cells) and _rows_fit(lines[number:], delimiter, log_format)
                if fits and (best is None or len(log_format.needs) > best[0]):
                    why = f"its header names {', '.join(sorted(need.split('|')[0] for need in log_format.needs)[:4])}"
                    found = Recognized("csv", log_format, why, delimiter=delimiter, header_line=number)
                    best = (len(log_format.needs), found)
        break  # the header of a log stands first; registers, whose titles may stand above, are told elsewhere
    return None if best is None else best[1]


def _rows_fit(lines: Sequence[str], delimiter: str, log_format: Format) -> bool:
    """Whether the rows below a header have the values that the format asks for."""
    if not log_format.values or len(lines) < 2:
        return True
    names = [normalize(cell) for cell in cells_of(lines[0], delimiter)]
    rows = [dict(zip(names, cells_of(line, delimiter), strict=False)) for line in lines[1:]]
    return any(all(pattern.search(row.get(name, "")) for name, pattern in log_format.values.items()) for row in rows)


def _is_canonical_header(table: ProposedTable) -> bool:
    """Whether a header has the names of a canonical log: those of its fields, not words that people write."""
    canonical = {normalize(cell) for cell in table.header.cells} & set(FIELDS)
    return "occurred_at" in canonical or (len(canonical) > 1 and len(canonical) >= len(table.fields))


def _register(table: ProposedTable, formats: Iterable[Format]) -> Recognized | None:
    """A disclosure register, where a header names enough of a disclosure; a canonical log is none."""
    from auditscan.registers.propose import why_no_register

    log_format = next((one for one in formats if one.reader == "register"), None)
    if log_format is None or _is_canonical_header(table) or why_no_register(table):
        return None
    surely = {column.field for column in table.columns if column.judged and column.sure != "weak"}
    row = table.header.row
    named = ", ".join(f"`{column.header}`" for column in table.columns if column.field in surely)
    why = f"row {row} is the header of a register: {_short(named)}"
    return Recognized("register", log_format, why, "likely", header_line=row - 1)


def _among_lines(text: str, formats: Iterable[Format]) -> Recognized | None:
    lines = [line.rstrip("\r") for line in text.split("\n") if line.strip()]
    # A last line without its end may have been cut by the sample.
    sample = (lines if text.endswith("\n") else lines[:-1] or lines)[:SAMPLE]
    best: tuple[int, Format] | None = None
    for log_format in formats:
        if log_format.reader != "lines" or log_format.pattern is None:
            continue
        hits = sum(log_format.pattern.match(line) is not None for line in sample)
        if hits and hits >= len(sample) * _LIKELY and (best is None or hits > best[0]):
            best = hits, log_format
    if best is None:
        return None
    hits, log_format = best
    why = f"{hits} of its first {len(sample)} lines have its form"
    return Recognized("lines", log_format, why, "certain" if hits == len(sample) else "likely")


def _canonical(text: _Text) -> Recognized | None:
    """A canonical log of JSON that something contained."""
    if text.guess.format not in ("ndjson", "json") or not text.is_canonical:
        return None
    return Recognized(text.guess.format, None, text.guess.why)


def _is_begun(text: _Text) -> bool:
    """Whether some record that is cut off begins with such fields, and no record is whole."""
    if text.objects:
        return False
    as_array = text.guess.format == "json"
    begun = [text.text.lstrip(" \t\r\n[")] if as_array else text.text.splitlines()[: SAMPLE * 2]
    return any(sniff.is_canonical(keys_begun(line)) for line in begun if line.lstrip()[:1] == "{")


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 60 else shown[:60] + "..."
