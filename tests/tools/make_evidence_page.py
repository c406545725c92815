"""docs/evidence-results.md: `python -m tools.make_evidence_page`, run in `tests/`.

Runs the tests that docs/evidence.md names behind each assertion, and writes down how they came out. No time and no
machine stands there: the same program gives the same page. With `new` behind it, only those that are not on the page.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree as ET

TESTS = Path(__file__).parents[1]
DOCS = TESTS.parent / "docs"
SOURCE, PAGE = DOCS / "evidence.md", DOCS / "evidence-results.md"
ASSERTION = re.compile(r"^\*\*(AS-[A-Z]{3}-\d\d)\*\* (.*?)\n: (.*?)\n(?:\n|\Z)", re.MULTILINE | re.DOTALL)
HEAD = """# How the assertions came out

Made by the tests that [evidence.md](evidence.md) names: `python -m tools.make_evidence_page`, run in `tests/`. A test
with several cases counts once for each.

| Assertion | Test | Cases | Result |
| --- | --- | --- | --- |
"""


def assertions(text: str) -> dict[str, list[str]]:
    """Return assertion -> its tests, as `file::test` below tests/."""
    return {name: re.findall(r"`([\w/]+\.py::\w+)`", tests) for name, _, tests in ASSERTION.findall(text)}


def exists(test: str) -> bool:
    """Whether there is a test of that name in that file."""
    file, name = test.split("::")
    path = TESTS / file
    return path.is_file() and re.search(rf"^def {name}\(", path.read_text(encoding="utf-8"), re.MULTILINE) is not None


def page(named: dict[str, list[str]], results: dict[str, tuple[int, str]]) -> str:
    """Return the page; `results` is test -> how many cases it has, and how they came out."""
    rows = [
        f"| {assertion} | `{test}` | {results[test][0]} | {results[test][1]} |\n"
        for assertion, tests in named.items()
        for test in tests
    ]
    return HEAD + "".join(rows)


def results_on(text: str) -> dict[str, tuple[int, str]]:
    """Return the results that a page tells."""
    return {test: (int(cases), result) for test, cases, result in re.findall(r"`(\S+)` \| (\d+) \| (.+?) \|", text)}


def run(tests: list[str]) -> dict[str, tuple[int, str]]:
    """Run tests and return how each of them came out."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *(f"tests/{test}" for test in tests)]
        subprocess.run(command, cwd=TESTS.parent, check=False)
        cases = ET.parse(report).getroot().iter("testcase")
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for case in cases:
        names = case.get("classname", "").removeprefix("tests.").replace(".", "/")
        failed = any(case.find(kind) is not None for kind in ("failure", "error", "skipped"))
        outcomes[f"{names}.py::{case.get('name', '').partition('[')[0]}"]["failed" if failed else "passed"] += 1
    return {
        test: (sum(outcomes[test].values()), "passed" if set(outcomes[test]) == {"passed"} else "FAILED")
        for test in tests
    }


def main(only_new: bool) -> None:
    """Make the page."""
    named = assertions(SOURCE.read_text(encoding="utf-8"))
    known = results_on(PAGE.read_text(encoding="utf-8")) if only_new else {}
    asked = sorted({test for tests in named.values() for test in tests} - set(known))
    results = known | (run(asked) if asked else {})
    PAGE.write_text(page(named, results), encoding="utf-8")


if __name__ == "__main__":
    main("new" in sys.argv[1:])
