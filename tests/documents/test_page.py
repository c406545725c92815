"""The page as a file: it loads nothing, runs nothing but its own, and says what the report says."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import defaultdict
from datetime import date

import pytest

from auditscan.documents.page import fill
from auditscan.questions.report import Selection
from auditscan.text import printable
from pages import HOSTILE, content_in, content_of, data_of, hostile_log, page_of, read, transfer

VERDICTS = ("enjoined", "review", "permitted", "outside")


@pytest.fixture(scope="module")
def samples(judged_samples, tmp_path_factory):
    """The report on the sample logs, and its page."""
    with content_in(judged_samples[0]) as content:
        path = page_of(content, tmp_path_factory.mktemp("samples") / "case.html")
        yield content, path, read(path)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The page on a log that says hostile things."""
    folder = tmp_path_factory.mktemp("hostile")
    with content_of([hostile_log(folder / "<b>x=1.ndjson")]) as content:
        path = page_of(content, folder / "page.html")
        yield content, path, read(path)


@pytest.fixture(params=["samples", "hostile"])
def page(request):
    return request.getfixturevalue(request.param)[2]


def test_nothing_is_loaded_and_nothing_runs_but_its_own(page):
    kinds = {"script": [], "style": []}
    for element in page.everything():
        assert element.name not in ("img", "link", "iframe", "object", "embed", "base", "use", "image", "a:href")
        for name, value in element.attributes.items():
            assert not name.startswith("on"), f"{name} in {element.name}"
            assert name not in ("src", "srcset", "style", "action", "formaction", "background", "xlink:href", "data")
            if name == "href":
                assert value.startswith("#")
        if element.name in kinds:
            kinds[element.name].append(element)
    assert len(kinds["style"]) == 1
    assert [script.attributes.get("type") for script in kinds["script"]] == ["application/json", None]
    assert "http:" not in kinds["style"][0].raw + kinds["script"][1].raw


def test_ids_are_single_and_links_lead_somewhere(page):
    ids = [element.attributes["id"] for element in page.everything() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    assert {link.attributes["href"][1:] for link in page.all("a")} <= set(ids)


def test_the_policy_names_the_hashes_of_its_style_and_script(page):
    (policy,) = [
        meta.attributes["content"]
        for meta in page.all("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    for name, element in (("style", page.all("style")[0]), ("script", page.all("script")[1])):
        digest = hashlib.sha256(element.raw.encode()).digest()
        assert rules[f"{name}-src"] == f"'sha256-{base64.b64encode(digest).decode()}'"
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["require-trusted-types-for"] == "'script'"
    assert rules["trusted-types"] == "'none'"


def test_the_same_moment_gives_the_same_bytes(samples, tmp_path):
    content, path, _ = samples
    assert page_of(content, tmp_path / "again.html").read_bytes() == path.read_bytes()


def test_it_begins_with_the_first_screen(samples):
    content, _, page = samples
    (header,) = page.all("header")
    said = [element.text for element in header.everything() if element.name in ("h1", "p")]
    assert said[: len(content.first_screen())] == [
        " ".join(line.text.replace("`", "").split()) for line in content.first_screen()
    ]


def section(page, name):
    (found,) = page.all("section", id=name)
    return found


def table(element, place=0):
    """Head and body of a table as texts."""
    found = element.all("table")[place]
    return [[cell.text for cell in row.children] for row in found.all("tr")]


def test_the_matrix_and_the_sums_are_those_of_the_report(samples):
    content, _, page = samples
    cells = {
        (row["verdict_then"], row["verdict_now"]): row["transfers"] for row in content.report.tables["then_and_now"]
    }
    head, *body, foot = table(section(page, "matrix"))
    assert head == ["then \\ now", *VERDICTS, "total"]
    for then, row in zip(VERDICTS, body, strict=True):
        assert row[:5] == [then, *(f"{cells[then, now]:,}" for now in VERDICTS)]
        assert row[5].split()[0] == f"{sum(cells[then, now] for now in VERDICTS):,}"
    assert foot == [
        "total",
        *(f"{sum(cells[then, now] for then in VERDICTS):,}" for now in VERDICTS),
        f"{sum(cells.values()):,}",
    ]


def test_weeks_states_and_recipients_are_those_of_the_report(samples):
    content, _, page = samples
    tables = content.report.tables
    weeks = table(section(page, "weeks"))[1:]
    for column, when in ((1, "verdict_then"), (5, "verdict_now")):
        for place, verdict in enumerate(VERDICTS):
            told = sum(int(row[column + place].replace(",", "")) for row in weeks)
            assert told == sum(row["transfers"] for row in tables["by_week"] if row["week"] and row[when] == verdict)
    states = {row[0].split()[0]: row for row in table(section(page, "states"))[1:]}
    tiles = {tile.attributes["data-state"]: tile for tile in section(page, "states").all("button")}
    assert set(states) == set(tiles) == {row["state"] for row in tables["by_state"]}
    for row in tables["by_state"]:
        counts = [row["transfers"], *(row[verdict] for verdict in VERDICTS), row["barred_then"]]
        assert states[row["state"]][2:] == [f"{count:,}" for count in counts]
        assert tiles[row["state"]].text == f"{row['state']} {row['enjoined']:,}"
    recipients = table(section(page, "kinds"), -1)[1:]
    assert [row[:6] for row in recipients] == [
        [row["recipient"], f"{row['transfers']:,}", *(f"{row[verdict]:,}" for verdict in VERDICTS)]
        for row in tables["by_recipient"]
    ]


def test_what_is_barred_adds_up_over_recipients(samples):
    content, _, page = samples
    head, *rows = table(section(page, "kinds"))
    assert head[2:] == [row["recipient"] for row in content.report.tables["by_recipient"] if row["recipient"] in head]
    told = {}
    for kind, key, *cells in rows:
        numbers = [[int(word) for word in cell.replace(",", "").split(" of ")] for cell in cells]
        told[kind, key] = (sum(cell[0] for cell in numbers), sum(cell[-1] for cell in numbers))
    kinds = {"category": "data", "population": "people", "program": "program"}
    assert told == {
        (kinds[row["kind"]], row["key"].replace("_", " ")): (row["barred_now"], row["transfers"])
        for row in content.report.tables["barred_content"]
    }


def test_every_transfer_barred_or_to_review_is_listed_worst_first(samples):
    content, _, page = samples
    rows = [row for row in content.transfers() if {"enjoined", "review"} & {row["verdict_now"], row["verdict_then"]}]
    listed = data_of(page)
    assert [row["Transfer"] for row, _ in listed] == [row["transfer_id"] for row in rows]
    for (told, _), row in zip(listed, rows, strict=True):
        assert (told["Now"], told["Then"], told["Rests on"]) == (
            row["verdict_now"],
            row["verdict_then"],
            row["verdict_basis"],
        )
        assert (told["Count"], told["States"], told["Place"]) == (row["record_count"], row["states"], row["place"])
        assert content.report.folder + told["File"] == row["source_file"]
        assert told["Programs: how known"] == row["program_basis"]
        assert (told["Attempt"] is not None) == row["attempt"]
    disclosed = sum(told["Attempt"] is None for told, _ in listed)
    assert disclosed == sum(
        row["transfers"]
        for row in content.report.tables["then_and_now"]
        if {"enjoined", "review"} & {row["verdict_now"], row["verdict_then"]}
    )
    assert f"{len(rows):,} transfers, {len(rows) - disclosed} attempts among them" in section(page, "transfers").text


def test_each_reason_has_its_evidence_and_its_source(samples):
    content, _, page = samples
    found = defaultdict(list)
    for row in content.findings():
        found[content.report.shown(row["source_file"]), row["place"]].append(
            (content.report.title_of(row["rule"]), row["severity"])
        )
    for row, reasons in data_of(page):
        assert sorted((reason[0], reason[1]) for reason in reasons) == sorted(found[row["File"], row["Place"]])
        assert all(reason[2] and (reason[4] or reason[3].startswith("None")) for reason in reasons)


def test_the_first_rows_stand_in_it_for_browsers_without_script(samples):
    _, _, page = samples
    (shown,) = page.all("table", id="table")
    listed = data_of(page)
    lines = shown.all("tbody")[0].children
    assert len(lines) == 2 * fill.MOST_PLAIN < 2 * len(listed)
    assert f"Without a script this page shows the first 200 of {len(listed)}." in section(page, "transfers").text
    cited = [line.text for line in section(page, "transfers").all("ol")[0].children]
    for line, more, (row, reasons) in zip(lines[::2], lines[1::2], listed, strict=False):
        cells = {cell.attributes["data-label"]: cell.text for cell in line.children}
        assert (cells["Transfer"], cells["Now"], cells["Then"]) == (row["Transfer"], row["Now"], row["Then"])
        assert cells["File"] == f"{row['File']}, {row['Place']}"
        items = more.all("li")
        assert len(items) == len(reasons)
        for item, reason in zip(items, reasons, strict=True):
            assert item.text.startswith(f"{reason[0]} ({reason[1]}): {reason[2]}")
            if reason[4]:
                (mark,) = item.all("a")
                assert cited[int(mark.text) - 1] == f"{reason[3]} [{reason[4]}]"


def test_every_document_s_words_are_there(samples):
    content, _, page = samples
    text = page.all("main")[0].text
    assert "Outside of an order is not the same as lawful" in text
    assert "No order was read in full" in text
    assert "reported, not applied" in text
    assert "official text" in text
    assert "an unverified lead" in text
    assert "records = transfers + others + duplicates + quarantined" in text
    for row in content.report.tables["files_accounted"]:
        if row["sha256"]:
            assert row["sha256"] in text
    for version in content.report.versions.values():
        assert version in text
    for row in content.report.tables["quarantined_records"]:
        assert f"{content.report.shown(row['path'])}, {row['place']}" in text


def test_hostile_text_stays_text(hostile):
    content, path, page = hostile
    raw = path.read_text(encoding="utf-8")
    for character in "\x00\x1b\u202e\u2066\u2028\u2029\x85\u200d":
        assert character not in raw
    listed = {row["Transfer"]: row for row, _ in data_of(page)}
    for kind, text in HOSTILE.items():
        row = listed[printable(f"{text}#{kind}")] if kind != "long" else listed[("W" * 299) + "…"]
        shown = printable(text) if kind != "long" else ("W" * 299) + "…"
        assert row["Account"] == row["Purpose"] == row["System"] == shown
    names = {element.name for element in page.everything()}
    assert "img" not in names
    assert len(page.all("script")) == 2
    assert len(page.all("style")) == 1
    assert [title.text for title in page.all("head")[0].all("title")] == [content.report.headline["caption"]]


def test_what_a_page_cannot_hold_is_said(samples, tmp_path, monkeypatch):
    content, _, page = samples
    monkeypatch.setattr(fill, "MOST_ROWS", 7)
    monkeypatch.setattr(fill, "MOST_FILES", 3)
    cut = read(page_of(content, tmp_path / "cut.html"))
    assert data_of(cut) == data_of(page)[:7]
    assert "This page has the first 7 of them; all are in" in section(cut, "transfers").text
    assert "The first 3 of" in section(cut, "accounting").text


def test_a_selection_narrows_what_is_listed(tmp_path):
    log = tmp_path / "a.ndjson"
    lines = [transfer(1), transfer(2, elements=["address"], states=["TX"]), transfer(3, recipient="CBP")]
    log.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    asked = Selection(recipients=("ICE",), verdicts=("permitted", "outside"), first_day=date(2026, 1, 1))
    with content_of([log], asked) as content:
        page = read(page_of(content, tmp_path / "a.html"))
    assert [row["Transfer"] for row, _ in data_of(page)] == ["T-0002"]
    assert "with the verdict permitted or outside" in section(page, "transfers").text
    assert "Only transfers to ICE" in page.all("header")[0].text


@pytest.mark.parametrize("text", ["", '{"transfer_id": "T-1", "sender": "USCIS", "recipient": "CBP"}\n'])
def test_nothing_to_judge_is_a_page_too(tmp_path, text):
    log = tmp_path / "a.ndjson"
    log.write_text(text)
    with content_of([log]) as content:
        page = read(page_of(content, tmp_path / "a.html"))
    assert data_of(page) == []
    assert "None is listed." in section(page, "transfers").text
