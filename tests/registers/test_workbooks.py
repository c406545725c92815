"""Workbooks are read whole, and nothing of them is lost in silence."""

from __future__ import annotations

import zipfile
from datetime import datetime

import pytest
import xlsxwriter

from auditscan.readers.model import DamagedFile
from auditscan.registers import sheet_xml
from auditscan.registers.beginnings import is_workbook
from auditscan.registers.sheet_xml import Merge
from auditscan.registers.workbooks import read_workbook


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "register.xlsx"

    def made(fill, *, name="Register"):
        with xlsxwriter.Workbook(path) as workbook:
            fill(workbook, workbook.add_worksheet(name))
        return path

    return made


def test_cells_become_text_as_a_person_reads_them(book):
    def fill(workbook, sheet):
        day, month = workbook.add_format({"num_format": "mm/dd/yyyy"}), workbook.add_format({"num_format": "mmm-yy"})
        first = datetime(2025, 7, 1)  # noqa: DTZ001 - cells have no zone
        sheet.write_datetime(0, 0, first, day)
        sheet.write_datetime(0, 1, first.replace(hour=14, minute=5), day)
        sheet.write_datetime(0, 2, first, month)
        sheet.write(0, 3, 1250000)
        sheet.write(0, 4, 1.5)
        sheet.write(0, 5, "007")
        sheet.write(0, 6, True)
        sheet.write_formula(0, 7, "=1+1", None, 2)
        sheet.write_formula(0, 8, "=1/0", None, "#DIV/0!")
        sheet.write_string(0, 9, "=cmd|' /C calc'!A0")

    (sheet,) = read_workbook(book(fill))
    assert sheet.rows == [
        ["2025-07-01", "2025-07-01 14:05:00", "2025-07", "1250000", "1.5", "007", "true", "2", "#ERROR",
         "=cmd|' /C calc'!A0"]
    ]  # fmt: skip
    assert sheet.notes == ("1 cells with a failed formula: unknown",)


def test_rows_and_columns_keep_their_numbers_below_empty_ones(book):
    def fill(workbook, sheet):
        sheet.write(4, 3, "Recipient")
        sheet.merge_range(5, 3, 7, 3, "ICE")
        sheet.write_formula(6, 4, "=NA()", None, "#N/A")

    (sheet,) = read_workbook(book(fill))
    assert (len(sheet.rows), sheet.first_column, sheet.merges) == (7, 4, [Merge(6, 4, 8, 4)])
    assert sheet.rows[4:] == [["Recipient", ""], ["ICE", ""], ["", "#ERROR"]]


def test_what_a_person_sees_otherwise_is_told(book):
    def fill(workbook, sheet):
        sheet.write_row(0, 0, ["x", "y", "z"])
        sheet.write(1, 0, "gone", workbook.add_format({"font_strikeout": True}))
        sheet.write(2, 1, 12, workbook.add_format({"num_format": '"DUA-"0000'}))
        sheet.write_comment(0, 0, "see the letter")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})

    (sheet,) = read_workbook(book(fill))
    assert sheet.rows[2] == ["", "DUA-0012", ""]
    assert sheet.notes == (
        "1 cells are struck through, and read like the others",
        "notes that hang on cells of the workbook are not read",
        "row 3 hidden in the sheet, and read like the others",
        "column C hidden in the sheet, and read like the others",
    )


def test_cells_are_found_however_their_xml_is_written(book):
    path = book(lambda workbook, sheet: sheet.write_row(0, 0, ["a", "b", "c"]))
    written = (
        "<?xml version='1.0'?><worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
        "<row><c t='inlineStr'><is><t>a</t></is></c><c t='e' ><v>#REF!</v></c><c><f>1+1</f></c></row>"
        "<row r='3'><c t='e' r='B3'><v>#N/A</v></c><c r='C3' t='str'><f>\"\"</f><v></v></c></row></sheetData>"
        "<mergeCells count='1'><mergeCell ref='A1:A3'/></mergeCells></worksheet>"
    )
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (members | {"xl/worksheets/sheet1.xml": written.encode()}).items():
            archive.writestr(name, content)
    (sheet,) = read_workbook(path)
    assert sheet.rows == [["a", "#ERROR", "#ERROR"], ["", "", ""], ["", "#ERROR", ""]]
    assert sheet.merges == [Merge(1, 1, 3, 1)]


def test_hidden_and_empty_sheets_are_told(book):
    def fill(workbook, sheet):
        sheet.write(0, 0, "x")
        hidden = workbook.add_worksheet("Old")
        hidden.write(0, 0, "y")
        hidden.hide()
        workbook.add_worksheet("Empty")

    sheets = list(read_workbook(book(fill)))
    assert [(sheet.name, sheet.hidden, sheet.rows) for sheet in sheets] == [
        ("Register", False, [["x"]]), ("Old", True, [["y"]]), ("Empty", False, []),
    ]  # fmt: skip


def test_a_cell_a_million_rows_down_is_read(book):
    def fill(workbook, sheet):
        sheet.write(0, 0, "first")
        sheet.write(1_048_575, 1, "last")

    (sheet,) = read_workbook(book(fill))
    assert (len(sheet.rows), sheet.rows[0], sheet.rows[-1]) == (1_048_576, ["first", ""], ["", "last"])


def test_a_sheet_with_a_far_corner_is_refused_before_it_takes_the_memory(book):
    def fill(workbook, sheet):
        sheet.write(0, 0, "first")
        sheet.write(1_048_575, 16_383, "last")

    with pytest.raises(DamagedFile, match=r"reaches row 1,048,576 and column 16,384"):
        list(read_workbook(book(fill)))


def test_a_workbook_that_unpacks_to_too_much_is_refused(book, monkeypatch):
    monkeypatch.setattr(sheet_xml, "MAX_UNPACKED", 2000)
    with pytest.raises(DamagedFile, match="would unpack to"):
        list(read_workbook(book(lambda workbook, sheet: sheet.write(0, 0, "x"))))


def test_a_workbook_that_lies_about_its_size_is_refused(book, monkeypatch):
    path = book(lambda workbook, sheet: [sheet.write(row, 0, "x" * 50) for row in range(2000)])
    with zipfile.ZipFile(path) as archive:
        declared = sum(member.file_size for member in archive.infolist())
    content = bytearray(path.read_bytes())
    place = content.rindex(b"xl/worksheets/sheet1.xml") - 22
    content[place : place + 4] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    monkeypatch.setattr(sheet_xml, "MAX_UNPACKED", declared - 20_000)
    with pytest.raises(DamagedFile, match="though it declares less"):
        list(read_workbook(path))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"PK\x03\x04 cut off", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "no workbook that can be opened"),
    ],
)
def test_what_cannot_be_opened_has_a_plain_reason(tmp_path, content, why):
    path = tmp_path / "register.xlsx"
    path.write_bytes(content)
    with pytest.raises(DamagedFile, match=why):
        list(read_workbook(path))


def test_entities_in_the_parts_of_a_workbook_are_refused(book):
    path = book(lambda workbook, sheet: sheet.write(0, 0, "x"))
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()} | {"xl/workbook.xml": bomb}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(DamagedFile, match="cannot be read"):
        list(read_workbook(path))


def test_a_workbook_is_told_from_other_archives(book, tmp_path):
    path = book(lambda workbook, sheet: sheet.write(0, 0, "x"))
    assert is_workbook(path.read_bytes()[: 1 << 16])
    with zipfile.ZipFile(tmp_path / "logs.zip", "w") as archive:
        archive.writestr("log.csv", "a,b\n")
    assert not is_workbook((tmp_path / "logs.zip").read_bytes())
    assert not is_workbook(b"a,b\n")
