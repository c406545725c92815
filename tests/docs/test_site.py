"""The pages as a site: every command is on one, every link leads somewhere, and nothing is fetched to read it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tools import make_commands_page

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").rglob("*.md"))
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def test_the_page_of_commands_is_current():
    assert make_commands_page.PAGE.read_text(encoding="utf-8") == make_commands_page.page(), (
        "run `python -m tools.make_commands_page` in tests/"
    )


def anchors(page):
    """The names by which the headings of a page can be reached."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "CHANGELOG.md", *PAGES], ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page):
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    for link in LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), link
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), link


def test_every_page_stands_in_the_contents():
    def named(part):
        if isinstance(part, str):
            return {part}
        return set().union(*map(named, part.values() if isinstance(part, dict) else part))

    contents = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert named(contents) == {page.relative_to(ROOT / "docs").as_posix() for page in PAGES}


def test_the_site_is_made_and_fetches_nothing(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    made = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    )
    assert made.returncode == 0, made.stderr
    # What the search needs in pages that are opened as files.
    assert (tmp_path / "site" / "search" / "search_index.js").is_file()
    for page in (tmp_path / "site").rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        if page.name != "404.html":
            scripts = [page.parent / name for name in re.findall(r"<script[^>]*src=\"?([^\">]+)", text)]
            assert "iframe-worker.js" in {script.name for script in scripts}, page.name
            assert all(script.is_file() for script in scripts), page.name
        assert not re.findall(r"<(?:script|img|iframe)[^>]*src=\"?https?:", text), page.name
        assert not re.findall(r"<link[^>]*rel=\"?stylesheet[^>]*href=\"?https?:", text), page.name


def test_manual_pages_name_every_option():
    pages = dict(make_commands_page.manuals())
    assert "auditscan-report.1" in pages
    assert "auditscan-policy-diff.1" in pages
    assert "\\-\\-as\\-of DAY" in pages["auditscan-report.1"]
    assert all(
        line[:1] not in "'" or line.startswith("\\&") for page in pages.values() for line in page.split("\n") if line
    )
