"""One transfer as a document: the same lines as the terminal's, the record beside them, and nothing that runs."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stdout
from html import unescape

import pytest
from markdown_it import MarkdownIt

from auditscan.cli import run
from hostile import TEXTS

RECORD = {
    "transfer_id": "A-1", "occurred_at": "2026-01-08T10:00:00Z", "sender": "CMS", "recipient": "ICE",
    "programs": ["medicaid"], "states": ["CA"], "elements": ["ssn", "address"],
    "actor": " ".join(TEXTS.values()), "record_count": 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The lines of the terminal, and the folder with the documents."""
    folder = tmp_path_factory.mktemp("leaf")
    (folder / "log.ndjson").write_text(json.dumps(RECORD) + "\n", encoding="utf-8")
    outs = [word for ending in (".html", ".md", ".pdf") for word in ("--out", f"x{ending}")]
    shown = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(shown):
        patch.chdir(folder)
        assert run(["explain", "A-1", "log.ndjson", "--width", "100", *outs]) == 0
    return shown.buffer.getvalue().decode(), folder


def words(text):
    return re.sub(r"[\s─│├└]+", " ", text)


FACTS = ("enjoined ssn", "permitted address", "without the data ssn", "logged in: log.ndjson, line 1", "covered")


def test_a_page_says_what_the_terminal_says_and_runs_nothing(made):
    shown, folder = made
    page = (folder / "x.html").read_text("utf-8")
    text = words(unescape(re.sub(r"<[^>]*>", " ", page[page.index("<body>") :])))
    for fact in FACTS:
        assert fact in words(shown)
        assert fact in re.sub(r" +", " ", text), fact
    assert "The record as it stands in its file" in text
    assert "<script" not in page
    tags = re.findall(r"<[a-z][^>]*>", page)
    assert not [tag for tag in tags if re.search(r"\b(?:src|href|on\w+|style)=", tag)]
    assert re.search(r"default-src 'none'; style-src 'sha256-[^']+'", page)


def test_markdown_is_a_list_as_deep_as_the_tree(made):
    _, folder = made
    text = (folder / "x.md").read_text("utf-8")
    for fact in FACTS:
        assert fact in text.replace("\\", ""), fact
    kinds = {token.type for part in MarkdownIt("commonmark").parse(text) for token in (part, *(part.children or ()))}
    assert not kinds & {"link_open", "image", "html_inline", "html_block"}


def test_a_pdf_holds_the_same(made):
    pypdf = pytest.importorskip("pypdf")
    _, folder = made
    text = words(" ".join(page.extract_text() for page in pypdf.PdfReader(folder / "x.pdf").pages))
    for fact in FACTS:
        assert fact in text, fact
    assert "Made on" in text


@pytest.mark.parametrize("name", ["x.xlsx", "x"])
def test_other_endings_are_refused_before_anything_is_read(made, monkeypatch, capsys, name):
    monkeypatch.chdir(made[1])
    assert run(["explain", "A-1", "log.ndjson", "--out", name]) == 2
    assert "it ends in .html, .md, .pdf" in capsys.readouterr().err
