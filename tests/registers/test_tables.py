"""Where the table is, and which of its rows are records."""

from __future__ import annotations

from auditscan.registers.sheet_xml import Merge
from auditscan.registers.tables import Aside, Record, find_header, sort_rows, unmerged

HEADER = ["Tracking No", "Date of Disclosure", "Disclosed To", "Data Elements", "States"]


def sorted_rows(rows, merges=()):
    header = find_header(rows, merges)
    unmerged(rows, header, merges)
    return list(sort_rows(enumerate(rows, start=1), header))


def test_titles_above_the_header_are_no_part_of_the_table():
    rows = [["Accounting of disclosures"], [""], ["FY 2025", "", ""], HEADER, ["1", "7/1/2025", "ICE", "names", "CA"]]
    assert find_header(rows).row == 4
    assert sorted_rows(rows) == [Record(5, rows[4])]


def test_a_header_of_two_rows_is_read_as_one():
    rows = [
        ["Date of Disclosure", "Recipient", "", "Number of", "States"],
        ["", "Name", "Address", "Records", ""],
        ["7/1/2025", "ICE", "500 12th St", "12", "CA"],
    ]
    header = find_header(rows, [Merge(1, 2, 1, 3)])
    assert header.cells == ["Date of Disclosure", "Recipient Name", "Recipient Address", "Number of Records", "States"]
    assert header.first_data_row == 3


def test_a_sheet_without_two_fields_of_a_transfer_has_no_header():
    assert find_header([["Name", "Phone"], ["Jane", "1"]]) is None
    assert find_header([]) is None


def test_rows_that_are_no_records_are_set_aside_with_their_reason():
    record = ["1", "7/1/2025", "ICE", "names", "CA"]
    rows = [HEADER, record, ["", "", "", "", ""], HEADER, record, ["Total", "", "", "2", ""],
            ["* Source: office of the registrar", "", "", "", ""], ["Grand totals:", "12", "", "", ""],
            ["Average", "", "", "6", ""], ["Total number of people who were named in it", "", "", "6", ""]]  # fmt: skip
    found = sorted_rows(rows)
    assert [(one.row, getattr(one, "reason", "record")) for one in found] == [
        (2, "record"),
        (4, "the header is repeated"),
        (5, "record"),
        (6, "a line of totals"),
        (7, "a note or a heading: one cell is filled"),
        (8, "a line of totals"),
        (9, "a line of totals"),
        (10, "a line of totals"),
    ]
    assert all(one.cells for one in found)


def test_a_thin_record_stays_one():
    thin = [["", "", "ICE", "", ""], ["", "7/1/2025", "", "", ""], ["9", "", "", "all", ""], ["", "", "", "see", ""]]
    assert [type(one) for one in sorted_rows([HEADER, *thin])] == [Record] * 4


def test_cells_merged_downwards_hold_for_every_row_they_span():
    rows = [HEADER, ["1", "7/1/2025", "ICE", "names", "CA"], ["2", "7/2/2025", "", "DOB", "IL"], ["", "", "", "", ""]]
    found = sorted_rows(rows, [Merge(2, 3, 4, 3)])
    assert [one.cells[2] for one in found] == ["ICE", "ICE"]


def test_a_header_repeated_in_part_of_its_two_rows_is_set_aside():
    rows = [
        ["Date of Disclosure", "Recipient", "", "States"],
        ["", "Name", "Address", ""],
        ["7/1/2025", "ICE", "x", "CA"],
        ["Date of Disclosure", "Name", "Address", "States"],
    ]
    header = find_header(rows, [Merge(1, 2, 1, 3)])
    found = list(sort_rows(enumerate(rows, start=1), header))
    assert [type(one) for one in found] == [Record, Aside]
