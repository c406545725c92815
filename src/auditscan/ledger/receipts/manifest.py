r"""The manifest of a scan: the hash of every file that was read, as `sha256sum -c` takes it.

What was read inside an archive stands behind `#member`, which `sha256sum` passes over; the archive itself has a line.
Names are as seen from the folder of the manifest, absolute where they were named so. As GNU writes it, a line whose
name holds a backslash or a line end begins with a backslash, and the name has `\\`, `\n` and `\r` for them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from auditscan.disk.wholefile import writing
from auditscan.errors import NoInputError
from auditscan.ledger.receipts.alone import seen_from
from auditscan.ledger.receipts.chain import Check, told_of
from auditscan.ledger.receipts.logs_at_hand import archive_of
from auditscan.ledger.receipts.verify import Verified
from auditscan.readers.files import Found
from auditscan.readers.members import opened
from auditscan.scanning.reading import hash_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from auditscan.store import Store

MEMBER = "#member "
_LINE = re.compile(r"(?P<member>#member )?(?P<escaped>\\)?(?P<sha256>[0-9a-f]{64}) [ *](?P<name>.+)")
_SPELLED = {"\\": "\\\\", "\n": "\\n", "\r": "\\r"}
_MEANT = {spelled: character for character, spelled in _SPELLED.items()}


def lines_of(store: Store, folder: Path) -> list[str]:
    """Return the lines of the manifest of a database, for a file in `folder`; archives are hashed now.

    Of a path that held several contents, what was read of the latest has a line. Raises OSError where an archive is
    gone.
    """
    rows = store.table("receipt_files")
    found = [(str(row["path"]), str(row["sha256"])) for row in rows if row["latest"] and row["sha256"]]
    lines: list[str] = []
    archives: dict[str, None] = {}
    inside: list[str] = []
    for path, sha256 in found:
        # A log in an archive has a file where a folder of its path should be.
        archive = None if os.path.isfile(path) else archive_of(path)  # noqa: PTH113 - see `archive_of`
        if archive is None:
            lines.append(_line(sha256, _seen_from(folder, path)))
        else:
            archives[archive.as_posix()] = None
            inside.append(MEMBER + _line(sha256, _seen_from(folder, path)))
    lines += [_line(hash_of(Path(archive))[0], _seen_from(folder, archive)) for archive in archives]
    about = [
        "# SHA-256 of every file that auditscan read; names are as seen from the folder of this file.",
        "# Check them there with `sha256sum -c`, or anywhere with `auditscan verify --manifest`.",
    ]
    if inside:
        about.append("# Behind #member: what was read inside an archive, which `auditscan verify` checks too.")
    return [*about, *sorted(lines, key=lambda line: line[65:]), *inside]


def write_manifest(path: Path, lines: Sequence[str]) -> None:
    """Write a manifest; raises UsageError and StoreError where that cannot be."""
    with writing(path) as file:
        file.write_bytes("".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape"))


def _seen_from(folder: Path, path: str) -> str:
    return path if Path(path).is_absolute() else seen_from(folder, Path(path))


def _line(sha256: str, name: str) -> str:
    spelled = "".join(_SPELLED.get(character, character) for character in name)
    return f"{'' if spelled == name else chr(92)}{sha256}  {spelled}"


def verify_manifest(path: Path, *, allow_missing: bool = False) -> Verified:
    """Hash the files that a manifest names, members of archives too, and compare.

    Raises NoInputError where the manifest cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise NoInputError("this file cannot be read", where=str(path), why=error.strerror) from error
    files: list[tuple[str, str]] = []
    members: dict[str, str] = {}
    odd = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _LINE.fullmatch(line.removesuffix("\r"))
        if found is None:
            if line.strip() and not line.startswith("#"):
                odd.append(f"line {number} is no hash and name")
            continue
        name = found["name"]
        if found["escaped"]:
            name = re.sub(r"\\[\\nr]", lambda spelled: _MEANT[spelled[0]], name)
        if found["member"]:
            members[name] = found["sha256"]
        else:
            files.append((name, found["sha256"]))
    if odd or not files:
        why = tuple(odd) or ("it names no file",)
        return Verified((Check("manifest", "differs", "this is no manifest, or not all of it is", why),), None, None)
    checks = [
        Check("manifest", "holds", f"{len(files):,} files and {len(members):,} members of archives are named"),
        _compared(path.parent, files, members, allow_missing=allow_missing),
    ]
    return Verified(tuple(checks), None, None)


def _compared(folder: Path, files: Sequence[tuple[str, str]], members: dict[str, str], *, allow_missing: bool) -> Check:
    differ, missing, whole = [], [], 0
    for name, sha256 in files:
        try:
            same = hash_of(folder / name)[0] == sha256
        except (OSError, ValueError):
            missing.append(f"{name} is not here")
            continue
        whole += same
        differ += [] if same else [f"{name} is not what was read"]
    at_hand = dict(_inside(folder, members))
    for name, sha256 in members.items():
        if name not in at_hand:
            missing.append(f"{name} is not here")
        elif at_hand[name] == sha256:
            whole += 1
        else:
            differ.append(f"{name} is not what was read")
    return told_of(
        "logs",
        f"{whole:,} logs are as they were read",
        (differ, "logs are not what was read"),
        (missing, "logs are not here"),
        allow_missing=allow_missing,
    )


def _inside(folder: Path, members: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the members that are at hand, by the names of the manifest, each with its hash."""
    archives = {name: archive_of(str(folder / name)) for name in members}
    for archive in sorted({archive for archive in archives.values() if archive is not None}):
        named = {str(folder / name): name for name, of in archives.items() if of == archive}
        with opened(Found(archive, archive.as_posix())) as found:
            for file in found:
                if file.archive is not None and file.shown in named and not (file.skip or file.fault):
                    yield named[file.shown], hash_of(file.path)[0]
