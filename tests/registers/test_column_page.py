"""docs/column-recognition.md says what the program recognizes, and that is enough."""

from __future__ import annotations

import pytest

from tools.make_column_page import PAGE, Recognizer, held_out, labelled, names_of, page, tallies

ROWS = labelled()


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tools.make_column_page` in tests/"


@pytest.mark.parametrize("held", [None, True, False])
@pytest.mark.parametrize("kind", ["column", "element"])
def test_precision_and_recall_meet_their_aims(kind, held):
    rows = [row for row in ROWS if row["kind"] == kind and held in (None, held_out(row))]
    assert len(rows) >= 200
    tally = tallies(rows)[kind]
    assert tally.precision(*names_of(tally)) >= 0.97
    assert tally.recall(*names_of(tally)) >= 0.93


def test_names_that_merely_look_alike_are_left_alone():
    recognizer = Recognizer()
    assert {"bytes_passed", "statement_id"} <= {row["text"] for row in ROWS if row["kind"] == "element"}
    wrong = {row["text"]: recognizer.labels(row) for row in ROWS if row["source"] == "look-alikes"}
    assert {text: found for text, found in wrong.items() if found} == {}
    # T-MSIS has an element of that name in the header of each file: nothing about a person, and no name.
    assert recognizer.labels({"kind": "element", "text": "file_name"}) == {"file_metadata"}


def test_no_row_is_labelled_twice():
    assert len({(row["kind"], row["text"]) for row in ROWS}) == len(ROWS)
