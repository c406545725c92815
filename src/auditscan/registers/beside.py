"""Mappings that lie beside the registers they are for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from auditscan.errors import UsageError
from auditscan.settings import trust

if TYPE_CHECKING:
    from pathlib import Path

SUFFIX = ".mapping.toml"


def mapping_beside(register: Path) -> Path | None:
    """Return the mapping that lies beside a register, None where there is none."""
    path = register.with_name(register.name + SUFFIX)
    # The longest name that a file may have leaves no room for the ending.
    return path if os.path.isfile(path) else None  # noqa: PTH113 - Path.is_file raises for a name too long


def taken_beside(register: Path, *, yes: bool = False) -> Path | None:
    """Return the mapping that lies beside a register, if somebody said yes to what it says; None where there is none.

    With `yes` the caller says so now, and it is remembered. Raises UsageError where nobody did: it may have come with
    the register, and turns what a scan finds there.
    """
    path = mapping_beside(register)
    if path is None:
        return None
    try:
        content = trust.content_of(path)
    except OSError as error:
        raise UsageError("the mapping cannot be read", where=str(path), why=error.strerror) from error
    if yes:
        trust.remember(content, path)
    elif not trust.is_trusted(content):
        raise UsageError(
            f"its mapping {path.name} is not trusted yet: look at it, then say yes once with `auditscan --trust ...`",
            where=str(path),
        )
    return path


def unused_beside(register: Path) -> Path | None:
    """Return a file beside a register that seems to be meant as its mapping and is not called so; else None."""
    meant = {(name + SUFFIX).casefold() for name in (register.name, register.stem)}
    try:
        # Asked for each register of a folder: names alone, for a folder may hold thousands.
        with os.scandir(register.parent) as entries:
            beside = sorted(entry.name for entry in entries if entry.name.casefold() in meant)
    except OSError:
        return None
    return next((register.with_name(name) for name in beside if name != register.name + SUFFIX), None)
