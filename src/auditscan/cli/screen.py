"""The screen of an SQL conversation: results to standard output, what is said beside them to standard error."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import compress, groupby
from typing import TYPE_CHECKING

from auditscan.cli import queries, streams
from auditscan.cli.options import cells
from auditscan.cli.paging import draw_paged, paged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from auditscan.errors import AuditscanError
    from auditscan.library import Query
    from auditscan.prompt.conversation import Look
    from auditscan.questions.explanation import Explanation
    from auditscan.render.grid import Page
    from auditscan.session.results import Result


class Terminal:
    """Shows results on a terminal, paged where they are higher; in a pipe the same, without pager and counts."""

    def __init__(self, width: int | None, keep_apart: Callable[[Path], None], *, watched: bool) -> None:
        self._width = width
        self._keep_apart = keep_apart
        """Refuses to write where logs or the database lie."""
        self._watched = watched
        """Whether somebody sits in front of it and wants to know how many rows there were."""
        self._tables = 0

    def result(self, result: Result, look: Look) -> float:
        """Show the rows of a result, or write them to `look.out`; return when the last row was there."""
        if look.out is not None:
            self._to_file(result, look.out)
            return time.perf_counter()
        if look.form == "table":
            from auditscan.render import grid

            page = grid.take(result, look.rows)
            done = time.perf_counter()
            if self._tables and not self._watched:
                # On a terminal the count of rows parts them.
                streams.write()
            self._tables += 1
            self._draw(lambda console: _draw_page(page, look, console))
            self._count(len(page.rows), page.total, drawn=page.plan)
            return done
        from auditscan.output.export import pieces

        rows = look.rows if look.form == "md" else 0
        with paged() as output:
            whole = all(output.write(streams.readable(piece)) for piece in pieces(result, look.form, rows))
            done = time.perf_counter()
        if whole:
            self._count(min(result.count, rows or result.count), result.count)
        return done

    def queries(self, queries: Sequence[Query]) -> None:
        """List library queries."""
        from rich import box
        from rich.table import Table

        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for column in ("kind", "name"):
            table.add_column(column, no_wrap=True)
        table.add_column("title")
        for query in queries:
            table.add_row(query.kind, query.name, query.title)
        self._draw(lambda console: console.print(table))

    def query(self, query: Query) -> None:
        """Show the SQL of a library query, as `auditscan queries show` does."""
        self._draw(lambda console: queries.draw(query, console))

    def explanations(self, explanations: Sequence[Explanation], case: Mapping[str, str]) -> None:
        """Draw why a transfer has its verdicts, and which case it is about."""
        from auditscan.render.case import draw_case
        from auditscan.render.explain import draw
        from auditscan.render.page import Page

        def both(console: Console) -> None:
            draw(explanations, Page(console))
            draw_case(case, console)

        self._draw(both)

    def text(self, text: str) -> None:
        """Show lines that were asked for."""
        with paged() as output:
            output.write(f"{text}\n".encode(errors="backslashreplace"))

    def note(self, text: str) -> None:
        """Say something beside the results."""
        streams.note(streams.printable(text))

    def fail(self, error: AuditscanError) -> None:
        """Tell what went wrong."""
        streams.fail(error)

    def fault(self, error: Exception) -> None:
        """Tell of an error that nobody foresaw."""
        streams.fail_unexpected(error)

    def _draw(self, draw: Callable[[Console], None]) -> None:
        draw_paged(streams.stdout_console(cells(self._width)), draw)

    def _to_file(self, result: Result, path: Path) -> None:
        from auditscan.cli.query import save
        from auditscan.output.export import format_of

        self._keep_apart(path)
        save(result, format_of(path), path, cells(self._width))

    def _count(self, shown: int, total: int, *, drawn: bool = False) -> None:
        """Say how many rows there were; in a pipe, only where some are missing."""
        if shown < total:
            streams.note(f"{shown:,} of {total:,} rows shown; .rows 0 shows all, .out FILE keeps all")
        elif self._watched and not drawn:
            streams.note(f"{total:,} {'row' if total == 1 else 'rows'}")


def _draw_page(page: Page, look: Look, console: Console) -> None:
    """Draw a page with the columns and headings that are asked for."""
    from rich.text import Text

    from auditscan.render import grid

    if look.only:
        page = _narrowed(page, [name in look.only for name in page.columns])
    if look.under is None:
        grid.draw(page, console)
        return
    rest = _narrowed(page, [name != look.under for name in page.columns])
    for place, (heading, rows) in enumerate(groupby(page.rows, key=lambda row: row[0])):
        if place:
            console.print()
        console.print(Text(streams.printable(heading or ""), style="bold"), soft_wrap=True)
        count = len(list(rows))
        grid.draw(replace(rest, rows=rest.rows[:count]), console)
        rest = replace(rest, rows=rest.rows[count:])


def _narrowed(page: Page, kept: Sequence[bool]) -> Page:
    """Return a page with some of its columns."""
    return replace(
        page,
        columns=tuple(compress(page.columns, kept)),
        numeric=tuple(compress(page.numeric, kept)),
        rows=tuple(tuple(compress(row, kept)) for row in page.rows),
    )
