"""Which data elements a cell names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditscan.policy import Policy, normalize
from auditscan.registers.counts import read_count
from auditscan.registers.dates import read_date
from auditscan.registers.elements import ElementReader

ROWS = Policy.load().tables["policy_elements"]
CATEGORY = {str(row[0]): str(row[2]) for row in ROWS}
READER = ElementReader({row[0] for row in ROWS})


def judged(cell):
    return [CATEGORY.get(normalize(item), "?") for item in READER.read(cell)]


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("Names, addresses, DOB and SSNs; immigration status",
         ["Names", "addresses", "DOB", "SSNs", "immigration status"]),
        ("MSIS ID, name, DOB, address", ["MSIS ID", "name", "DOB", "address"]),
        ("Medicaid ID / SSN / A-number", ["Medicaid ID", "SSN", "A-number"]),
        ("claims data (dx codes)", ["claims data", "dx codes"]),
        ("Names, race/ethnicity and DOB", ["Names", "race/ethnicity", "DOB"]),
        ("Name (first, middle, last), home address (street, city, ZIP)", ["Name", "home address"]),
        ("demographics (name, SSN)", ["name", "SSN", "demographics (name, SSN)"]),
        ("- Names\n- Addresses\n• SSN", ["Names", "Addresses", "SSN"]),
        ("1) Name 2) DOB", ["Name", "DOB"]),
        ("beneficiary home addresses", ["home addresses"]),
        ("SS#, tel. no.", ["SS number", "telephone number"]),
        ("Social Security No. and DOB", ["Social Security No", "DOB"]),
        ("Centers for Medicare and Medicaid Services", ["Centers for Medicare and Medicaid Services"]),
        ("", []),
        ("  \n ", []),
    ],
)  # fmt: skip
def test_a_cell_is_parted_into_its_items(cell, items):
    assert READER.read(cell) == items


@pytest.mark.parametrize("cell", ["All", "all data elements", "entire file", "see attached", "PII", "T-MSIS extract"])
def test_a_phrase_that_settles_nothing_stays_as_written_and_is_unclassified(cell):
    assert READER.read(cell) == [cell]
    assert judged(cell) == ["?"]


@pytest.mark.parametrize("cell", ["(b)(6)", "(b) (7)(C)", "[REDACTED]", "XXXXX", "█████", "***", "Redacted"])
def test_a_redacted_cell_is_unknown_and_never_empty(cell):
    assert READER.read(cell) == ["[redacted]"]


def test_a_redaction_within_a_list_is_an_unknown_item_beside_the_others():
    assert READER.read("Name; (b)(6), (b)(7)(C); SSN") == ["Name", "[redacted]", "SSN"]
    assert READER.read("█████ and DOB") == ["[redacted]", "DOB"]


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("no names, SSNs or addresses", ["no names, SSNs or addresses"]),
        ("names and SSNs excluded", ["names and SSNs excluded"]),
        ("names, DOB (no SSN)", ["names", "DOB", "no SSN"]),
        ("addresses, without diagnosis codes", ["addresses", "without diagnosis codes"]),
        ("SSN not provided; DOB", ["DOB", "SSN not provided"]),
    ],
)
def test_what_was_not_disclosed_is_no_element_but_is_not_dropped(cell, items):
    assert READER.read(cell) == items


_DENIED = """\
SSN: No|SSN? No|SSN, no|SSN/No|SSN = N|SSN N|Medicaid ID: No|Phone: no|SSN (not provided)|SSN (N)|SSN (none)|SSN (N/A)
SSN (removed)|diagnosis (excluded)|SSN [WITHHELD]|SSN WITHHELD|SSN (redacted)|SSN - withheld|SSN - no|SSN - blank|SSN: -
SSN not requested|SSN not sent|SSN not returned|SSN not authorized|SSN not collected|SSN not furnished|SSN not given
SSN not available|SSN couldn't be sent|SSN requested|SSN to be sent later|SSN no|SSN: 0|SSN and DOB (not provided)
Excluded: SSN; diagnosis; claims|Withheld: SSN; claims|Exclusions: SSN, claims|excl. SSN|Missing: SSN, diagnosis
Fields lacking: SSN|Denied: SSN, claims|Redacted: SSN; claims|WITHHELD: SSN|withheld - SSN|Not SSN|neither SSN nor DOB
The request for social security numbers was denied by the privacy office|masked SSN|de-identified claims|all except SSN
CMS declined to provide social security numbers and diagnosis codes to ICE|SSN; the request was denied|DHS supplied: SSN
All fields with the exception of social security numbers, claims and diagnosis codes|Requested: SSN, diagnosis
\u2610 SSN|[ ] SSN|\u2717 SSN|SSN \u2717|SSN ( )|SSN: none|no SSN|(no SSN)|SSN excluded|excluding diagnoses
without claims|SSN n/a|SSN: ?|SSN?"""


@pytest.mark.parametrize("cell", [cell for line in _DENIED.split("\n") for cell in line.split("|")])
def test_a_denial_never_becomes_the_element_and_is_not_dropped(cell):
    assert set(judged(cell)) == {"?"}


@pytest.mark.parametrize(
    ("cell", "categories"),
    [
        ("Home address; SSN: No", {"address", "?"}),
        ("Home address, excl. SSN", {"address", "?"}),
        ("Home address. Exclusions: SSN, claims", {"address", "?"}),
        ("names, SSN (not provided), DOB", {"name", "date_of_birth", "?"}),
        ("\u2611 Home address\n\u2610 SSN\n\u2610 Diagnosis codes", {"address", "?"}),
        ("\u2612 Home address \u2610 SSN", {"address", "?"}),
        ("[x] Home address [ ] SSN", {"address", "?"}),
        ("Home address \u2611, SSN \u2610", {"address", "?"}),
        ("Included: home address\nExcluded:\n- SSN\n- diagnosis codes", {"address", "?"}),
        ("Excluded:\n- SSN\nIncluded:\n- home address", {"address", "?"}),
        ("Does not contain:\n\u2022 SSN\n\u2022 claims", {"?"}),
        ("Requested: SSN, diagnosis; Provided: address", {"address", "?"}),
        ("DHS supplied: SSN; returned: address", {"address", "?"}),
        ("+ Home address, - SSN", {"address", "?"}),
        ("SSN: Y; DOB: N", {"ssn", "?"}),
        ("SSN: N, DOB: Y", {"date_of_birth", "?"}),
        ("SSN (Y)", {"ssn"}),
        ("SSN [included]", {"ssn"}),
        ("Home address; SSN. The remaining fields were withheld.", {"address", "ssn", "?"}),
        ("paid and denied claims", {"claims"}),
        ("claims; no other data", {"claims", "?"}),
        ("SSN No., DOB", {"ssn", "date_of_birth"}),
    ],
)
def test_beside_a_denial_the_others_are_read(cell, categories):
    assert set(judged(cell)) == categories


@pytest.mark.parametrize(
    ("cell", "categories"),
    [
        ("IP, LT, OT and RX claims", {"claims", "?"}),
        ("IP/OT claims", {"claims"}),
        ("claims (IP)", {"claims"}),
        ("IP", {"ip_address"}),
        ("IP address", {"ip_address"}),
        ("addr, city, state", {"address", "locality", "submitting_state"}),
        ("addr/county", {"address", "locality"}),
        ("addr, telephone", {"address", "phone"}),
        ("Home address, DOB, SSN. Claims history.", {"address", "date_of_birth", "ssn", "claims"}),
        ("SSN data; claims records", {"ssn", "claims"}),
    ],
)
def test_a_word_is_read_as_it_is_meant_beside_the_others(cell, categories):
    assert set(judged(cell)) == categories


@pytest.mark.parametrize(
    "cell", ["Phone records", "phone data", "telephone logs", "email history", "historical addresses", "name history",
             "citizenship records", "date of birth records"],
)  # fmt: skip
def test_words_are_not_cut_off_where_they_make_something_else_of_a_name(cell):
    assert judged(cell) == ["?"]


def test_prose_is_what_it_names_and_a_rest_that_nobody_classified():
    items = READER.read(
        "CMS provided ICE with a file that contains the names and addresses of enrollees along with "
        "immigration status and diagnosis codes for each claim paid in 2025"
    )
    assert items[:-1] == ["names", "addresses", "immigration status", "diagnosis codes"]
    assert items[-1].startswith("[not read as a list: CMS provided ICE")


def test_a_cell_of_five_hundred_words_has_one_rest():
    cell = "Names, SSNs; " + "; ".join(
        f"part {number} of the annex to the memorandum of that day" for number in range(60)
    )
    assert READER.read(cell)[:2] == ["Names", "SSNs"]
    assert len(READER.read(cell)) == 3
    assert judged(cell)[-1] == "?"


def test_a_list_that_says_it_is_open_has_an_unknown_item():
    assert judged("including but not limited to names, addresses") == ["name", "address", "?"]


def test_a_wide_word_is_not_reached_by_leaving_words_out():
    assert judged("patient account number") == ["?"]
    assert judged("current state") == ["?"]


@given(st.text(max_size=300))
def test_no_cell_with_something_in_it_is_empty(text):
    items = READER.read(text)
    assert items or not any(character.isalnum() for character in text)
    assert all(item.strip() for item in items)


@given(st.lists(st.sampled_from([*sorted(CATEGORY)[:400], "foo bar", "(b)(6)", "no ssn"]), min_size=1, max_size=6))
def test_a_list_parted_by_semicolons_keeps_every_known_item(names):
    found = {normalize(item) for item in READER.read("; ".join(names))}
    assert {normalize(name) for name in names if normalize(name) in CATEGORY} <= found


@pytest.mark.parametrize(
    "cell",
    ["\n" * 100_000 + "x", "(b)(6)" + " \n" * 50_000 + "x", "(" * 100_000, "a," * 50_000, "(a)," * 25_000,
     "5 " + "a" * 100_000, "and " * 25_000, "no " * 30_000, "-" * 100_000, "*x" * 50_000, "1) " * 30_000,
     "\u2588 x" * 20_000],
)  # fmt: skip
def test_a_cell_of_a_hundred_thousand_characters_is_read_in_bounded_time(cell):
    assert READER.read(cell)
    assert read_count(cell) is None
    assert read_date(cell) is None
