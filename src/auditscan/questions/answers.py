"""The answer file: one row a transfer, in order, whole or not there at all.

Answers are wide and transfers are many, so the file is written in slices of the order: memory stays the same
for a thousand transfers and for ten million. NDJSON and CSV slices go one behind the other into one file; those of
Parquet go through the engine once more, because a Parquet file knows where its rows are.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from auditscan.disk.private import private_folder
from auditscan.disk.wholefile import not_written, taking_place_of, usable
from auditscan.errors import UsageError
from auditscan.scanning.rules import find_events_by_met
from auditscan.text import literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from types import TracebackType

    from auditscan.store import Store

FORMATS = {".ndjson": "json", ".jsonl": "json", ".csv": "csv", ".parquet": "parquet"}
"""Suffix of an answer file -> the engine's name for its format."""

SLICE_ROWS = 250_000
"""Answers put in order at a time: some 250 MB of them while they are sorted."""

PIECE = 1 << 20

ROW_GROUP_ROWS = 122_880
"""Rows of a Parquet group; fixed, so that files do not depend on the machine."""


class Taker(Protocol):
    """What takes bytes as they come."""

    def write(self, data: bytes, /) -> int:
        """Take them and return how many."""


class AnswerFile:
    """A file that takes its name when the block ends well; on any error nothing of it is left.

        with AnswerFile(path) as file:
            file.write(store)

    Raises UsageError at once where the name cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._format = FORMATS.get(path.suffix.lower(), "")
        if not self._format:
            raise UsageError(
                f"the name of an answer file ends in {', '.join(FORMATS)}",
                where=str(path),
                hint="the ending says the format",
            )
        usable(path)
        self._stack = ExitStack()

    def __enter__(self) -> AnswerFile:
        self._whole = self._stack.enter_context(taking_place_of(self._path))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def write(self, store: Store, first_record: int | None = None) -> int:
        """Write the answers of a judged database in their order; return how many there are.

        `first_record` leaves out transfers with a lower record_key.
        """
        with ordered(store, first_record) as total:
            if self._format == "parquet":
                self._write_parquet(store, total)
            else:
                _write_text(store, total, self._format, lambda: self._whole.open("wb"), self._path)
        return total

    def _write_parquet(self, store: Store, total: int) -> None:
        # In the folder of the database: the engine may write to no other.
        with private_folder(store.work) as folder:
            whole, parts = folder / "answers", []
            for number in slices(store, total):
                parts.append(literal(whole.with_suffix(f".{number}")))
                _copy(store, _answers(store, self._format), parts[-1], "format parquet")
            _copy(
                store,
                f"from read_parquet([{', '.join(parts)}])",
                literal(whole),
                f"format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS}",
            )
            shutil.move(whole, self._whole)


def hash_answers(store: Store, first_record: int | None = None) -> tuple[str, int]:
    """Return the sha256 of the answers as NDJSON, the very bytes of their file, and how many answers there are."""
    taken = _Hashed()
    with ordered(store, first_record) as total:
        _write_text(store, total, "json", lambda: nullcontext(taken), Path("answers"))
    return taken.digest.hexdigest(), total


class _Hashed:
    """Something to write to that keeps a hash of it and nothing else."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.digest.update(data)
        return len(data)


@contextmanager
def ordered(store: Store, first_record: int | None = None, *, order: str = "order_answers") -> Iterator[int]:
    """Put the answers in order by a step while the block lasts, and yield how many there are."""
    try:
        if first_record is not None:
            store.run("answers_from", first_record=first_record)
        put_in_order(store, order)
        yield int(store.one("select count(*) from answer_order"))
    finally:
        store.run("forget_answers")


def put_in_order(store: Store, order: str = "order_answers") -> None:
    """Put the answers in order by a step, until the step `forget_answers`."""
    find_events_by_met(store)
    store.run(order)
    store.connection.execute("drop view temp.event_findings")


def slices(store: Store, total: int, rows: int = SLICE_ROWS) -> Iterator[int]:
    """Number the slices, each the one that the views show while it lasts; no transfers make one of none."""
    for number, begin in enumerate(range(0, max(total, 1), rows)):
        store.run("slice_answers", slice_begin=begin, slice_end=min(begin + rows, total))
        yield number


def _write_text(
    store: Store, total: int, format_: str, opened: Callable[[], AbstractContextManager[Taker]], shown: Path
) -> None:
    """Write the slices one behind the other into what `opened` opens; `shown` is the file that messages name."""
    with _into(opened, shown) as pipe:
        for number in slices(store, total):
            header = f", header {str(number == 0).lower()}" if format_ == "csv" else ""
            _copy(store, _answers(store, format_), pipe, f"format {format_}{header}, use_tmp_file false")


def _answers(store: Store, format_: str) -> str:
    """The query for the answers of the slice that is shown, in order; in CSV a list is one cell."""
    selected = [
        f"array_to_string(a.{name}, ';') as {name}" if kind.endswith("[]") and format_ == "csv" else f"a.{name}"
        for name, kind in store.rows("select column_name, column_type from (describe answers)")
    ]
    return slice_in_order(selected)


def slice_in_order(selected: Sequence[str]) -> str:
    """Return the query for the answers of the slice that is shown, in order; it selects from `answers a`."""
    return (
        f"select {', '.join(selected)} from answers a "  # noqa: S608 - our own columns
        "inner join answer_slice o on a.record_key = o.record_key order by o.place"
    )


def _copy(store: Store, query: str, target: str, options: str) -> None:
    store.connection.execute(f"copy ({query}) to {target} ({options})")


@contextmanager
def _into(opened: Callable[[], AbstractContextManager[Taker]], shown: Path) -> Iterator[str]:
    """Yield, as an SQL string, where to write what shall be put one behind the other in what `opened` opens.

    A pipe: COPY begins its file anew each time, and writing a gigabyte twice takes longer than answering it.
    """
    reader, writer = os.pipe()
    failures: list[OSError] = []

    def pour() -> None:
        with os.fdopen(reader, "rb", buffering=0) as source:
            try:
                with opened() as target:
                    shutil.copyfileobj(source, target, PIECE)
            except OSError as error:
                failures.append(error)

    thread = threading.Thread(target=pour)
    thread.start()
    try:
        yield literal(Path(f"/dev/fd/{writer}"))
    finally:
        os.close(writer)
        thread.join()
        if failures:
            # A full disk is met by the thread; the engine only meets a closed pipe, and says so.
            raise not_written(shown, failures[0]) from failures[0]
