/*
title = "Find ids that are numbers"
description = """
Tells from some ids which prefixes have dense numbers behind them, in a table `id_prefixes` and three variables, for
`id_runs.sql`. Looks at records from `first_new_key` on, as `source_days.sql` does.
"""
*/
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
