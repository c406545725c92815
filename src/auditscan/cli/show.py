"""`auditscan show`: a record as it stands in its file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import streams
from auditscan.cli.options import Database, LogFormat, MappingFile, Queries, Width, cells, existing, says_yes
from auditscan.errors import ExitCode, NoInputError

if TYPE_CHECKING:
    from auditscan.library import Library
    from auditscan.questions.originals import Known


def show(
    place: Annotated[
        str,
        typer.Argument(
            metavar="PLACE",
            help="File and line, row or item: `log.csv:13`, `book.xlsx:SHEET:27`, or as reports say it: "
            "'log.csv, line 13'.",
        ),
    ],
    database: Database = None,
    log_format: LogFormat = None,
    mapping: MappingFile = None,
    queries: Queries = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON instead of text.")] = False,
    width: Width = None,
) -> int:
    """Print a record as it stands in its file: its text, and its fields by name.

    Files in archives are named with the path inside: `gateway.zip/inner/x.log:3`. With --db the file is held against
    what was scanned; exit code 21: it is not the same any more.
    """
    from auditscan.ingest import Reads
    from auditscan.library import Library
    from auditscan.questions.originals import parse_place
    from auditscan.questions.originals import show as found

    path, wanted = parse_place(place)
    library = Library.shipped(queries or ())
    known = None if database is None else _known(database, library, path)
    if known and not Path(path).exists():
        path = known[-1].path
    shown = found(
        path, wanted, library, Reads(log_format=log_format, mapping=existing(mapping), trust=says_yes()), known
    )
    if as_json:
        streams.write_json(shown.as_json())
    else:
        from auditscan.render.page import Page
        from auditscan.render.record import draw_record

        draw_record(shown, Page(streams.stdout_console(cells(width))))
    return ExitCode.DIFFERS if shown.state == "changed" else ExitCode.CLEAN


def _known(database: Path, library: Library, path: str) -> list[Known]:
    from auditscan.questions.originals import known_files
    from auditscan.store import open_store

    if not database.exists():
        raise NoInputError("there is no such database", where=str(database), hint="make it with `auditscan scan --db`")
    with open_store(database, library, read_only=True) as store:
        return known_files(store, path)
