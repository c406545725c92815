"""An overlay to begin with: every file there can be, with everything explained and nothing changed."""

from __future__ import annotations

from pathlib import Path

from auditscan.errors import UsageError
from auditscan.policy.csvfiles import SHAPES
from auditscan.policy.what_ifs import what_ifs
from auditscan.text import did_you_mean

_TEMPLATE = Path(__file__).parent / "template"


def write_overlay(folder: Path, what_if: str | None = None) -> list[Path]:
    """Write an overlay into a folder, a copy of a what-if where one is named; return the files written.

    The folder is made if it is not there. Raises UsageError for a folder that has something in it, a name
    that is no what-if, and a place that cannot be written.
    """
    files = _empty_files() if what_if is None else _files_of(what_if)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A folder that holds as little as a hidden file belongs to something else.
        if any(folder.iterdir()):
            raise UsageError(
                "the folder has something in it, and nothing is overwritten",
                where=str(folder),
                hint="name a folder that is empty or not there yet",
            )
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:  # ValueError: a null character in a path
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise UsageError("the overlay cannot be written", where=str(folder), why=why) from error
    return [folder / name for name in files]


def _empty_files() -> dict[str, str]:
    files = {path.name: path.read_text(encoding="utf-8") for path in sorted(_TEMPLATE.iterdir()) if path.is_file()}
    for name, shape in SHAPES.items():
        columns = (column for column in shape.columns if column not in shape.may_be_missing)
        files[name] = ",".join(columns) + "\n"
    return files


def _files_of(name: str) -> dict[str, str]:
    folders = {what_if.name: what_if.folder for what_if in what_ifs()}
    if name not in folders:
        meant = did_you_mean(name, folders, most=1)
        raise UsageError(
            f"no what-if is named {name!r}" + (meant and f"; {meant}"),
            where="--from",
            hint=f"the what-ifs are {', '.join(folders)}",
        )
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folders[name].iterdir()) if path.is_file()}
