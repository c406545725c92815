"""The answers as a polars LazyFrame: computed a slice at a time, and only the columns that are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from polars.io.plugins import register_io_source

from auditscan.questions import answers
from auditscan.session.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    import polars as pl

    from auditscan.store import Store


def lazy_answers(borrow: Callable[[], AbstractContextManager[Store]]) -> pl.LazyFrame:
    """Return the answers of a judged database, in their order and types, none of them computed yet.

    Each time it is collected it borrows a connection of its own, so that two can be under way at once.
    """
    with borrow() as store:
        schema = _frames(store, "select * from answers limit 0")
        columns = next(schema).schema

    def pieces(
        with_columns: list[str] | None,
        predicate: pl.Expr | None,
        n_rows: int | None,
        _: int | None,
    ) -> Iterator[pl.DataFrame]:
        shown = list(columns) if with_columns is None else with_columns
        asked = {*shown, *(predicate.meta.root_names() if predicate is not None else ())}
        # Only names of our own reach the SQL. One column at the least: rows are counted by it.
        selected = [f"a.{name}" for name in columns if name in asked] or ["a.source_record"]
        with borrow() as store:
            for frame in _sliced(store, selected, n_rows):
                kept = frame if predicate is None else frame.filter(predicate)
                yield kept.select(shown)

    return register_io_source(pieces, schema=columns, is_pure=True)


def _sliced(store: Store, selected: list[str], most: int | None) -> Iterator[pl.DataFrame]:
    answers.put_in_order(store)
    total = int(store.one("select count(*) from answer_order"))
    end = total if most is None else min(most, total)
    for begin in range(0, end, answers.SLICE_ROWS):
        store.run("slice_answers", slice_begin=begin, slice_end=min(begin + answers.SLICE_ROWS, end))
        yield from _frames(store, answers.slice_in_order(selected))


def _frames(store: Store, query: str) -> Iterator[pl.DataFrame]:
    return Result(store.connection.sql(query), lambda call: call()).frames()
