"""The classes of transfers in words: each transfer is in one, so that the numbers of a ledger add up."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SAID = {"unattributed": "not attributed", "out_of_scope": "out of scope"}
"""A class in words, where its name is none."""


def words(counts: Mapping[str, int]) -> str:
    """Return the classes that are not empty, in words; they add up to the number of transfers."""
    said = [
        f"{count:,} {SAID.get(name, name)}" + ("s" if name == "attempt" and count != 1 else "")
        for name, count in counts.items()
        if count
    ]
    return ", ".join(said) or "no transfer"
