"""Every row of every file is a record, set aside, or told as one that could not be read: one scan of many layouts."""

from __future__ import annotations

import csv
from datetime import date, datetime

import pytest
import xlsxwriter

from auditscan.library import Library
from auditscan.policy import load
from auditscan.readers.files import find_files
from auditscan.scanning.reading import Reading
from auditscan.store import open_store, prepare
from productions import load_file

HEADER = [
    "Tracking No.",
    "Date of Disclosure",
    "Disclosing Agency",
    "Disclosed To",
    "Data Elements",
    "State",
    "Purpose",
]


def row(number, elements="SSN", *, to="ICE", state="CA", day="02/01/2026"):
    return [number, day, "CMS", to, elements, state, "immigration enforcement"]


def turned(cells):
    return [cells[1], cells[0], *cells[2:]]


TEXTS = {
    "two_tables": [["To ICE"], HEADER[:-1], row("T-1")[:-1], [], ["To CBP"], HEADER, row("B-1")],
    "other_order": [HEADER, row("T-1"), [], ["Table 2"], turned(HEADER), turned(row("T-2", "claims", to="CBP"))],
    "headless_above": [["Log of the office"], row("Z-1"), row("Z-2"), HEADER, row("Z-3")],
    "titles_above": [["Agency:", "CMS", "Period:", "Q1"], ["By", "CMS", "Date", "2/1/2026"], HEADER, row("V-1")],
    "summary_above": [["Disclosed To", "No. of Individuals"], ["ICE", "200"], [], HEADER, row("S-1")],
    "legend_below": [HEADER, row("L-1"), [], ["Code", "Meaning"], ["DOB", "date of birth"]],
    "unknown_below": [HEADER, row("O-1"), [], ["When", "Whom", "What"], ["02/05/2026", "CBP", "SSN; claims"]],
    "two_rows": [HEADER, row("A-1"), [], ["Disclosure", "", "Recipient", "", "Information"],
                 ["No.", "Date", "Agency", "Address", "Description"], ["A-2", "03/05/2026", "CBP", "x", "claims"]],
    "lookup_left": [["Code", "Meaning", "", *HEADER], ["DOB", "date", "", *row("K-1")], ["SSN", "number"]],
    "beside": [[*HEADER, "", *HEADER], [*row("A-1"), "", *row("B-1", to="CBP")]],
    "narrower": [HEADER, row("N-1"), [], HEADER[:5], row("N-2")[:5]],
    "pages": [HEADER, row("P-1"), ["Page 1 of 2"], HEADER, row("P-2"), ["Page 2 of 2"]],
    "ragged": [HEADER, [*row("R-1"), "", ""], row("R-2")[:5], [*row("R-3"), "x"]],
    "wrapped": [
        HEADER,
        row("W-1", "home address, phone"),
        ["", "", "", "", "number, Social Security number,"],
        ["", "", "", "", "and diagnosis codes"],
        row("W-2", "home address"),
        ["", "", "", "", "SSN"],
        row("W-3", "home address", to="U.S. Immigration and Customs"),
        ["", "", "", "Enforcement"],
        row("W-4", "home address"),
        ["", "", "", "CBP", "SSN"],
        row("W-5", "home address"),
        ["W-6"],
    ],
    "centered": [HEADER, ["", "", "", "", "home address, SSN"], row("C-1", "and phone"), row("C-2", "name")],
    "first_column": [
        ["Data Elements", "Date of Disclosure", "Disclosed To", "Purpose"],
        ["home address", "02/01/2026", "ICE", "enforcement"],
        ["SSN"],
    ],
}  # fmt: skip
QUERY = ["QUERY_ID", "QUERY_TEXT", "QUERY_TYPE", "USER_NAME", "ROLE_NAME", "EXECUTION_STATUS", "START_TIME"]
RAN = ["1", "select ssn_num from tmsis.elgblty where submtg_state_cd = '06'", "SELECT", "U", "ICE_READ", "SUCCESS",
       "2026-03-02 10:01:00.123 -0500"]  # fmt: skip
CANONICAL = ["transfer_id", "occurred_at", "sender", "recipient", "states", "elements"]
BOOKS = {
    "continued": {"p1": [HEADER, row("Q-1")], "p2": [row("Q-2")], "odd": [["CMS", "02/02/2026", "ICE", "SSN"]]},
    "orders": {
        "US": [HEADER, row("U-1", day="08/09/2025"), row("U-2", day="09/25/2025")],
        "UK": [HEADER, row("K-1", day="08/09/2025"), row("K-2", day="25/09/2025")],
    },
    "side": {"Log": [[*HEADER, "", *HEADER], [*row("A-1"), "", *row("B-1", to="CBP")]]},
    "kinds": {
        "Register": [HEADER, row("M-1")],
        "Contacts": [["Name", "Agency", "State", "Phone", "Start Date"], ["A", "ICE", "CA", "555-0100", "2025-09-01"]],
        "By month": [["Month", "Disclosed To", "No. of Individuals"], ["2026-02", "ICE", "100"]],
        "Pivot": [["Row Labels", "Sum of individuals"], ["CA", "100"]],
        "Raw": [["When", "Whom", "What"], ["02/05/2026", "CBP", "SSN; claims"]],
    },
    "staff": {"Staff": [["Name", "Agency", "State", "Phone", "Start Date"], ["A", "ICE", "CA", "1", "2025-09-01"]]},
    "privileged": {"S": [["Bates Begin", "Date", "Author", "Recipient(s)", "Description", "Privilege Basis"],
                         ["X-1", "8/13/2025", "J. Roe", "ICE OPLA", "Email re: names and addresses", "AC"]]},
    "queries": {"Results": [["Exported"], QUERY, RAN]},
    "canonical": {"h": [CANONICAL, ["X-1", "2026-02-03", "CMS", "ICE", "CA", "ssn"]]},
}  # fmt: skip
DAT = [
    ["BEGBATES", "Date of Disclosure", "Disclosed To", "Data Elements", "State"],
    ["HHS-1", "07/01/2025", "ICE", "SSN\u00aeclaims", "CA"],
]


def fill(folder):
    for name, rows in TEXTS.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    for name, sheets in BOOKS.items():
        with xlsxwriter.Workbook(folder / f"{name}.xlsx") as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for at, cells in enumerate(rows):
                    sheet.write_row(at, 0, cells)
    with xlsxwriter.Workbook(folder / "shown.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet("Log")
        sheet.write_row(0, 0, HEADER)
        zeros, year = book.add_format({"num_format": "00"}), book.add_format({"num_format": '"FY"yyyy'})
        for at, number in enumerate(["F-1", "F-2", "F-3"], start=1):
            sheet.write_row(at, 0, row(number))
        sheet.write_number(1, 5, 6, zeros)
        sheet.write_datetime(1, 1, datetime(2026, 3, 4), year)  # noqa: DTZ001 - cells have no zone
        sheet.write_number(2, 1, 44443)
        sheet.write_string(1, 16_000, ".")
        sheet.set_row(2, None, None, {"hidden": True})
    wide = [*HEADER, *(f"x{number}" for number in range(1_200))]
    (folder / "wide.csv").write_text(f"{','.join(wide)}\n{','.join(row('D-1'))}{',' * 1_200}\n")
    (folder / "thorns.dat").write_bytes(load_file(DAT).encode("cp1252"))
    (folder / "carets.dat").write_text(load_file(DAT, "^", "|").replace("HHS-1", "HHS-9"))
    (folder / "index.dat").write_text(load_file([["BEGDOC", "ENDDOC", "FILENAME"], ["A-1", "A-2", "x.pdf"]]))
    names = "".join(f"<Cell><Data>{cell}</Data></Cell>" for cell in HEADER)
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    (folder / "xml.xls").write_text(
        f'<?xml version="1.0"?><Workbook xmlns:ss="{space}" xmlns="{space}"><Worksheet ss:Name="Log"><Table>'
        f'<Row ss:Index="3">{names}</Row><Row><Cell ss:Index="2"><Data>2026-02-03T00:00:00.000</Data></Cell>'
        '<Cell ss:Index="4"><Data>ICE</Data></Cell><Cell><Data>SSN</Data></Cell></Row></Table></Worksheet></Workbook>'
    )
    (folder / "page.xls").write_text(
        "<html><body><h1>Export</h1><table><tr><td colspan=7>Disclosures</td></tr><tr>"
        + "".join(f"<th>{cell}</th>" for cell in HEADER)
        + "</tr><tr><td>H-1<td>02/01/2026<td>CMS<td rowspan=2>ICE<td>SSN<br>claims<td>CA<td>x</tr>"
        "<tr><td>H-2</td><td>02/02/2026</td><td>CMS</td><td>DOB</td><td>WA</td><td>x</td></tr></table></body></html>"
    )
    (folder / "login.xls").write_text("<html><form><table><tr><td>User<td><input></table></form></html>")


@pytest.fixture(scope="module")
def scanned(tmp_path_factory):
    folder = tmp_path_factory.mktemp("layouts")
    fill(folder)
    with open_store(None, Library.shipped(), threads=1) as store:
        prepare(store, load(), date(2026, 2, 1), date(2025, 6, 1))
        store.run("begin")
        reports = Reading(store, "UTC").take_all(find_files([folder]))
        rows = store.rows(
            "select s.path, r.record_key % 68719476736, r.transfer_id, d.recipient, d.elements, d.states, "
            "r.occurred_at from records r join logged_disclosures d using (disclosure_id) "
            "join sources s on s.source_id = r.record_key // 68719476736 order by 1, 2"
        )
    read = {report.path.rpartition("/")[2]: (report, []) for report in reports}
    for path, *told in rows:
        read[path.rpartition("/")[2]][1].append(told)
    return read


@pytest.mark.parametrize(
    ("name", "ids", "others", "unread"),
    [
        ("two_tables.csv", ["T-1", "B-1"], 1, []),
        ("other_order.csv", ["T-1", "T-2"], 1, []),
        ("headless_above.csv", ["Z-3"], 1, [2, 3]),
        ("titles_above.csv", ["V-1"], 0, []),
        ("summary_above.csv", ["S-1"], 1, []),
        ("legend_below.csv", ["L-1"], 2, []),
        ("unknown_below.csv", ["O-1"], 0, [4, 5]),
        ("two_rows.csv", ["A-1", "A-2"], 0, []),
        ("lookup_left.csv", ["K-1"], 1, []),
        ("beside.csv", ["A-1"], 0, [2]),
        ("narrower.csv", ["N-1", "N-2"], 1, []),
        ("pages.csv", ["P-1", "P-2"], 3, []),
        ("ragged.csv", ["R-1", "R-2"], 0, [4]),
        ("wrapped.csv", ["W-1", "W-2", "W-3", "W-4", "W-5", "W-6"], 3, [6, 10]),
        ("centered.csv", ["C-1", "C-2"], 0, [2]),
        ("first_column.csv", None, 0, [3]),
        ("wide.csv", ["D-1"], 0, []),
        ("continued.xlsx", ["Q-1", "Q-2"], 0, [4_000_001]),
        ("orders.xlsx", ["U-1", "U-2", "K-1", "K-2"], 0, []),
        ("side.xlsx", ["A-1", "B-1"], 0, []),
        ("kinds.xlsx", ["M-1"], 0, [8_000_001, 8_000_002]),
        ("queries.xlsx", ["1"], 0, []),
        ("canonical.xlsx", ["X-1"], 0, []),
        ("shown.xlsx", ["F-1", "F-2", "F-3"], 0, []),
        ("thorns.dat", None, 0, []),
    ],
)
def test_every_row_is_accounted_for(scanned, name, ids, others, unread):
    report, records = scanned[name]
    assert (report.status, report.not_transfers) == ("read", others)
    assert [bad.source_record for bad in report.quarantined] == unread
    assert ids is None or [told[1] for told in records] == ids
    assert report.records == len(records) + others + len(unread)


def test_lines_of_one_row_are_read_together_or_leave_a_doubt(scanned):
    elements = {told[1]: told[3] for told in scanned["wrapped.csv"][1]}
    assert set(elements["W-1"]) == {"home address", "phone number", "Social Security number", "diagnosis codes"}
    assert all("more in the row beside this one" in elements[one] for one in ("W-2", "W-4"))
    assert elements["W-3"] == elements["W-5"] == ["home address"]
    assert scanned["wrapped.csv"][1][2][2] == "U.S. Immigration and Customs Enforcement"
    assert all("more in the row beside this one" in told[3] for told in scanned["centered.csv"][1][:1])
    assert "more in the row beside this one" in scanned["first_column.csv"][1][0][3]


def test_each_table_is_read_under_its_own_header_and_in_its_own_order_of_days(scanned):
    ((_, _, recipient, elements, _, _),) = scanned["other_order.csv"][1][1:]
    assert (recipient, elements) == ("CBP", ["claims"])
    days = {told[1]: told[5].date() for told in scanned["orders.xlsx"][1]}
    assert (days["U-1"], days["K-1"]) == (date(2025, 8, 9), date(2025, 9, 8))


def test_tables_side_by_side_are_cited_by_their_own_sheet_and_row(scanned):
    report, records = scanned["side.xlsx"]
    assert [(told[0], told[2]) for told in records] == [(2, "ICE"), (2_000_002, "CBP")]
    assert report.sheets == ["Log", "Log"]


def test_a_sheet_is_what_its_text_would_be(scanned):
    assert [scanned[name][0].format for name in ("queries.xlsx", "canonical.xlsx")] == ["snowflake_queries", "csv"]
    assert scanned["queries.xlsx"][1][0][3:5] == [["ssn_num"], ["06"]]
    for name, why in (("staff.xlsx", "looks like a list of people"), ("privileged.xlsx", "looks like a privilege log")):
        assert (scanned[name][0].status, scanned[name][0].records) == ("unrecognized", 0)
        assert why in scanned[name][0].note
    note = scanned["kinds.xlsx"][0].note
    assert "sheet 'By month' was not read: it only counts what another table lists (1 row)" in note
    assert all(f"sheet {name!r} was not read" in note for name in ("Contacts", "Pivot", "Raw"))


def test_what_a_sheet_shows_is_what_is_read(scanned):
    report, records = scanned["shown.xlsx"]
    assert records[0][4] == ["06"]
    assert records[1][5].date() == date(2025, 9, 5)
    assert "row 3 hidden in the sheet" in report.note


def test_load_files_of_reviews_are_registers_where_they_say_what_was_disclosed(scanned):
    for name in ("thorns.dat", "carets.dat"):
        report, records = scanned[name]
        assert (report.format, records[0][0], records[0][3]) == ("register", 2, ["SSN", "claims"])
        assert report.note.startswith("a load file of a litigation database")
    assert (scanned["index.dat"][0].status, scanned["index.dat"][0].note) == ("no_log", "load file")


def test_tables_in_markup_under_the_name_of_a_workbook_are_read(scanned):
    ((number, _, recipient, elements, _, day),) = scanned["xml.xls"][1]
    assert (number, recipient, elements, day.date()) == (4, "ICE", ["SSN"], date(2026, 2, 3))
    assert [told[:4] for told in scanned["page.xls"][1]] == [
        [3, "H-1", "ICE", ["SSN", "claims"]],
        [4, "H-2", "ICE", ["DOB"]],
    ]
    assert "a web page under the name of something else" in scanned["login.xls"][0].note
