/*
title = "Records that are said to repeat others, and do not, or do and are not said to"
description = """
How many rows differ between what was found again and what the ledger holds, by table. Traces of one transfer are
counted once too: those that `links` names belong to `duplicates`. Ends the looking.
"""
*/
-- The rows that one of two tables has and the other has not.
create or replace temp macro rows_apart(one, other) as table
(
    select * from query_table(one)
    except all
    select * from query_table(other)
)
union all
(
    select * from query_table(other)
    except all
    select * from query_table(one)
);

create or replace temp table repeats_differ as
with counted_once as ( -- noqa: ST03
    select * from temp.duplicates
    union all
    select
        record_key,
        kept_key
    from auditscan.links
    where record_key <> kept_key
)

select
    'duplicates' as name,
    (select count(*) from rows_apart('counted_once', 'auditscan.duplicates')) as differ,
    (select count(*) from auditscan.duplicates) as held
union all
select
    'conflicts',
    (select count(*) from rows_apart('temp.conflicts', 'auditscan.conflicts')),
    (select count(*) from auditscan.conflicts);

drop macro table rows_apart;
drop table temp.duplicates;
drop table temp.conflicts;
drop table if exists temp.repeated_records;

select *
from repeats_differ
order by name desc;
