"""What can be laid over the policy: a folder of files, or texts that lie in no file; and what one has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.policy.problems import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from auditscan.policy.problems import Problems, Where

REGIMES = "regimes.toml"


@dataclass(frozen=True, slots=True)
class Overlay:
    """One overlay, not yet read: `folder` says where its files lie, or `texts` holds them."""

    name: str
    """As notes name it, and as origins begin: the folder as it was given, or the setting."""
    folder: Path | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    """File name -> text, of an overlay without a folder."""
    is_setting: bool = False
    """Whether it is one line that changes a regime: it has no lines to name, and adds no regime."""

    @classmethod
    def of(cls, given: Overlay | Path | str) -> Overlay:
        """Return the overlay of a folder; one that is an overlay already as it is."""
        if isinstance(given, Overlay):
            return given
        return cls(Path(given).as_posix(), Path(given))

    def at(self, place: int) -> Where:
        """Return the overlay as a whole, as problems name it; `place` counts overlays from 1."""
        return Source(str(self.folder or self.name), self.name, "", place, not self.is_setting).at()

    def sources(self, place: int, problems: Problems) -> Iterator[tuple[Source, str | Path]]:
        """Give each file with its text, or with the path that has it, by file name.

        `README*` and hidden files are passed over. What is wrong goes to `problems`.
        """
        if self.folder is None:
            for name, text in sorted(self.texts.items()):
                label = self.name if self.is_setting else f"{self.name}/{name}"
                yield Source(label, label, name, place, not self.is_setting), text
            return
        try:
            # Sorted: in which order a file system lists a folder must not show in the notes.
            entries = sorted(self.folder.iterdir(), key=lambda entry: entry.name)
        except OSError as error:
            problems.add(self.at(place), f"not readable as a folder: {error.strerror}", "check the path")
            return
        entries = [entry for entry in entries if not entry.name.startswith((".", "README"))]
        for entry in entries:
            yield Source(str(entry), f"{self.name}/{entry.name}", entry.name, place), entry
        if not entries:
            problems.add(self.at(place), "nothing to overlay", "`auditscan policy new` writes files to begin with")


@dataclass(frozen=True, slots=True)
class Change:
    """One row or key of an overlay, and what it did to the policy beneath."""

    file: str
    """File name inside the overlay's folder."""
    line: int
    """1-based; 0 for a setting, which is one line by nature."""
    what: str
    """For instance `replaces R1.states_unsettled`."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}" if self.line else self.what


@dataclass(frozen=True, slots=True)
class OverlayNote:
    """What one overlay changed, by file and line."""

    name: str
    """The folder as it was given, or the setting."""
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, object]:
        """What is told of it to a program."""
        return {"folder": self.name, "changes": [str(change) for change in self.changes]}

    def __str__(self) -> str:
        return "\n".join((f"overlay {self.name}", *(f"  {change}" for change in self.changes)))
