"""A policy in one line of text: `names-permitted+R1.enabled=false+2026-02-01`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.policy.load import Policy, load
from auditscan.policy.overlay_text import HINT, is_folder, looks_like_a_day, read_overlay

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from auditscan.policy.overlay import Overlay

BASE = "base"
"""The part of a spec that adds nothing: the policy as configured."""


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
    parts = [text] if is_folder(text) else [part.strip() for part in text.split("+")]
    as_of: date | None = None
    overlays: list[Overlay] = []
    for part in parts:
        if not part:
            raise UsageError("a part is empty", where=text or "an empty text", hint=HINT)
        if looks_like_a_day(part):
            if as_of is not None:
                raise UsageError("two days are named", where=text, hint="name the one on which `now` is")
            as_of = _day(part)
        elif part != BASE:
            overlays.append(read_overlay(part))
    return PolicySpec(load([*base_overlays, *overlays]), as_of, "+".join(parts))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError("this is no day of the calendar", where=text, hint="write it as 2026-02-01") from error
