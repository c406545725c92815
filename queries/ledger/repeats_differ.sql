/*
title = "Records that are said to repeat others, and do not, or do and are not said to"
description = """
How many rows differ between what was found again and what the ledger holds, by table. Traces of one transfer are
counted once too: those that `links` names belong to `duplicates`. Ends the looking.
"""
*/
create or replace temp table repeats_differ as
with counted_once as (
    select * from temp.duplicates
    union all
    select
        record_key,
        kept_key
    from auditscan.links
    where record_key <> kept_key
),

of_duplicates as (
    (
        select * from counted_once
        except all
        select * from auditscan.duplicates
    )
    union all
    (
        select * from auditscan.duplicates
        except all
        select * from counted_once
    )
),

of_conflicts as (
    (
        select * from temp.conflicts
        except all
        select * from auditscan.conflicts
    )
    union all
    (
        select * from auditscan.conflicts
        except all
        select * from temp.conflicts
    )
)

select
    'duplicates' as name,
    (select count(*) from of_duplicates) as differ,
    (select count(*) from auditscan.duplicates) as held
union all
select
    'conflicts',
    (select count(*) from of_conflicts),
    (select count(*) from auditscan.conflicts);

drop table temp.duplicates;
drop table temp.conflicts;
drop table if exists temp.repeated_records;

select *
from repeats_differ
order by name desc;
