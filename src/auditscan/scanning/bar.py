"""How a scan tells how far it is; whoever shows it brings a bar of their own."""

from __future__ import annotations

from typing import Protocol


class Bar(Protocol):
    """What a job tells about how far it is."""

    def advance(self, amount: float = 1) -> None:
        """Count `amount` more as done."""

    def say(self, description: str) -> None:
        """Name what is being done now."""


class _Unseen:
    """A bar for pipes and logs, which shows nothing."""

    def advance(self, amount: float = 1) -> None:
        """Do nothing."""

    def say(self, description: str) -> None:
        """Do nothing."""


UNSEEN = _Unseen()
