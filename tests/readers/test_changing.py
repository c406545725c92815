"""Logs that are written to while they are read: what was read is what stood there at first, or it is told."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from auditscan.readers.raw import HashedFile
from readers.reading import line, read_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LINES = [line(f"t{number}", purpose="x" * 900) for number in range(2000)]


@pytest.fixture
def changing(monkeypatch) -> Callable[[Path, Callable[[], None]], None]:
    """Does something to a log as soon as 200 kB of it were read, once; or with `each`, whenever it is read."""

    def plan(log: Path, change: Callable[[], None], *, each: bool = False) -> None:
        begin, read = HashedFile.__init__, HashedFile.readinto
        done = []

        def beginning(self, path, *more):
            begin(self, path, *more)
            self.of_log = path == log

        def reading(self, view):
            count = read(self, view[: 1 << 16])
            if self.of_log and self.size > 200_000 and (each or not done):
                done.append(change())
            return count

        monkeypatch.setattr(HashedFile, "__init__", beginning)
        monkeypatch.setattr(HashedFile, "readinto", reading)

    return plan


def added(log: Path) -> None:
    with log.open("ab") as file:
        file.write(line("later") * 3000)


def over(log: Path) -> None:
    with log.open("r+b") as file:
        file.write(b"".join(LINES).replace(b'"CA"', b'"TX"'))


def anew(log: Path) -> None:
    other = log.with_suffix(".new")
    other.write_bytes(line("other"))
    other.rename(log)


WHOLE = len(LINES)
CHANGES = {
    "grows": (added, "read", "it grew while it was read: this is what stands in its first ", WHOLE),
    "shorter": (lambda log: os.truncate(log, 0), "damaged", "it became shorter while it was read: only", None),
    "over": (over, "damaged", "it was rewritten while it was read", None),
    "other": (anew, "read", "", WHOLE),
    "gone": (lambda log: log.unlink(), "read", "", WHOLE),
    "touched": (os.utime, "read", "", WHOLE),
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_log_changes_while_it_is_read(tmp_path, changing, how):
    change, status, note, count = CHANGES[how]
    (tmp_path / "good.ndjson").write_bytes(line("good-1") + line("good-2"))
    log = tmp_path / "log.ndjson"
    log.write_bytes(b"".join(LINES))
    changing(log, lambda: change(log), each=how == "grows")
    seen = read_folder(tmp_path)["log.ndjson"]
    assert (seen.status, seen.note[: len(note)]) == (status, note)
    assert count is None or len(seen.kept) == count
    if how == "touched":
        assert not seen.note


def test_a_parquet_log_is_replaced_while_it_is_read(tmp_path, changing):
    """The engine would open it by its name, and read another file than the one that was hashed."""
    import duckdb

    made = "select 't' || i || hash(i) as transfer_id, hash(i * 7) as actor from range({}) t(i)"
    for name, count in (("log.parquet", 40_000), ("other", 10)):
        duckdb.sql(made.format(count)).write_parquet(str(tmp_path / name))
    log = tmp_path / "log.parquet"
    changing(log, lambda: (tmp_path / "other").rename(log))
    seen = read_folder(tmp_path)["log.parquet"]
    assert (seen.status, len(seen.kept)) == ("read", 40_000)
