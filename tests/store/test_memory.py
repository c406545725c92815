"""How much memory a question may take: as much as most need, and more where one does not fit."""

from __future__ import annotations

import duckdb
import pytest

from auditscan.store import open_store, store
from scans import LIBRARY

HUNDRED_MB = "select len(list(i)) from range(6_000_000) t (i)"


@pytest.mark.parametrize("ask", ["rows", "one", "execute"])
def test_a_question_that_does_not_fit_is_asked_again_with_more(monkeypatch, ask):
    monkeypatch.setattr(store, "MEMORY_LIMIT", "30MB")
    monkeypatch.setattr(store, "MORE_MEMORY", ("40MB", "1GB"))
    with open_store(None, LIBRARY, threads=1) as opened:
        opened.expect_questions()
        found = getattr(opened, ask)(HUNDRED_MB)
        assert (found.fetchall() if ask == "execute" else found) in (6_000_000, [(6_000_000,)])


def test_who_reads_or_judges_gets_no_more_than_was_said(monkeypatch):
    monkeypatch.setattr(store, "MORE_MEMORY", ("1GB",))
    with open_store(None, LIBRARY, threads=1) as opened:
        opened.limit_memory("30MB")
        with pytest.raises(duckdb.OutOfMemoryException):
            opened.rows(HUNDRED_MB)
