"""Days and numbers as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditscan.registers.cells import is_redacted, mended
from auditscan.registers.counts import read_count
from auditscan.registers.dates import Span, are_swapped, doubted, order_of, read_date


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("2025-07-01", "2025-07-01", None),
        ("7/1/2025", "2025-07-01", None),
        ("07/01/25", "2025-07-01", None),
        ("1 July 2025", "2025-07-01", None),
        ("July 1, 2025", "2025-07-01", None),
        ("Monday, July 7, 2025", "2025-07-07", None),
        ("1-Jul-25", "2025-07-01", None),
        ("20250701", "2025-07-01", None),
        ("45839", "2025-07-01", None),
        ("45839.5", "2025-07-01T12:00:00", None),
        ("7/1/2025*", "2025-07-01", None),
        ("7/1/2025 2:05 PM", "2025-07-01T14:05:00", None),
        ("7/1/2025 0:00", "2025-07-01", None),
        ("2025-07-01T14:05:00Z", "2025-07-01T14:05:00Z", None),
        ("1/7/2026 14:05 EST", "2026-01-07T14:05:00-05:00", None),
        ("10 June 2025 at 18:05 ET", "2025-06-10", None),
        ("Jul-19", "2019-07-01", "2019-07-31"),
        ("Jul '19", "2019-07-01", "2019-07-31"),
        ("February 2024", "2024-02-01", "2024-02-29"),
        ("07/2025", "2025-07-01", "2025-07-31"),
        ("Q3 2025", "2025-07-01", "2025-09-30"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("6/10/2025 - 6/12/2025", "2025-06-10", "2025-06-12"),
        ("6/10/2025-6/12/2025", "2025-06-10", "2025-06-12"),
        ("2025-06-10/2025-06-12", "2025-06-10", "2025-06-12"),
        ("6/10 - 6/12/2025", "2025-06-10", "2025-06-12"),
        ("June 10-12, 2025", "2025-06-10", "2025-06-12"),
        ("June 10 to June 12, 2025", "2025-06-10", "2025-06-12"),
        ("June through August 2025", "2025-06-01", "2025-08-31"),
        ("6/10/2025; 6/12/2025", "2025-06-10", "2025-06-12"),
    ],
)
def test_a_day_or_a_span(text, begin, end):
    assert read_date(text) == Span(begin, end)


@pytest.mark.parametrize(
    "text",
    ["", "n/a", "13/7/2025", "2/30/2025", "19-Jul", "June 10", "on or about 7/1/2025", "(b)(6)", "12:30", "1234567",
     "6/12/2025 - 6/10/2025", "FY2025", "see 2025-07-01 memo", "7/1/2025 and more", "1" * 400, "7/1/2025 25:00"],
)  # fmt: skip
def test_what_is_not_certain_is_no_date(text):
    assert read_date(text) is None


def test_the_order_of_numbers_is_the_mapping_s():
    assert read_date("7/1/2025", "european") == Span("2025-01-07")
    assert read_date("7/1/2025", "iso") is None
    assert read_date("13.7.2025", "european") == Span("2025-07-13")


@pytest.mark.parametrize(
    ("texts", "order", "why"),
    [
        (["7/1/2025", "7/13/2025"], "us", "1 of the days can only be month/day"),
        (["1/7/2025", "13/7/2025"], "european", "1 of the days can only be day/month"),
        (["1/7/2025"], "us", "every day could be"),
        (["2025-07-01"], "us", "no day is written in numbers alone"),
        (["13/7/2025", "7/13/2025"], "mixed", "look at the column"),
        (["7/13/2025"] * 40 + ["13/7/2025"], "us", "look at the column"),
    ],
)
def test_the_order_is_proposed_from_the_days(texts, order, why):
    found = order_of(texts)
    assert found.order == order
    assert why in found.why


def test_an_order_that_nothing_proves_is_told():
    assert not order_of(["7/13/2025", "7/1/2025"]).doubt
    assert "nothing tells whether" in order_of(["7/1/2025"]).doubt
    assert "could be either are not read" in order_of(["13/7/2025", "7/13/2025"]).doubt
    assert order_of(["7/13/2025"] * 40 + ["13/7/2025"]).doubt.endswith("read as month/day")


def test_in_a_column_of_both_orders_only_days_above_12_are_read():
    assert read_date("13/7/2025", "mixed") == read_date("7/13/2025", "mixed") == Span("2025-07-13")
    assert read_date("7/7/2025", "mixed") == Span("2025-07-07")
    assert read_date("7/1/2025", "mixed") is None


def test_dates_that_a_spreadsheet_swapped_are_not_read():
    # Typed day first into a spreadsheet that reads month first: what it could read became dates, and the rest stayed.
    swapped = ["25/09/2025", "13/08/2025", "2025-02-09", "2025-07-08 00:00:00"]
    assert order_of(swapped, swapped).order == "mixed"
    assert are_swapped(swapped)
    assert doubted("2025-02-09") == "2025-02-09 or 2025-09-02"
    assert [read_date(doubted(cell), "mixed") for cell in swapped[2:]] == [None, None]
    assert doubted("2025-08-08") == "2025-08-08"
    for honest in (["25/09/2025", "2025-02-09", "2025-02-20"], ["25/09/2025", "02/03/2025", "2025-02-09"]):
        assert order_of(honest, honest).order == "european"
    assert order_of(["2025-02-09"], ["2025-02-09"]).order == "us"


@pytest.mark.parametrize(
    "text",
    ["12/30/1899", "1/1/1900", "1904-01-01", "1970-01-01", "0205-07-01", "7/1/0025", "1/1/2205", "12/31/9999",
     "1899-12-30", "2000-01-01", "1/1/2000", "12/31/2099", "7/1/85", "January 1900", "1899"],
)  # fmt: skip
def test_what_stands_for_an_empty_date_is_no_day(text):
    assert read_date(text) is None


@given(st.dates(min_value=date(2000, 1, 2), max_value=date(2069, 12, 31)))
def test_every_day_is_read_in_every_way_of_writing_it(day):
    for form in ("%Y-%m-%d", "%m/%d/%Y", "%B %d, %Y", "%d %b %Y", "%d-%b-%y", "%Y%m%d", "%m/%d/%y"):
        assert read_date(day.strftime(form)) == Span(day.isoformat()), form


@given(st.text(alphabet="0123456789/-.: JulyQapm,;to", max_size=40))
def test_no_text_makes_dates_fail(text):
    span = read_date(text)
    assert span is None or date.fromisoformat(span.begin[:10])


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("1,250,000", 1250000), ("1 250 000", 1250000), ("1.250.000", 1250000), ("approx. 1,200,000", 1200000),
        ("1.2 million", 1200000), ("~1.2M", 1200000), ("500K", 500000), ("12 records", 12), ("5.0", 5), ("0", 0),
        ("1,250,000 individuals", 1250000), ("about 79 million Medicaid enrollees", 79000000), ("1,250,000*", 1250000),
    ],
)  # fmt: skip
def test_a_count(text, count):
    assert read_count(text) == count


@pytest.mark.parametrize(
    "text",
    [">10", "<11", "10+", "5.7", "1,000-2,000", "1,25", "12,34", "", "many", "-5", "(b)(6)", "2025-01-01", "9" * 30],
)
def test_what_is_no_number_is_unknown(text):
    assert read_count(text) is None


def test_redactions_and_mangled_letters():
    assert is_redacted("xxx-xx-1234")
    assert not any(map(is_redacted, ["ICE (b)(6)", "B-12", "XXXL", "Birmingham Women?s", ""]))
    assert mended("Birmingham Womenâ€™s") == "Birmingham Women’s"
    assert mended("Birmingham Women?s") == "Birmingham Women?s"
