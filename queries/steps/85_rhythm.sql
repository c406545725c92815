/*
title = "Count what shows gaps in the logs"
description = """
Records by file and day, steps back in time, and runs of numbered ids. Where `first_new_key` is set, only records from
that key on are counted, and added to what was counted before; else all of them, anew.
"""
*/
create or replace table source_days as
with counted as (
    select
        (record_key // 68719476736)::integer as source_id,
        moment_id,
        count(*) as records
    from records
    where record_key >= coalesce(getvariable('first_new_key')::bigint, 0)
    group by all
)

select *
from source_days
where source_id < coalesce(getvariable('first_new_key')::bigint, 0) // 68719476736
union all
select
    c.source_id,
    m.court_day,
    sum(c.records)::bigint
from counted c
inner join moments m on c.moment_id = m.moment_id
where m.court_day is not null
group by all
order by all;

-- Blocks of a file lie in the order in which they were done. Within a block a record stands after the one before it,
-- and no sort is needed; the first and last records of blocks, and those beside a record without a time, are few and
-- are sorted. An instant and a bare day cannot be compared.
create or replace table source_order as
with neighbors as (
    select
        record_key,
        moment_id,
        occurred_at,
        lag(record_key) over () as key_before,
        lag(moment_id) over () as moment_before,
        lag(occurred_at) over () as occurred_before,
        lead(record_key) over () as key_after
    from records
    where record_key >= coalesce(getvariable('first_new_key')::bigint, 0) and moment_id < 2000000000
),

borders as (
    select
        record_key,
        moment_id,
        occurred_at,
        key_before
    from neighbors
    where record_key is distinct from key_before + 1 or record_key is distinct from key_after - 1
),

-- Among these, in the order of the file, the one before the first of a block is the last of another.
beside as (
    select
        record_key,
        moment_id,
        lag(moment_id) over in_file as moment_before,
        occurred_at,
        lag(occurred_at) over in_file as occurred_before,
        key_before
    from borders
    window in_file as (partition by record_key // 68719476736 order by record_key)
),

pairs as (
    select
        record_key,
        moment_id,
        moment_before,
        occurred_at,
        occurred_before
    from neighbors
    where
        record_key = key_before + 1
        and moment_id < moment_before - case when is_instant_moment(moment_id) then 3 else 0 end
    union all
    select * exclude (key_before)
    from beside
    where record_key is distinct from key_before + 1
),

backward as (
    select
        (record_key // 68719476736)::integer as source_id,
        count(*) as backward_steps,
        max(struct_pack(
            seconds := (epoch_us(occurred_before) - epoch_us(occurred_at)) // 1000000, earliest := -record_key
        )) as worst
    from pairs
    where
        is_instant_moment(moment_id) = is_instant_moment(moment_before)
        and epoch_us(occurred_before) - epoch_us(occurred_at) > 3600000000
    group by all
),

timed as (
    select
        source_id,
        sum(records)::bigint as records
    from source_days
    group by all
)

select *
from source_order
where source_id < coalesce(getvariable('first_new_key')::bigint, 0) // 68719476736
union all
select
    b.source_id,
    t.records - 1,
    b.backward_steps,
    b.worst.seconds,
    -b.worst.earliest
from backward b
inner join timed t on b.source_id = t.source_id
order by all;

-- Some ids from all over the log tell whether they are numbers with few gaps: only then is it worth reading all.
set variable one_id_in = (
    select greatest(1, count(*) // 16384)
    from records
    where record_key >= coalesce(getvariable('first_new_key')::bigint, 0)
);

create or replace temp table id_prefixes as
with sampled as (
    select
        transfer_id,
        rtrim(transfer_id, '0123456789') as prefix
    from records
    where
        record_key >= coalesce(getvariable('first_new_key')::bigint, 0)
        and hash(record_key >> 11) % getvariable('one_id_in') = 0
        and not starts_with(transfer_id, 'content-')
),

counted as (
    select
        prefix,
        count(*) as ids,
        min(strlen(transfer_id) - strlen(prefix)) as digits,
        min(try_cast(substring(transfer_id, length(prefix) + 1) as bigint)) as lowest,
        max(try_cast(substring(transfer_id, length(prefix) + 1) as bigint)) as highest
    from sampled
    group by prefix
)

select
    prefix,
    ids,
    digits,
    digits between 1 and 15
    and (
        getvariable('one_id_in') = 1
        or coalesce(ids >= 16 and ids * getvariable('one_id_in') * 5 > 2 * (highest::hugeint - lowest), false)
    ) as dense
from counted;

set variable id_prefix = (
    select prefix
    from id_prefixes
    where dense
    order by ids desc, prefix asc
    limit 1
);

-- Looking for numbers behind any prefix takes longer than behind a known one.
set variable other_ids = (
    select
        coalesce(
            bool_or(dense) and (getvariable('one_id_in') = 1 or 2 * sum(ids) filter (where dense) >= sum(ids)), false
        )
    from id_prefixes
    where prefix is distinct from getvariable('id_prefix')
);

-- Prefixes that hold a day are of one length: then none has to be looked for.
set variable prefix_length = (
    select
        case
            when getvariable('one_id_in') > 1 and min(length(prefix)) = max(length(prefix)) then min(length(prefix))
        end
    from id_prefixes
    where dense and prefix is distinct from getvariable('id_prefix')
);

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
