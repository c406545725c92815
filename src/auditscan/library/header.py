"""The header of a query file: what may stand in it, and how it is read.

A query file opens with one block comment that holds TOML, so that the SQL keeps its
description, its severity and its citation wherever the file goes, and still runs as it stands.
What each kind of query must say is the table `FIELDS`; a new field is one line there.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from auditscan.library.parameters import SELECTION, TYPES, WORDS, Parameter
from auditscan.settings.toml_lines import error_line, key_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from auditscan.settings.toml_lines import KeyPath

KINDS = ("schema", "source", "step", "rule", "report", "what_if", "ledger")
"""What a query can be, in the order the kinds run in."""

SEVERITIES = ("grave", "review", "note")
READS = ("disclosures", "transfers", "sources")
READERS = ("json", "table", "lines", "records", "register")
SCOPES = ("in", "any")

CANONICAL_FIELDS = frozenset(
    {
        "transfer_id", "occurred_at", "sender", "recipient", "sender_agency", "recipient_agency",
        "actor", "action", "system", "authority", "programs", "states", "elements", "populations",
        "record_count", "purpose", "outcome", "source_file", "source_record",
    }
)  # fmt: skip
"""The fields of a transfer that a rule may require a log to have."""

_PARAMETER_KEYS = ("type", "default", "required", "unit", "words", "description")
_PARAMETER_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Fault:
    """Something wrong with a file's text."""

    line: int
    """1-based, in the file."""
    message: str


def _text(value: object) -> str | None:
    """Return why `value` is no text, or None when it is."""
    return None if isinstance(value, str) and value.strip() else "must be text, and not empty"


def _line(value: object) -> str | None:
    """Return why `value` is not one line of text, or None when it is."""
    if isinstance(value, str) and value.strip() and "\n" not in value.strip():
        return None
    return "must be one line of text"


def _name(value: object) -> str | None:
    """Return why `value` is no name of a table, or None when it is: it becomes part of a statement."""
    if isinstance(value, str) and re.fullmatch("[a-z][a-z0-9_]*", value):
        return None
    return "must be the name of a table, in small letters"


def _one_of(*words: str) -> Callable[[object], str | None]:
    """Return a check that takes these words and no others."""

    def check(value: object) -> str | None:
        return None if value in words else f"must be one of {', '.join(words)}, not {value!r}"

    return check


def _words(value: object) -> str | None:
    """Return why `value` is no list of words, or None when it is one without repeats."""
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        return "must be a list of words"
    if len(set(value)) < len(value):
        return "names a word twice"
    return None


def _true(value: object) -> str | None:
    """Return why `value` is not true, or None when it is."""
    return None if value is True else "must be true, or left out"


def _table(value: object) -> str | None:
    """Return why `value` is no table, or None when it is."""
    return None if isinstance(value, dict) else "must be a table: [params.<name>]"


def _pattern(value: object) -> str | None:
    """Return why `value` is no regular expression, or None when it is one."""
    if not isinstance(value, str):
        return "must be a regular expression in quotes"
    try:
        re.compile(value)
    except re.error as error:
        return f"is no regular expression: {error}"
    return None


def _patterns(value: object) -> str | None:
    """Return why `value` is no table of regular expressions, or None when it is one."""
    if not isinstance(value, dict):
        return "must be a table: field = 'regular expression'"
    return next((wrong for text in value.values() if (wrong := _pattern(text))), None)


def _parses(value: object) -> str | None:
    """Return why `value` does not say which field holds SQL and in which dialect, or None when it does."""
    if isinstance(value, dict) and {"field", "dialect"} <= value.keys() <= {"field", "dialect", "path"}:
        return None if all(isinstance(word, str) for word in value.values()) else "must be texts"
    return "must be a table: {field = '...', dialect = '...'}, and where the field holds JSON, path = '$...'"


def _pieces(value: object) -> str | None:
    """Return why `value` does not say how the pieces of a text belong together, or None when it does."""
    if isinstance(value, dict) and value.keys() == {"by", "order", "first", "sizes"}:
        right = isinstance(value["by"], list) and isinstance(value["order"], str) and isinstance(value["first"], int)
        sizes = value["sizes"]
        if right and isinstance(sizes, list) and all(type(size) is int for size in sizes):
            return None
        return "must be a list of fields, a field, the number of the first piece and a list of numbers of characters"
    return "must be a table: {by = ['...'], order = '...', first = 0, sizes = [200]}"


@dataclass(frozen=True)
class Field:
    """One key of a header."""

    check: Callable[[object], str | None]
    """Returns what is wrong with a value, or None."""
    required: bool = True


_COMMON = {"title": Field(_line), "description": Field(_text)}
_PARAMS = {"params": Field(_table, required=False)}
_REQUIRES = {"requires": Field(_words, required=False)}

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "schema": _COMMON,
    "source": _COMMON
    | {
        "reader": Field(_one_of(*READERS), required=False),
        "fields": Field(_words, required=False),
        "needs": Field(_words, required=False),
        "values": Field(_patterns, required=False),
        "pattern": Field(_pattern, required=False),
        "inside": Field(_words, required=False),
        "wrapped": Field(_words, required=False),
        "prepare": Field(_line, required=False),
        "parses": Field(_parses, required=False),
        "pieces": Field(_pieces, required=False),
        "by_record": Field(_true, required=False),
        "counts": Field(_one_of("people", "rows"), required=False),
    },
    "step": _COMMON,
    "rule": _COMMON
    | {
        "severity": Field(_one_of(*SEVERITIES)),
        "reads": Field(_one_of(*READS)),
        "scope": Field(_one_of(*SCOPES), required=False),
        "alone": Field(_true, required=False),
        "rests_on": Field(_name, required=False),
        "citation": Field(_text),
        "evidence": Field(_text),
        "why": Field(_text),
        "false_positives": Field(_text),
    }
    | _PARAMS
    | _REQUIRES,
    "report": _COMMON | {"selection": Field(_true, required=False), "rests_on": Field(_name, required=False)} | _PARAMS,
    "what_if": _COMMON | _PARAMS,
    "ledger": _COMMON | _PARAMS,
}
"""The keys of each kind's header. A key that is not listed is an error."""


def split(text: str) -> tuple[str, str] | Fault:
    """Part a query file into header and SQL.

    Returns the TOML between the comment marks and the SQL after them, or a Fault where the two
    cannot be told apart. The TOML begins on the file's first line, so its lines are the file's.
    """
    if text.startswith("\ufeff"):
        return Fault(1, "begins with a byte order mark; save the file as UTF-8 without one")
    if not text.startswith("/*"):
        return Fault(1, "must open with `/*`: a block comment that holds the header as TOML")
    end = text.find("*/", 2)
    if end < 0:
        return Fault(1, "the header is not closed; end it with `*/` before the SQL")
    nested = text.find("/*", 2, end + 1)
    if nested >= 0:
        # DuckDB counts nested comments: the first `*/` would then not end the header for it,
        # and the SQL below would be comment. A path such as `logs/*/x` is the usual cause.
        return Fault(text.count("\n", 0, nested) + 1, "`/*` inside the header; write it otherwise")
    return text[2:end], text[end + 2 :]


def read_header(kind: str, toml: str) -> tuple[dict[str, object], list[Fault]]:
    """Read a header's TOML and check it against what `kind` must say.

    Returns the values, with params made Parameter objects, those of a selection among them, and every
    fault found; the values are to be used only where there is no fault.
    """
    places = key_lines(toml)
    repeated = [
        Fault(lines[1], f"`{'.'.join(map(str, path))}` is given twice, first on line {lines[0]}")
        for path, lines in places.items()
        if len(lines) > 1
    ]
    try:
        values: dict[str, object] = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        if repeated:
            return {}, repeated
        reason = re.sub(r"\s*\(at [^)]*\)$", "", str(error))
        line = error_line(str(error), toml)
        return {}, [Fault(line, f"the header is not TOML: {reason}")]

    fields = FIELDS[kind]

    def line_of(*path: str) -> int:
        return _first_line(places, path)

    faults = repeated
    for key, value in values.items():
        if key not in fields:
            known = ", ".join(fields)
            faults.append(Fault(line_of(key), f"unknown key `{key}`; a {kind} knows {known}"))
        elif wrong := fields[key].check(value):
            faults.append(Fault(line_of(key), f"`{key}` {wrong}"))
    faults += [
        Fault(1, f"`{key}` is missing; every {kind} must give it")
        for key, field in fields.items()
        if field.required and key not in values
    ]
    faults += _check_requires(kind, values, line_of)
    params = values.get("params")
    if "params" in fields and isinstance(params, dict):
        values["params"], more = _parameters(kind, params, line_of)
        faults += more
    if values.get("selection") is True:
        values["params"] = {**SELECTION, **cast("dict[str, Parameter]", values.get("params", {}))}
    return values, faults


def _check_requires(kind: str, values: Mapping[str, object], line_of: Callable[..., int]) -> list[Fault]:
    """Return a fault for each required field that no transfer has.

    Rules about sources read other columns, and source queries require fields of the raw log:
    only DuckDB can tell whether those exist.
    """
    requires = values.get("requires")
    if kind != "rule" or values.get("reads") == "sources" or not isinstance(requires, list):
        return []
    return [
        Fault(line_of("requires"), f"`requires` names `{word}`, which is no field of a transfer")
        for word in requires
        if isinstance(word, str) and word not in CANONICAL_FIELDS
    ]


def _parameters(
    query_kind: str, params: Mapping[str, object], line_of: Callable[..., int]
) -> tuple[dict[str, Parameter], list[Fault]]:
    """Return the parameters that hold together, and a fault for each thing that does not."""
    made: dict[str, Parameter] = {}
    faults: list[Fault] = []
    for name, given in params.items():
        label = f"params.{name}"
        if not isinstance(given, dict):
            faults.append(Fault(line_of("params", name), f"`{label}` must be a table"))
            continue
        before = len(faults)
        if name in SELECTION:
            faults.append(Fault(line_of("params", name), f"`{label}` is given by `selection = true`; leave it out"))
        elif not _PARAMETER_NAME.fullmatch(name):
            # It becomes the name of a variable, which cannot be quoted.
            message = f"`{label}` must be named in lower case letters, digits and _"
            faults.append(Fault(line_of("params", name), message))
        faults += [
            Fault(
                line_of("params", name, key),
                f"unknown key `{label}.{key}`; a parameter knows {', '.join(_PARAMETER_KEYS)}",
            )
            for key in given
            if key not in _PARAMETER_KEYS
        ]
        faults += [
            Fault(line_of("params", name, key), f"`{label}.{key}` {reason}")
            for key, reason in _parameter_reasons(query_kind, given)
        ]
        if len(faults) == before:
            made[name] = Parameter(
                name=name,
                type=str(given["type"]),
                default=given.get("default"),
                unit=given.get("unit"),
                description=str(given["description"]),
                required="required" in given,
                words=None if "words" not in given else str(given["words"]),
            )
    return made, faults


def _parameter_reasons(query_kind: str, given: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return (key, what is wrong) for one parameter's table."""
    reasons: list[tuple[str, str]] = []
    kind = given.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        reasons.append(("type", f"must be one of {', '.join(TYPES)}"))
    elif "default" in given and not TYPES[kind].fits(given["default"]):
        reasons.append(("default", f"must be of type {kind}"))
    if query_kind == "rule":
        # A rule runs by itself: nobody is there to be asked.
        if "default" not in given:
            reasons.append(("default", "is missing; a rule's parameter must have one"))
        if "required" in given:
            reasons.append(("required", "is for reports: a rule runs by itself"))
    elif "required" in given:
        if reason := _true(given["required"]):
            reasons.append(("required", reason))
        if "default" in given:
            reasons.append(("required", "and a default exclude each other"))
    if "words" in given and (given["words"] not in WORDS or kind not in ("varchar", "varchar[]")):
        reasons.append(("words", f"must be one of {', '.join(WORDS)}, and the type varchar or varchar[]"))
    if reason := _text(given.get("description")):
        reasons.append(("description", reason))
    # "30" says nothing until it says thirty of what.
    needs_unit = kind in ("integer", "double") or "unit" in given
    if needs_unit and (unit_reason := _text(given.get("unit"))):
        reasons.append(("unit", unit_reason + "; a number counts something"))
    return reasons


def _first_line(places: Mapping[KeyPath, list[int]], path: tuple[str, ...]) -> int:
    """Return the line of a key, or of the nearest table around it that was found."""
    for length in range(len(path), 0, -1):
        if lines := places.get(path[:length]):
            return lines[0]
        # `[params.days]` puts no line on `params` itself.
        inner = [lines[0] for found, lines in places.items() if found[:length] == path[:length]]
        if inner:
            return min(inner)
    return 1
