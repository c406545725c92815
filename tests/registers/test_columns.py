"""Which field a column of a register holds."""

from __future__ import annotations

import pytest

from auditscan.policy import Policy
from auditscan.registers.columns import FIELDS, Synonyms, recognize, recognize_all
from auditscan.registers.values import Evidence


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return Evidence.of(Policy.load())


def fields(*headers):
    return [column.field for column in recognize_all(headers)]


def test_a_whole_register_as_an_accounting_keeps_it():
    assert fields(
        "Tracking No", "Date of Disclosure", "Disclosed To", "Address", "Description of Information",
        "Purpose / Authority", "States", "No. of Individuals", "Method", "Released By",
    ) == [
        "transfer_id", "occurred_at", "recipient", "recipient_address", "elements",
        "purpose", "states", "record_count", "action", "actor",
    ]  # fmt: skip


def test_a_public_register_with_names_in_one_word():
    assert fields(
        "Key", "RowID", "ODRReference", "DataRecipient", "OrganisationType", "Purpose", "DataSource",
        "DataTypeProvidedTo", "LegalBasisForRelease", "DateOfRelease",
    ) == [
        None, "note", "transfer_id", "recipient", None, "purpose", "system", "elements", "authority", "occurred_at",
    ]  # fmt: skip


def test_a_summary_has_a_first_day_a_last_day_and_a_number():
    assert fields("Date of First Disclosure", "Date of Last Disclosure", "No. of Disclosures") == [
        "occurred_at", "occurred_until", "event_count",
    ]  # fmt: skip


def test_of_two_dates_the_one_that_says_more_counts_and_the_other_is_kept_as_a_note():
    columns = recognize_all(["Date", "Date of Disclosure", "Date Requested"])
    assert [column.field for column in columns] == ["note", "occurred_at", "ignored"]
    assert "`Date of Disclosure` says better" in columns[0].why


def test_the_state_of_an_address_is_not_the_state_of_the_data():
    assert fields("Disclosed To", "Address", "City", "State", "ZIP")[3] == "note"
    assert fields("Disclosed To", "State", "Purpose")[1] == "states"


@pytest.mark.parametrize(
    ("headers", "fields_of"),
    [
        (["Disclosed To", "State", "Phone"], ["recipient", "note", "ignored"]),
        (["Title", "State", "Disclosed To"], ["ignored", "note", "recipient"]),
        (["State", "Data Elements", "Beneficiary State"], ["note", "elements", "states"]),
        (["State", "Individual's State"], ["note", "states"]),
        (["State", "State of Beneficiary"], ["note", "states"]),
        (["Recipient's State", "To State", "Requester State"], [None, None, None]),
        (["Phone", "States"], ["ignored", "states"]),
        (["Phone", "State(s)"], ["ignored", "states"]),
    ],
)
def test_whose_state_it_is(headers, fields_of):
    assert fields(*headers) == fields_of


def test_a_state_beside_a_phone_is_the_data_s_where_a_cell_lists_several(evidence):
    columns = recognize_all(["Phone", "State"], [["555-0100"], ["CA; WA", "TX"]], evidence.fits)
    assert columns[1].field == "states"


@pytest.mark.parametrize(
    "header",
    ["Data Elements Withheld", "Elements Not Disclosed", "Data elements NOT shared", "States not included", "Withheld",
     "States Excluded", "Excluded Elements", "Data Elements Excluded", "Populations Excluded", "Exclusions",
     "Fields not included", "Elements redacted", "States (not included)"],
)  # fmt: skip
def test_a_column_of_what_was_not_disclosed_is_left_out(header):
    column = recognize(header)
    assert (column.field, column.why) == ("ignored", "it says what was not disclosed")


def test_a_column_of_what_was_asked_for_says_nothing_of_what_was_given():
    assert fields("Data Elements Requested", "Data Elements Provided") == ["ignored", "elements"]
    assert fields("Data Elements Requested", "Purpose") == [None, "purpose"]


@pytest.mark.parametrize(
    ("headers", "values", "fields_of"),
    [
        (["Requester Name", "Requester Organization"], [["A. Roe", "B. Roe"], ["ICE", "DHS"]], ["note", "recipient"]),
        (["Requestor", "Agency/Organization"], [["A. Example"], ["ICE"]], ["note", "recipient"]),
        (["Disclosed To", "Recipient Organization"], [["J. Roe"], ["ICE"]], ["note", "recipient"]),
        (["Released By", "Disclosing Agency"], [["J. Roe"], ["CMS"]], ["actor", "sender"]),
        (["Prepared By", "Disclosed To"], [["CMS/OEDA", "CMS"], ["ICE"]], ["sender", "recipient"]),
        (["Data Released By"], [["CMS", "HHS"]], ["sender"]),
        (["Disclosed By"], [["CMS/OEDA"]], ["sender"]),
    ],
)  # fmt: skip
def test_of_two_candidates_the_one_whose_cells_are_known_agencies_counts(evidence, headers, values, fields_of):
    assert [column.field for column in recognize_all(headers, values, evidence.fits)] == fields_of


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("SSN", ["Y", "N"], "flag"),
        ("SSN", ["X"], "flag"),
        ("Diagnosis codes (Y/N)", ["1", "0"], "flag"),
        ("Claims Data?", ["Yes", "No", "partly"], "flag"),
        ("Address", ["\u2611", "\u2610"], "flag"),
        ("Phone", ["1"], "ignored"),
        ("SSN", ["1"], "flag"),
        ("Address", ["1 Main St", "2 Main St"], "recipient_address"),
        ("State", ["N/A", "CA"], "states"),
        ("PHI (Y/N)", ["Y"], None),
        ("Data Elements SSN", ["Y", "N"], "flag"),
        ("Includes SSN", ["Yes"], "flag"),
        ("SSN Withheld", ["Y"], None),
    ],
)
def test_a_column_of_one_element_says_yes_or_no_to_it(evidence, header, values, field):
    assert recognize(header, values, evidence.fits).field == field


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("#", ["1", "2", "3"], None),
        ("No.", ["1", "2", "5"], None),
        ("#", ["1041", "1042"], "transfer_id"),
        ("No.", ["NDT-1", "NDT-2"], "transfer_id"),
        ("Disclosure Time", ["0930", "1415"], None),
        ("Times Disclosed", ["3", "12"], "event_count"),
        ("No. of Times Disclosed", ["3"], "event_count"),
        ("Status", ["Denied", "Approved", "Pending", "Closed"], "outcome"),
        ("Decision", ["Denied", "Approved"], "outcome"),
        ("Approval Status", ["Denied"], "outcome"),
        ("Approval Status", ["Approved", "Pending"], None),
        ("Disclosure Status", ["Sent back", "On its way"], "outcome"),
        ("Final Disposition", ["Recalled"], "outcome"),
    ],
)
def test_numbers_times_and_states_of_affairs(evidence, header, values, field):
    assert recognize(header, values, evidence.fits).field == field


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Entity Data Provided To", "recipient"), ("Destination", "recipient"), ("Receiver", "recipient"),
        ("Data Sharing Partner", "recipient"), ("Fields Exported", "elements"), ("Records Described", "elements"),
        ("Data Files", "elements"), ("Authority (5 USC 552a(b))", "authority"), ("Purpose/Basis", "purpose"),
        ("Basis", "authority"), ("CMA No.", "transfer_id"), ("Project ID", "transfer_id"),
        ("Data Destination", "recipient"), ("Data Type provided to applicant", "elements"),
    ],
)  # fmt: skip
def test_headers_of_other_people_s_registers(header, field):
    assert recognize(header).field == field


def test_several_columns_may_add_elements():
    assert fields("Data Elements", "PHI Disclosed") == ["elements", "elements"]


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("Status", ["Success", "Failed", "success"], "outcome"),
        ("Status", ["Approved", "Pending"], None),
        ("Records Disclosed", ["1,200", "approx. 3,000", ">10"], "record_count"),
        ("Agency", ["ICE", "DHS"], "recipient"),
        ("Disclosed By", ["CMS/OEDA", "CMS (data office)", "CMS"], "sender"),
        ("Released By", ["Jane Roe", "J. Doe, privacy office", "CMS"], "actor"),
        ("Name", ["Jane Roe", "John Doe"], None),
        ("Individuals", ["1,250,000", "12"], "record_count"),
        ("Start Date", ["n/a at present", "soon"], None),
        ("Count", ["monthly", "weekly"], None),
    ],
)
def test_values_settle_what_the_header_leaves_open(evidence, header, values, field):
    assert recognize(header, values, evidence.fits).field == field


def test_a_header_that_says_it_outright_stands_against_its_values(evidence):
    column = recognize("Date of Disclosure", ["see log", "unclear"], evidence.fits)
    assert column.field == "occurred_at"
    assert "few of its values fit" in column.why


def test_redacted_and_blank_cells_say_nothing_of_a_column(evidence):
    column = recognize("Start Date", ["(b)(6)", "", "[REDACTED]"], evidence.fits)
    assert (column.field, column.why) == ("occurred_at", "its header is `start date`")


def test_every_recognized_column_says_why():
    for header in ("Disclosed To", "Date the data were transmitted", "File Ref"):
        assert recognize(header).why.startswith("its header")
    assert recognize("Frobnication").why == "no word of its header is known"


@pytest.mark.parametrize("header", ["", "   ", "()", "§", "of the"])
def test_a_header_of_no_words_is_nothing(header):
    assert recognize(header).field is None


def test_every_row_of_the_table_can_be_met():
    table = Synonyms.shipped()
    assert all(table.exact and rule[0] for rule in table.parts)
    assert {name for name, *_ in table.exact.values()} <= {"none", *FIELDS}
