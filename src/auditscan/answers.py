"""The answer file: one row a transfer, in order, whole or not there at all.

Answers are wide and transfers are many, so the file is written in slices of the order: memory stays the same
for a thousand transfers and for ten million. NDJSON and CSV slices are put one behind the other; those of
Parquet go through the engine once more, because a Parquet file knows where its rows are.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from auditscan.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import TracebackType

    from auditscan.store import Store

__all__ = ["FORMATS", "AnswerFile"]

FORMATS = {".ndjson": "json", ".jsonl": "json", ".csv": "csv", ".parquet": "parquet"}
"""Suffix of an answer file -> the engine's name for its format."""

SLICE_ROWS = 250_000
"""Answers put in order at a time: some 250 MB of them while they are sorted."""

ROW_GROUP_ROWS = 122_880
"""Rows of a Parquet group; fixed, so that files do not depend on the machine."""


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
        if path.is_dir():
            raise UsageError("this is a folder", where=str(path), hint="name a file in it")
        parent = path.absolute().parent
        if not parent.is_dir():
            raise UsageError("there is no such folder", where=str(parent), hint="make it first")
        self._parent = parent

    def __enter__(self) -> AnswerFile:
        try:
            # Beside the file it becomes, for a rename is whole only within one file system.
            self._work = tempfile.TemporaryDirectory(prefix=".auditscan-", dir=self._parent)
        except OSError as error:
            raise UsageError(
                "nothing can be written into this folder", where=str(self._parent), why=error.strerror
            ) from error
        self._whole = Path(self._work.name) / "answers"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                self._whole.replace(self._path)
        finally:
            self._work.cleanup()

    def write(self, store: Store) -> int:
        """Write the answers of a judged database in their order; return how many there are."""
        try:
            store.run("order_answers")
            total = int(store.one("select count(*) from answer_order"))
            columns = store.rows("select column_name, column_type from (describe answers)")
            selected = ", ".join(
                # A list in a cell of CSV is its items parted by semicolons.
                f"array_to_string(a.{name}, ';') as {name}"
                if kind.endswith("[]") and self._format == "csv"
                else f"a.{name}"
                for name, kind in columns
            )
            parts = self._parts(store, selected, total)
            if self._format == "parquet":
                _write_parquet(store, list(parts), self._whole)
            else:
                _join(parts, self._whole)
        finally:
            store.run("forget_answers")
        return total

    def _parts(self, store: Store, selected: str, total: int) -> Iterator[Path]:
        """Write one slice after the other and give each out; no transfers make one slice of none."""
        for number, begin in enumerate(range(0, max(total, 1), SLICE_ROWS)):
            store.run("slice_answers", slice_begin=begin, slice_end=begin + SLICE_ROWS)
            part = self._whole.with_suffix(f".{number}")
            options = f"format {self._format}"
            if self._format == "csv":
                options += f", header {str(number == 0).lower()}"
            store.connection.execute(
                f"copy (select {selected} from answer_rows a "  # noqa: S608 - our own columns
                "inner join answer_slice o on a.record_key = o.record_key order by o.place) "
                f"to {_literal(part)} ({options})"
            )
            yield part


def _write_parquet(store: Store, parts: list[Path], whole: Path) -> None:
    """Copy Parquet slices into one file, in the order given."""
    names = ", ".join(_literal(part) for part in parts)
    store.connection.execute(
        f"copy (from read_parquet([{names}])) to {_literal(whole)} "
        f"(format parquet, compression zstd, row_group_size {ROW_GROUP_ROWS})"
    )


def _join(parts: Iterable[Path], whole: Path) -> None:
    """Put text slices one behind the other, each gone once it is copied."""
    with whole.open("wb") as joined:
        for part in parts:
            with part.open("rb") as piece:
                _append(piece, joined)
            part.unlink()


def _append(piece: BinaryIO, joined: BinaryIO) -> None:
    """Let the kernel copy: a gigabyte of answers need not pass through Python."""
    left = os.fstat(piece.fileno()).st_size
    while left:
        left -= os.sendfile(joined.fileno(), piece.fileno(), None, left)


def _literal(path: Path) -> str:
    """A path as an SQL string: COPY takes no parameters."""
    return "'" + str(path).replace("'", "''") + "'"
