"""The what-ifs that ship: one folder each, an overlay whose README.md opens with its question."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from auditscan.policy.overlay import Overlay

__all__ = ["WhatIf", "what_ifs"]

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class WhatIf:
    """One question about the law, with the overlay that supposes an answer."""

    name: str
    question: str
    """One sentence, which ends in a question mark."""
    folder: Path

    @property
    def overlay(self) -> Overlay:
        """The overlay, named alike wherever the program is installed."""
        return Overlay(f"what_ifs/{self.name}", self.folder)


def what_ifs() -> tuple[WhatIf, ...]:
    """Return the what-ifs that ship, by name."""
    folders = sorted(readme.parent for readme in _FOLDER.glob("*/README.md"))
    return tuple(WhatIf(folder.name, _question(folder), folder) for folder in folders)


def _question(folder: Path) -> str:
    with (folder / "README.md").open(encoding="utf-8") as readme:
        return readme.readline().lstrip("#").strip()
