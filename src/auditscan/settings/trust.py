"""What somebody has looked at and said yes to: settings and mappings that were only found, remembered by content.

A file that lies in the working folder, above it or beside a log may have come with the evidence. What it says can turn
answers, so it is taken only with a yes, and another content needs another one.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_BYTES, MOST_FILES = 64 << 20, 10_000
"""Nobody looks through more: that keeps a disk image, or all that lies below `/`, from being hashed as settings."""


def state_file() -> Path:
    """Return where yeses are kept: `~/.local/state/auditscan/trusted` on Linux, a line each."""
    from platformdirs import user_state_path

    return user_state_path("auditscan") / "trusted"


def shared_file() -> Path:
    """Return where lines of such a file hold for every user, `/etc/xdg/auditscan/trusted` on Linux: only read."""
    from platformdirs import site_config_path

    return site_config_path("auditscan") / "trusted"


def content_of(file: Path, brought: Iterable[Path] = ()) -> str:
    """Return the sha256 over a file and over all it brings, folders with every file in them.

    Raises OSError for a file that cannot be read or is none. What is not there counts as not there.
    """
    content = _content(file, MOST_BYTES)
    digest = hashlib.sha256(content)
    left = MOST_BYTES - len(content)
    for path in brought:
        digest.update(b"\n")
        files = sorted(itertools.islice(_below(path), MOST_FILES + 1))
        if len(files) > MOST_FILES:
            raise OSError(0, f"it holds more than {MOST_FILES:,} files, more than anybody looks through", str(path))
        for name, each in files:
            content = _content(each, left)
            left -= len(content)
            digest.update(json.dumps([name, len(content)]).encode())
            digest.update(content)
    return digest.hexdigest()


def _below(path: Path) -> Iterator[tuple[str, Path]]:
    """Every file of a folder with its name in it, or the one file; behind links too, each folder once."""
    if not path.is_dir():
        if path.exists():
            yield "", path
        return
    entered: set[Path] = set()
    for folder, folders, names in os.walk(path, followlinks=True):
        if Path(folder).resolve() in entered:
            folders.clear()
            continue
        entered.add(Path(folder).resolve())
        for name in names:
            each = Path(folder) / name
            yield os.fsencode(each.relative_to(path)).hex(), each


def _content(path: Path, most: int) -> bytes:
    if not path.is_file():
        raise OSError(0, "it is not a regular file", str(path))
    with path.open("rb") as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(0, "there is more of it than anybody looks through", str(path))
    return content


def is_trusted(sha256: str) -> bool:
    """Whether this user said yes to this content, or whoever looks after the machine."""
    for file in (state_file(), shared_file()):
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError):
            continue
        if any(line.partition(" ")[0] == sha256 for line in lines):
            return True
    return False


def remember(sha256: str, path: Path) -> None:
    """Keep a yes to a content, and for the reader where it lay and on which day; raises UsageError if that fails."""
    if is_trusted(sha256):
        return
    file = state_file()
    # Written as JSON: a name may hold a line end.
    line = f"{sha256} {datetime.now(UTC).date().isoformat()} {json.dumps(os.fspath(path.absolute()))}\n"
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        place = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with contextlib.closing(os.fdopen(place, "w", encoding="utf-8")) as stream:
            stream.write(line)
    except OSError as error:
        raise UsageError(
            "what you trust cannot be remembered",
            where=str(file),
            why=error.strerror,
            hint="name the file instead: --config FILE for settings, --mapping FILE for a mapping",
        ) from error
