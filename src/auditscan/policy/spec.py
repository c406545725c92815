"""A policy in one line of text: `names-permitted+R1.enabled=false+2026-02-01`.

A setting becomes an overlay of one file and goes through the loader like any other: what a key may be,
and what is wrong with its value, is said in one place.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.policy.load import Policy, load
from auditscan.policy.overlay import REGIMES, Overlay
from auditscan.policy.regimefile import REGIME, REGIME_OVERLAY
from auditscan.policy.what_ifs import what_ifs

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BASE", "PolicySpec", "read_overlay", "read_spec"]

BASE = "base"
"""The part of a spec that adds nothing: the policy as configured."""

_HINT = (
    "a part is `base`, a day such as 2026-02-01, a folder, a name that `auditscan policy what-ifs` lists, "
    "or a setting such as R2.categories.name=permitted"
)
_LOOKS_LIKE_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_KINDS = {**REGIME, **REGIME_OVERLAY}


@dataclass(frozen=True, slots=True)
class PolicySpec:
    """What one spec amounts to."""

    policy: Policy
    as_of: date | None
    """The day it names; None where it names none."""
    label: str
    """The spec as it was written, blanks around its parts removed."""


def read_spec(text: str, base_overlays: Sequence[Overlay | Path | str] = ()) -> PolicySpec:
    """Return the policy that a spec describes, laid over the shipped one and `base_overlays`.

    A spec is parts joined by `+`: `base`, a day (one at most), folders of overlays, names of what-ifs,
    settings; overlays are laid on in the order written. A text that names a folder as a whole is that
    folder, whatever is in its name. Raises UsageError for a part that is none of these, PolicyError for
    whatever is wrong in an overlay.
    """
    text = text.strip()
    parts = [text] if _is_folder(text) else [part.strip() for part in text.split("+")]
    as_of: date | None = None
    overlays: list[Overlay] = []
    for part in parts:
        if not part:
            raise UsageError("a part is empty", where=text or "an empty text", hint=_HINT)
        if _LOOKS_LIKE_A_DAY.fullmatch(part):
            if as_of is not None:
                raise UsageError("two days are named", where=text, hint="name the one on which `now` is")
            as_of = _day(part)
        elif part != BASE:
            overlays.append(read_overlay(part))
    return PolicySpec(load([*base_overlays, *overlays]), as_of, "+".join(parts))


def read_overlay(part: str) -> Overlay:
    """Return the overlay that one part of a spec means: a folder, a what-if that ships, or a setting.

    A folder wins over a setting of the same text. A what-if and a folder of the same name are told apart
    by `./`; the bare name is refused, for the answer must not hang on where one stands. Raises UsageError.
    """
    shipped = {what_if.name: what_if for what_if in what_ifs()}
    if part in shipped:
        if _is_folder(part) and not Path(part).samefile(shipped[part].folder):
            raise UsageError(
                f"{part} is a what-if that ships, and a folder here",
                where=part,
                hint=f"write ./{part} for the folder, or rename it",
            )
        return shipped[part].overlay
    if _is_folder(part):
        return Overlay.of(part)
    if "=" in part:
        return _setting(part)
    near = get_close_matches(part, shipped, n=3, cutoff=0.5)
    wrong = "no folder and no what-if has this name"
    if near:
        wrong += f"; did you mean {' or '.join(near)}?"
    raise UsageError(wrong, where=part, why=f"the what-ifs are {', '.join(shipped)}", hint=_HINT)


def _is_folder(text: str) -> bool:
    try:
        return bool(text) and Path(text).is_dir()
    except (OSError, ValueError):  # a text too long for a path, or with a null character in it
        return False


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("this is no day of the calendar", where=text, hint="write it as 2026-02-01") from error


def _setting(text: str) -> Overlay:
    """Return the overlay of `R2.categories.name=permitted` and its like."""
    named, _, value = text.partition("=")
    regime, *keys = (word.strip() for word in named.split("."))
    if not text.isprintable():
        raise UsageError("a setting is one line of text", where=text, hint=_HINT)
    if not regime or not all(keys) or keys in ([], ["id"]):
        raise UsageError(
            "this is no setting",
            where=text,
            hint="write REGIME.KEY=VALUE, such as R2.categories.name=permitted or R2.add_states=WI",
        )
    path = ".".join(map(_quoted, keys))
    kind = _KINDS.get(keys[-1], "text") if len(keys) == 1 else "text"
    toml = f"[[regimes]]\nid = {_quoted(regime)}\n{path} = {_toml(value.strip(), kind)}\n"
    return Overlay(f"setting {text}", texts={REGIMES: toml}, is_setting=True)


def _toml(value: str, kind: str) -> str:
    """Write a value as TOML of its kind; one that is not of that kind as text, which the loader refuses."""
    if kind == "words":
        return "[" + ", ".join(_quoted(word.strip()) for word in value.split(",") if word.strip()) + "]"
    if kind == "switch" and value in ("true", "false"):
        return value
    if kind == "day" and _is_day(value):
        return value
    return _quoted(value)


def _is_day(value: str) -> bool:
    # TOML has no other form of a day, and a day that is not in the calendar would be a fault of its grammar.
    try:
        return _LOOKS_LIKE_A_DAY.fullmatch(value) is not None and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _quoted(text: str) -> str:
    """Write a text as TOML does; JSON escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)
