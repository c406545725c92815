"""XML audit records: real ones, odd ones, and documents that mean harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from auditscan.readers.raw import Fixed
from auditscan.readers.xml_records import XmlRecord, xml_records

SAMPLES = Path(__file__).parent.parent / "samples" / "atna_dicom_xml"
DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>'


def message(name: str, inside: str = "") -> bytes:
    return f'<AuditMessage><EventID code="{name}"/>{inside}</AuditMessage>'.encode()


def read(content: bytes) -> list[XmlRecord]:
    found = list(xml_records(Fixed(content)))
    assert [record.number for record in found] == list(range(1, len(found) + 1))
    for record in found:
        assert bool(record.json) != bool(record.reason)
        if record.json:
            raw = content[record.byte_offset :][: record.byte_length]
            assert raw.startswith(b"<")
            assert raw.endswith(b">")
            assert b"\n" not in record.json
        else:
            assert content[record.byte_offset :].startswith(record.kept)
    return found


def told(content: bytes) -> list[str]:
    """The code of each record, or why it cannot be read."""
    return [record.reason or json.loads(record.json)["EventID"][0].get("@code", "none") for record in read(content)]


@pytest.mark.parametrize("name", ["atna-record-1", "pdq", "pixquery", "start"])
def test_real_records(name):
    content = (SAMPLES / f"{name}.xml").read_bytes()
    (record,) = read(content)
    assert content[record.byte_offset :][: record.byte_length].startswith(b"<AuditMessage")
    found = json.loads(record.json)
    assert found["tag"] == "AuditMessage"
    assert found["EventIdentification"][0]["@EventOutcomeIndicator"] == "0"
    roles = [one["RoleIDCode"][0] for one in found["ActiveParticipant"]]
    assert roles[0].get("@csd-code", roles[0].get("@code")) in ("110150", "110153")
    if name == "pdq":
        assert found["ParticipantObjectIdentification"][0]["ParticipantObjectQuery"][0]["#text"].startswith("TVNIfF5+")


def test_the_real_records_in_one_file():
    content = b"\n".join((SAMPLES / f"{name}.xml").read_bytes() for name in ("pdq", "start", "pixquery"))
    assert [record.reason for record in read(content)] == ["", "", ""]


SYSLOG = b"<85>1 2026-01-07T19:40:02Z host app - IHE+RFC-3881 - "
BUNDLE = (
    b'<Bundle xmlns="http://hl7.org/fhir"><entry><resource>%s</resource></entry><entry><resource>%s</resource></entry>'
    b"<entry><resource>%s</resource></entry></Bundle>"
)
EVENT = b'<AuditEvent xmlns="http://hl7.org/fhir"><EventID code="%s"/></AuditEvent>'
READ = {
    "lines": (message("a") + b"\n" + message("b") + b"\r\n" + message("c"), ["a", "b", "c"]),
    "together": (DECLARED + message("a") + DECLARED + message("b") + message("c"), ["a", "b", "c"]),
    "syslog": (SYSLOG + DECLARED + message("a") + b"\n" + SYSLOG + message("b") + b"\n", ["a", "b"]),
    "prefixed": (b'<d:AuditMessage xmlns:d="urn:x"><d:EventID d:code="a"/></d:AuditMessage>', ["a"]),
    "prefix_undeclared": (b'<AuditMessage><EventID code="a" xsi:type="CE"/></AuditMessage>', ["a"]),
    "bundle": (BUNDLE % (EVENT % b"a", EVENT % b"b", EVENT % b"c"), ["a", "b", "c"]),
    "wrapped": (b"<log>" + message("a") + b"<x/>" + message("b") + b"</log>", ["a", "b"]),
    "comments": (b"<!-- x -->" + message("a") + b"<!-- <AuditMessage> -->", ["a"]),
    "utf_16_declared": (b'<?xml version="1.0" encoding="UTF-16"?>' + message("é"), ["é"]),
    "latin_1": (b'<?xml version="1.0" encoding="ISO-8859-1"?>' + message("é").decode().encode("latin-1"), ["é"]),
    "no_records": (b"<feed><entry/></feed>", []),
    "nothing": (b" \n ", []),
    "many": (b"\n".join(message(f"{n}") for n in range(3000)), [f"{n}" for n in range(3000)]),
    "broken_line": (
        message("a") + b"\n<AuditMessage><EventID code='b'</AuditMessage>\n" + message("c"),
        ["a", "not XML: a character stands where XML has none", "c"],
    ),
    "without_its_end": (
        message("a") + b"\n<AuditMessage><EventID code='b'/>\n" + message("c") + b"\n" + message("d"),
        ["a", "the record has no end: another begins inside of it", "c", "d"],
    ),
    "no_document": (
        message("a") + b"\nApr 1 rotated\n" + message("b"),
        ["a", "not XML: no document stands in the line", "b"],
    ),
    "cut": (message("a") + message("b")[:-9], ["a", "not XML: the document is cut off"]),
    "in_a_bundle": (
        BUNDLE % (EVENT % b"a", b"<AuditEvent><x></AuditEvent>", EVENT % b"c"),
        ["a", "not XML: an element is closed that is not open", "c"],
    ),
    "entity_undeclared": (
        message("a", "&lol;") + message("b"),
        ["not XML: it uses an entity that XML does not have", "b"],
    ),
    "control_character": (
        message("a", "\x01") + message("b"),
        ["not XML: a character stands where XML has none", "b"],
    ),
}


@pytest.mark.parametrize("name", READ)
def test_what_stands_around_and_between_records(name):
    content, expected = READ[name]
    assert told(content) == expected


def test_the_shape_of_a_record():
    text = '<AuditEvent xmlns="f" id="1"><a value="x"/><a>t<b/>u</a><meta><tag value="y"/></meta></AuditEvent>'
    (record,) = read(text.encode())
    assert json.loads(record.json) == {
        "tag": "AuditEvent",
        "@id": "1",
        "a": [{"@value": "x"}, {"#text": "tu", "b": [{}]}],
        "meta": [{"tag": [{"@value": "y"}]}],
    }


LAUGHS = (
    b'<!DOCTYPE AuditMessage [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (n + 1, b"&%c;" % n * 10) for n in range(97, 110))
    + b"]>"
)
HARM = {
    "laughs": (LAUGHS + message("x", "&n;"), "it has a DOCTYPE or entities"),
    "external": (b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + message("x", "&e;"), "it has a DOCTYPE"),
    "dtd_elsewhere": (b'<!DOCTYPE x SYSTEM "http://198.51.100.1/x.dtd">' + message("x"), "it has a DOCTYPE"),
    "deep": (message("x", "<a>" * 100_000), "elements are nested more than 100 deep"),
    "deep_outside": (b"<a>" * 100_000, "elements are nested more than 100 deep"),
    "attributes": (message("x", "<a " + " ".join(f'a{n}=""' for n in range(1001)) + "/>"), "than 1,000 attributes"),
    "huge_attribute": (b'<AuditMessage a="' + b"x" * (17 << 20) + b'"/>', "more than 16 MiB without an end"),
    "huge_text": (message("x", "x" * (17 << 20)), "16 MiB"),
    "elements": (message("x", "<a/>" * 120_000), "more than 100,000 elements"),
}  # fmt: skip


@pytest.mark.parametrize("name", HARM)
def test_a_document_that_means_harm_costs_itself(name):
    content, reason = HARM[name]
    before, harmful, *after = read(message("a") + b"\n" + content + b"\n" + DECLARED + message("z"))
    assert b'"a"' in before.json
    assert reason in harmful.reason
    assert len(harmful.kept) <= 1 << 16
    assert [json.loads(record.json)["EventID"][0]["@code"] for record in after] == ["z"]


@pytest.mark.parametrize("encoding", [b"none such", b"x" * 80, b"utf-7", b"hex"])
def test_an_encoding_that_is_none_costs_no_other_record(encoding):
    content = b'<?xml version="1.0" encoding="' + encoding + b'"?>\xff' + message("b")
    first, *others = told(content + b"\n" + message("c"))
    assert first.startswith("not XML")
    assert others[-1] == "c"
