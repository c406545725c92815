"""An overlay in one word: a folder, the name of a what-if that ships, or a setting `R1.enabled=false`.

A setting becomes an overlay of one file and goes through the loader like any other: what a key may be,
and what is wrong with its value, is said in one place.
"""

from __future__ import annotations

import json
import re
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from auditscan.errors import UsageError
from auditscan.policy.overlay import REGIMES, Overlay
from auditscan.policy.what_ifs import what_ifs

HINT = (
    "a part is `base`, a day such as 2026-02-01, a folder, a name that `auditscan policy what-ifs` lists, "
    "or a setting such as R2.categories.name=permitted"
)
"""What a part of a spec can be, for whoever wrote another."""

_LOOKS_LIKE_A_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_overlay(part: str) -> Overlay:
    """Return the overlay that one part of a spec means: a folder, a what-if that ships, or a setting.

    A folder wins over a setting of the same text. A what-if and a folder of the same name are told apart
    by `./`; the bare name is refused, for the answer must not hang on where one stands. Raises UsageError.
    """
    shipped = {what_if.name: what_if for what_if in what_ifs()}
    if part in shipped:
        if is_folder(part) and not Path(part).samefile(shipped[part].folder):
            raise UsageError(
                f"{part} is a what-if that ships, and a folder here",
                where=part,
                hint=f"write ./{part} for the folder, or rename it",
            )
        return shipped[part].overlay
    if is_folder(part):
        return Overlay.of(part)
    if "=" in part:
        return _setting(part)
    near = get_close_matches(part, shipped, n=3, cutoff=0.5)
    wrong = "no folder and no what-if has this name"
    if near:
        wrong += f"; did you mean {' or '.join(near)}?"
    raise UsageError(wrong, where=part, why=f"the what-ifs are {', '.join(shipped)}", hint=HINT)


def is_folder(text: str) -> bool:
    """Whether a text names a folder that is there."""
    try:
        return bool(text) and Path(text).is_dir()
    except (OSError, ValueError):  # a text too long for a path, or with a null character in it
        return False


def looks_like_a_day(text: str) -> bool:
    """Whether a text is written as 2026-02-01 is, in the calendar or not."""
    return _LOOKS_LIKE_A_DAY.fullmatch(text) is not None


def _setting(text: str) -> Overlay:
    """Return the overlay of `R2.categories.name=permitted` and its like."""
    named, _, value = text.partition("=")
    regime, *keys = (word.strip() for word in named.split("."))
    if not text.isprintable():
        raise UsageError("a setting is one line of text", where=text, hint=HINT)
    if not regime or not all(keys) or keys in ([], ["id"]):
        raise UsageError(
            "this is no setting",
            where=text,
            hint="write REGIME.KEY=VALUE, such as R2.categories.name=permitted or R2.add_states=WI",
        )
    from auditscan.policy.regimefile import REGIME, REGIME_OVERLAY

    path = ".".join(map(_quoted, keys))
    kind = (REGIME | REGIME_OVERLAY).get(keys[-1], "text") if len(keys) == 1 else "text"
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
        return looks_like_a_day(value) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _quoted(text: str) -> str:
    """Write a text as TOML does; JSON escapes are a part of TOML's."""
    return json.dumps(text, ensure_ascii=False)
