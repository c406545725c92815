"""docs/evidence.md claims nothing that no test stands for, and docs/evidence-results.md is about these tests."""

from __future__ import annotations

import re

from tools.make_evidence_page import PAGE, SOURCE, assertions, exists, page, results_on

TEXT = SOURCE.read_text(encoding="utf-8")
NAMED = assertions(TEXT)
AGAIN = "run `python -m tools.make_evidence_page` in tests/"


def test_every_assertion_names_tests_that_exist():
    assert set(re.findall(r"AS-[A-Z]{3}-\d\d", TEXT)) == set(NAMED)
    assert all(NAMED.values())
    assert [test for tests in NAMED.values() for test in tests if not exists(test)] == []


def test_assertions_are_numbered_without_a_gap():
    for group in {name[:6] for name in NAMED}:
        numbers = [int(name[-2:]) for name in NAMED if name.startswith(group)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_the_page_of_results_is_current_and_all_passed():
    text = PAGE.read_text(encoding="utf-8")
    results = results_on(text)
    assert {test for tests in NAMED.values() for test in tests} == set(results), AGAIN
    assert page(NAMED, results) == text, AGAIN
    assert {result for _, result in results.values()} == {"passed"}
    assert all(cases for cases, _ in results.values())


def test_every_line_of_verify_is_explained():
    from pathlib import Path

    from auditscan.ledger.receipts import chain

    code = "".join(path.read_text(encoding="utf-8") for path in Path(chain.__file__).parent.glob("*.py"))
    subjects = set(re.findall(r'Check\(\s*"([a-z ]+)"', code)) - {"receipt", "ledger"}
    assert subjects <= set(re.findall(r"^\| ([a-z ]+) \|", TEXT, re.MULTILINE))
