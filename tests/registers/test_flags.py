"""Columns beside those of the fields: which of them tell of elements."""

from __future__ import annotations

import pytest

from auditscan.policy import Policy
from auditscan.registers.columns import recognize_all
from auditscan.registers.flags import beside
from auditscan.registers.mapping import MappedColumn
from auditscan.registers.values import Evidence

EVIDENCE = Evidence.of(Policy.load())


def found(header, cell, field=None, others=()):
    headers = [header, *others]
    rows = [[cell, *["" for _ in others]]]
    columns = recognize_all(headers, [[cell], *[[] for _ in others]], EVIDENCE.fits)
    named = {place: MappedColumn(one.header, one.field) for place, one in enumerate(columns) if one.field}
    if field:
        named[0] = MappedColumn(header, field)
    return bool(beside(headers, named, rows, EVIDENCE.flags, whole=True).unread)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Frobs", "SSN; claims"), ("Frobs", "SSNs were also sent"), ("Remarks", "the file held diagnosis codes too"),
        ("", "SSN; claims"), ("SSN", "123-45-6789"), ("SSN count", "500"), ("SSN Withheld", "N"),
        ("Data Elements Requested", "SSN"), ("Date of birth of subjects", "1980"), ("Diagnosis of the person", "flu"),
    ],
)  # fmt: skip
def test_a_column_that_names_elements_and_is_not_read_is_found(header, cell):
    assert found(header, cell)


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("Frobs", "by courier"), ("Remarks", "SSN was not sent"), ("Remarks", ""), ("SSN", ""), ("SSN count", "0"),
        ("SSN Withheld", "Y"), ("Data Elements Withheld", "SSN; claims"), ("Phone Number", "555-0100"),
        ("Contact Name", "J. Roe"), ("City/State/ZIP", "Reston, VA 20190"), ("Analyst", "J. Roe"),
        ("Remarks", "[REDACTED]"),
    ],
)  # fmt: skip
def test_a_column_that_says_nothing_of_what_was_disclosed_is_none(header, cell):
    assert not found(header, cell)


def test_what_a_person_left_out_is_left_out():
    assert found("Frobs", "SSN; claims", "note")
    assert not found("Frobs", "SSN; claims", "ignored")


def test_what_was_asked_for_is_none_beside_what_was_given():
    assert not found("Data Requested", "SSN", others=["Data Elements Provided"])


@pytest.mark.parametrize(
    ("cell", "answer"),
    [("Y", True), ("x", True), ("1", True), ("Yes, all", True), ("\u2713", True), ("No", False), ("N/A", False),
     ("none", False), ("0", False), ("\u2610", False), ("-", False), ("?", None), ("partly", None), ("3", None),
     ("yes, but not all", None), ("\u2612", None)],
)  # fmt: skip
def test_what_a_cell_answers(cell, answer):
    assert EVIDENCE.flags.answer(cell) is answer
