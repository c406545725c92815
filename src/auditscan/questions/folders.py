"""What the paths of many files have in common, so that it need be said once."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def common_folder(paths: Sequence[str]) -> str:
    """Return the folder, with its slash, that all of several files lie below; else nothing."""
    if len(paths) < 2:
        return ""
    shared: list[str] = []
    for parts in zip(*(PurePosixPath(path).parent.parts for path in paths), strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    folder = "/".join(shared).replace("//", "/")
    return f"{folder}/" if folder and all(path.startswith(f"{folder}/") for path in paths) else ""


def folder_of(path: str) -> str:
    """Return the folder of a file, with its slash; those that are parts of a day, as collectors make them, are one."""
    folder = path.rpartition("/")[0]
    kept: list[str] = []
    for part in folder.split("/") if folder else ():
        if part.rpartition("=")[2].isdecimal():
            return "/".join([*kept, "..."])
        kept.append(part)
    return f"{folder}/" if folder else ""
