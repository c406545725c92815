"""Logs of other systems in JSON: once the keys of a log are known, the engine reads fields and not records."""

from __future__ import annotations

import json
from unittest import mock

import pytest

from auditscan.ingest import mapped_json
from auditscan.ingest.mapped_json import JsonRecords
from auditscan.readers import blocks
from readers.reading import read_folder

SOUND = {
    "QUERY_TEXT": "select ssn, bene_name from MDCD.PUBLIC.BENE where state = 'CA'",
    "DATABASE_NAME": "MDCD",
    "USER_NAME": "ICE_USER",
    "ROLE_NAME": "ICE_ROLE",
    "WAREHOUSE_NAME": "WH",
    "EXECUTION_STATUS": "SUCCESS",
    "START_TIME": "2026-03-01T10:00:00Z",
    "ROWS_PRODUCED": 700,
}
BLOCK = 4_000
"""Bytes of a block: the first one shows the keys of a log."""


def query(name: str, **fields: object) -> bytes:
    """A line of a history of queries."""
    return json.dumps({"QUERY_ID": name, **SOUND, **fields}).encode() + b"\n"


def changed(was: bytes, now: bytes) -> bytes:
    """A line that `json.dumps` would not write."""
    return query("odd").replace(was, now)


LATE = {
    "an unknown field": query("late", BATCH="b1"),
    "an unknown field that is an object": query("late", BATCH={"x": [1, {"y": None}]}),
    "a field of the format": query("late", ERROR_CODE="000604"),
    "a second spelling": query("late", query_text="select 1"),
    "a field in odd case": changed(b'"USER_NAME"', b'"User_Name"'),
    "an escape in a key": changed(b'"USER_NAME"', b'"\\u0055SER_NAME"'),
    "a field twice": changed(b"}", b',"ROLE_NAME":"CBP_ROLE"}'),
    "a field twice with one value": changed(b"}", b', "WAREHOUSE_NAME": "WH"}'),
    "an empty key": query("late", **{"": 1}),
    "no field": b"{}\n",
    "null": b"null\n",
    "a list": b"[]\n",
    "a text": b'"x"\n',
    "two records": query("one")[:-1] + query("other"),
    "broken off": query("late")[:90] + b"\n",
    "a comma too many": changed(b"}", b",}"),
    "no number": changed(b"700", b"NaN"),
    "a large number": changed(b"700", b"123456789012345678.5"),
    "a small number": changed(b"700", b"0.00001"),
    "a number with an exponent": changed(b"700", b"7e2"),
    "an id that is a number": changed(b'"odd"', b"1.5e-05"),
    "no UTF-8": changed(b"SUCCESS", b"SUC\x81"),
    "a control character": changed(b"SUCCESS", b"SUC\x01"),
    "half a pair": changed(b"SUCCESS", b"\\ud800"),
    "what a collector wraps": json.dumps({"message": {"QUERY_ID": "late", **SOUND}}).encode() + b"\n",
    "such a field of a record": query("late", message="hello"),
    "a blank line": b"\n",
    "blanks in front": b" \t" + query("late"),
    "the end of a line of Windows": query("late")[:-1] + b"\r\n",
    "no id": query("late", QUERY_ID=None),
    "no id, and a small number": query("late", QUERY_ID=None, ROWS_PRODUCED=0.00001),
    "a query that shows nothing": query("late", QUERY_TEXT="show tables"),
}
"""What a log says in one line, far behind its beginning."""


@pytest.fixture(scope="module")
def read_both_ways(tmp_path_factory):
    """Each log as it is read block by block, and in one, where each record is asked for its keys."""
    folder = tmp_path_factory.mktemp("logs")
    for number, line in enumerate(LATE.values()):
        sound = [query(f"{number}-{at}", ROWS_PRODUCED=at) for at in range(26)]
        (folder / f"{number:02}.ndjson").write_bytes(b"".join([*sound[:20], line, *sound[20:], line]))
    held = mock.Mock()
    hold = JsonRecords._hold

    def watched(self, block):
        found = hold(self, block)
        held(found is not None)
        return found

    with mock.patch.object(blocks, "BLOCK_BYTES", BLOCK), mock.patch.object(JsonRecords, "_hold", watched):
        fast = read_folder(folder, workers=1)
    assert held.call_args_list.count(mock.call(True)) > len(LATE)
    with mock.patch.object(mapped_json, "MOST_KEYS", 0):
        careful = read_folder(folder, workers=1)
    return fast, careful


@pytest.mark.parametrize(("name", "what"), [(f"{number:02}.ndjson", what) for number, what in enumerate(LATE)])
def test_it_says_the_same(read_both_ways, name, what):
    fast, careful = (found[name] for found in read_both_ways)
    assert fast == careful
    assert fast.records + fast.blank == 28
    assert len(fast.kept) >= 26


def test_what_is_no_record_is_told(read_both_ways):
    fast, _ = read_both_ways
    bad = {what for (what, _), found in zip(LATE.items(), list(fast.values()), strict=False) if found.bad}
    assert bad == {
        "a field twice", "no field", "null", "a list", "a text", "two records", "broken off", "a comma too many",
        "no number", "no UTF-8", "a control character", "half a pair",
    }  # fmt: skip
