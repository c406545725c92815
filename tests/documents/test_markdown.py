"""The report as Markdown: that it draws as what it says, whatever the logs say."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from asking import AS_OF
from auditscan.cli import run
from auditscan.documents import markdown
from hostile import TEXTS, write_log


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """What is written of a hostile log, in a file of a hostile name."""
    folder, out = tmp_path_factory.mktemp("hostile"), tmp_path_factory.mktemp("out") / "x.md"
    write_log(folder / "# [a](b) | <b>`x`.ndjson")
    (folder / "* https:&x.pdf").write_bytes(b"%PDF-1.4\n")
    assert run(["report", str(folder), "--as-of", AS_OF, "--brief", "--limit", "60", "--out", str(out)]) == 0
    return out.read_text("utf-8")


def tokens(text):
    """The tokens of a text and, flat, those within its lines."""
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        yield token
        yield from token.children or ()


def test_nothing_from_a_log_becomes_a_link_a_tag_a_heading_or_a_border(hostile):
    found = list(tokens(hostile))
    kinds = {token.type for token in found}
    assert not kinds & {"link_open", "image", "html_block", "s_open", "em_open", "blockquote_open", "hr", "code_block"}
    assert {token.content for token in found if token.type == "html_inline"} <= {"<br>"}
    assert not any("Heading" in line for line in re.findall(r"^#+ .*", hostile, re.M))
    assert {token.info for token in found if token.type == "fence"} == {"text"}
    assert all(re.match("auditscan |--", token.content) for token in found if token.type == "code_inline")


def test_what_makes_links_of_bare_addresses_finds_none(hostile):
    assert "://" not in hostile
    assert not re.search(r"\bwww\.", hostile)
    assert not re.search(r"(?<!\\)@", hostile)


def test_each_row_of_a_table_has_as_many_cells_as_its_head(hostile):
    tables = re.findall(r"(?:^\|.*\n)+", hostile, re.M)
    assert len(tables) > 5
    for table in tables:
        assert len({len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in table.splitlines()}) == 1


def test_hostile_text_is_shown(hostile):
    shown = "".join(token.content for token in tokens(hostile) if token.type in ("text", "text_special"))
    for kind in ("html", "link", "heading", "border", "emphasis", "formula", "wide", "entity"):
        assert TEXTS[kind][:60] in shown, kind
    for text in (r"a\x1b[31mred\x07", r"abc\u202edef\u2066", r"one\ntwo\r\nthree\u2028four\x85five"):
        assert text in shown
    assert all(ord(character) >= 32 or character == "\n" for character in hostile)
    assert not set(hostile) & set("\u202e\u2066\u2028\u0085\ufffe\uffff")


def test_a_long_list_is_cut_and_says_where_the_rest_is(tmp_path, monkeypatch):
    log = write_log(tmp_path / "a.ndjson")
    monkeypatch.setattr(markdown, "MOST", 2)
    assert run(["report", str(log), "--as-of", AS_OF, "--brief", "--out", str(tmp_path / "x.md")]) == 0
    text = (tmp_path / "x.md").read_text("utf-8")
    assert re.search(r"^\d+ rows? more: `auditscan report \S+ --full` has all\.$", text, re.M)
    assert re.search(r"^\d+ lines? more: `auditscan report \S+ --full` has all\.$", text, re.M)
    assert re.search(r"The report as \.xlsx has the other \d+\.", text)
