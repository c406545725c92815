"""Real records of health systems and of Databricks: every one accounted for, and mapped as it says."""

from __future__ import annotations

import copy
import json
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditscan.ingest import Reads
from auditscan.readers.files import find_files
from auditscan.scanning.reading import Reading
from auditscan.scanning.scan import scan
from auditscan.store import open_store
from scans import EXAMPLES, LIBRARY, POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from auditscan.store import Store

SAMPLES = Path(__file__).parent.parent / "samples"
TABLES = (
    "sources", "records", "trace_rows", "trace_sayings", "set_aside", "quarantine", "logged_disclosures", "contexts",
    "duplicates", "conflicts",
)  # fmt: skip


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with open_store(None, LIBRARY, threads=1) as opened:
        # A scan makes the views.
        scan(opened, [SAMPLES / "fhir_auditevent" / "r4_disclosure.json"], POLICY, date(2026, 3, 1))
        yield opened


def read(store: Store, path: Path, asked: str | None = None) -> dict[str, Any]:
    """Read one file into an emptied database; what became of its records, which must add up."""
    for table in TABLES:
        store.rows(f"delete from {table}")
    store.run("begin")
    reading = Reading(store, "UTC", reads=Reads(log_format=asked))
    reports = reading.take_all(find_files([path]))
    for step in ("repeats", "settle", "look_up", "date"):
        store.run(step)
    store.rows("drop table repeated_records")
    found = {
        "format": reports[0].format,
        "status": reports[0].status,
        "records": reports[0].records,
        "transfers": store.one("select count(*) from records") - store.one("select count(*) from duplicates"),
        "duplicates": store.one("select count(*) from duplicates"),
        "aside": dict(store.rows("select reason, records from set_aside")),
        "quarantined": store.one("select count(*) from quarantine"),
    }
    parts = found["transfers"] + found["duplicates"] + sum(found["aside"].values()) + found["quarantined"]
    assert found["records"] == parts, found
    return found


DISCLOSED = {
    "fhir_auditevent/balp_PrivacyDisclosure-source.json": ("push", "myMachine.example.org"),
    "fhir_auditevent/balp_PrivacyDisclosure-recipient.json": ("push", "Device/ex-device"),
    "fhir_auditevent/balp_BasicQueryGetServer.json": ("query", "John Smith; myMachine.example.org"),
    "fhir_auditevent/balp_BasicReadServer.json": ("view", "John Smith; myMachine.example.org"),
    "fhir_auditevent/cms_bfd_AuditEvent.json": ("push", "Alex's test app"),
    "fhir_auditevent/r4_disclosure.json": ("push", "Where"),
    "fhir_auditevent/stu3_disclosure.json": ("push", "Where"),
    "atna_dicom_xml/atna-record-1.xml": ("push", "67562; AETITLE=AEPACS"),
    "atna_dicom_xml/pdq.xml": ("query", "MESA_DEPARTMENT|MESA_PD_CONSUMER"),
    "atna_dicom_xml/pixquery.xml": ("query", "MESA_DEPARTMENT|MESA_PIX_CLIENT"),
}
"""What one record did, and for whom."""

SET_ASIDE = {
    "fhir_auditevent/balp_BasicDelete2.json": "a record was deleted",
    "atna_dicom_xml/start.xml": "an application was started or stopped",
}


@pytest.mark.parametrize("name", DISCLOSED)
def test_a_disclosure(name: str, store: Store) -> None:
    found = read(store, SAMPLES / name)
    assert (found["format"], found["transfers"]) == (_format(name), 1)
    assert store.rows("select action, recipient from transfers") == [DISCLOSED[name]]


@pytest.mark.parametrize("name", SET_ASIDE)
def test_an_event_that_discloses_nothing(name: str, store: Store) -> None:
    found = read(store, SAMPLES / name)
    assert (found["format"], found["transfers"]) == (_format(name), 0)
    assert found["aside"] == {SET_ASIDE[name]: 1}


def test_databricks(store: Store) -> None:
    found = read(store, SAMPLES / "databricks" / "panther_databricks_audit.jsonl")
    assert (found["format"], found["records"], found["quarantined"]) == ("databricks_audit", 162, 0)
    assert (found["transfers"], found["duplicates"]) == (8, 0)
    assert found["aside"]["a login"] == 23
    kinds = dict(store.rows("select action, count(*) from transfers group by all"))
    assert kinds == {"download": 6, "query": 1, "view": 1}


def _format(name: str) -> str:
    return {"fhir_auditevent": "fhir_audit", "atna_dicom_xml": "atna"}[name.partition("/")[0]]


# --- records that are not what they should be ---------------------------------------------------


JUNK = [None, True, 5, -1.5, "", "x", "110106", "{", "[]", [], {}, [[]], [None], [{}], {"code": [{}]}, {"coding": "x"}]


def _places(value: object, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Where the parts of a JSON value stand."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield (*path, key)
        yield from _places(part, (*path, key))


@cache
def _objects(pattern: str) -> list[str]:
    """The records of sample files as JSON texts."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob(pattern))]
    return [line for text in texts for line in ([text] if text.startswith("{\n") else text.splitlines())]


@st.composite
def spoilt(draw: st.DrawFn, pattern: str) -> str:
    """A real record of which parts are gone or something else."""
    records = _objects(pattern)
    record = json.loads(records[draw(st.integers(0, len(records) - 1))])
    for _ in range(draw(st.integers(1, 4))):
        places = list(_places(record))
        if not places:
            break
        *way, last = places[draw(st.integers(0, len(places) - 1))]
        holder: Any = record
        for key in way:
            holder = holder[key]
        if draw(st.booleans()):
            del holder[last]
        else:
            # A copy: a later change within it would change what is drawn next.
            holder[last] = copy.deepcopy(draw(st.sampled_from(JUNK)))
    return json.dumps(record)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoilt")


@pytest.mark.parametrize(
    ("name", "pattern"), [("fhir_audit", "fhir_auditevent/*.json"), ("databricks_audit", "databricks/*.jsonl")]
)
@settings(max_examples=EXAMPLES, deadline=None)
@given(data=st.data())
def test_spoilt_records_are_accounted_for(
    name: str, pattern: str, data: st.DataObject, store: Store, folder: Path
) -> None:
    lines = data.draw(st.lists(spoilt(pattern), min_size=10, max_size=30))
    log = folder / "log.ndjson"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert read(store, log, name)["records"] == len(lines)


@settings(max_examples=EXAMPLES, deadline=None)
@given(cuts=st.lists(st.tuples(st.integers(0, 6000), st.integers(1, 300)), min_size=1, max_size=5))
def test_messages_with_holes_are_accounted_for(cuts: list[tuple[int, int]], store: Store, folder: Path) -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("atna_dicom_xml/*.xml")))
    for begin, length in cuts:
        text = text[:begin] + text[begin + length :]
    log = folder / "log.xml"
    log.write_text(text, encoding="utf-8")
    assert read(store, log, "atna")["status"] == "read"
