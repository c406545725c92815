"""CSV with everything that can be wrong with a row."""

from __future__ import annotations

import pytest

from readers.reading import COLUMNS, HEADER, Case, check, read_folder, row, table, write_cases

A, B, C, D = (row(name) for name in "abcd")


def quoted(*cells: str) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)


CASES = {
    "plain": Case(table(row("plain"), B), {2: "plain", 3: "b"}),
    "crlf": Case(table(A, B, end="\r\n"), {2: "a", 3: "b"}),
    "lone_cr": Case(table(A, B, end="\r"), {2: "a", 3: "b"}, note="lone carriage returns"),
    "no_final_line_end": Case(table(A, B).rstrip(), {2: "a", 3: "b"}),
    "mark": Case(b"\xef\xbb\xbf" + table(A, B, "x"), {2: "a", 3: "b"}, {4: "1 cells"}),
    "mark_behind_the_header": Case(table("\ufeff" + A, "\ufeff" + B), {2: "\ufeffa", 3: "\ufeffb"}),
    "blank_lines": Case(b"\n\n" + table(A, "", " ", B, "\t", ""), {4: "a", 7: "b"}),
    "ragged": Case(
        table(A, "b,x", B + ",x", C),
        {2: "a", 5: "c"},
        {3: "2 cells where the header has 6", 4: "7 cells"},
    ),
    "only_commas": Case(table(A, ",,,,,"), {2: "a", 3: "content-"}),
    "quoted": Case(table(quoted("a", "2025-07-01", "CMS", "ICE", "CA;OR", "x, y"), B), {2: "a", 3: "b"}),
    "quotes_inside": Case(table(quoted('a "b"', "", "", "", "", ""), B), {2: 'a "b"', 3: "b"}),
    "quoted_line_ends": Case(
        table(quoted("a", "2025-07-01", "x", "x", "CA", "one\ntwo, three\r\n\nfour"), B),
        {2: "a", 6: "b"},
    ),
    "quoted_line_end_first": Case(table(quoted("a\na", "2025-07-01", "x", "x", "CA", "x"), B), {2: "a\na", 4: "b"}),
    "quoted_wide_line_end": Case(table(quoted("a", "", "x", "x", "CA", "one\u2028two\x85")), {2: "a"}),
    "never_closed": Case(table(A, B.replace("x", '"x', 1), C, D), {2: "a", 4: "c", 5: "d"}, {3: "never closed"}),
    "never_closed_last": Case(table(A, B + '"', row("c", purpose='"x')), {2: "a", 3: "b"}, {4: "never closed"}),
    "stray_pair": Case(
        table(A, row("b", sender='"x'), C, D, row("e", sender='x"'), row("f")),
        {2: "a", 4: "c", 5: "d", 7: "f"},
        {3: "closed only on a later line", 6: "no row for certain"},
    ),
    "stray_pair_adjacent": Case(
        table(A, row("b", sender='"x'), row("c", sender='x"'), D),
        {2: "a", 5: "d"},
        {3: "closed only on a later line", 4: "no row for certain"},
    ),
    "stray_pair_no_dates": Case(
        table(A, row("b", sender='"x'), row("c", occurred_at=""), row("d", sender='x"'), row("e")),
        {2: "a", 6: "e"},
        {3: "closed only", 4: "no row for certain", 5: "no row for certain"},
    ),
    "quote_inside_a_cell": Case(table(A, row("b", sender='5" x'), row("c", sender='6" x')), {2: "a", 3: "b", 4: "c"}),
    "text_behind_a_quote": Case(
        table(A, row("b", sender='"x"y'), C), {2: "a", 4: "c"}, {3: "behind the closing quote"}
    ),
    "nul": Case(table(A, row("b", sender="x\0y"), C), {2: "a", 4: "c"}, {3: "a NUL byte at byte"}),
    "nul_in_quotes": Case(table(A, row("b", sender='"x\n\0y"'), C), {2: "a", 5: "c"}, {3: "never closed", 4: "NUL"}),
    "lone_cr_once": Case(table(A, row("b", sender="x\ry"), C), {2: "a", 4: "c"}, {3: "a lone carriage return"}),
    "cr_in_quotes": Case(table(A, row("b", sender='"x\ry"'), C), {2: "a", 3: "b", 4: "c"}),
    "latin_1": Case(
        table(A, row("b", sender="é"), C).replace("é".encode(), b"\xe9"),
        {2: "a", 4: "c"},
        {3: "no UTF-8"},
    ),
    "header_again": Case(table(A, HEADER, B), {2: "a", 4: "b"}, {3: "the header is repeated"}),
    "header_again_spelled_otherwise": Case(
        table(A, "\ufeff" + HEADER.upper().replace("_", " "), B),
        {2: "a", 4: "b"},
        {3: "the header is repeated"},
    ),
    "header_again_quoted": Case(table(A, quoted(*COLUMNS), B), {2: "a", 4: "b"}, {3: "the header is repeated"}),
    "other_header": Case(
        table(A, "recipient,transfer_id,occurred_at,sender,states,purpose", B),
        {2: "a"},
        {3: "a header with other columns", 4: "below another header, that of line 3"},
    ),
    "field_twice": Case(
        b"transfer_id,sender,Transfer-ID\na,b,c\n",
        status="unrecognized",
        note="names the field transfer_id twice",
    ),
    "no_known_field": Case(b"who,when\na,b\n", status="unrecognized", note="names none", name="log.csv"),
    "unknown_columns": Case(b"transfer_id,elments,sender,elments\na,b,c,d\n", {2: "a"}, unknown=["elments"]),
    "one_column": Case(b"transfer_id\na\n\n b\n", {2: "a", 4: " b"}, name="log.csv"),
    "header_only": Case(table()),
    "semicolons": Case(
        table(row("semi", ";", states='"CA;OR"'), B.replace(",", ";")).replace(
            HEADER.encode(), HEADER.replace(",", ";").encode()
        ),
        {2: "semi"},
        {3: "7 cells"},
    ),
    "tabs": Case((table(A, B) + b",,,,,\n").replace(b",", b"\t"), {2: "a", 3: "b", 4: "content-"}),
    "bars": Case(table(A, B).replace(b",", b"|"), {2: "a", 3: "b"}, name="log.txt"),
    "blank_behind_comma": Case(table(row("a", purpose=' "x, y"')), {}, {2: "7 cells"}),
    "escaped_by_backslash": Case(table(row("a", purpose='"x \\"y\\""'), B), {3: "b"}, {2: "behind the closing quote"}),
    "null_words": Case(table(row("nulls", states="NULL", purpose="null")), {2: "nulls"}),
    "cell_over_the_modules_limit": Case(table(row("a", purpose='"' + "x" * 200_000 + '"'), B), {2: "a", 3: "b"}),
    "line_over_the_engines_limit": Case(table(row("a", purpose="x" * 3_000_000), B), {2: "a", 3: "b"}),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    write_cases(folder, CASES)
    return read_folder(folder)


@pytest.mark.parametrize("name", CASES)
def test_row(seen, name):
    case, found = CASES[name], seen[f"{name}/{CASES[name].name}"]
    kept = {n: i[:8] if i.startswith("content-") else i for n, i in found.kept.items()}
    found.kept.clear()
    found.kept.update(kept)
    check(case, found)


def test_the_quarantine_tells_the_place(seen):
    found = seen["text_behind_a_quote/log"]
    bad = row("b", sender='"x"y').encode()
    assert found.raw == {3: bad}
    assert found.offsets == {3: table(A).index(b"\na") + 1 + len(A) + 1}
    assert seen["mark/log"].offsets == {4: len(b"\xef\xbb\xbf" + table(A, B))}


def test_cells_keep_their_text(seen):
    def purpose(name: str) -> str:
        return seen[name].content[0][-2]

    assert "one\\ntwo, three\\r\\n\\nfour" in purpose("quoted_line_ends/log")
    assert "one\u2028two\x85" in purpose("quoted_wide_line_end/log")
    assert seen["semicolons/log"].answers[2]["states"] == ["CA", "OR"]
    assert seen["plain/log"].answers[2]["states"] == ["CA", "OR"]
    assert seen["null_words/log"].answers[2]["states"] == ["unknown"]
