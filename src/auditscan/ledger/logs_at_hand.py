"""The logs that are at hand against what receipts say of them: the same, grown at their end, or not."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.errors import NoInputError
from auditscan.files import find_files
from auditscan.ledger.chain import Check

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from auditscan.ledger.chain import Link

__all__ = ["Content", "check_logs", "contents", "find_contents"]

PIECE = 1 << 20

Content = tuple[int, str]
"""Bytes and sha256."""


def contents(links: Sequence[Link]) -> dict[str, list[Content]]:
    """Return path -> the contents that scans found there, the latest last; not those that no scan could read.

    A content that only grew stands for what was there before: it begins with it.
    """
    found: dict[str, list[Content]] = defaultdict(list)
    for link in links:
        materials = link.receipt.get("materials") or {}
        for name, told in sorted(materials.items()):
            if name.startswith("log:") and told.get("sha256") and isinstance(told.get("bytes"), int):
                content = (told["bytes"], told["sha256"])
                path = found[name.removeprefix("log:")]
                # What came back to a path is its latest content again.
                if content in path:
                    path.remove(content)
                if told.get("change") == "grown" and path and path[-1][1] == told.get("earlier_sha256"):
                    path.pop()
                path.append(content)
    return dict(found)


def check_logs(links: Sequence[Link], roots: Sequence[Path], *, allow_missing: bool = False) -> Check:
    """Hash the logs where the scans found them, or below `roots`, and compare."""
    named = contents(links)
    at_hand = find_contents(named, roots)
    changed, missing, grown, whole = [], [], 0, 0
    for path, versions in named.items():
        for version in versions:
            if version in at_hand:
                whole += 1
                grown += version == versions[-1] and at_hand[version][1]
                continue
            here = Path(path).is_file()
            latest = version == versions[-1]
            if here and latest:
                changed.append(f"{path} is not what was read: it was rewritten")
            else:
                missing.append(f"{path} is not at hand" if latest else f"an earlier content of {path} is not at hand")
    if changed:
        said = f"{len(changed):,} logs at hand were changed; {whole:,} contents are as they were read"
        return Check("logs", "differs", said, (*changed, *missing))
    if missing:
        said = f"{len(missing):,} contents of logs are not at hand; {whole:,} are as they were read"
        return Check("logs", "left out" if allow_missing else "unchecked", said, tuple(missing))
    grew = f"; {grown:,} grew since" if grown else ""
    return Check("logs", "holds", f"{whole:,} contents of logs are as they were read{grew}")


def find_contents(named: dict[str, list[Content]], roots: Sequence[Path]) -> dict[Content, tuple[Path, bool]]:
    """Return content -> the file that has it, and whether that file goes on behind it.

    Files are looked for where the scans found them, then below `roots` by name or by size.
    """
    found: dict[Content, tuple[Path, bool]] = {}
    for path, versions in named.items():
        _match(Path(path), versions, found)
    wanted = {version: path for path, versions in named.items() for version in versions if version not in found}
    if wanted and roots:
        sizes, names = {size for size, _ in wanted}, {Path(path).name for path in wanted.values()}
        for entry in _below(roots):
            try:
                likely = entry.name in names or entry.stat().st_size in sizes
            except OSError:
                continue
            if likely:
                _match(entry, wanted, found)
    return found


def _below(roots: Sequence[Path]) -> list[Path]:
    try:
        return [entry.path for entry in find_files(roots) if not entry.skip]
    except NoInputError:
        return []


def _match(path: Path, wanted: Iterable[Content], found: dict[Content, tuple[Path, bool]]) -> None:
    """Hash a file once, and note which of the wanted contents it is, or begins with."""
    by_size: dict[int, set[str]] = defaultdict(set)
    for size, sha256 in wanted:
        by_size[size].add(sha256)
    digest, read = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            total = path.stat().st_size
            for size in sorted(size for size in by_size if size <= total):
                while read < size and (piece := file.read(min(PIECE, size - read))):
                    digest.update(piece)
                    read += len(piece)
                if read == size and digest.hexdigest() in by_size[size]:
                    found.setdefault((size, digest.hexdigest()), (path, total > size))
    except OSError:
        return
