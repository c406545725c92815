"""What archives of any kind have in common: how they are told, their members, and the limits on both.

A name inside an archive is only ever shown. Nothing is written to a place that an archive names, so that a name
which climbs out can do no harm; it is refused all the same, for no honest export has one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditscan.errors import AuditscanError

if TYPE_CHECKING:
    from collections.abc import Callable

    from auditscan.readers.raw import ByteStream

MAX_MEMBERS = 100_000
"""An archive of more files than this is no export of logs."""

MAX_UNPACKED = 64 << 30
"""How much one archive may hold unpacked, with all that is packed again inside of it."""

MAX_RATIO = 1000
"""How many times its size an archive may hold unpacked; logs pack some twenty to one."""

RATIO_FROM = 100 << 20
"""Whatever the ratio, so much may always be unpacked."""

TAR_BLOCK = 512

_DRIVE = re.compile(r"[A-Za-z]:")


class BrokenArchive(AuditscanError):
    """The rest of an archive cannot be read. What it gave before is good."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive."""

    name: str
    """As it is shown, below the archive; no two members have the same."""
    skip: str = ""
    """Why it is not read though nothing is wrong with it."""
    fault: str = ""
    """Why it cannot be read."""
    open: Callable[[], ByteStream] | None = None
    """Its bytes, to be read before the next member is asked for; they raise BrokenArchive or DamagedFile."""


class Budget:
    """What one archive may still take, all that is packed inside of it included."""

    def __init__(self, packed: int) -> None:
        self._most = min(MAX_UNPACKED, max(RATIO_FROM, packed * MAX_RATIO))
        self._packed = packed
        self.unpacked = 0
        self.members = 0

    def member(self) -> None:
        """Count a member; raises BrokenArchive if there are too many."""
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise BrokenArchive(
                f"it holds more than {MAX_MEMBERS:,} files, which is the most that are read of one archive: "
                "unpack it and scan the folder"
            )

    def take(self, count: int) -> None:
        """Count unpacked bytes; raises BrokenArchive if they are too many."""
        self.unpacked += count
        if self.unpacked <= self._most:
            return
        if self._most == MAX_UNPACKED:
            raise BrokenArchive(
                f"it holds more than {MAX_UNPACKED >> 30} GB unpacked, which is the most that is read of one archive: "
                "unpack it and scan the folder"
            )
        raise BrokenArchive(
            f"its {self._packed:,} bytes unpack to more than {self._most:,}, over {MAX_RATIO:,} to one beyond "
            f"{RATIO_FROM >> 20} MB, as in a zip bomb: if it is none, unpack it and scan the folder"
        )


class Names:
    """Names of members as they are shown, each once."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._times: Counter[str] = Counter()

    def shown(self, name: str) -> str:
        """The name with forward slashes, a number behind it if another member has the same."""
        name = name.replace("\\", "/").replace("\0", "\\x00").removeprefix("./")
        return self.once(name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))

    def once(self, name: str) -> str:
        """The name, a number behind it if it was given out before."""
        shown = name
        while shown in self._used:
            self._times[name] += 1
            shown = f"{name}#{self._times[name] + 1}"
        self._used.add(shown)
        return shown


def climbs(name: str) -> str:
    """Why a name in an archive is refused; '' if it is not."""
    plain = name.replace("\\", "/")
    if "\0" in plain:
        return "its name holds a NUL, which no file's name can"
    if plain.startswith("/") or _DRIVE.match(plain):
        return "its name is a place on the disk, not one in the archive"
    if ".." in plain.split("/"):
        return "its name leads out of the archive"
    return ""


def text_of(raw: bytes) -> str:
    """A name's bytes as text, from which `Names.shown` gets them back."""
    return raw.decode("utf-8", "surrogateescape")
