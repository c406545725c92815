"""The answers as a lazy frame: the rows and types of the answer file, in its order, whatever part is asked for."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import auditscan
from api import AS_OF, transfer, write
from auditscan.questions import answers


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A database of 60 transfers, and its answers as a Parquet file."""
    folder = tmp_path_factory.mktemp("answers")
    records = [
        transfer(
            1 + number % 20,
            transfer_id=f"T-{(number * 37) % 60:02}",
            occurred_at=None if number % 7 == 0 else f"2026-02-{1 + number % 20:02}T0{number % 10}:00:00Z",
            states=["OR", "TX"][: number % 3],
            record_count=2**60 + number if number % 5 else None,
            elements=["diagnosis", 'odd; "é"'] if number % 2 else [],
        )
        for number in range(60)
    ]
    log = write(folder / "log.ndjson", *records)
    auditscan.scan(log, db=folder / "case.duckdb", out=folder / "answers.parquet", as_of=AS_OF)
    return folder / "case.duckdb", folder / "answers.parquet"


@pytest.fixture(scope="module", params=[25, 250_000], ids=["many slices", "one slice"])
def pair(request, files):
    """The lazy answers, in slices of some size, and the rows of the answer file."""
    database, parquet = files
    with pytest.MonkeyPatch.context() as patch, auditscan.connect(database, as_of=AS_OF) as session:
        patch.setattr(answers, "SLICE_ROWS", request.param)
        yield session.answers(), pl.read_parquet(parquet)


def test_they_are_those_of_the_answer_file(pair):
    lazy, expected = pair
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect_schema() == expected.schema
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(), expected)
    assert_frame_equal(lazy.collect(engine="streaming"), expected)


ASKED = {
    "one column": lambda frame: frame.select("verdict_now"),
    "columns turned round": lambda frame: frame.select("source_record", "transfer_id"),
    "a filter on a column that is not shown": lambda frame: frame.filter(pl.col("flagged")).select("transfer_id"),
    "the first rows": lambda frame: frame.head(10),
    "no rows": lambda frame: frame.head(0),
    "more than there are": lambda frame: frame.head(1000),
    "rows from the middle": lambda frame: frame.slice(20, 15),
    "the last rows": lambda frame: frame.tail(3),
    "the first that fit": lambda frame: frame.filter(pl.col("record_count").is_null()).head(4),
    "those of the first that fit": lambda frame: frame.head(20).filter(pl.col("record_count").is_null()),
    "nothing fits": lambda frame: frame.filter(pl.col("transfer_id") == "none"),
    "a filter on a list": lambda frame: frame.filter(pl.col("states").list.contains("OR")),
    "a count": lambda frame: frame.select(pl.len()),
    "groups": lambda frame: frame.group_by("verdict_now").len().sort("verdict_now"),
    "a sum": lambda frame: frame.select(pl.col("record_count").cast(pl.Int128).sum()),
    "a row number": lambda frame: frame.with_row_index().select("index", "transfer_id"),
    "with itself": lambda frame: frame.select("source_record").join(frame, on="source_record", maintain_order="left"),
}


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize("engine", ["in-memory", "streaming"])
def test_a_part_of_them_is_that_part_of_the_answer_file(pair, asked, engine):
    lazy, expected = pair
    assert_frame_equal(asked(lazy).collect(engine=engine), asked(expected.lazy()).collect(), check_row_order=True)


def test_they_can_be_written_without_being_held(pair, tmp_path):
    lazy, expected = pair
    lazy.filter(pl.col("flagged")).sink_parquet(tmp_path / "flagged.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "flagged.parquet"), expected.filter(pl.col("flagged")))


def test_two_at_once_and_one_left_half_read(pair):
    lazy, expected = pair
    both = pl.collect_all([lazy, lazy.select("transfer_id"), lazy.head(3)])
    assert_frame_equal(both[0], expected)
    assert_frame_equal(both[1], expected.select("transfer_id"))
    batches = lazy.collect_batches(chunk_size=5)
    assert_frame_equal(next(iter(batches)), expected.head(5))
    del batches
    assert_frame_equal(lazy.collect(), expected)


def test_only_the_columns_asked_for_are_computed(pair, monkeypatch):
    lazy, _ = pair
    asked = []
    whole = answers.slice_in_order
    monkeypatch.setattr(answers, "slice_in_order", lambda selected: asked.append(selected) or whole(selected))
    lazy.filter(pl.col("flagged")).select("transfer_id").collect()
    assert {tuple(selected) for selected in asked} == {("a.transfer_id", "a.flagged")}


def test_no_more_rows_than_asked_for_are_computed(files, monkeypatch):
    monkeypatch.setattr(answers, "SLICE_ROWS", 7)
    slices = []
    whole = answers.slice_in_order
    monkeypatch.setattr(answers, "slice_in_order", lambda selected: slices.append(1) or whole(selected))
    with auditscan.connect(files[0], as_of=AS_OF) as session:
        assert session.answers().head(8).collect().height == 8
    assert len(slices) == 2


def test_no_column_of_somebody_elses_is_asked_for(pair):
    lazy, _ = pair
    for name in ("context_id", "1; drop table answers", "transfer_id)"):
        with pytest.raises(pl.exceptions.ColumnNotFoundError):
            lazy.select(name).collect()
