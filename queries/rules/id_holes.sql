/*
title = "Missing numbers"
description = """
Numbers at the end of transfer ids that no record has, though those below and above are there, in whatever file. Said
once for each block of numbers.
"""
severity = "review"
reads = "sources"
rests_on = "id_runs"
citation = "None: what the log says"
evidence = "A"
why = "Numbers are given one after the other: where some are missing, records were taken out, or were never logged."
false_positives = """
A system that draws a number and then gives up, numbers that other kinds of entries share, records that lie in the
quarantine, and files that have not arrived yet.
"""
requires = ["transfer_id"]

[params.widest_hole]
type = "integer"
default = 100000
unit = "numbers"
description = "A wider gap is the step to another range of numbers."

[params.least_ids]
type = "integer"
default = 100
unit = "ids"
description = "A range with fewer ids is no sequence."

[params.least_density]
type = "double"
default = 0.5
unit = "share of the numbers of a range"
description = "Where fewer are there, the log is a sample."

[params.block_numbers]
type = "integer"
default = 10000
unit = "numbers"
description = "How many numbers make a block."
*/
with runs as (
    select
        prefix,
        first,
        last,
        digits,
        lag(last) over (partition by prefix order by first) as last_before
    from id_runs
),

ranges as (
    select
        *,
        count(*) filter (
            where first - last_before - 1 > coalesce(getvariable('widest_hole')::integer, 100000)
        ) over (partition by prefix order by first) as range_number
    from runs
),

sequences as (
    select
        prefix,
        range_number
    from ranges
    group by prefix, range_number
    having
        sum(last - first + 1) >= coalesce(getvariable('least_ids')::integer, 100)
        and sum(last - first + 1)
        >= coalesce(getvariable('least_density')::double, 0.5) * (max(last) - min(first) + 1)
),

holes as (
    select
        r.prefix,
        r.digits,
        r.last_before + 1 as first_missing,
        r.first - 1 as last_missing,
        (r.last_before + 1) // coalesce(getvariable('block_numbers')::integer, 10000) as block
    from ranges r
    semi join sequences s on r.prefix = s.prefix and r.range_number = s.range_number
    where r.first - r.last_before - 1 <= coalesce(getvariable('widest_hole')::integer, 100000)
),

shown as (
    select
        *,
        numbered_id(prefix, first_missing, digits)
        || case
            when last_missing > first_missing then ' to ' || numbered_id(prefix, last_missing, digits) else ''
        end as hole
    from holes
),

blocks as (
    select
        prefix,
        digits,
        block,
        sum(last_missing - first_missing + 1)::bigint as missing,
        list(hole order by first_missing) as gaps
    from shown
    group by prefix, digits, block
)

select
    numbered_id(prefix, block * coalesce(getvariable('block_numbers')::integer, 10000), digits) || ' to '
    || numbered_id(prefix, (block + 1) * coalesce(getvariable('block_numbers')::integer, 10000) - 1, digits)
        as subject,
    case missing when 1 then '1 number is' else missing || ' numbers are' end || ' missing: '
    || array_to_string(gaps[1:3], ', ')
    || case when len(gaps) > 3 then ' and ' || (len(gaps) - 3) || ' more' else '' end as evidence,
    'None: what the log says' as citation,
    'A' as certainty
from blocks
