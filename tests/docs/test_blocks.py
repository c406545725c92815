"""Every command, query and program that a page shows is run: here, on a small log, or by the test that is named."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import minisign
import pytest

from typed import blocks, commands, typed

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
BESIDE = ["README.md", "queries/README.md", "src/auditscan/policy/README.md", "sample_logs/README.md"]
PAGES = [*(ROOT / name for name in BESIDE), *sorted(DOCS.rglob("*.md"))]
RUN = ("sh", "sql", "python", "pycon", "console")
SHOWN = ("text", "toml", "yaml", "csv", "json", "ndjson")

ELSEWHERE = {
    ("README.md", "console"): "docs/test_readme_questions.py",
    ("questions.md", "sh"): "docs/test_readme_questions.py",
    **{("adding-a-format.md", language): "docs/test_adding_a_format.py" for language in ("text", "sql", "console")},
    ("canonical-log.md", "sql"): "docs/test_canonical_page.py",
    ("api.md", "pycon"): "api/test_names.py",
}
"""Page and language of blocks -> the test that runs them."""

BY_HAND = {
    "make": "prepares an environment of its own",
    "pip": "needs a network",
    "sudo": "changes the system",
    "minisign": "signs with a key that somebody has",
    "cd": "goes where it does",
}
"""First word of a command that no test can run -> why."""

DAY = "2026-03-02"
LINES = 14
"""Of the log, enough to hold the places and transfers that pages name."""

READING = {"sources", "scan", "--logs", "--exclude", "--held-by", "--no-link"}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A log, a workbook, a ledger that two nights kept of the log, and a database that a scan did."""
    folder = tmp_path_factory.mktemp("kept")
    keys = minisign.KeyPair.generate()
    (folder / "auditscan.key").write_bytes(bytes(keys.secret_key))
    (folder / "auditscan.pub").write_bytes(bytes(keys.public_key))
    (folder / "logs").mkdir()
    samples = ROOT / "sample_logs"
    lines = (samples / "02-eft-pushes.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "logs" / "02-eft-pushes.csv").write_text("".join(lines[:LINES]), encoding="utf-8")
    shutil.copy(samples / "other-systems" / "disclosure-register.xlsx", folder)
    night = "auditscan nightly --logs logs --ledger ledger --sign-key auditscan.key"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setenv("AUDITSCAN_AS_OF", DAY)
        for command in (night, night, "auditscan scan logs --db case.duckdb"):
            assert typed(command).code == 12
    return folder


@pytest.fixture
def stands_for(kept, tmp_path, monkeypatch):
    """Go to a copy of what was kept, and return what the words of the pages that stand for something stand for."""
    shutil.copytree(kept, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUDITSCAN_AS_OF", DAY)
    monkeypatch.setenv("AUDITSCAN_THREADS", "1")
    receipt = Path("ledger/receipts/000002.json")
    return {
        "FOLDER": "logs",
        "sample_logs": "logs",
        "FILE": "logs/02-eft-pushes.csv",
        "TRANSFER_ID": "EFT-2508-003",
        "HASH": hashlib.sha256(receipt.read_bytes()).hexdigest(),
        "000123.json": str(receipt),
        # The day of the last scan.
        "2026-01-09": json.loads(receipt.read_text(encoding="utf-8"))["clock"]["finished_at"][:10],
    }


def said(text, stands_for):
    for word, meant in stands_for.items():
        text = re.sub(rf"(?<![\w/]){re.escape(word)}(?!\w)", meant, text)
    return text


def run_shell(text):
    for command in commands(text):
        words = command.split()
        if words[0] in BY_HAND:
            continue
        # What is not about reading is asked of the logs as they were read once: that takes a third of the time.
        logs = "logs" if READING & set(words) else "--db case.duckdb"
        ended = typed(re.sub(r"\bLOGS(\.\.\.)?(?!\w)", logs, command))
        # What was scanned holds what is barred.
        expected = 12 if words[:2] in (["auditscan", "scan"], ["auditscan", "nightly"]) else 0
        assert ended.code == expected, f"{command}\n{ended.err}"


def run_query(text):
    Path("asked.sql").write_text(text, encoding="utf-8")
    ended = typed("auditscan query --file asked.sql --db ledger")
    assert ended.code == 0, f"{text}\n{ended.err}"


def run_python(text):
    # The signatures of the page of the library are no programs: they are made from it.
    if "import" in text:
        exec(compile(text, "a page", "exec"), {})


def to_run(page):
    """The blocks of a page that are run here: language, name of the file that it is, text."""
    return [
        (language, name, text)
        for language, name, text in blocks(page)
        if (name or language in RUN) and (page.name, language) not in ELSEWHERE
    ]


@pytest.mark.parametrize(
    "page", [page for page in PAGES if to_run(page)], ids=lambda page: f"{page.parent.name}-{page.stem}"
)
def test_what_a_page_shows_is_run(page, stands_for):
    runs = {"sh": run_shell, "sql": run_query, "python": run_python}
    for language, name, text in to_run(page):
        if name:
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        else:
            runs[language](said(text, stands_for))


def test_every_block_says_what_it_is():
    for page in PAGES:
        found = [language for language, *_ in blocks(page)]
        assert set(found) <= {*RUN, *SHOWN}, page.name
        # None is indented, for such a one would not be found.
        assert page.read_text(encoding="utf-8").count("```") == 2 * len(found), page.name


def test_what_runs_elsewhere_and_by_hand_is_on_a_page():
    found = {(page.name, language) for page in PAGES for language, *_ in blocks(page)}
    for (page, language), test in ELSEWHERE.items():
        assert (page, language) in found
        assert re.search(rf"\b{page}|make_{Path(page).stem}_page", (ROOT / "tests" / test).read_text(encoding="utf-8"))
    shell = [text for page in PAGES for language, _, text in blocks(page) if language == "sh"]
    assert {command.split()[0] for text in shell for command in commands(text)} >= set(BY_HAND)
