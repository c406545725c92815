"""The nasty result in every format: what each writes, and that all of them say the same."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import polars as pl
import pytest
from rich.console import Console

from auditscan.errors import SqlError, UsageError
from auditscan.output.export import pieces, write_file
from auditscan.render.grid import draw, take

GOLDEN = Path(__file__).parents[1] / "golden"

NASTY = r"""
select
    1.50::decimal(18, 3) as "dec",
    timestamptz '2025-06-01 10:00:00-07' as tz,
    timestamp '2025-06-01 10:00:00.25' as ts,
    date '2025-06-01' as d,
    time '24:00:00' as t,
    interval '1 month 2 days 03:00:00' as iv,
    ['a', 'b;c, "d"', null, ''] as l,
    []::varchar[] as l0,
    [[1], null] as ll,
    {'x': 1, 'y': [1.5]} as s,
    map {'k': [1]} as m,
    null as n,
    '' as empty,
    'żółć 日本 👩‍⚕️ "q", |p| `c` <b> [l](u) \ # & *' as u,
    e'\x1b[31mred' || chr(8238) || e'\r\n\ttab' || chr(0) as c,
    '=1+1' as eq,
    'https://example.com' as url,
    170141183460469231731687303715884105727::hugeint as huge,
    12345678901234567 as big,
    -5::tinyint as neg,
    '\xAA\x00'::blob as b,
    'inf'::double as inf,
    '-inf'::float as ninf,
    'nan'::double as nan,
    0.1::float as f,
    ['inf'::double, 1] as li,
    date 'infinity' as dinf,
    timestamp '-infinity' as tinf,
    date '0044-03-15 (BC)' as ides,
    true as yes,
    'x'::enum ('x', 'y') as e,
    uuid '6efe0e06-4f5a-4b0a-9ed5-6ea48a3e0a0b' as uu,
    '{"a": [1, "Infinity"]}'::json as j,
    '101'::bit as bits,
    1 as "dec",
    2 as "DEC",
    3 as dec_1,
    4 as "odd ""name"", #",
"""
NAMES = 38


@pytest.fixture
def golden():
    def golden(name, content):
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_bytes(content)
        assert content == path.read_bytes(), f"see {path}; UPDATE_GOLDEN=1 writes it anew"

    return golden


def written(session, kind, sql=NASTY):
    return b"".join(pieces(session.run(sql), kind))


def table(session, sql=NASTY, width=80, blocks=None):
    out = io.StringIO()
    draw(
        take(session.run(sql)),
        Console(file=out, width=width, markup=False, emoji=False, highlight=False),
        blocks=blocks,
    )
    return out.getvalue()


def test_the_nasty_result_in_each_text_format(session, golden):
    for kind in ("csv", "ndjson", "md"):
        golden(f"nasty.{kind}", written(session, kind))
    golden("nasty.txt", table(session).encode())


def test_no_line_of_a_table_is_wider_than_it_may_be(session):
    from rich.cells import cell_len

    for width in (60, 80, 133):
        assert max(map(cell_len, table(session, width=width).splitlines())) <= width


def test_table_and_csv_agree_cell_for_cell(session):
    sql = "select * from answers order by transfer_id"
    heads, *rows = csv.reader(io.StringIO(written(session, "csv", sql).decode()))
    page = take(session.run(sql))
    kinds = session.run(sql).types
    assert list(page.columns) == heads
    for shown, row in zip(page.rows, rows, strict=True):
        for kind, text, cell in zip(kinds, shown, row, strict=True):
            # An element of the log has a `;` in it too: the joints alone differ.
            assert re.sub("[;,] ?", "", text or "") == re.sub("[;,] ?", "", cell)
            assert kind.endswith("[]") or (text or "") == cell
    heads, row = csv.reader(io.StringIO(written(session, "csv").decode(), newline=""))
    assert len(heads) == len(set(heads)) == NAMES
    for name, text, cell in zip(heads, take(session.run(NASTY)).rows[0], row, strict=True):
        assert name in ("l", "ll", "li") or (text or "") == cell


def test_csv_and_ndjson_agree(session):
    heads, row = csv.reader(io.StringIO(written(session, "csv").decode(), newline=""))
    cells = dict(zip(heads, row, strict=True))

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    record = json.loads(written(session, "ndjson"), parse_constant=refuse)
    assert list(record) == heads
    for name, value in record.items():
        if value is None:
            assert cells[name] == ""
        elif isinstance(value, bool):
            assert cells[name] == str(value).lower()
        elif isinstance(value, str):
            assert cells[name] == value
        elif isinstance(value, int):
            assert cells[name] == str(value)
        elif isinstance(value, float):
            assert float(cells[name]) == value
    assert record["li"] == ["inf", 1.0]
    assert record["j"] == {"a": [1, "Infinity"]}
    assert record["huge"] == 170141183460469231731687303715884105727


def test_csv_is_read_back_by_the_engine(session, tmp_path):
    file = tmp_path / "nasty.csv"
    file.write_bytes(written(session, "csv", "select u, eq, empty, n from (" + NASTY + ")"))
    found = duckdb.sql(f"select * from read_csv('{file}', all_varchar = true, header = true)").fetchall()
    assert found == take(session.run("select u, eq, empty, n from (" + NASTY + ")")).rows[:1] or found[0][1] == "=1+1"


def test_parquet_keeps_types_and_values(session, tmp_path):
    file = tmp_path / "nasty.parquet"
    write_file(session.run(NASTY), "parquet", file)
    frame = pl.read_parquet(file)
    assert frame.width == NAMES
    assert str(frame.schema["dec"]) == "Decimal(precision=18, scale=3)"
    assert frame.schema["tz"] == pl.Datetime("us", "UTC")
    assert frame.schema["l"] == pl.List(pl.String)
    assert frame["iv"][0] == "1 month 2 days 03:00:00"
    assert frame["t"][0] == "24:00:00"
    assert frame["l"].to_list() == [["a", 'b;c, "d"', None, ""]]
    assert duckdb.sql(f"select dinf::varchar, tinf::varchar, ides::varchar from '{file}'").fetchall() == [
        ("infinity", "-infinity", "0044-03-15 (BC)")
    ]


def cells_of(file):
    """Cell -> (type, text) of the sheet of a workbook."""
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    sheet = ElementTree.fromstring(zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml"))
    return {
        cell.get("r"): (cell.get("t", "n"), "".join(cell.itertext()), cell.find(f"{space}f"))
        for cell in sheet.iter(f"{space}c")
    }


def test_a_workbook_holds_text_as_text_and_no_rounded_number(session, tmp_path):
    file = tmp_path / "x.xlsx"
    sql = (
        "select '=1+1' as a, 'https://example.com' as b, 12345678901234567 as c, 1.50 as d, true as e, "
        "'inf'::double as f, timestamp '2025-06-01 12:00:00' as g, date '1899-01-01' as h, null as i, ['x', 'y'] as j, "
        "'_x0041_' || chr(7) as k, -0.25::double as l"
    )
    write_file(session.run(sql), "xlsx", file)
    cells = {name[0]: cell for name, cell in cells_of(file).items() if name[1:] == "2"}
    assert all(formula is None for _, _, formula in cells.values())
    found = {name: cell[:2] for name, cell in cells.items()}
    assert found["A"] == ("inlineStr", "=1+1")
    assert found["B"] == ("inlineStr", "https://example.com")
    assert found["C"] == ("inlineStr", "12345678901234567")
    assert found["D"] == ("n", "1.5")
    assert found["E"] == ("b", "1")
    assert found["F"] == ("inlineStr", "inf")
    assert found["G"] == ("n", "45809.5")
    assert found["H"] == ("inlineStr", "1899-01-01")
    assert "I" not in found
    assert found["J"] == ("inlineStr", "x;y")
    assert found["L"] == ("n", "-0.25")
    assert "hyperlink" not in zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()


def test_a_workbook_of_the_nasty_result_is_the_same_bytes_twice(session, tmp_path):
    for name in ("a", "b"):
        write_file(session.run(NASTY), "xlsx", tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("sql", ["select repeat('x', 32768) as a", "select range as a from range(101)"])
def test_what_a_sheet_cannot_hold_is_an_error(session, tmp_path, monkeypatch, sql):
    monkeypatch.setattr("auditscan.output.workbook.MOST_ROWS", 100)
    with pytest.raises(UsageError) as caught:
        write_file(session.run(sql), "xlsx", tmp_path / "x.xlsx")
    assert ".csv or .parquet" in caught.value.hint


EMPTY = "select 1 as a, 'x' as b where false"


def test_an_empty_result_has_its_columns_in_every_format_that_names_them(session, tmp_path):
    assert written(session, "csv", EMPTY) == b"a,b\n"
    assert written(session, "ndjson", EMPTY) == b""
    assert written(session, "md", EMPTY) == b"| a | b |\n| ---: | --- |\n"
    assert table(session, EMPTY) == "a  b\n─  ─\n"
    write_file(session.run(EMPTY), "parquet", tmp_path / "x.parquet")
    assert pl.read_parquet(tmp_path / "x.parquet").schema == {"a": pl.Int32, "b": pl.String}
    write_file(session.run(EMPTY), "xlsx", tmp_path / "x.xlsx")
    assert [cell[1] for cell in cells_of(tmp_path / "x.xlsx").values()] == ["a", "b"]


def test_a_statement_without_columns_writes_nothing(session, tmp_path):
    sql = "set variable a = 1"
    assert [written(session, kind, sql) for kind in ("csv", "ndjson", "md")] == [b"", b"", b""]
    assert table(session, sql) == ""
    with pytest.raises(UsageError):
        write_file(session.run(sql), "parquet", tmp_path / "x.parquet")


def test_frames_have_at_most_the_rows_asked_for(session):
    result = session.run("select range as a from range(100000)")
    heights = [frame.height for frame in result.frames(rows=999)]
    assert max(heights) <= 999
    assert sum(heights) == result.count == 100_000


def test_parquet_in_parts_keeps_the_order(session, tmp_path, monkeypatch):
    monkeypatch.setattr("auditscan.output.export.PART_ROWS", 1000)
    file = tmp_path / "x.parquet"
    write_file(session.run("select range as a from range(5_000_000)"), "parquet", file)
    assert pl.scan_parquet(file).select((pl.col("a") == pl.int_range(5_000_000)).all()).collect().item()
    assert [path.name for path in tmp_path.iterdir()] == ["x.parquet"]


def test_rows_stream(session):
    """Five million rows leave the first bytes behind long before the last row exists."""
    first = next(iter(pieces(session.run("select range as a from range(500_000_000)"), "ndjson")))
    assert first.startswith(b'{"a":0}\n')


def test_the_plan_of_a_query_is_drawn_as_it_is(session):
    assert "EMPTY_RESULT" in table(session, "explain select 1 where false").upper().replace(" ", "_")


def test_a_page_counts_what_it_leaves_out(session):
    page = take(session.run("select range as a from range(12345)"), 500)
    assert (len(page.rows), page.total) == (500, 12_345)


def test_an_error_of_a_late_row_is_an_error_in_every_format(session, tmp_path):
    sql = "select case when range = 2999999 then error('late') else 'x' end as a from range(3000000)"
    for kind in ("csv", "ndjson", "md"):
        with pytest.raises(SqlError, match="late"):
            written(session, kind, sql)
    with pytest.raises(SqlError, match="late"):
        write_file(session.run(sql), "parquet", tmp_path / "x")
    with pytest.raises(SqlError, match="late"):
        write_file(session.run(sql.replace("2999999", "2999")), "xlsx", tmp_path / "x")


def test_blocks_lose_no_character(session):
    sql = "select repeat('word and ', 50) as long, repeat('x', 300) as " + "n" * 40
    text = re.sub(r"(?m)^(?:n{1,40} *|long +| +)", "", "\n".join(table(session, sql).splitlines()[1:]))
    assert re.sub(r"\s", "", text).replace(r"\x20", "") == "wordand" * 50 + "x" * 300


def test_the_widest_text_is_folded_before_rows_become_blocks(session):
    sql = "select 7 as n, 'one two three ' || repeat('four ', 6) || 'five' as words, null as nothing"
    assert table(session, sql, width=60) == (
        "n  words                                             nothing\n"
        "─  ────────────────────────────────────────────────  ───────\n"
        "7  one two three four four four four four four five  null\n"
    )
    assert table(session, sql, width=46) == (
        "n  words                               nothing\n"
        "─  ──────────────────────────────────  ───────\n"
        "7  one two three four four four four   null\n"
        "   four four five\n"
    )
