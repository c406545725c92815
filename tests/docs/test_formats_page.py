"""The page of log formats names every one there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from auditscan.ingest import formats_of
from auditscan.library import Library

PAGE = Path(__file__).parents[2] / "docs" / "log-formats.md"


def test_the_page_names_every_format():
    rows = [line.split("|")[1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(log_format.name for log_format in formats_of(Library.shipped()))
