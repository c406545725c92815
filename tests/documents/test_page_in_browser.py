"""The page in a browser: searched, filtered, sorted, opened, saved, printed, by mouse and by keyboard."""

from __future__ import annotations

import csv
import json
import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright import sync_api

from pages import HOSTILE, chromium, content_of, data_of, hostile_log, page_of, read, transfer

MANY = 1_230


@pytest.fixture(scope="module")
def browser():
    where = chromium()
    if where is None:
        why = "no Chromium: the page is not tried in a browser (as root: `make programs`)"
        if os.environ.get("CI"):
            pytest.fail(why)
        pytest.skip(why)
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=where, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """A page of many transfers, of which one has a formula in it, and one an attempt."""
    folder = tmp_path_factory.mktemp("many")
    lines = [transfer(place) for place in range(MANY - 2)]
    lines.append(transfer(8_888, actor="=1+1", purpose='say "x", y', elements=["address"], states=["CA"]))
    lines.append(transfer(9_999, outcome="failure", recipient="CBP"))
    (folder / "a.ndjson").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    (folder / "b.ndjson").write_text(f"{json.dumps(transfer(7_777))}\n")
    with content_of([folder / "a.ndjson", folder / "b.ndjson"]) as content:
        return page_of(content, folder / "many.html")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    with content_of([hostile_log(folder / "<b>x=1.ndjson")]) as content:
        return page_of(content, folder / "hostile.html")


@pytest.fixture
def show(browser):
    """Open a page and return it; anything it complains of, asks for or loads fails the test."""
    opened, wrong = [], []

    def show(path, *, width=1280, **settings):
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        page = context.new_page()
        for event in ("console", "pageerror", "dialog"):
            page.on(event, lambda said, event=event: wrong.append(f"{event}: {said}"))
        page.on("request", lambda asked: wrong.append(asked.url) if asked.url != f"file://{path}" else None)
        page.goto(f"file://{path}")
        show.wrong = wrong
        opened.append(context)
        return page

    yield show
    for context in opened:
        context.close()
    assert not wrong


@pytest.fixture
def page(show, many):
    return show(many)


def told(page):
    return page.locator("#count").inner_text()


def first_ids(page, count=3):
    page.locator("#transfers h2").scroll_into_view_if_needed()
    buttons = page.locator("#table button.open")
    buttons.first.wait_for()
    return [buttons.nth(place).inner_text() for place in range(count)]


def expect_told(page, text):
    sync_api.expect(page.locator("#count")).to_contain_text(text)


def test_it_opens_with_all_it_lists(page, many):
    assert told(page) == f"{MANY + 1:,} of {MANY + 1:,} transfers"
    listed = [row["Transfer"] for row, _ in data_of(read(many))]
    assert first_ids(page) == listed[:3]
    assert page.locator("#table").get_attribute("aria-rowcount") == str(MANY + 2)


def test_search_takes_every_word_wherever_it_stands(page):
    page.locator("#search").fill("user3 t-00")
    expect_told(page, "“user3 t-00”")
    listed = [transfer(place) for place in range(100)]
    expected = sum(line["actor"] == "user3" for line in listed)
    assert told(page).startswith(f"{expected} of {MANY + 1:,} transfers")
    page.locator("#search").fill("no such thing")
    expect_told(page, f"0 of {MANY + 1:,}")
    page.get_by_role("button", name="Clear").click()
    expect_told(page, f"{MANY + 1:,} of")


def test_filters_of_verdict_state_recipient_basis_and_file_narrow_together(page, many):
    rows = [row for row, _ in data_of(read(many))]

    def count(**wanted):
        return sum(
            all(
                value in row[label] if isinstance(row[label], list) else row[label] == value
                for label, value in wanted.items()
            )
            for row in rows
        )

    for control, name, value in (
        ("now", "Now", "enjoined"),
        ("then", "Then", "enjoined"),
        ("state", "States", "NY"),
        ("recipient", "To", "CBP"),
        ("basis", "Rests on", "logged"),
        ("file", "File", "b.ndjson"),
    ):
        page.locator(f"#{control}").select_option(value)
        expect_told(page, f"{count(**{name: value}):,} of")
        page.get_by_role("button", name="Clear").click()
        expect_told(page, f"{MANY + 1:,} of")
    page.locator("#now").select_option("enjoined")
    page.locator("#state").select_option("WA")
    expect_told(page, f"{count(Now='enjoined', States='WA'):,} of")


def test_a_state_of_the_map_filters_and_is_marked(page):
    tile = page.get_by_role("button", name="New York,")
    tile.focus()
    page.keyboard.press("Enter")
    assert tile.get_attribute("aria-pressed") == "true"
    assert page.locator("#state").input_value() == "NY"
    expect_told(page, "States NY")
    page.keyboard.press("Enter")
    assert tile.get_attribute("aria-pressed") == "false"
    expect_told(page, f"{MANY + 1:,} of")
    assert page.get_by_role("button", name="Texas,").is_enabled()
    assert page.get_by_role("button", name="California,").is_enabled()


def test_columns_sort_up_down_and_back(page):
    worst = first_ids(page)
    head = page.locator("#table thead th", has_text="Count")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    assert first_ids(page, 2) == ["T-0000", "T-0001"]
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert first_ids(page, 2) == ["T-9999", "T-8888"]
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    assert first_ids(page) == worst


def test_reasons_open_in_place_by_keyboard(page, many):
    (row, reasons) = data_of(read(many))[0]
    button = page.locator("#table button.open").first
    page.locator("#transfers h2").scroll_into_view_if_needed()
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    opened = page.locator(f"#{button.get_attribute('aria-controls')}")
    text = opened.inner_text()
    for rule, grade, evidence, citation, sure in reasons:
        assert f"{rule} ({grade}): {evidence}" in text
        assert not sure or f"{citation} [{sure}]" in text
    for label in ("States", "Programs", "People"):
        assert f"{', '.join(row[label])} ({row[label + ': how known']})" in text
    assert f"{row['File']}, {row['Place']}" in page.locator("#table tbody tr").first.inner_text()
    page.keyboard.press("Space")
    assert button.get_attribute("aria-expanded") == "false"
    assert opened.count() == 0


def test_rows_are_made_as_they_come_near(page, many):
    last = data_of(read(many))[-1][0]["Transfer"]
    assert page.locator("#table button.open").count() < 200
    page.locator("#accounting").scroll_into_view_if_needed()
    page.locator("#table button.open", has_text=last).wait_for()
    assert page.locator("#table button.open").count() < 300
    assert page.locator("#table tbody").last.locator("tr").last.get_attribute("aria-rowindex") == str(MANY + 2)


def test_what_is_filtered_is_saved_as_csv_without_formulas(page, tmp_path, many):
    page.locator("#state").select_option("CA")
    expect_told(page, "States CA")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    download.value.save_as(tmp_path / "saved.csv")
    with (tmp_path / "saved.csv").open(newline="", encoding="utf-8-sig") as file:
        saved = list(csv.DictReader(file))
    rows = [row for row, _ in data_of(read(many)) if "CA" in row["States"]]
    assert [row["Transfer"] for row in saved] == [row["Transfer"] for row in rows]
    (odd,) = [row for row in saved if row["Transfer"] == "T-8888"]
    assert (odd["Account"], odd["Purpose"], odd["States"]) == ("'=1+1", 'say "x", y', "CA")
    assert odd["Place"] == f"line {MANY - 1}"
    assert told(page) == f"{len(rows):,} transfers saved as CSV; an apostrophe was put in front of 1 cell"


def test_no_hostile_text_is_a_formula_in_the_csv(show, hostile, tmp_path):
    page = show(hostile)
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    download.value.save_as(tmp_path / "saved.csv")
    with (tmp_path / "saved.csv").open(newline="", encoding="utf-8-sig") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert not [cell for cell in cells if re.match(r"[=+\-@\t\r\n]", cell)]


def test_what_is_filtered_is_copied(show, many):
    page = show(many, permissions=["clipboard-read", "clipboard-write"])
    page.locator("#search").fill("t-7777")
    expect_told(page, "1 of")
    page.get_by_role("button", name="Copy as CSV").click()
    expect_told(page, "1 transfer copied as CSV")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert [row["Transfer"] for row in csv.DictReader(copied.splitlines())] == ["T-7777"]


def test_what_is_printed_is_what_is_filtered_and_no_more_than_500(page):
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#table tbody:not([hidden]) button.open").count() == 500
    assert told(page).endswith("; printed are the first 500")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert told(page) == f"{MANY + 1:,} of {MANY + 1:,} transfers"
    page.locator("#search").fill("user3 t-00")
    expect_told(page, "user3")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#table tbody:not([hidden]) button.open").count() < 100
    assert "printed" not in told(page)
    assert page.locator("form").is_hidden()
    assert page.pdf()[:5] == b"%PDF-"


def test_without_script_it_says_all_but_the_tail(show, many):
    page = show(many, java_script_enabled=False)
    rows = page.locator("#table tbody tr:not(.more)")
    assert rows.count() == 200
    assert page.locator("form").is_hidden()
    assert page.get_by_text(f"shows the first 200 of {MANY + 1:,}").is_visible()
    page.locator("#table summary").first.click()
    assert page.locator("#table .more li").first.is_visible()


@pytest.mark.parametrize("name", ["many", "hostile"])
@pytest.mark.parametrize("script", [True, False])
def test_the_page_is_as_wide_as_its_window(show, request, name, script):
    page = show(request.getfixturevalue(name), java_script_enabled=script)
    if script:
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        first_ids(page, 1)
        page.locator("#table button.open").first.click()
    for width in (360, 400, 800, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_hostile_text_is_text_in_every_place(show, hostile):
    page = show(hostile)
    first_ids(page, 1)
    buttons = page.locator("#table button.open")
    assert buttons.count() == len(data_of(read(hostile)))
    for place in range(buttons.count()):
        buttons.nth(place).click()
    text = page.locator("#table").inner_text()
    for kind in ("html", "script", "comment", "template", "markdown", "formula", "at"):
        assert HOSTILE[kind] in text
    assert r"\x1b[31mred" in text
    assert r"abc\u202egnp.exe" in text
    assert page.locator("#table img, #table b b, #table script").count() == 0


def test_not_even_its_own_script_could_write_markup(show, many):
    page = show(many)
    refused = page.evaluate(
        "() => { try { document.body.innerHTML = 'x'; return ''; } catch (error) { return error.name; } }"
    )
    assert refused == "TypeError"
    # The browser complains of it, which the fixture takes for a fault of the page.
    assert "TrustedHTML" in show.wrong.pop()
    assert page.locator("#table").count() == 1


def test_light_and_dark_follow_the_reader(show, many):
    grounds = {
        scheme: show(many, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor")
        for scheme in ("light", "dark")
    }
    assert grounds == {"light": "rgb(255, 255, 255)", "dark": "rgb(22, 24, 27)"}


FOCUSED = "(({ id, dataset, textContent }) => id || dataset.state || textContent.trim())(document.activeElement)"


@pytest.mark.parametrize(
    ("name", "width", "scheme"), [("many", 1280, "dark"), ("many", 400, "light"), ("hostile", 1280, "light")]
)
def test_axe_finds_nothing(show, request, name, width, scheme):
    page = show(request.getfixturevalue(name), width=width, color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    first_ids(page, 1)
    page.locator("#table button.open").first.click()
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert not found.violations_count, found.generate_report()


def test_the_keyboard_reaches_everything_in_order(show, many):
    page = show(many)
    reached = []
    for _ in range(120):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
        if reached[-1].startswith("T-"):
            break
    assert reached[0] == "To the table of transfers"
    wanted = [
        "Then and now",
        "CA",
        "search",
        "now",
        "then",
        "state",
        "recipient",
        "basis",
        "file",
        "clear",
        "copy",
        "save",
        "Transfer",
    ]
    places = [reached.index(name) for name in wanted]
    assert places == sorted(places)
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
