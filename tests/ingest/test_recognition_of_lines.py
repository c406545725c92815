"""No format takes the logs of another: the logs of all cases, recognized among all formats."""

from __future__ import annotations

import pytest

from auditscan.ingest.formats import formats_of
from auditscan.ingest.recognize import recognize
from auditscan.library import Library
from queries.case_files import Case, source_cases

FORMATS = formats_of(Library.shipped())
CASES = [case for case in source_cases() if "format" not in case.options]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_log_is_taken_for_its_own_format_or_for_none(case: Case) -> None:
    content = case.given.encode(case.options.get("encoding", "utf-8"))
    taken = recognize(content, case.options.get("file", "log.txt"), FORMATS)
    name = None if taken.log_format is None else taken.log_format.name
    assert name in (None, case.of)
    if case.kind == "hit" and not case.of.startswith("canonical_"):
        assert name == case.of
