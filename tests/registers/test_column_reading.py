"""Columns that are read by what the whole register, or its mapping, says: flags, swapped days, the order of days."""

from __future__ import annotations

from datetime import date

import pytest
import xlsxwriter

from auditscan.ingest import Reads
from auditscan.library import Library
from auditscan.policy import load
from auditscan.readers.files import find_files
from auditscan.registers.beside import SUFFIX
from auditscan.scanning.reading import Reading
from auditscan.store import open_store, prepare

HEADER = "Tracking No,Date of Disclosure,Disclosed To,Data Elements,State,Tax no. given?"
MAPPING = """version = 1
kind = "register"

[[tables]]
header_row = 1
columns = [
  {column = "Tracking No", field = "transfer_id"}, {column = "Date of Disclosure", field = "occurred_at"},
  {column = "Disclosed To", field = "recipient"}, {column = "Data Elements", field = "elements"},
  {column = "State", field = "states"}, {column = "Tax no. given?", field = "flag", element = "SSN; DOB"},
]
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("registers")
    (folder / "flags.csv").write_text(
        f"{HEADER}\nR-1,2026-02-02,ICE,names,CA,Y\nR-2,2026-02-03,ICE,names,CA,N\nR-3,2026-02-04,ICE,names,CA,?\n"
    )
    (folder / f"flags.csv{SUFFIX}").write_text(MAPPING)
    early = "".join(f"R-{number},0{number % 9 + 1}/07/2025,ICE,names,CA,\n" for number in range(600))
    (folder / "late.csv").write_text(f"{HEADER}\n{early}R-601,13/07/2025,ICE,names,CA,\n")
    # So long that the day that tells stands far below what is looked at for the header.
    wide = "".join(f"R-{number},02/07/2025,ICE,{'names; ' * 20},CA,\n" for number in range(3000))
    (folder / "long.csv").write_text(f"{HEADER}\n{wide}R-3001,13/07/2025,ICE,names,CA,\n")
    (folder / "open.csv").write_text(f"{HEADER}\nR-1,01/07/2025,ICE,names,CA,\n")
    with xlsxwriter.Workbook(folder / "swapped.xlsx") as workbook:
        sheet = workbook.add_worksheet("Log")
        sheet.write_row(0, 0, HEADER.split(","))
        day = workbook.add_format({"num_format": "m/d/yyyy"})
        for row, typed in enumerate((date(2025, 2, 9), "25/09/2025", date(2025, 7, 8), date(2025, 8, 8)), start=1):
            sheet.write_row(row, 0, [f"R-{row}", "", "ICE", "names", "CA"])
            sheet.write(row, 1, typed, *([day] if isinstance(typed, date) else []))
    with open_store(None, Library.shipped(), threads=1) as store:
        prepare(store, load(), date(2026, 2, 1), date(2025, 6, 1))
        store.run("begin")
        Reading(store, "UTC", reads=Reads(trust=True)).take_all(find_files([folder]))
        rows = store.rows(
            "select regexp_extract(s.path, '[^/]+$'), r.transfer_id, r.occurred_at::date, d.elements "
            "from records r join logged_disclosures d using (disclosure_id) "
            "join sources s on s.source_id = r.record_key // 68719476736"
        )
        notes = dict(store.rows("select regexp_extract(path, '[^/]+$'), note from sources"))
    return {(name, number): (day, elements) for name, number, day, elements in rows}, notes


def test_a_mapping_says_which_elements_a_column_answers(told):
    rows, _ = told
    assert [rows["flags.csv", f"R-{number}"][1] for number in (1, 2, 3)] == [
        ["DOB", "SSN", "names"], ["names"], ["SSN; DOB: ?", "names"],
    ]  # fmt: skip


def test_the_order_of_days_is_asked_of_all_rows(told):
    rows, notes = told
    assert rows["late.csv", "R-0"][0] == date(2025, 7, 1)
    assert rows["late.csv", "R-601"][0] == date(2025, 7, 13)
    assert rows["long.csv", "R-0"][0] == date(2025, 7, 2)
    assert not notes["late.csv"]
    assert not notes["long.csv"]


def test_an_order_that_nothing_proves_is_noted(told):
    rows, notes = told
    assert rows["open.csv", "R-1"][0] == date(2025, 1, 7)
    assert "read as month/day, as in the United States" in notes["open.csv"]


def test_days_that_a_spreadsheet_swapped_are_unknown_and_noted(told):
    rows, notes = told
    assert [rows["swapped.xlsx", f"R-{row}"][0] for row in (1, 2, 3, 4)] == [
        None, date(2025, 9, 25), None, date(2025, 8, 8),
    ]  # fmt: skip
    assert notes["swapped.xlsx"].startswith("sheet 'Log': the days that are text have numbers above 12")
