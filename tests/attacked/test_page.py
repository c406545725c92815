"""The page of promises names tests that are there, and every kind of attack has its row and its small test."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

from attacks.__main__ import Kind, Piece, _in_a_process, names
from attacks.counted import Counted
from attacks.page import BEGIN, END, PAGE, Row, table

ROOT = PAGE.parents[1]


def test_every_test_that_the_page_names_is_there():
    named = set(re.findall(r"`(tests/[\w/]+\.py)`", PAGE.read_text()))
    assert len(named) > 25
    assert sorted(name for name in named if not (ROOT / name).is_file()) == []


def test_every_kind_has_a_row_and_a_small_test():
    page = PAGE.read_text()
    written = page[page.index(BEGIN) : page.index(END)]
    assert re.findall(r"^\| `(\w+)` \|", written, re.MULTILINE) == names()
    assert sorted(name for name in names() if not (Path(__file__).parent / f"test_{name}.py").is_file()) == []


def test_a_process_that_does_not_come_back_is_a_finding(tmp_path):
    """So is one that ends with an error: here no attack has this name."""
    counted, _ = _in_a_process(Piece(Kind("none_such", SimpleNamespace()), 3, 7), tmp_path)
    assert len(counted.findings) == 1
    assert "3 attacks of `none_such` with seed 7 ended with 1" in counted.findings[0]


def test_counts_add_up_and_what_was_found_is_counted():
    one, other = Counted(), Counted()
    one.held("told", 3)
    one.held("refused")
    other.held("told")
    other.broke("a line\nof two")
    one.add(Counted.from_text(other.as_text()))
    assert (one.tried, dict(one.ended), one.findings) == (6, {"told": 4, "refused": 1}, ["a line of two"])
    kept = "| `other` | x | 1,000 | y | 2 | z |"
    made = table([Row("kind", "what.", one, 7, 2.0)], f"| `kind` | x | 1 | y | 0 | z |\n{kept}")
    assert "| `kind` | what | 6 | refused 1, told 4 | 1 | 20" in made
    assert made.endswith(f"{kept}\n| all | | 1,006 | | 3 | |\n")
