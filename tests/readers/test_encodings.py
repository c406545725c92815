"""Logs that are not plain UTF-8."""

from __future__ import annotations

import pytest

from readers.reading import HEADER, Case, check, line, read_folder, row, table, write_cases

AB = (line("a", purpose="é") + line("b", purpose="😀")).decode()
IDS = {1: "a", 2: "b"}
ROW_IDS = {2: "a", 3: "b"}
ROWS = table(row("a", purpose="é"), row("b", purpose="😀")).decode()
ARRAY = "[" + AB.replace("\n", ",", 1) + "]"

CASES = {
    f"{kind}_{encoding.replace('-', '_')}": Case(text.encode(encoding), ROW_IDS if kind == "rows" else IDS, note=note)
    for kind, text in {"lines": AB, "rows": ROWS, "array": ARRAY}.items()
    for encoding, note in {
        "utf-8": "",
        "utf-8-sig": "UTF-8 with a byte order mark",
        "utf-16": "UTF-16",
        "utf-16-le": "UTF-16 without a byte order mark",
        "utf-16-be": "UTF-16 without a byte order mark",
        "utf-32": "UTF-32",
    }.items()
} | {
    "utf_16_be_marked": Case(b"\xfe\xff" + AB.encode("utf-16-be"), IDS, note="UTF-16"),
    "utf_16_odd_byte": Case(AB.encode("utf-16") + b"{", IDS, {3: "the record is cut off"}),
    "utf_16_half_a_pair": Case(
        (AB + "x?x\n" + AB[:-1]).encode("utf-16-le").replace(b"?\0", b"\x00\xd8"),
        {**IDS, 4: "a", 5: "b"},
        {3: "undecodable"},
    ),
    "utf_16_crlf": Case(AB.replace("\n", "\r\n").encode("utf-16"), IDS),
    "latin_1": Case(
        (line("a") + line("é") + line("c")).decode().encode("latin-1"),
        {1: "a", 3: "c"},
        {2: "no UTF-8"},
    ),
    "windows_1252_rows": Case(
        table(row("a"), row("b", purpose="“x”")).decode().encode("cp1252"),
        {2: "a"},
        {3: "no UTF-8"},
    ),
    "windows_1252_excel": Case(
        (table(row("a", purpose="“x”"), row("b", purpose="x – y’s"), end="\r\n") + b"\r\n").decode().encode("cp1252"),
        ROW_IDS,
        note="read as Windows-1252",
    ),
    "windows_1252_names": Case(
        table(*(row("a"), row("b", purpose="Muñoz")) * 2).decode().encode("latin-1"),
        {2: "a", 3: "b", 4: "a", 5: "b"},
        note="read as Windows-1252",
    ),
    "windows_1252_lines": Case(
        (line("a", purpose="Peña") + line("b", purpose="año")).decode().encode("cp1252"), IDS, note="Windows-1252"
    ),
    "utf_8_with_damage": Case(
        table(row("a", purpose="Muñoz"), row("b"))
        + table(row("c", purpose="Peña"), row("d", purpose="Peña")).decode().split("\n", 1)[1].encode("cp1252"),
        ROW_IDS,
        {4: "no UTF-8", 5: "no UTF-8"},
    ),
    "damage_in_words_of_no_language": Case(
        table(row("a\xc3"), row("1\xc3"), row("c")).decode().encode("latin-1"), {4: "c"}, {2: "no UTF-8", 3: "no UTF-8"}
    ),
    "utf_16_excel": Case(
        table(row("a", "\t", purpose="é"), row("b", "\t"), end="\r\n")
        .decode()
        .replace(HEADER, HEADER.replace(",", "\t"))
        .encode("utf-16"),
        ROW_IDS,
        note="UTF-16",
    ),
    "two_marks": Case(b"\xef\xbb\xbf" * 2 + line("a") + line("b"), IDS),
    "a_mark_that_is_damage": Case(b"\xff\xfe x\n" + line("a") + line("b"), {2: "a", 3: "b"}, {1: "no UTF-8"}),
    "a_mark_in_front_of_a_record": Case(b"\xfe\xff" + line("a") + line("b"), {2: "b"}, {1: "no UTF-8"}),
    "a_longer_mark_that_is_damage": Case(b"\xff\xfe\0\0\n" + line("a") + line("b"), {2: "a", 3: "b"}, {1: "no UTF-8"}),
    "only_a_mark": Case(b"\xef\xbb\xbf", status="empty"),
    "only_a_utf_16_mark": Case(b"\xff\xfe", status="empty"),
    "nothing": Case(b"", status="empty"),
    "blanks": Case(b" \n\t\r\n \n", status="empty"),
    "many_blanks": Case(b"\n" * 100_000 + line("a"), {100_001: "a"}),
    "prose": Case(b"Dear all,\nfind the log attached.\n", status="unrecognized", note="no JSON"),
    "bytes": Case(bytes(range(256)) * 20, status="unrecognized", note="no JSON"),
    "tar": Case(
        b"log".ljust(257, b"\0") + b"ustar\0\n" + line("a"),
        status="unreadable",
        note="the tar archive is cut off",
    ),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("encodings")
    write_cases(folder, CASES)
    return read_folder(folder)


@pytest.mark.parametrize("name", CASES)
def test_encoding(seen, name):
    check(CASES[name], seen[f"{name}/log"])


def test_places_are_those_of_the_file_or_none(seen):
    assert seen["utf_16_odd_byte/log"].offsets == {3: None}
    assert seen["latin_1/log"].offsets == {2: len(line("a"))}


def test_windows_1252_says_what_was_written(seen):
    content = [record[2:] for record in seen["windows_1252_lines/log"].content]
    assert "Peña" in str(content)


def test_all_encodings_hold_the_same(seen):
    for kind in ("lines", "rows", "array"):
        contents = [seen[f"{n}/log"].content for n in CASES if n.startswith(f"{kind}_utf")]
        assert all(content == contents[0] for content in contents)
