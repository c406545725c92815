"""`auditscan sources`: log formats, what files are taken for, and what the columns of a register mean."""

from __future__ import annotations

from functools import cache
from pathlib import Path  # noqa: TC003 - typer reads it from the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import layout, streams
from auditscan.cli.options import (
    Exclude,
    LogFormat,
    MappingFile,
    Policies,
    Queries,
    Width,
    cells,
    existing,
    says_yes,
    tell_excluded,
)
from auditscan.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from auditscan.registers.values import Evidence

app = layout.Commands(
    help="List the log formats, tell what files are taken for, or map the columns of a register.",
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
    table.add_row("canonical", "NDJSON, JSON, CSV or Parquet with the fields of `auditscan help canonical-log`")
    for query in sources:
        table.add_row(query.name, query.title)
    streams.stdout_console().print(table)


@app.command("detect")
def detect(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders of them.")],
    full: Annotated[bool, typer.Option("--full", help="List every file, not folders.")] = False,
    log_format: LogFormat = None,
    mapping: MappingFile = None,
    exclude: Exclude = None,
    queries: Queries = None,
    as_json: AsJson = False,
    width: Width = None,
) -> int:
    """Tell what files are taken for, how sure that is, and why: by format, then by folder.

    A file has a line of its own where it is alone in its folder, or where it is not sure what it is. Of workbooks
    sheets, header rows and columns are shown. Only the beginning of other files is read. Exit code 20: something
    may be a log, and is none that auditscan knows.
    """
    from auditscan.cli.detected import detected, draw
    from auditscan.ingest import Reads
    from auditscan.library import Library

    reads = Reads(log_format=log_format, mapping=existing(mapping), exclude=tuple(exclude or ()), trust=says_yes())
    found = detected(paths, Library.shipped(queries or ()), reads, _evidence)
    if as_json:
        streams.write_json([file.as_json() for file in found])
    else:
        draw(found, streams.stdout_console(cells(width)), full=full)
    tell_excluded(reads.exclude, [file.why for file in found if file.sure == "skipped"])
    return ExitCode.INCOMPLETE if any(file.sure == "unknown" for file in found) else ExitCode.CLEAN


@cache
def _evidence() -> Evidence:
    from auditscan.policy import load
    from auditscan.registers.values import Evidence

    return Evidence.of(load(()))


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
    beside the register under the register's name and `.mapping.toml`: as it is written here it is trusted, and what
    was changed since needs a yes once, by `auditscan --trust`.
    """
    from auditscan.disk.wholefile import write_whole
    from auditscan.policy import load
    from auditscan.registers.mapping import written
    from auditscan.registers.propose import proposed
    from auditscan.registers.proposing import propose
    from auditscan.registers.values import Evidence
    from auditscan.settings import trust

    if out is not None and out.exists():
        # It may hold what somebody corrected by hand.
        raise UsageError("there is a file of this name", where=str(out), hint="name another, or take it away first")
    mapping, unmapped = proposed(propose(file, Evidence.of(load(policies or ()))))
    text = written(mapping, file.name, unmapped)
    if out is None:
        streams.write(text.rstrip("\n"))
        return
    try:
        write_whole(out, text.encode())
    except OSError as error:
        raise UsageError("the mapping cannot be written", where=str(out), why=error.strerror) from error
    # Made by the person: until somebody changes it, it needs no other yes.
    trust.remember(trust.content_of(out), out)
    streams.note(f"{streams.printable(str(out))}: look at every column, then scan")
