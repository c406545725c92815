"""`auditscan queries`: the library from the terminal, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from auditscan.cli import layout, streams
from auditscan.cli.options import Queries, Width, cells, complete_query_name

if TYPE_CHECKING:
    from rich.console import Console

    from auditscan.library import Parameter, Query

app = layout.Commands(
    help="List the reports and rules that `auditscan query NAME` runs, or show one of them.",
    invoke_without_command=True,
)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON instead of a table.")]


@app.callback()
def list_queries(
    context: typer.Context,
    everything: Annotated[
        bool, typer.Option("--all", help="List also the queries that make the database and serve other commands.")
    ] = False,
    more: Queries = None,
    as_json: AsJson = False,
    width: Width = None,
) -> None:
    """List the reports and rules that `auditscan query NAME` runs, or show one of them.

    Every verdict comes from one of these files; each says in its header what it looks for, on which authority, and
    when it is wrong.
    """
    context.obj = more or []
    if context.invoked_subcommand is not None:
        return
    from auditscan.library import Library

    library = Library.shipped(context.obj)
    listed = [query for query in library.queries if everything or _is_asked(query)]
    if as_json:
        streams.write_json([_summary(query) for query in listed])
        return
    from rich import box
    from rich.table import Table

    kinds = list(dict.fromkeys(query.kind for query in listed))
    console = streams.stdout_console(cells(width))
    # Reports first: they answer the questions that people come with.
    for kind in sorted(kinds, key=lambda kind: (kind != "report", kinds.index(kind))):
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        table.add_column(kind, no_wrap=True)
        if kind == "rule":
            table.add_column("severity", no_wrap=True)
        table.add_column("what it tells")
        for query in listed:
            if query.kind == kind:
                table.add_row(query.name, *([query.severity or ""] if kind == "rule" else []), query.title)
        console.print(table)
    if not everything:
        left = len(library.queries) - len(listed)
        streams.note(f"{left} more make the database or serve other commands: --all lists them")


def _is_asked(query: Query) -> bool:
    """Whether a person can run it as it is: it is a rule, or a report that needs no key to be given."""
    return query.kind == "rule" or (
        query.kind == "report" and not any(parameter.required for parameter in query.params.values())
    )


@app.command("show")
def show(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A name that `auditscan queries` lists.", autocompletion=complete_query_name
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Show one query: what its header says, then its SQL.

    The output is itself SQL: the header is laid out as comments, so that it can be piped into any
    DuckDB client.
    """
    from auditscan.library import Library

    query = Library.shipped(context.obj or []).get(name)
    if as_json:
        streams.write_json(_details(query))
        return
    draw(query, streams.stdout_console())


def draw(query: Query, console: Console) -> None:
    """Write a query on a console: its header as SQL comments, then its SQL, in color on a terminal."""
    from rich.syntax import Syntax
    from rich.text import Text

    text = f"{_laid_out(query)}\n\n{query.body}"
    # In a pipe the text goes without a lexer: it would change blanks at the ends of lines.
    syntax = Syntax(text, "sql", theme="ansi_dark", background_color="default")
    shown = syntax.highlight(text) if console.is_terminal else Text(f"{text}\n")
    # Wrapped to no width: SQL copied from the terminal must be the SQL of the file.
    console.print(shown, soft_wrap=True, end="")


def _summary(query: Query) -> dict[str, object]:
    """Return what a list says of a query."""
    return {
        "kind": query.kind,
        "name": query.name,
        "title": query.title,
        "severity": query.severity,
        "path": str(query.path),
    }


def _details(query: Query) -> dict[str, object]:
    """Return all that is known of a query."""
    details = {**query.header, **_summary(query), "sql": query.sql}
    if query.kind == "rule":
        details["scope"] = query.scope
    details["params"] = {name: vars(param) for name, param in query.params.items()}
    return details


def _laid_out(query: Query) -> str:
    """Return the header as SQL comment lines: labels aligned, long text wrapped."""
    import textwrap

    lines = [f"{query.title} ({query.kind} {query.name})", ""]
    lines += textwrap.wrap(query.description, streams.DEFAULT_WIDTH - 3)
    lines.append("")
    facts = {
        "severity": query.severity,
        "reads": query.reads,
        "scope": query.scope,
        "requires": ", ".join(query.requires),
        "citation": query.citation,
        "evidence": query.evidence,
        "why": query.why,
        "wrong when": query.false_positives,
    }
    for param in query.params.values():
        facts[param.name] = f"{_given(param)} ({param.type}): {param.description}"
    facts["file"] = str(query.path)
    labels = max(len(label) for label, text in facts.items() if text)
    for label, text in facts.items():
        if text:
            wrapped = textwrap.wrap(
                text,
                streams.DEFAULT_WIDTH - 3,
                initial_indent=f"{label:<{labels}}  ",
                subsequent_indent=" " * (labels + 2),
            )
            lines += wrapped
    return "\n".join(f"-- {streams.printable(line)}".rstrip() for line in lines)


def _given(param: Parameter) -> str:
    """Return what a parameter is when nobody gives it."""
    if param.default is None:
        return "required" if param.required else "may be left out"
    shown = ", ".join(map(str, param.default)) if isinstance(param.default, list) else str(param.default)
    return f"{shown} {param.unit}" if param.unit else shown
