/*
title = "Lines of a block of JSON records that need a closer look"
description = """
Asked of a block of which the engine has read the fields: how many lines it has below those of ours in front of it, and
which of them hold what may be no JSON object though the engine read it, or a number that it writes otherwise as a field
than as a part of one. Leaves the lines as they stand in the log as `lines_as_they_stand`.
"""
*/
create or replace temp view lines_as_they_stand as
with numbered as (
    select
        row_number() over () - 3 as record_no,
        line
    from memory.block_lines({line: 'VARCHAR'}, '\n', getvariable('block_object_size'))
)

select *
from numbered
where record_no > 0;

select
    count(*) as lines,
    coalesce(list(record_no) filter (
        not regexp_matches(line, '^[ \t\r]*\{')
        or may_be_no_json(line)
        or regexp_matches(line, ':[ \t\r]*-?(\d+(\.\d+)?[eE]|\d{16,}\.|0\.0000)')
    ), []) as odd_rows
from lines_as_they_stand;
