"""Parquet logs of whatever types."""

from __future__ import annotations

import random
from itertools import count, product

import duckdb
import pytest

from auditscan.ingest import parquet_log
from auditscan.store import Store
from readers.reading import Case, check, line, read_folder, write_cases

PLAIN = (
    "'2025-07-01T10:00:00Z' as occurred_at, 'CMS' as sender, 'ICE' as recipient, "
    "['CA','OR'] as states, "
    "['diagnosis code'] as elements, 5 as record_count"
)

# name -> (columns of one row, part of the answer, whether a field cannot be read)
TYPES = {
    "plain": ("", {"states": ["CA", "OR"], "record_count": 5}, False),
    "number_for_text": ("12 as sender", {"verdict_now": "review"}, False),
    "text_for_a_list": ("'CA' as states", {"states": ["CA"]}, False),
    "number_for_a_list": ("7 as elements", {"elements": ["7"]}, False),
    "list_of_numbers": ("[1, 2.5] as elements", {"elements": ["1.0", "2.5"]}, False),
    "list_of_lists": ("[['CA']] as states", {"states": ["unknown"]}, True),
    "list_of_structs": ("[{'a': 1}] as states", {"states": ["unknown"]}, True),
    "struct": ("{'a': 1} as sender", {"verdict_now": "review"}, True),
    "map": ("map {'a': 1} as states", {"states": ["unknown"]}, True),
    "struct_as_count": ("{'a': 1} as record_count", {"record_count": None}, True),
    "list_as_time": ("['2025-07-01'] as occurred_at", {"occurred_at": None}, True),
    "nulls": ("null::varchar as states, null as sender", {"states": ["unknown"]}, False),
    "naive": (
        "timestamp '2025-07-01 10:00:00' as occurred_at",
        {"occurred_at": "2025-07-01T10:00:00Z"},
        False,
    ),
    "naive_seconds": (
        "'2025-07-01 10:00:00'::timestamp_s as occurred_at",
        {"occurred_at": "2025-07-01T10:00:00Z"},
        False,
    ),
    "nanoseconds": (
        "'2025-07-01 10:00:00.123456789'::timestamp_ns as occurred_at",
        {"occurred_at": "2025-07-01T10:00:00.123456Z"},
        False,
    ),
    "zoned": (
        "timestamptz '2025-07-01 12:00:00+02' as occurred_at",
        {"occurred_at": "2025-07-01T10:00:00Z"},
        False,
    ),
    "date": ("date '2025-07-01' as occurred_at", {"occurred_at": "2025-07-01"}, False),
    "endless": ("'infinity'::timestamp as occurred_at", {"occurred_at": None}, True),
    "epoch": ("1751364000 as occurred_at", {"occurred_at": None}, True),
    "double": ("5.0::double as record_count", {"record_count": 5}, False),
    "double_part": ("5.7::double as record_count", {"record_count": None}, True),
    "double_nan": ("'nan'::double as record_count", {"record_count": None}, True),
    "nan_for_text": ("'nan'::double as purpose", {"record_count": 5}, False),
    "nan_in_a_list": ("['nan'::double, 1] as elements", {"record_count": 5}, None),
    "decimal": ("5.00::decimal(10, 2) as record_count", {"record_count": 5}, False),
    "hugeint": (
        "170141183460469231731687303715884105727 as record_count",
        {"record_count": None},
        True,
    ),
    "count_as_text": ("' 5 ' as record_count", {"record_count": 5}, False),
    "truth_value": ("true as purpose", {"record_count": 5}, False),
    "bytes_as_text": ("'CMS'::blob as sender", {"verdict_now": "enjoined"}, False),
    "bytes": ("'\\xff\\xfe'::blob as sender", {"verdict_now": "review"}, False),
    "time": ("time '10:00' as occurred_at", {"occurred_at": None}, True),
    "interval": ("interval 1 day as purpose", {"record_count": 5}, False),
    "uuid": ("uuid '00000000-0000-0000-0000-000000000001' as purpose", {"record_count": 5}, False),
    "other_spelling": ('12 as "Record-Count"', {"record_count": 12}, False),
    "nul": ("'x' || chr(0) || 'y' as purpose", {"record_count": 5}, False),
    "quote_in_a_name": ('1 as "a""b\'; drop table records; --"', {"record_count": 5}, False),
    "row_number": ("1 as file_row_number", {"record_count": 5}, False),
}


def written(folder, name: str, query: str):
    path = folder / name
    duckdb.sql(query).write_parquet(str(path))
    return path


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parquet")
    for name, (changed, _, _) in TYPES.items():
        columns = f"'{name}' as transfer_id, " + (changed and changed + ", ")
        given = {part.split(" as ")[-1].strip(' "').lower().replace("-", "_") for part in changed.split(", ")}
        plain = [p for p in _parts(PLAIN) if p.split(" as ")[-1] not in given]
        written(folder, f"{name}.parquet", f"select {columns} {', '.join(plain)}")
    whole = written(
        folder,
        "many.parquet",
        "select 't' || range as transfer_id, 'CMS' as sender from range(2500)",
    )
    (folder / "cut.parquet").write_bytes(whole.read_bytes()[:-50])
    (folder / "half.parquet").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    (folder / "footer.parquet").write_bytes(whole.read_bytes()[:-200] + b"\xff" * 192 + whole.read_bytes()[-8:])
    (folder / "magic.parquet").write_bytes(b"PAR1PAR1")
    written(folder, "no_rows.parquet", "select 'x' as transfer_id where false")
    written(folder, "unknown.parquet", "select 1 as who, 2 as what")
    written(folder, "beside.parquet", "select 'x' as transfer_id, 'CMS' as sender, ['ssn'] as elments")
    written(folder, "no_id.parquet", "select 'CMS' as sender, [1] as states")
    # The engine has no way to write two names that differ in case only.
    twice = written(folder, "twice.parquet", "select 'b' as sender, 'c' as sendex, 'd' as transfer_id")
    twice.write_bytes(twice.read_bytes().replace(b"sendex", b"SENDER"))
    return read_folder(folder)


def _parts(columns: str) -> list[str]:
    parts, depth, begin = [], 0, 0
    for at, mark in zip(count(), columns + ","):
        depth += (mark == "[") - (mark == "]")
        if mark == "," and not depth:
            parts.append(columns[begin:at].strip())
            begin = at + 1
    return parts


@pytest.mark.parametrize("name", TYPES)
def test_type(seen, name):
    _, expected, unreadable = TYPES[name]
    found = seen[f"{name}.parquet"]
    assert (found.status, found.kept) == ("read", {1: name}), found.note
    answer = found.answers[1]
    for column, value in expected.items():
        assert answer[column] == value
    if unreadable is not None:
        assert ("unreadable_field" in answer["reasons"]) == unreadable


@pytest.mark.parametrize(
    ("name", "status", "note"),
    [
        ("cut", "unreadable", "the Parquet file is cut off"),
        ("half", "unreadable", "the Parquet file is cut off"),
        ("footer", "unreadable", "the Parquet data are damaged"),
        ("magic", "unreadable", "the Parquet data are damaged"),
        ("unknown", "unrecognized", "its columns are those of no log format"),
        ("twice", "unrecognized", "two columns are named sender"),
        ("no_rows", "read", ""),
    ],
)
def test_file(seen, name, status, note):
    found = seen[f"{name}.parquet"]
    assert (found.status, found.kept, found.records) == (status, {}, 0)
    assert note in found.note
    assert ".parquet" not in found.note


def test_rows_have_their_numbers(seen):
    assert seen["many.parquet"].kept == {n + 1: f"t{n}" for n in range(2500)}


def test_unknown_columns_are_named(seen):
    assert seen["beside.parquet"].unknown == ["elments"]
    assert seen["no_id.parquet"].kept[1].startswith("content-")


def test_plain_parquet_says_what_the_same_ndjson_says(tmp_path):
    written(tmp_path, "a.parquet", f"select 'a' as transfer_id, {PLAIN}")
    write_cases(tmp_path, {"b": Case(line("a"))})
    seen = read_folder(tmp_path)
    assert seen["a.parquet"].content == seen["b/log"].content
    check(Case(b"", {1: "a"}), seen["b/log"])


TEXTS = (None, "", " ", "CMS", "CMS ", "cms", "null", "5", '"CMS"', "C\\MS", "[1]", "é", "a\x1fb", "x\0y")
LISTS = (
    *(None, [], [None], [""], ["", None], ["CA"], ["CA", None], ["CA", "OR"], ["OR", "CA"], ["CA", "CA"], [" CA"]),
    *(["CA\x1fOR"], ["CA\x1fOR", None], ["CA\x1f", "OR"], ["CA", "\x1fOR"], ["null"], ['["CA"]'], ['C"A'], ["C\\A"]),
    *(["CA, OR"], ["CA", " OR"], ["NULL"], ["NULL", None], ["'CA'"], ["C'A"], ["C\\'A"], ["[CA]"], ["CA]"], ["1"]),
)
TIMES = (
    *(None, "", "2025-07-01", "2025-07-01T10:00:00Z", "2025-07-01 10:00:00", "no time", "2025-07-01 10:00:00.123456"),
    *("infinity", "-infinity", "0001-01-01 00:00:00", "0999-12-31 23:00:00", "9999-12-31 23:30:00", "10000-01-01"),
    *("2025-10-26 01:30:00", "2025-03-30 01:30:00"),
)
WHOLE = (None, 0, 5, -1)
COUNTS = (None, "5", "5.0", " 5 ", "5.7", "x", "")
KINDS = {
    "texts": (COUNTS, {}),
    "whole_counts": (WHOLE, {"record_count": "bigint"}),
    "parts": ((0.0, 5.0, 5.7), {"record_count": "double"}),
    "lists_as_text": (WHOLE, {"programs": "varchar", "states": "varchar"}),
    "one_list_as_text": (WHOLE, {"states": "varchar"}),
    "json": (WHOLE, {"states": "json"}),
    "timestamps": (WHOLE, {"occurred_at": "timestamp"}),
    "nanoseconds": (WHOLE, {"occurred_at": "timestamp_ns"}),
    "instants": (WHOLE, {"occurred_at": "timestamptz"}),
    "days": (WHOLE, {"occurred_at": "date"}),
}


def count_recognized(patch):
    """Return a list to which is added how many records of each slice were recognized."""
    counts = []
    run = Store.run

    def told(store, name, **variables):
        rows = run(store, name, **variables)
        if name == "recognize":
            counts.append(rows[0][0])
        return rows

    patch.setattr(Store, "run", told)
    return counts


PLAIN_LISTS = (None, [], ["1"], ["CA"], ["CA", None])
SPELLED = ("null", "[]", "[1]", '["1"]', '["CA"]', '["\\u0043A"]', '[ "CA"]', '["CA",null]', '["CA",""]', '"CA"')
"""The same lists as other logs may write them, and some that are not the same."""


def write_rows(path, rows, kinds):
    """Write rows as a log whose columns are texts and lists of texts, but for those of other `kinds`."""
    names = "transfer_id", "occurred_at", "sender", "actor", "action", "record_count", "programs", "states"
    given = dict.fromkeys(names, "varchar") | dict.fromkeys(("programs", "states"), "varchar[]")
    columns = ", ".join(f"unnest(${at}::{given[name]}[]) as {name}" for at, name in enumerate(names, start=1))
    cast = ", ".join(f"try_cast({name} as {kinds.get(name, given[name])}) as {name}" for name in names)
    values = [list(column) for column in zip(*rows, strict=True)]
    duckdb.connect().sql(f"select {cast} from (select {columns})", params=values).write_parquet(str(path))


def some_rows(counts):
    """Rows of which most say what another said, with some of these as their counts."""
    drawn = random.Random(5)
    rows = [(f"s{n}", None, "CMS", None, "push", 5, *two) for n, two in enumerate(product(PLAIN_LISTS, repeat=2))]
    rows += [
        (
            drawn.choice((None, " ", f"t{n}", f"t{n}", f"t{n}")),
            *(drawn.choice(TIMES), *(drawn.choice(TEXTS) for _ in range(2)), "push", drawn.choice(counts)),
            *(drawn.choice(LISTS) for _ in range(2)),
        )
        for n in range(400)
    ]
    return rows + [(f"u{n}", *drawn.choice(rows[:90])[1:]) for n in range(800)]


ROWS = len(some_rows(WHOLE))


@pytest.fixture(scope="module")
def both_ways(tmp_path_factory):
    """What logs of all kinds say read one by one, and by their columns; and how many of each slice were recognized."""
    folder = tmp_path_factory.mktemp("kinds")
    for kind, (counts, kinds) in KINDS.items():
        write_rows(folder / f"{kind}.parquet", some_rows(counts), kinds)
    with pytest.MonkeyPatch.context() as patch:
        recognized = count_recognized(patch)
        patch.setattr(parquet_log, "SAID_ROWS", 1 << 30)
        alone = read_folder(folder, zone="Europe/London")
        assert not recognized
        said = [
            f'{{"transfer_id":"a{n}","sender":"CMS","action":"push","programs":{programs},"states":{states}}}\n'
            for n, (programs, states) in enumerate(product(SPELLED, repeat=2))
        ]
        # With a blank line it is read at once, and not together with others.
        write_cases(folder, {"before": Case("".join([*said, "\n"]).encode())})
        patch.setattr(parquet_log, "SAID_ROWS", 0)
        patch.setattr(parquet_log, "FIRST_ROWS", 100)
        patch.setattr(parquet_log, "SLICE_ROWS", 300)
        seen = read_folder(folder, zone="Europe/London")
    first, *others = sorted(KINDS)
    # Of the first nothing is known: it begins with a slice in which nothing can be recognized.
    assert len(recognized) == 4 + 5 * len(others)
    slices = {kind: recognized[4 + 5 * at : 9 + 5 * at] for at, kind in enumerate(others)}
    return alone, seen, slices | {first: recognized[:4]}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_recognized_by_its_columns_is_what_is_read_one_by_one(both_ways, kind):
    alone, seen, slices = both_ways
    assert len(alone[f"{kind}.parquet"].content) == ROWS
    assert seen[f"{kind}.parquet"].content == alone[f"{kind}.parquet"].content
    assert sum(slices[kind]) > 300


def test_what_one_log_said_is_recognized_in_the_next(tmp_path, monkeypatch):
    recognized = count_recognized(monkeypatch)
    drawn = random.Random(7)
    said = [("CMS", None, "push", "5", *two) for two in product(LISTS, repeat=2)]
    kinds = {"a": {}, "b": {"states": "varchar"}, "c": {}, "d": {"programs": "json", "states": "varchar"}, "e": {}}
    for name, other in kinds.items():
        rows = [(f"{name}{n}", "2025-07-01", *drawn.choice(said)) for n in range(600)]
        write_rows(tmp_path / f"{name}.parquet", rows, other)
    monkeypatch.setattr(parquet_log, "SAID_ROWS", 1 << 30)
    alone = read_folder(tmp_path)
    assert not recognized
    monkeypatch.setattr(parquet_log, "SAID_ROWS", 500)
    seen = read_folder(tmp_path)
    assert {name: file.content for name, file in seen.items()} == {name: file.content for name, file in alone.items()}
    assert len(recognized) == len(kinds) - 1
    # Lists that are cast differ from those that became JSON.
    assert min(recognized[1], recognized[3]) > recognized[0] == 0
