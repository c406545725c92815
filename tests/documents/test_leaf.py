"""One transfer as a document: the same lines as the terminal's, the record beside them, and nothing that runs."""

from __future__ import annotations

import io
import json
import re
from contextlib import redirect_stdout
from html import unescape

import pikepdf
import pypdf
import pytest
from markdown_it import MarkdownIt

import pages
from auditscan.cli import run
from auditscan.library import shipped_folder
from hostile import TEXTS

SAMPLES = shipped_folder("sample_logs")
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


LINKED = [SAMPLES / "other-systems" / name for name in ("s3-access.log", "cloudtrail.json.gz")]
"""Two logs that tell of one transfer."""


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("linked")
    outs = [word for ending in (".html", ".pdf") for word in ("--out", str(folder / f"x{ending}"))]
    assert run(["explain", "3E57427F31004EXA", *map(str, LINKED), *outs]) == 0
    return folder


def test_a_page_draws_the_traces_of_a_transfer_and_says_them_too(linked):
    page = pages.read(linked / "x.html")
    (picture,) = (one for one in page.all("svg", role="img") if one.all("title"))
    named = picture.attributes["aria-labelledby"].split()
    title, said = (next(one.text for one in picture.everything() if one.attributes.get("id") == name) for name in named)
    assert title.startswith("The 2 records that tell of it")
    assert re.search(
        r"s3-access.log, line 4: .*; cloudtrail_s3 cloudtrail.json.gz, item \d+ of Records: .* linked by name", said
    )
    signs = [one for one in picture.everything() if "sign" in (one.attributes.get("class") or "").split()]
    assert [one.name for one in signs] == ["rect", "circle"]
    assert not page.all("script")
    assert not [one for one in page.everything() if "style" in one.attributes]


def test_a_pdf_draws_them_with_words_for_who_does_not_see_them(linked):
    with pikepdf.open(linked / "x.pdf") as pdf:
        said = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/Alt" in one]
    assert [text for text in said if "linked by name" in text]
    assert "cloudtrail.json.gz, item" in pypdf.PdfReader(linked / "x.pdf").pages[0].extract_text()


def test_one_record_is_no_picture(made):
    assert "<svg" not in (made[1] / "x.html").read_text("utf-8")


def test_what_would_show_a_record_hides_nothing(made, capsys):
    assert run(["explain", "A-1", "log.ndjson", "--public", "--record"]) == 2
    assert "leave out --record" in capsys.readouterr().err
