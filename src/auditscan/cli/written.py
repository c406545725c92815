"""`--out` of the commands that write documents: read, checked and written in one way."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.documents.forms import ENDINGS, OF_A_TRANSFER, ending_of, write_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from auditscan.documents.content import Content
    from auditscan.documents.leaf.leaf import Leaf
    from auditscan.questions.redaction import Redaction

Out = Annotated[
    list[Path] | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help=f"Write the report as a document: FILE ends in {', '.join(ENDINGS)}. May be repeated.",
    ),
]
OutOfTransfer = Annotated[
    list[Path] | None,
    typer.Option(
        "--out",
        metavar="FILE",
        help=f"Write it as a document too, with its record: FILE ends in {', '.join(OF_A_TRANSFER)}. May be repeated.",
    ),
]


def asked(out: Iterable[Path] | None, endings: Mapping[str, str] = ENDINGS) -> dict[str, Path]:
    """Return option -> file for each document that is asked for, once.

    Raises UsageError for a name that asks for no form, before anything is read.
    """
    found = {f"--out {path}": path for path in out or ()}
    for path in found.values():
        ending_of(path, endings)
    return found


def typed(command: str, redaction: Redaction) -> str:
    """Return the line of a command as a document may name it."""
    return f"auditscan {command} ..." if redaction.said else shlex.join(["auditscan", *sys.argv[1:]])


def write(content: Content | Leaf, paths: Iterable[Path], endings: Mapping[str, str] = ENDINGS) -> list[Path]:
    """Write the documents that were asked for, say so, and return their files."""
    with streams.progress("writing documents"):
        written = write_all(content, list(paths), endings)
    for path in written:
        streams.note(f"written: {streams.printable(str(path))}")
    return written
