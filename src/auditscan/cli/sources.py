"""`auditscan sources`: log formats, what files are taken for, and what the columns of a register mean."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads it from the annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer

from auditscan.cli import streams
from auditscan.cli.options import LogFormat, MappingFile, Policies, Queries, Width, cells
from auditscan.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.files import Found
    from auditscan.ingest import Reads
    from auditscan.library import Library

__all__ = ["app"]

app = typer.Typer(
    help="List the log formats, tell what files are taken for, or map the columns of a register.",
    rich_markup_mode=None,
    invoke_without_command=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")]


@app.callback()
def list_formats(context: typer.Context, queries: Queries = None, as_json: AsJson = False) -> None:
    """List the log formats, tell what files are taken for, or map the columns of a register.

    Each format is one SQL file, which says how it is recognized and what its fields mean; `auditscan queries show
    NAME` shows it.
    """
    if context.invoked_subcommand is not None:
        return
    from auditscan.library import Library

    sources = [query for query in Library.shipped(queries or ()).of("source") if "reader" in query.header]
    if as_json:
        streams.write_json(
            [{"name": query.name, "title": query.title, "description": query.description} for query in sources]
        )
        return
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("name", no_wrap=True)
    table.add_column("what it is")
    table.add_row("canonical", "NDJSON, JSON, CSV or Parquet with the fields of docs/canonical-log.md")
    for query in sources:
        table.add_row(query.name, query.title)
    streams.stdout_console().print(table)


@app.command("detect")
def detect(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH", help="Files, or folders of them.")],
    log_format: LogFormat = None,
    mapping: MappingFile = None,
    queries: Queries = None,
    as_json: AsJson = False,
    width: Width = None,
) -> int:
    """Tell for each file what it is taken for, how sure that is, and why.

    Only the beginning of a file is read. Exit code 20: some file is no log that auditscan knows.
    """
    from auditscan.ingest import Reads
    from auditscan.library import Library

    library = Library.shipped(queries or ())
    rows = list(_detected(paths, library, Reads(log_format=log_format, mapping=mapping)))
    if as_json:
        streams.write_json(rows)
    else:
        _draw(rows, width)
    unknown = any(row["format"] is None and row["sure"] != "skipped" for row in rows)
    return ExitCode.INCOMPLETE if unknown else ExitCode.CLEAN


def _detected(paths: list[Path], library: Library, reads: Reads) -> Iterator[dict[str, Any]]:
    from auditscan.archives import opened
    from auditscan.files import find_files

    for entry in find_files(paths):
        with opened(entry) as files:
            for file in files:
                yield {"path": file.shown} | _one(file, library, reads)


def _one(file: Found, library: Library, reads: Reads) -> dict[str, Any]:
    from auditscan.ingest import detect as detected

    if file.skip:
        return {"format": None, "sure": "skipped", "why": file.skip}
    if file.fault:
        return {"format": None, "sure": "unknown", "why": file.fault}
    try:
        taken = detected(file.path, library, reads)
    except OSError as error:
        return {"format": None, "sure": "unknown", "why": f"cannot be opened: {error.strerror}"}
    if taken.kind is None:
        return {"format": None, "sure": "unknown", "why": taken.why}
    name = f"canonical {taken.kind}" if taken.log_format is None else taken.log_format.name
    return {"format": name, "sure": taken.sure, "why": taken.why}


def _draw(rows: list[dict[str, Any]], width: int | None) -> None:
    from rich import box
    from rich.table import Table

    from auditscan.render.account import common_folder

    console = streams.stdout_console(cells(width))
    folder = common_folder([row["path"] for row in rows])
    if folder:
        console.print(f"In {streams.printable(folder)}", markup=False, highlight=False)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("file", overflow="fold", ratio=3)
    table.add_column("taken for", no_wrap=True)
    table.add_column("why", ratio=2)
    for row in rows:
        shown = row["format"] or ("not read" if row["sure"] == "skipped" else "UNRECOGNIZED")
        why = row["why"] if row["sure"] in ("certain", "skipped", "unknown") else f"{row['sure']}: {row['why']}"
        table.add_row(streams.printable(row["path"][len(folder) :]), shown, streams.printable(why))
    console.print(table)


@app.command("map")
def map_columns(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A register: text with columns, or a workbook.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="FILE", help="Write it here; beside the register it is found by itself."),
    ] = None,
    policies: Policies = None,
) -> None:
    """Propose which columns of a register mean what, as a small TOML file for a person to correct.

    Each column comes with the reason and three example values. A scan uses the file by --mapping, or where it lies
    beside the register under the register's name and `.mapping.toml`.
    """
    from auditscan.policy import load
    from auditscan.registers.mapping import written
    from auditscan.registers.propose import proposed
    from auditscan.registers.proposing import propose
    from auditscan.registers.values import Evidence

    if out is not None and out.exists():
        # It may hold what somebody corrected by hand.
        raise UsageError("there is a file of this name", where=str(out), hint="name another, or take it away first")
    mapping, unmapped = proposed(propose(file, Evidence.of(load(policies or ()))))
    text = written(mapping, file.name, unmapped)
    if out is None:
        streams.write(text.rstrip("\n"))
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError("the mapping cannot be written", where=str(out), why=error.strerror) from error
    streams.note(f"{streams.printable(str(out))}: look at every column, then scan")
