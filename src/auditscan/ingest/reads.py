"""How logs are to be read, where their content does not say it, or somebody knows better."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Reads"]


@dataclass(frozen=True, slots=True)
class Reads:
    """What a user says of the logs."""

    log_format: str | None = None
    """The format of all files, in the place of the one that their content shows."""
    held_by: str | None = None
    """Who sent what a log tells of without naming a sender: whose systems wrote the logs."""
    mapping: Path | None = None
    """Which columns of a register mean what."""
    link: bool = True
    """Whether traces of one transfer in several logs are counted as one."""

    @property
    def key(self) -> str:
        """All that changes what is read of a file, as JSON; empty where nobody said anything."""
        mapping = None if self.mapping is None else str(self.mapping)
        said = {"log_format": self.log_format, "held_by": self.held_by, "mapping": mapping}
        said = {name: text for name, text in said.items() if text is not None}
        return json.dumps(said, sort_keys=True) if said else ""

    @classmethod
    def of(cls, key: str | None) -> Reads:
        """What was said where `key` was kept."""
        said = json.loads(key) if key else {}
        mapping = said.pop("mapping", None)
        return cls(**said, mapping=None if mapping is None else Path(mapping))
