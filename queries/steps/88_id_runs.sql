/*
title = "Count runs of numbered ids"
description = """
Makes of the numbers behind the prefixes of `id_prefixes.sql` runs without a gap. Looks at records from `first_new_key`
on, as `source_days.sql` does; their runs are joined to those that were there.
"""
*/
-- One number is one bit of a block of 64: repeats fall together, and the order of the log does not matter.
create or replace table id_runs as
with prefixed as (
    select
        transfer_id,
        case
            when getvariable('prefix_length') is not null
                then substring(transfer_id, 1, getvariable('prefix_length')::bigint)
            else rtrim(transfer_id, '0123456789')
        end as prefix
    from records
    where
        getvariable('other_ids')
        and record_key >= coalesce(getvariable('first_new_key')::bigint, 0)
        and not starts_with(transfer_id, 'content-')
        and not coalesce(
            starts_with(transfer_id, getvariable('id_prefix'))
            and try_cast(substring(transfer_id, length(getvariable('id_prefix')) + 1) as ubigint) is not null,
            false
        )
),

numbered as (
    select
        prefix,
        try_cast(substring(transfer_id, length(prefix) + 1) as ubigint) as number
    from prefixed
),

known as (
    select try_cast(substring(transfer_id, length(getvariable('id_prefix')) + 1) as ubigint) as number
    from records
    where
        record_key >= coalesce(getvariable('first_new_key')::bigint, 0)
        and starts_with(transfer_id, getvariable('id_prefix'))
),

known_blocks as (
    select
        number >> 6 as block,
        bit_or(1::ubigint << (number & 63)) as bits
    from known
    group by all
),

other_blocks as (
    select
        prefix,
        number >> 6 as block,
        bit_or(1::ubigint << (number & 63)) as bits
    from numbered
    group by all
),

all_blocks as (
    select
        getvariable('id_prefix') as prefix,
        block::bigint as block,
        bits
    from known_blocks
    where block <= 15624999999999
    union all
    select
        prefix,
        block::bigint,
        bits
    from other_blocks
    where block <= 15624999999999 and prefix not similar to '.*[0-9]'
),

begins as (
    select
        prefix,
        bit_count(bits) as ids,
        bit_count(bits & xor((bits & 9223372036854775807) << 1, 18446744073709551614)) as runs
    from all_blocks
),

-- Ids that make nothing but short runs are no sequence: they would fill the table and say nothing.
sequences as (
    select prefix
    from begins
    group by prefix
    having sum(runs) <= 10000 or sum(ids) >= 100 * sum(runs)
),

blocks as (
    select b.*
    from all_blocks b
    semi join sequences s on b.prefix = s.prefix
),

full_blocks as (
    select
        prefix,
        block,
        block - row_number() over (partition by prefix order by block) as island
    from blocks
    where bits = 18446744073709551615
),

-- Where a run begins and ends within its block: bits whose neighbor below, or above, is not set.
pieces as (
    select
        prefix,
        min(block) * 64 as first,
        max(block) * 64 + 63 as last
    from full_blocks
    group by prefix, island
    union all
    select
        prefix,
        block * 64 + unnest(list_filter(
            range(64), lambda i: (bits >> i) & 1 = 1 and (i = 0 or (bits >> (i - 1)) & 1 = 0)
        )),
        block * 64 + unnest(list_filter(
            range(64), lambda i: (bits >> i) & 1 = 1 and (i = 63 or (bits >> (i + 1)) & 1 = 0)
        ))
    from blocks
    where bits <> 18446744073709551615
),

together as (
    select
        p.prefix,
        p.first,
        p.last,
        i.digits
    from pieces p
    left join id_prefixes i on p.prefix = i.prefix
    union all
    select *
    from id_runs
    where getvariable('first_new_key') is not null
),

marked as (
    select
        *,
        coalesce(first > 1 + max(last) over (
            partition by prefix
            order by first
            rows between unbounded preceding and 1 preceding
        ), true) as begins
    from together
),

placed as (
    select
        *,
        count(*) filter (where begins) over (
            partition by prefix
            order by first asc, begins desc
            rows between unbounded preceding and current row
        ) as place
    from marked
),

merged as (
    select
        prefix,
        min(first) as first,
        max(last) as last,
        min(digits) as digits
    from placed
    group by prefix, place
)

select
    prefix,
    first,
    last,
    min(digits) over (partition by prefix) as digits
from merged
qualify
    count(*) over (partition by prefix) <= 10000
    or sum(last - first + 1) over (partition by prefix) >= 100 * count(*) over (partition by prefix)
order by prefix, first;

drop table id_prefixes;
