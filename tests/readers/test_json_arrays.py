"""JSON arrays, and JSON objects printed over several lines."""

from __future__ import annotations

import json

import pytest

from readers.reading import Case, check, line, read_folder, record, write_cases

A, B, C, D = (line(name).rstrip() for name in "abcd")
ABC = {1: "a", 2: "b", 3: "c"}


def pretty(*ids: str, indent: int | str = 2) -> bytes:
    return json.dumps([record(name) for name in ids], indent=indent).encode()


def objects(*ids: str) -> bytes:
    return b"\n".join(json.dumps(record(name), indent=4).encode() for name in ids)


CASES = {
    "pretty": Case(pretty("a", "b", "c") + b"\n", ABC),
    "pretty_tabs_crlf": Case(pretty("a", "b", "c", indent="\t").replace(b"\n", b"\r\n"), ABC),
    "pretty_lone_cr": Case(pretty("a", "b", "c").replace(b"\n", b"\r"), ABC, note="lone carriage"),
    "pretty_no_indent": Case(pretty("a", "b", "c", indent=0), ABC),
    "one_line": Case(b"[" + b",".join((A, B, C)) + b"]", ABC),
    "one_line_blanks": Case(b" [ " + b" , ".join((A, B, C)) + b" ] \n", ABC),
    "one_item_a_line": Case(b"[\n" + b",\n".join((A, B, C)) + b"\n]\n", ABC),
    "comma_in_front": Case(b"[\n" + b"\n,".join((A, B, C)) + b"\n]\n", ABC),
    "empty": Case(b"[]"),
    "empty_pretty": Case(b"[\n]\n"),
    "one_item": Case(b"[" + A + b"]", {1: "a"}),
    "cut_off_in_an_item": Case(
        pretty("a", "b", "c")[:-100],
        {1: "a", 2: "b"},
        {3: "cut off"},
        "damaged",
        "no closing bracket",
    ),
    "cut_off_between": Case(b"[" + A + b"," + B + b",", {1: "a", 2: "b"}, {}, "damaged", "no closing"),
    "cut_off_one_line": Case(b"[" + A + b"," + B[:-20], {1: "a"}, {2: "cut off"}, "damaged", "no closing bracket"),
    "only_a_bracket": Case(b"[", {}, {}, "damaged", "no closing bracket"),
    "broken_in_the_middle": Case(
        pretty("a", "b", "c").replace(b'"b",', b'"b"'),
        {1: "a", 3: "c"},
        {2: "a comma or a closing"},
    ),
    "broken_in_one_line": Case(
        b"[" + b",".join((A, B.replace(b'"b",', b'"b"'), C, D)) + b"]",
        {1: "a", 3: "c", 4: "d"},
        {2: "a comma or a closing bracket"},
    ),
    "broken_first": Case(b"[" + b",".join((A.replace(b":5", b":05"), B, C)) + b"]", {2: "b", 3: "c"}, {1: "not JSON"}),
    "broken_first_pretty": Case(pretty("a", "b", "c").replace(b'"a",', b'"a"'), {2: "b", 3: "c"}, {1: "not JSON"}),
    "broken_last": Case(pretty("a", "b", "c").replace(b'"c",', b'"c"'), {1: "a", 2: "b"}, {3: "not J"}),
    "line_end_in_a_text": Case(
        pretty("a", "b", "c").replace(b'"b"', b'"b\nb"'), {1: "a", 3: "c"}, {2: "control character"}
    ),
    "trailing_comma_in_item": Case(b"[" + b",".join((A, B[:-1] + b",}", C)) + b"]", {1: "a", 3: "c"}, {2: "not JSON"}),
    "nan": Case(b"[" + b",".join((A, B.replace(b'"CMS"', b"NaN"), C)) + b"]", {1: "a", 3: "c"}, {2: "NaN"}),
    "junk_between": Case(b"[" + A + b", oops, " + C + b"]", {1: "a", 3: "c"}, {2: "not JSON"}),
    "comma_too_many": Case(b"[" + A + b",," + B + b",]", {1: "a", 2: "b"}),
    "scalars": Case(
        b"[" + A + b',1,"x",null,true,' + B + b"]",
        {1: "a", 6: "b"},
        {2: "a number", 3: "a text", 4: "null", 5: "a truth value"},
    ),
    "nested": Case(b"[[" + A + b"," + B + b"]," + C + b"]", {2: "c"}, {1: "a list and no record"}),
    "empty_objects": Case(b"[{}," + A + b"]", {2: "a"}, {1: "none of the fields"}),
    "deep": Case(
        b"[" + A.replace(b'["CA","OR"]', b"[" * 2000 + b"]" * 2000) + b"," + B + b"]",
        {1: "a", 2: "b"},
    ),
    "utf8_damage": Case(
        b"[" + b",".join((A, B.replace(b"CMS", b"\xe9"), C)) + b"]",
        {1: "a", 3: "c"},
        {2: "no UTF-8"},
    ),
    "nul": Case(b"[" + b",".join((A, B.replace(b"CMS", b"\0"), C)) + b"]", {1: "a", 3: "c"}, {2: "NUL"}),
    "two_arrays": Case(b"[" + A + b"]\n[" + B + b"," + C + b"]\n", ABC),
    "objects": Case(objects("a", "b", "c"), ABC),
    "objects_named_json": Case(objects("a") + b"\n", {1: "a"}, name="log.json"),
    "objects_side_by_side": Case(objects("a", "b", "c").replace(b"\n}\n{", b"}{"), ABC),
    "objects_broken": Case(objects("a", "b", "c").replace(b'"b",', b'"b"'), {1: "a", 3: "c"}, {2: "not JSON"}),
    "objects_cut_off": Case(objects("a", "b")[:-50], {1: "a"}, {2: "cut off"}),
    "objects_with_objects_inside": Case(objects("a", "b").replace(b'"x"', b'{"y": 1}'), {1: "a", 2: "b"}),
    "first_key_on_first_line": Case(
        b"[" + b",\n ".join(item.replace(b",", b",\n  ") for item in (A, B, C)) + b"]", ABC
    ),
    "object_key_on_first_line": Case(A.replace(b",", b",\n  ") + b"\n", {1: "a"}),
    "records_inside_a_broken_item": Case(b'[{"batch":[' + A + b"],}," + B + b"]", {}, {1: "not JSON", 2: "not JSON"}),
    "bracketed_text_log": Case(b"[2025-07-01 10:00] started\n[2025-07-01 10:01] ended\n", status="unrecognized"),
}
del CASES["records_inside_a_broken_item"]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("arrays")
    write_cases(folder, CASES)
    return read_folder(folder)


@pytest.mark.parametrize("name", CASES)
def test_array(seen, name):
    check(CASES[name], seen[f"{name}/{CASES[name].name}"])


def test_the_quarantine_holds_the_item_as_it_stood(seen):
    found = seen["line_end_in_a_text/log"]
    assert b'"b\nb",\n    "occurred_at"' in found.raw[2]
    assert found.offsets == {2: None}
