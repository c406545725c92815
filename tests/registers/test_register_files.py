"""Registers as files of a scan: workbooks, mappings beside them, and what is wrong with either."""

from __future__ import annotations

import csv
from datetime import date

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from auditscan.ingest import Reads
from auditscan.library import Library
from auditscan.policy import load
from auditscan.readers.files import find_files
from auditscan.registers.cells import is_redacted
from auditscan.scanning.reading import Reading
from auditscan.store import open_store, prepare

HEADER = ["Tracking No", "Date of Disclosure", "Disclosed To", "Data Elements", "States", "No. of Individuals"]


@pytest.fixture(scope="module")
def store():
    with open_store(None, Library.shipped(), threads=1) as store:
        prepare(store, load(), date(2026, 2, 1), date(2025, 6, 1))
        store.run("begin")
        yield store


@pytest.fixture
def read(store):
    def taken(path):
        for table in ("sources", "records", "trace_rows", "set_aside", "quarantine"):
            store.rows(f"delete from {table}")
        reading = Reading(store, "UTC", reads=Reads(trust=True))
        (report,) = [report for report in reading.take_all(find_files([path])) if report.status != "skipped"]
        return report

    return taken


@pytest.fixture
def records(store):
    def told():
        return store.rows(
            "select r.record_key % 68719476736, r.transfer_id, d.recipient, d.elements, d.states "
            "from records r join logged_disclosures d using (disclosure_id) order by 1"
        )

    return told


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Disclosures")
        sheet.merge_range(0, 0, 0, 5, "Accounting of disclosures, 5 U.S.C. 552a(c)")
        sheet.write_row(2, 0, HEADER)
        sheet.write_row(3, 0, ["R-1", "7/1/2025", "", "names; DOB", "CA", 12])
        sheet.write_row(4, 0, ["R-2", "7/2/2025", "", "SSN", "All", 1250000])
        sheet.merge_range(3, 2, 4, 2, "ICE")
        sheet.write_row(5, 0, ["Total", "", "", "", "", 1250012])
        workbook.add_worksheet("Contacts").write_row(0, 0, ["Name", "Phone"])
        second = workbook.add_worksheet("Earlier")
        second.hide()
        second.write_row(0, 0, HEADER)
        second.write_row(1, 0, ["E-1", "6/10/2025", "DHS", "(b)(6)", "", ""])
        second.write_formula(1, 4, "=NA()", None, "#N/A")
    return path


def test_every_sheet_with_a_header_is_read_and_the_others_are_told(book, read, records):
    report = read(book)
    assert (report.format, report.status, report.records, report.not_transfers) == ("register", "read", 4, 1)
    told = report.set_aside["a line of totals"]
    assert (told.records, told.first_record) == (1, 6)
    assert "sheet 'Contacts' was not read: no row of it names two fields of a transfer (1 row)" in report.note
    assert "sheet 'Earlier': hidden in the workbook" in report.note
    assert (report.places, report.sheets) == ("sheet", ["Disclosures", "Contacts", "Earlier"])
    assert [(row[0], row[1]) for row in records()] == [(4, "R-1"), (5, "R-2"), (4_000_002, "E-1")]
    assert [row[2:] for row in records()] == [
        ("ICE", ["DOB", "names"], ["CA"]), ("ICE", ["SSN"], ["All"]), ("DHS", ["[redacted]"], ["#ERROR"]),
    ]  # fmt: skip


def test_a_mapping_beside_a_register_is_followed(tmp_path, read, records, store):
    register = tmp_path / "list.csv"
    register.write_text("when;who;x1;what\n1/7/2025;ICE;q;names\n")
    assert read(register).status == "unrecognized"
    mapping = tmp_path / "list.csv.mapping.toml"
    mapping.write_text(
        'version = 1\n[[tables]]\nheader_row = 1\ndates = "european"\n'
        '[[tables.columns]]\ncolumn = "when"\nfield = "occurred_at"\n'
        '[[tables.columns]]\ncolumn = "who"\nfield = "recipient"\n'
        '[[tables.columns]]\ncolumn = "what"\nfield = "elements"\n'
        '[tables.constants]\nsender = "CMS"\nstates = ["CA", "OR"]\n'
    )
    report = read(tmp_path)
    assert (report.status, report.records, report.unknown_fields) == ("read", 1, {"x1": 0})
    assert report.note == "read by the mapping list.csv.mapping.toml"
    assert report.fields == {"occurred_at", "recipient", "elements", "sender", "states"}
    assert [row[2:] for row in records()] == [("ICE", ["names"], ["CA", "OR"])]
    why = "the mapping gives it to all records"
    ((deduced,),) = store.rows(
        "select deduced from logged_disclosures where recipient = 'ICE' and elements = ['names']"
    )
    assert deduced == [{"kind": "state", "item": state, "why": why} for state in ("CA", "OR")]


@pytest.mark.parametrize(
    ("header", "counted"),
    [
        ("Number of individuals", "people"),
        ("Number of Records", "rows"),
        ("Count", None),
        ("Number of records (persons)", None),
    ],
)
def test_people_are_counted_only_where_the_header_says_so(tmp_path, read, store, header, counted):
    (tmp_path / "list.csv").write_text(f"Date of Disclosure,Disclosed To,{header}\n7/1/2025,ICE,12\n")
    assert read(tmp_path).status == "read"
    assert store.rows("select counts from sources where format = 'register'") == [(counted,)]


@pytest.mark.parametrize(
    ("mapping", "status", "why"),
    [
        ("version = 2\n", "unreadable", "its mapping cannot be followed: "),
        ('version = 1\n[[tables]]\n[[tables.columns]]\ncolumn = "to"\nfield = "recipient"\n', "unreadable",
         "no column is called `to` in row 1, which has `when`, `who`"),
        ('version = 1\n[[tables]]\nheader_row = 9\n[[tables.columns]]\ncolumn = "who"\nfield = "recipient"\n',
         "unreadable", "it ends above row 9"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_fit_reads_nothing(tmp_path, read, mapping, status, why):
    (tmp_path / "list.csv").write_text("when,who\n1/7/2025,ICE\n")
    (tmp_path / "list.csv.mapping.toml").write_text(mapping)
    report = read(tmp_path)
    assert (report.status, report.records) == (status, 0)
    assert why in report.note


TWO_SHEETS = """version = 1
[[tables]]
sheet = "ICE"
header_row = 1
columns = [{column = "No.", field = "transfer_id"}, {column = "what", place = "B", field = "elements"}]
constants = {recipient = "ICE"}
[[tables]]
sheet = "CBP"
header_row = 1
columns = [{column = "No.", field = "transfer_id"}, {column = "What", field = "elements"}]
constants = {recipient = "CBP"}
[[tables]]
sheet = "CBP"
header_row = 4
last_row = 5
separators = ["|"]
columns = [{column = "What", field = "elements"}, {column = "No.", field = "transfer_id"}]
constants = {recipient = "USCIS"}
[[tables]]
sheet = "Names"
skip = true
"""


def sheets(path):
    with xlsxwriter.Workbook(path) as workbook:
        workbook.add_worksheet("ICE").write_row(0, 0, ["No.", "What"])
        workbook.worksheets()[0].write_row(1, 0, ["I-1", "SSN"])
        second = workbook.add_worksheet("CBP")
        rows = [["No.", "What"], ["C-1", "SSN"], [], ["What", "No."], ["DOB", "U-1"], ["left", "out"]]
        for at, cells in enumerate(rows):
            second.write_row(at, 0, cells)
        workbook.add_worksheet("Names").write_row(0, 0, ["02/01/2026", "ICE", "SSN"])


@pytest.mark.parametrize(
    ("was", "is_now", "why"),
    [
        ("", "", ""),
        ('sheet = "CBP"\nheader_row = 1', 'sheet = "CBP "\nheader_row = 1',
         'it names the sheet "CBP ", and the sheets are called "ICE", "CBP", "Names"'),
        ('"What", field', '"Data", field', 'sheet "CBP": no column is called `Data` in row 1, which has `No.`, `What`'),
        ("header_row = 1\ncolumns", "header_row = 2\ncolumns", "in row 2, which has `I-1`, `SSN`"),
    ],
)  # fmt: skip
def test_each_table_of_a_mapping_is_read_or_nothing_is(tmp_path, read, records, was, is_now, why):
    sheets(tmp_path / "log.xlsx")
    mapping = tmp_path / "log.xlsx.mapping.toml"
    assert was in TWO_SHEETS
    mapping.write_text(TWO_SHEETS.replace(was, is_now, 1))
    report = read(tmp_path)
    if why:
        assert (report.status, report.records) == ("unreadable", 0)
        assert why in report.note
        return
    assert (report.status, report.records, report.not_transfers, report.quarantined) == ("read", 4, 1, [])
    assert [told[:3] for told in records()] == [
        (2, "I-1", "ICE"), (2_000_002, "C-1", "CBP"), (2_000_005, "U-1", "USCIS"),
    ]  # fmt: skip
    assert "sheet 'Names' was not read: its mapping leaves it out (1 row)" in report.note


def test_rows_that_a_mapping_does_not_name_are_missing(tmp_path, read):
    sheets(tmp_path / "log.xlsx")
    text = TWO_SHEETS[: TWO_SHEETS.index('[[tables]]\nsheet = "CBP"')]
    (tmp_path / "log.xlsx.mapping.toml").write_text(text)
    report = read(tmp_path)
    assert [bad.reason for bad in report.quarantined] == ["not read: its mapping names no table of it"]
    assert report.quarantined[0].source_record == 4_000_001


def test_a_mapping_under_another_name_is_told(tmp_path, read):
    (tmp_path / "log.csv").write_text(",".join(HEADER) + "\nR-1,7/1/2025,ICE,DOB,CA,5\n")
    (tmp_path / "log.mapping.toml").write_text("version = 1\n")
    assert (
        "log.mapping.toml lies beside it and is not used: it must be called log.csv.mapping.toml" in read(tmp_path).note
    )


def test_a_workbook_that_cannot_be_opened_is_told_and_the_scan_goes_on(tmp_path, read):
    (tmp_path / "register.xlsx").write_bytes(b"PK\x03\x04 xl/workbook.xml, and then nothing")
    report = read(tmp_path)
    assert (report.status, report.records) == ("unreadable", 0)
    assert "cut off" in report.note


REDACTED = [
    "[REDACTED]", "(b)(6)", "(b)(7)(E)", "( b ) ( 6 ), (C)", "████", "xxxx", "XXXXXX", "withheld",
    "Redacted", "****", "b6", "(redacted - law enforcement)", "[sealed]", "■ ■",
]  # fmt: skip
READABLE = ["ICE", "[REDACTED] DHS", "CMS (b)(6)", "unknown", "n/a", "", "xxx", "exxxxon", "B6 unit", "a_b", "x"]


def test_sql_and_registers_agree_on_what_is_blacked_out(store):
    told = dict(store.rows("select t, is_redacted(t) from unnest($1) u(t)", [REDACTED + READABLE]))
    assert [text for text, redacted in told.items() if redacted] == REDACTED
    assert {text: is_redacted(text) for text in told} == told


def test_quoted_cells_and_line_ends_of_windows(tmp_path, read, records):
    register = tmp_path / "register.csv"
    rows = [f'R-{number},7/1/2025,"ICE, ERO","names, ""DOB""",CA,"1,{number:03}"' for number in range(200)]
    register.write_bytes("\r\n".join([",".join(HEADER), *rows, ""]).encode())
    report = read(register)
    assert (report.records, report.quarantined) == (200, [])
    assert records()[0] == (2, "R-0", "ICE, ERO", ["DOB", "names"], ["CA"])
    assert records()[-1][:2] == (201, "R-199")


def test_a_cell_over_several_lines_is_one_cell(tmp_path, read, records):
    register = tmp_path / "register.csv"
    register.write_text(",".join(HEADER) + '\nR-1,7/1/2025,ICE,"- names\n- SSN",CA,5\nR-2,7/1/2025,ICE,DOB,CA,5\n')
    assert read(register).records == 2
    assert [row[3] for row in records()] == [["SSN", "names"], ["DOB"]]


CELLS = st.one_of(
    st.sampled_from(
        ["", " ", "7/1/2025", "(b)(6)", "Total", "1,000", "names; DOB", "CA", "ICE", *HEADER, '"', "a,b\n"]
    ),
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=12),
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=12), st.booleans())
def test_whatever_the_cells_hold_every_row_is_accounted_for(tmp_path, read, store, rows, quoted):
    register = tmp_path / "any.csv"
    with register.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL, lineterminator="\n")
        writer.writerows([HEADER, *rows])
    report = read(register)
    kept = store.one("select count(*) from records")
    assert report.records == kept + report.not_transfers + report.quarantined_count


@pytest.mark.parametrize(
    "header",
    [
        (
            "Key,RowID,ODRReference,DataRecipient,OrganisationType,Purpose,DataSource,DataTypeProvidedTo,"
            "LegalBasisForRelease,DateOfRelease"
        ),
        (
            "OrganisationName,Organisation,us,DataProvided,Sensitive,LegalBasisForProvision,OneOff,"
            "PatientOptOutsApplied,Objective"
        ),
        (
            "Date of Disclosure,MRN,Name and Address of Recipient,Brief Description of Information Disclosed,"
            "Purpose of Disclosure"
        ),
        "DUA #,Requester Organization,Study/Project,Data Description,Effective Date,Expiration Date",
    ],
)
def test_real_sets_of_headers_are_registers(tmp_path, read, header):
    register = tmp_path / "register.csv"
    register.write_text(header + "\n" + ",".join(["x"] * len(header.split(","))) + "\n")
    report = read(register)
    assert (report.format, report.records) == ("register", 1)


def test_a_canonical_log_is_no_register(tmp_path, read):
    log = tmp_path / "log.csv"
    log.write_text("transfer_id,occurred_at,recipient,elements,purpose,Remarks\n1,2026-02-03,ICE,phone,audit,x\n")
    assert read(log).format == "csv"


@pytest.mark.parametrize(
    ("lines", "status", "records_read", "unread"),
    [
        (["R-2,7/2/2025,ICE,SSN,CA,5", ",".join(HEADER), "R-3,7/2/2025,ICE,SSN,CA,5"], "read", 3, []),
        (["Date of Disclosure,Tracking No,Disclosed To,Data Elements,States,", "7/2/2025,R-2,ICE,SSN,CA,"],
         "unreadable", 0, []),
        ([",,,SSN,,", "R-3,7/2/2025,ICE,DOB,CA,5"], "read", 2, [3]),
    ],
)  # fmt: skip
def test_a_long_register_holds_one_table(tmp_path, read, records, monkeypatch, lines, status, records_read, unread):
    monkeypatch.setattr("auditscan.ingest.sheet_log.WHOLE_BYTES", 10)
    (tmp_path / "long.csv").write_text("\n".join([",".join(HEADER), "R-1,7/1/2025,ICE,DOB,CA,5", *lines, ""]))
    report = read(tmp_path)
    assert (report.status, len(records())) == (status, records_read)
    assert [bad.source_record for bad in report.quarantined] == unread
    assert ("more than one table" in report.note) == (status == "unreadable")


@pytest.mark.parametrize(
    "broken", ["[{1, 2}, 3],R-2,01/08/2026,ICE,Name,CA,7,EFT", "R-2,13/01/2026,a,ICE,Name,CA,7,me,EFT"]
)
def test_a_row_with_too_many_cells_says_nothing_of_the_columns(read, store, tmp_path, broken):
    log = tmp_path / "register.csv"
    log.write_text(f"{','.join(HEADER)},Released By\nR-1,01/07/2026,ICE,SSN,CA,5,CMS/OEDA\n{broken}\n")
    report = read(log)
    assert (report.records, report.quarantined_count) == (2, 1)
    told = store.rows(
        "select transfer_id, sender, occurred_at::date from records join logged_disclosures using (disclosure_id)"
    )
    assert told == [("R-1", "CMS/OEDA", date(2026, 1, 7))]


def test_lines_of_another_log_above_the_header_are_no_title(read, tmp_path):
    rows = f"{','.join(HEADER)}\n" + "".join(f"R-{number},01/07/2026,ICE,SSN,CA,5\n" for number in range(9))
    for title in ("", "Accounting of disclosures\n\n", "Agency: CMS\nYear: 2026\n"):
        (tmp_path / "titled.csv").write_text(title + rows)
        assert read(tmp_path / "titled.csv").records == 9
    line = "Mon Oct  1 17:09:23 2025 0 127.0.0.1 2611 /ssn.csv a _ o r ice_ero ftp 0 * c\n"
    for more in (0, 200_000):  # A long register is read another way.
        (tmp_path / "two.csv").write_text(line * 3 + rows + "R-9,01/07/2026,ICE,SSN,CA,5\n" * more)
        report = read(tmp_path / "two.csv")
        assert report.status == "unreadable"
        assert "lines of another log, which look like `xferlog`" in report.note
