"""What came of some attacks."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counted:
    """How many attacks were made, how they ended, and what broke."""

    tried: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    """In a word or two, how an attack ended -> how many did: told, refused, noticed, same answer."""
    findings: list[str] = field(default_factory=list)
    """A line each: what broke, and the input that does it, or the seed and number that make it again."""

    def held(self, how: str, count: int = 1) -> None:
        """Count attacks that ended as they should."""
        self.tried += count
        self.ended[how] += count

    def broke(self, finding: str) -> None:
        """Count an attack that ended as none should."""
        self.tried += 1
        self.findings.append(" ".join(finding.split()))

    def add(self, other: Counted) -> None:
        """Count those of another process, too."""
        self.tried += other.tried
        self.ended.update(other.ended)
        self.findings += other.findings

    def as_text(self) -> str:
        """One line, as `from_text` reads it."""
        return json.dumps({"tried": self.tried, "ended": self.ended, "findings": self.findings})

    @classmethod
    def from_text(cls, line: str) -> Counted:
        """What `as_text` wrote."""
        told = json.loads(line)
        return cls(told["tried"], Counter(told["ended"]), told["findings"])
