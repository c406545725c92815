"""How logs are to be read, where their content does not say it, or somebody knows better."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from auditscan.registers.beside import mapping_beside

_CONTENT = "mapping_sha256"


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
    exclude: tuple[str, ...] = ()
    """Patterns of files that are left out."""
    keep_bytes: bool = False
    """Whether the bytes of records that cannot be read are kept."""
    refused: tuple[tuple[str, str], ...] = ()
    """Files that judging fails with, as they are shown, each with the reason: not read."""
    trust: bool = False
    """Whether the mappings that lie beside registers are taken with a yes to each, which is remembered."""

    def key_for(self, path: Path) -> str:
        """All that changes what is read of a file, as JSON; empty where nobody said anything.

        Mappings count by their content: one that was edited makes other transfers of the same rows.
        """
        said = {"log_format": self.log_format, "held_by": self.held_by}
        if self.mapping is not None:
            said["mapping"] = str(self.mapping)
        mapping = self.mapping or mapping_beside(path)
        if mapping is not None:
            said[_CONTENT] = _sha256(mapping)
        said = {name: text for name, text in said.items() if text is not None}
        return json.dumps(said, sort_keys=True) if said else ""

    def reads_alike(self, path: Path, key: str, *, same_file: bool) -> bool:
        """Whether a file would be read as the one was for which `key` was kept.

        A copy of that file under another name has no mapping beside it: it says what the file said.
        """
        own = self.key_for(path)
        if own == key:
            return True
        return (
            not same_file
            and _CONTENT not in own
            and {**_loaded(key), _CONTENT: None} == {**_loaded(own), _CONTENT: None}
        )

    @classmethod
    def of(cls, key: str | None) -> Reads:
        """What was said where `key` was kept."""
        said = _loaded(key)
        mapping = said.get("mapping")
        return cls(said.get("log_format"), said.get("held_by"), None if mapping is None else Path(mapping))


def _loaded(key: str | None) -> dict[str, str]:
    return json.loads(key) if key else {}


NOTHING_SAID = Reads()


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"
