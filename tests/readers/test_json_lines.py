"""NDJSON with everything that can be wrong with a line."""

from __future__ import annotations

import json

import pytest

from readers.reading import Case, check, line, read_folder, record, write_cases


def spaced(transfer_id: object, **fields: object) -> bytes:
    return json.dumps(record(transfer_id, **fields)).encode() + b"\n"


def keyed(spell, transfer_id: str) -> bytes:
    return json.dumps({spell(k): v for k, v in record(transfer_id).items()}).encode() + b"\n"


A, B, C = line("a"), line("b"), line("c")
NESTED = b"[" * 2000 + b"]" * 2000
MANY_DIGITS = "9" * 5000

CASES = {
    "no_json": Case(b"hello\nworld\n", status="unrecognized", note="no JSON", name="log.ndjson"),
    "no_json_above": Case(b"hello\nworld\n" + A, {3: "a"}, {1: "not JSON", 2: "not JSON"}, name="log.ndjson"),
    "cut_off_last_line": Case(A + B + C[:40], {1: "a", 2: "b"}, {3: "the record is cut off"}),
    "cut_off_in_a_word": Case(A + b'{"transfer_id":"b","states":nul', {1: "a"}, {2: "cut off"}),
    "cut_off_behind_a_key": Case(A + b'{"transfer_id"', {1: "a"}, {2: "cut off"}),
    "no_final_line_end": Case(A + B.rstrip(), {1: "a", 2: "b"}),
    "nul_in_text": Case(A + B.replace(b"CMS", b"C\0S") + C, {1: "a", 3: "c"}, {2: "a NUL byte at"}),
    "nul_between": Case(A + b"\0\n" + C, {1: "a", 3: "c"}, {2: "a NUL byte at byte 1"}),
    "nul_padding": Case(A + b"\0" * 100, {1: "a"}, {2: "a NUL byte"}),
    "nul_escaped": Case(A + line("b", purpose="x\0y") + C, {1: "a", 2: "b", 3: "c"}),
    "blank_lines": Case(b"\n" + A + b"\n \t\n" + B + b"\r\n\n", {2: "a", 5: "b"}),
    "crlf": Case((A + B).replace(b"\n", b"\r\n"), {1: "a", 2: "b"}),
    "crlf_and_a_bad_line": Case((A + b"x\n" + B).replace(b"\n", b"\r\n"), {1: "a", 3: "b"}, {2: "no"}),
    "lone_cr_as_line_end": Case(
        (A + B + b"x\n").replace(b"\n", b"\r"),
        {1: "a", 2: "b"},
        {3: "not JSON"},
        note="lone carriage returns",
    ),
    "lone_cr_once": Case(A.rstrip() + b"\r" + B + C, {2: "c"}, {1: "a second record on the same"}),
    "lone_cr_in_text": Case(A + B.replace(b"CMS", b"C\rS"), {1: "a"}, {2: "control character"}),
    "blanks_around": Case(b" \t" + A.rstrip() + b" \n" + B, {1: "a", 2: "b"}),
    "two_on_a_line": Case(A.rstrip() + b" " + B + C, {2: "c"}, {1: "a second record on the same"}),
    "comma_behind": Case(A.rstrip() + b",\n" + B, {2: "b"}, {1: "a second record on the same"}),
    "trailing_comma": Case(A[:-2] + b",}\n" + B, {2: "b"}, {1: "not JSON"}),
    "trailing_comma_spaced": Case(spaced("a")[:-2] + b", }\n" + B, {2: "b"}, {1: "not JSON"}),
    "trailing_comma_in_list": Case(A.replace(b'"OR"]', b'"OR",]') + B, {2: "b"}, {1: "not JSON"}),
    "nan_in_known": Case(line("a", sender=float("nan")) + B, {2: "b"}, {1: "NaN is no JSON value"}),
    "nan_in_count": Case(line("a", record_count=float("nan")) + B, {2: "b"}, {1: "NaN"}),
    "nan_in_id": Case(line(float("nan")) + B, {2: "b"}, {1: "NaN"}),
    "nan_in_list": Case(line("a", states=["CA", float("inf")]) + B, {2: "b"}, {1: "Infinity"}),
    "nan_in_unknown": Case(line("a", note=float("-inf")) + B, {2: "b"}, {1: "-Infinity"}),
    "nan_as_text": Case(line("a", sender="NaN", note=":NaN,}"), {1: "a"}, unknown=["note"]),
    "single_quotes": Case(A.replace(b'"', b"'") + B, {2: "b"}, {1: "a field name in double quotes"}),
    "python_words": Case(line("a", purpose=None).replace(b"null", b"None") + B, {2: "b"}, {1: "no JSON"}),
    "comment": Case(A.replace(b'"CMS"', b'"CMS"/*x*/') + B, {2: "b"}, {1: "a comma or a closing"}),
    "leading_zero": Case(A.replace(b":5}", b":05}") + B, {2: "b"}, {1: "a comma or a closing"}),
    "bad_escape": Case(A.replace(b"CMS", b"C\\MS") + B, {2: "b"}, {1: "a backslash"}),
    "tab_in_text": Case(A.replace(b"CMS", b"C\tMS") + B, {2: "b"}, {1: "control character"}),
    "no_colon": Case(A.replace(b'"sender":', b'"sender"') + B, {2: "b"}, {1: "a colon is missing"}),
    "text_behind": Case(A.rstrip() + b" yes\n" + B, {2: "b"}, {1: "more text after the record"}),
    "lone_surrogate": Case(A.replace(b"CMS", b"\\ud800") + B, {2: "b"}, {1: "half of a surrogate"}),
    "lone_low_surrogate": Case(A.replace(b"CMS", b"\\udc00") + B, {2: "b"}, {1: "half of a surr"}),
    "lone_surrogate_key": Case(A.replace(b'"sender"', b'"\\ud800"') + B, {2: "b"}, {1: "half of a"}),
    "surrogate_in_unknown": Case(
        A.replace(b'"sender":"CMS"', b'"note":"\\ud800"') + B, {1: "a", 2: "b"}, unknown=["note"]
    ),
    "surrogate_pair": Case(A.replace(b'"a"', b'"\\ud83d\\ude00"') + B, {1: "😀", 2: "b"}),
    "escaped_backslash": Case(A.replace(b"CMS", b"\\\\ud800") + b"x\n", {1: "a"}, {2: "not JSON"}),
    "latin_1": Case(A + B.replace(b"CMS", b"Br\xe9") + C, {1: "a", 3: "c"}, {2: "no UTF-8"}),
    "mark_in_the_middle": Case(A + b"\xef\xbb\xbf" + B, {1: "a", 2: "b"}),
    "empty_object": Case(A + b"{}\n" + B, {1: "a", 3: "b"}, {2: "none of the fields"}),
    "null": Case(A + b"null\n" + B, {1: "a", 3: "b"}, {2: "this is JSON, but null"}),
    "number": Case(A + b"42\n" + B, {1: "a", 3: "b"}, {2: "this is JSON, but a number"}),
    "text": Case(A + b'"x"\n' + B, {1: "a", 3: "b"}, {2: "this is JSON, but a text"}),
    "truth_value": Case(A + b"true\n" + B, {1: "a", 3: "b"}, {2: "this is JSON, but a truth"}),
    "list": Case(A + b'[{"transfer_id":"x"}]\n' + B, {1: "a", 3: "b"}, {2: "but a list"}),
    "list_first": Case(b"[1,2]\n" + B, {2: "b"}, {1: "but a list"}),
    "only_unknown": Case(A + b'{"user":"x","ip":"y"}\n' + B, {1: "a", 3: "b"}, {2: "none of the f"}),
    "another_log": Case(b'{"eventTime":"x"}\n{"eventTime":"y"}\n', {}, status="unrecognized"),
    "unknown_beside": Case(line("a", elments=["ssn"]) + B, {1: "a", 2: "b"}, unknown=["elments"]),
    "twice_the_same": Case(A.replace(b'"sender":"CMS"', b'"sender":"CMS","sender":"CMS"'), {1: "a"}),
    "twice_differing": Case(
        A.replace(b'"sender":"CMS"', b'"sender":"CMS","sender":"FBI"') + B,
        {2: "b"},
        {1: 'the field "sender" is given twice with different values'},
    ),
    "twice_differing_list": Case(
        A.replace(b'"states":', b'"states":["TX"],"states":') + B, {2: "b"}, {1: "given twice"}
    ),
    "twice_in_two_spellings": Case(
        A.replace(b'"sender":"CMS"', b'"sender":"CMS","Sender":"FBI"') + B,
        {2: "b"},
        {1: "the field sender is given twice"},
    ),
    "twice_the_same_in_two_spellings": Case(
        A.replace(b'"sender":"CMS"', b'"sender":"CMS","SENDER":"CMS"') + B, {1: "a", 2: "b"}
    ),
    "twice_unknown_differing": Case(
        A.replace(b'"sender":"CMS"', b'"x":1,"x":2') + B, {2: "b"}, {1: '"x" is given twice'}
    ),
    "twice_one_and_true": Case(A.replace(b'"sender":"CMS"', b'"sender":1,"sender":true') + B, {2: "b"}, {1: "twice"}),
    "key_escaped": Case(A.replace(b'"sender"', b'"\\u0073ender"') + B, {1: "a", 2: "b"}),
    "keys_upper": Case(keyed(str.upper, "a") + keyed(str.upper, "b"), {1: "a", 2: "b"}),
    "keys_with_hyphens": Case(keyed(lambda k: k.replace("_", "-").title(), "a") * 1, {1: "a"}),
    "keys_mixed": Case(A + keyed(str.upper, "b") + keyed(str.title, "c"), {1: "a", 2: "b", 3: "c"}),
    "deep_in_known": Case(A.replace(b'["CA","OR"]', NESTED) + B, {1: "a", 2: "b"}),
    "deep_in_unknown": Case(
        A.replace(b'"sender"', b'"note":' + NESTED + b',"sender"') + b"x\n" + B,
        {1: "a", 3: "b"},
        {2: "not JSON"},
        unknown=["note"],
    ),
    "deep_and_unbalanced": Case(A.replace(b'["CA","OR"]', NESTED[:-1] + b"}") + B, {2: "b"}, {1: "not JSON"}),
    "deep_and_cut": Case(A + b'{"transfer_id":"b","states":' + NESTED[:3000], {1: "a"}, {2: "cut off"}),
    "many_digits": Case(A.replace(b":5}", f":{MANY_DIGITS}}}".encode()) + b"x\n", {1: "a"}, {2: "not JSON"}),
    "huge_float": Case(A.replace(b":5}", b":1e999}") + b"x\n" + B, {1: "a", 3: "b"}, {2: "not JSON"}),
    "object_as_id": Case(A + line({"n": 1}) + line('{"n":1}'), {1: "a", 2: "content-", 3: '{"n":1}'}),
    "list_as_id": Case(line(["x"]) + line('["x"]'), {1: "content-", 2: '["x"]'}),
    "number_as_id": Case(line(7) + line("007") + line(1.5), {1: "7", 2: "007", 3: "1.5"}),
    "blank_id": Case(line(" ") + line(None), {1: "content-", 2: "content-"}),
    "only_an_id": Case(b'{"transfer_id":"x"}\n', {1: "x"}),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lines")
    write_cases(folder, CASES)
    return read_folder(folder)


@pytest.mark.parametrize("name", CASES)
def test_line(seen, name):
    case, found = CASES[name], seen[f"{name}/{CASES[name].name}"]
    kept = {n: i[:8] if i.startswith("content-") else i for n, i in found.kept.items()}
    found.kept.clear()
    found.kept.update(kept)
    check(case, found)


def test_the_quarantine_tells_the_place(seen):
    found = seen["latin_1/log"]
    assert found.offsets == {2: len(A)}
    assert found.raw == {2: B.replace(b"CMS", b"Br\xe9").rstrip(b"\n")}
    assert seen["crlf_and_a_bad_line/log"].raw == {2: b"x"}


FIELDS = {
    "count_as_text": ({"record_count": "12"}, {"record_count": 12}, False),
    "count_with_blanks": ({"record_count": "\t12 "}, {"record_count": 12}, False),
    "count_whole_decimal": ({"record_count": 5.0}, {"record_count": 5}, False),
    "count_power": ({"record_count": 1e3}, {"record_count": 1000}, False),
    "count_part": ({"record_count": 5.7}, {"record_count": None}, True),
    "count_word": ({"record_count": "many"}, {"record_count": None}, True),
    "count_negative": ({"record_count": -1}, {"record_count": None}, True),
    "count_too_big": ({"record_count": 10**30}, {"record_count": None}, True),
    "count_object": ({"record_count": {"n": 1}}, {"record_count": None}, True),
    "count_truth_value": ({"record_count": True}, {"record_count": None}, True),
    "time_number": ({"occurred_at": 1751364000}, {"occurred_at": None}, True),
    "time_object": ({"occurred_at": {"n": 1}}, {"occurred_at": None}, True),
    "time_nanoseconds": (
        {"occurred_at": "2025-07-01T10:00:00.123456789Z"},
        {"occurred_at": "2025-07-01T10:00:00.123456Z"},
        False,
    ),
    "time_seven_digits": (
        {"occurred_at": "2025-07-01 12:00:00.9999999+02:00"},
        {"occurred_at": "2025-07-01T10:00:00.999999Z"},
        False,
    ),
    "time_ten_digits": (
        {"occurred_at": "2025-07-01T10:00:00.1234567890Z"},
        {"occurred_at": None},
        True,
    ),
    "time_with_blanks": (
        {"occurred_at": " \t2025-07-01T10:00:00Z\n"},
        {"occurred_at": "2025-07-01T10:00:00Z"},
        False,
    ),
    "time_with_wide_blanks": (
        {"occurred_at": "\u3000\u00a02025-07-01T10:00\u2028"},
        {"occurred_at": "2025-07-01T10:00:00Z"},
        False,
    ),
    "day_with_blanks": ({"occurred_at": "\t2025-07-01 "}, {"occurred_at": "2025-07-01"}, False),
    "states_object": ({"states": {"a": 1}}, {"states": ["unknown"]}, True),
    "states_objects": ({"states": ["CA", {"a": 1}]}, {"states": ["CA", "unknown"]}, True),
    "states_lists": ({"states": [["CA"]]}, {"states": ["unknown"]}, True),
    "states_text": ({"states": "CA"}, {"states": ["CA"]}, False),
    "states_number": ({"states": 6}, None, False),
    "elements_numbers": (
        {"elements": [1, 2.5, True, None]},
        {"elements": ["1", "2.5", "true"]},
        False,
    ),
    "sender_object": ({"sender": {"name": "CMS"}}, {"verdict_now": "review"}, True),
    "sender_list": ({"sender": ["CMS"]}, {"verdict_now": "review"}, True),
}


@pytest.fixture(scope="module")
def fields(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fields")
    for name, (given, _, _) in FIELDS.items():
        made = line(name, **given)
        # Once as the engine reads it by itself, once in a file that has to be read line by line.
        (folder / f"{name}.fast").write_bytes(made)
        (folder / f"{name}.careful").write_bytes(made.replace(name.encode(), b"x" + name.encode()) + b"{\n")
    return read_folder(folder)


@pytest.mark.parametrize("way", ["fast", "careful"])
@pytest.mark.parametrize("name", FIELDS)
def test_value_of_another_type(fields, name, way):
    _, expected, unreadable = FIELDS[name]
    answer = fields[f"{name}.{way}"].answers[1]
    for column, value in (expected or {}).items():
        assert answer[column] == value
    assert ("unreadable_field" in answer["reasons"]) == unreadable


@pytest.mark.parametrize("name", FIELDS)
def test_both_ways_of_reading_come_to_the_same_content(fields, name):
    fast, careful = (fields[f"{name}.{way}"].content[0] for way in ("fast", "careful"))
    assert fast[2:] == careful[2:]
