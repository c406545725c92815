"""No value of a log may raise in the SQL that reads logs: what could stands inside of `try(...)` or is a `try_cast`.

What `raising` finds and cannot raise all the same stands in `CANNOT`, with the reason.
"""

from __future__ import annotations

import pytest

from auditscan.library import Library
from library.raising import raising

LIBRARY = Library.shipped()
WORDS_END, STAGING_END = 20, 21
"""The files of schema/ below the first number are macros for sources, those of steps/ below the second stage blocks."""

JSON = "a value of type JSON: the engine checked it when it was read or made"
OURS = "a name, path or pattern that the source wrote down, not the log"
YEARS = "a time that was read lies in the years 0 to 10000"
PLACES = "places in a list or text, or numbers of records: none comes near an edge"
ZONE = f"the zone is the scan's own; {YEARS}"

CANNOT = {
    ("words", "json_type(x)"): JSON,
    ("words", "json_extract_string(x, '$')"): JSON,
    ("words", "regexp_replace( case"): "the replacement is one of two of ours",
    ("words", "timezone(zone,"): ZONE,
    ("words", "::integer"): f"{YEARS}; {PLACES}",
    ("words", "select ((epoch_us(ts)"): YEARS,
    ("words", "select (1000000000 + (d"): YEARS,
    ("words", "|| case when len(w) > most"): PLACES,
    ("words", "else strlen(raw)"): PLACES,
    ("words", "instant at time zone"): ZONE,
    ("words", "::date"): YEARS,
    ("words", "lpad(number::varchar"): PLACES,
    ("log_words", "::map (varchar, varchar)"): "an object, of which no key is given twice: such records are unreadable",
    ("log_words", "json_extract_string(json, path)"): OURS,
    ("log_words", "abs(n)"): "a double",
    ("log_words", "n "): "a double",
    ("party_words", "lpad(lower("): PLACES,
    ("party_words", "range(greatest("): PLACES,
    ("party_words", "length(t)::hugeint"): "so large a number holds any length times any number of pieces",
    ("party_words", "::hugeint"): "of a length, which is a whole number",
    ("nested_words", "value_at("): OURS,
    ("nested_words", "part_of("): OURS,
    ("nested_words", "regexp_extract(t, '(?i)[{, ]'"): OURS,
    ("nested_words", "each_inside(t, path || "): OURS,
    ("nested_words", "inside(t, path)"): OURS,
    ("m365_words", "regexp_extract(audit,"): OURS,
    ("m365_words", "part_of(audit, "): OURS,
    ("share_words", "part_of("): OURS,
    ("server_words", "lambda "): "the day is that of a file's name, in the years 0 to 9999",
    ("places", "then 'sheet"): PLACES,
    ("places", "::integer"): PLACES,
    ("places", "record_key %"): "two numbers of ours",
    ("s3_words", "and sum(sent)"): "sums of bytes, doubles or of 128 bits: their edges are out of reach",
    ("google_drive", "inside(events, "): PLACES,
    ("google_drive", "case when listed"): PLACES,
    ("query_transfers", "select statement_no *"): "numbers of the different texts of a block",
    ("query_transfers", "statement_no *"): "numbers of the different texts of a block",
    ("query_transfers", "few::integer"): "of what is true or false",
    ("query_transfers", "::integer"): "of what is true or false",
    ("xferlog", "array_to_string(part["): PLACES,
    ("xferlog", "part[-"): PLACES,
    ("xferlog", "case when behind"): PLACES,
    ("block_keys", "json_keys(json)"): JSON,
    ("incoming_json_together", "t.source_id * 68719476736"): PLACES,
    ("raw_lines_together", "t.source_id * 68719476736"): PLACES,
    ("text_lines_together", "t.source_id * 68719476736"): PLACES,
    ("raw_keys", "json_"): JSON,
    ("raw_records", "json_"): JSON,
    ("raw_lines_numbered", ""): "lines that were made for this step, with numbers",
    ("keep_writers", "::timestamp"): YEARS,
    ("readers_of_made", "::timestamp"): YEARS,
    ("stage", "::timestamp"): YEARS,
    ("recognize", "::timestamp"): YEARS,
    ("recognize", "getvariable('source_id')::bigint"): PLACES,
    ("wait", "getvariable('key_base') + m.record_no"): PLACES,
    ("keep_calls", "getvariable('key_base') + c.record_no"): PLACES,
    ("keep_calls", "min(getvariable('key_base') + record_no)"): PLACES,
    ("wait_whole", "getvariable('key_base') + record_no"): PLACES,
    ("stage_mapped", "::timestamp"): YEARS,
    ("intern", "json_transform("): "JSON that the step before it made",
    ("intern", "::integer"): "numbers of contents, of which there are thousands",
    ("intern", "+ dense_rank()"): "numbers of contents, of which there are thousands",
    ("intern", "+ row_number()"): "numbers of contents, of which there are thousands",
    ("intern", "f.size + t.size"): "lengths of seven texts of one record",
}


def _read_logs(query) -> bool:
    number = int(query.path.name.split("_")[0]) if query.kind in ("schema", "step") else 0
    return (
        query.kind == "source"
        or (query.kind == "schema" and number < WORDS_END)
        or (query.kind == "step" and number < STAGING_END)
    )


READ_LOGS = [query for query in LIBRARY.queries if _read_logs(query)]


def test_no_value_of_a_log_can_raise_in_the_sql_that_reads_it():
    found = [
        f"{query.path.name}: {text}"
        for query in READ_LOGS
        for text in raising(query.sql)
        if not any(query.name == name and text.startswith(start) for name, start in CANNOT)
    ]
    assert found == []


def test_every_reason_is_needed():
    told = [(query.name, text) for query in READ_LOGS for text in raising(query.sql)]
    idle = [key for key in CANNOT if not any(key[0] == name and text.startswith(key[1]) for name, text in told)]
    assert idle == []


@pytest.mark.parametrize(
    "sql",
    [
        "select a::integer from t",
        "select cast(a as date) from t",
        "select to_seconds(a) from t",
        "select make_timestamp(a) from t",
        "select moment - to_days(4) from t",
        "select a + b from t",
        "select a // b from t",
        "select a from t where regexp_matches(a, b)",
        "select json_extract_string(a, '$.b') from t",
        "select case when a is not null then json_extract_string(a, '$.b') end from t",
        "select list_transform(a, lambda x: x::date) from t",
        "with w as (select url_decode(a) as b from t) select b from w",
        "insert into t (a) select strptime(a, '%Y') from u",
        "create or replace macro m(a) as chr(a)",
        "create or replace macro m(a) as table select from_base64(a) from t",
        "create or replace temp table t as select a::varchar[] from u",
    ],
)
def test_finds_what_may_raise(sql):
    assert len(list(raising(sql))) == 1


@pytest.mark.parametrize(
    "sql",
    [
        "select try_cast(a as integer), try(a::integer), a::varchar, '4'::integer, null::bigint from t",
        "select try(moment - to_seconds(a)) from t",
        "select case when json_valid(a) then json_extract_string(a, '$.b') end from t",
        "select case when b and json_valid(a) then json_extract_string(a, '$.*')::varchar[] end from t",
        "select length(a) + 1, getvariable('x')::integer, interval 4 days from t",
        "select try_cast(a as double) * 1000 from t",
        "create or replace temp table t (a integer)",
    ],
)
def test_leaves_alone_what_cannot(sql):
    assert list(raising(sql)) == []
