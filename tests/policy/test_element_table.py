"""What may pass under the second order is the beneficiary's own basic data: `docs/element-table.md` in one page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from auditscan.policy import COLUMNS, load

PAGE = Path(__file__).parents[2] / "docs" / "element-table.md"
OF_THE_PERSON = {
    "ELG eligible",
    "TAF analytic file (BSF monthly)",
    "plain words",
    "register phrases",
    "HL7 FHIR",
}
"""Sources of names whose subject is a beneficiary."""
CARE_OR_OTHERS = {
    *("admission", "admsn", "discharge", "dschrg", "encounter", "hospital", "clinic", "visit", "service", "services"),
    *("srvc", "svc", "ltss", "lockin", "lckin", "hcbs", "waiver", "wvr", "mfp", "hh", "health", "pharmacy", "rx"),
    *("drug", "dgns", "diagnosis", "prcdr", "procedure", "claim", "clm", "prov", "prvdr", "provider", "npi"),
    *("physician", "carrier", "owner", "plcy", "policy", "plan", "mc", "managed", "cntrct", "chip", "mdcr", "medicare"),
}
"""Words of a name that show care, a program besides Medicaid, or somebody other than the beneficiary."""


def rows(table: str) -> list[dict[str, Any]]:
    names = [name for name, _ in COLUMNS[table]]
    return [dict(zip(names, row, strict=True)) for row in load().tables[table]]


ELEMENTS = rows("policy_elements")
SECOND = {row["key"]: row["severity"] for row in rows("policy_severities") if row["regime_id"] == "R2"}


def of(*severities: str) -> list[dict[str, Any]]:
    """The elements of these severities under the second order."""
    return [row for row in ELEMENTS if SECOND.get(row["category"], "enjoined") in severities]


def files(row: dict[str, Any]) -> set[str]:
    return set((row["files"] or "").split(";"))


def test_what_is_permitted_is_named_in_files_about_the_person():
    others = [
        row["element"] for row in of("permitted") if row["category"] != "technical" and not files(row) & OF_THE_PERSON
    ]
    assert others == []


def test_what_occurs_in_a_file_of_providers_too_is_permitted_only_where_it_is_said():
    """The date of birth has one name for both in T-MSIS; no other permitted name has a second owner."""
    shared = {"PRV provider", "MCR managed care plan", "TPL third-party liability", "FTX financial transactions"}
    found = {row["element"]: row["also"] for row in of("permitted") if row["category"] != "technical"
             and files(row) & shared}  # fmt: skip
    assert found == {"birth_dt": "provider"}


def test_no_name_of_care_or_of_somebody_else_passes_or_stays_open():
    found = [row["element"] for row in of("permitted", "review") if set(row["alias_key"].split("_")) & CARE_OR_OTHERS]
    # The number that a claim has of the person: open as the MSIS number is.
    assert found == ["CLM_RCPNT_STATE_MDCD_ID"]


def test_columns_of_medicare_tables_never_pass():
    medicare = [row for row in ELEMENTS if "IDR Medicare" in files(row)]
    assert len(medicare) > 300
    open_ones = {row["category"] for row in medicare if SECOND.get(row["category"], "enjoined") != "enjoined"}
    assert open_ones == {"file_metadata"}
    assert [row["element"] for row in medicare if SECOND.get(row["category"], "enjoined") == "permitted"] == []


def test_technical_columns_say_nothing_of_anybody():
    telling = {"ssn", "msis", "name", "adr", "addr", "phne", "birth", "death", "elgbl", "bene", "prvdr", "md5", "hash"}
    telling |= {"period", "prd", "rptg", "filler", "record_id"}
    technical = [row for row in ELEMENTS if row["category"] == "technical"]
    assert [row["element"] for row in technical if set(row["alias_key"].split("_")) & telling] == []


def test_one_field_under_two_names_is_in_one_category():
    """T-MSIS has a name and a column for each field, and both have its description."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in ELEMENTS:
        if row["description"] and not files(row) & {"plain words", "register phrases", "HL7 FHIR"}:
            found[re.sub(r"\s*\(.*", "", row["description"]).strip(" .").lower()].add(row["category"])
    # "member id" is a plain word too.
    assert {text for text, categories in found.items() if len(categories) > 1} == {"member identifier"}


def test_benefits_are_found_by_words_and_not_by_syllables():
    words = {
        row["alias_key"]: set(row["alias_key"].split("_")) for row in ELEMENTS if row["category"] == "public_benefit"
    }
    assert [name for name, parts in words.items() if not parts & {"ssi", "ssdi", "tanf"}] == []


@pytest.mark.parametrize(
    ("element", "category"),
    [
        ("msis_ident_num", "msis_id"),
        ("beneficiary_id", "other_identifier"),
        ("bene_line_1_adr", "medicare_status"),
        ("geo_zip5_cd", "medicare_status"),
        ("last_known_address", "address_history"),
        ("eligible_addr_eff_date", "address_history"),
        ("record_id", "file_metadata"),
        ("ssn_indicator", "file_metadata"),
        ("contact_phone", "other_information"),
        ("country_of_birth", "birthplace"),
        ("admission_hour", "dates_of_service"),
        ("admission_type", "claims"),
        ("lckin_efctv_dt", "medical_records"),
        ("ltss_eligibility_eff_date", "disability"),
        ("wvr_enrlmt_efctv_dt", "eligibility_group"),
        # Read again, every row:
        ("admsn_dt", "dates_of_service"),
        ("discharge_date", "dates_of_service"),
        ("clm_rcpnt_state_mdcd_id", "msis_id"),
        ("managed_care_plan_enrollment_eff_date", "health_plan"),
        ("lckin_prvdr_num", "medical_records"),
        ("bene_sex_cd", "medicare_status"),
        ("cntrct_plan_cntct_tel_num", "health_plan"),
        ("maintenance_assistance_status", "eligibility_group"),
    ],
)
def test_rows_that_were_moved(element, category):
    assert {row["alias_key"]: row["category"] for row in ELEMENTS}[element] == category


def test_the_page_counts_the_rows_of_each_category():
    counted = dict(re.findall(r"^\| `([a-z_]+)` \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.M))
    assert counted == {name: str(count) for name, count in Counter(row["category"] for row in ELEMENTS).items()}
