"""A report that does not fit in memory, even after it was given more."""

from __future__ import annotations

import pytest

from auditscan.cli import run
from auditscan.store import store
from reporting import AS_OF


@pytest.mark.parametrize(("more", "code"), [(("3MB", "4MB"), 1), (("3MB", "1GB"), 0)])
def test_it_says_what_to_do_and_is_given_more_before(kept, monkeypatch, capsys, more, code):
    monkeypatch.setattr(store, "MORE_MEMORY", more)
    limit_memory = store.Store.limit_memory
    # Set when all is open: a database that cannot be opened at all is another matter.
    monkeypatch.setattr(store, "_check", lambda opened, _: limit_memory(opened, "2MB") or opened.expect_questions())
    monkeypatch.setattr(store, "MEMORY_LIMIT", "2MB")
    assert run(["report", "--db", str(kept), "--no-pager", "--as-of", AS_OF]) == code
    said = capsys.readouterr().err
    assert ("needs more memory than it may take" in said) == (code == 1)
    assert ("--help" in said) == (code == 1)
