/*
title = "Whether a block of JSON lines may hold what is no JSON"
description = """
Asked when a block's bytes do not add up to its known fields, though the engine refused no key: how many lines it has,
blank ones and those of ours in front of it included; and whether any holds a comma before a closing bracket, which the
engine reads over, or, unless all of its values are known to be none (`values_known`), `NaN` or the like. A line that
ends inside of a record makes one more.
"""
*/
select
    count(*) as lines,
    bool_or(case
        when getvariable('values_known') then regexp_matches(line, ',[ \t\r]*[}\]]')
        else may_be_no_json(line)
    end) as some_odd
from memory.block_lines({line: 'VARCHAR'}, '\r\n', getvariable('block_object_size'));
