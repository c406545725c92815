/*
title = "Count new transfers by what decides their verdicts"
description = """
As `tally`, for a database to which records were added: those from the key `first_new_key` on are new, and what says
again what was there counts no more than it did.
"""
*/
create or replace temp table new_versions as
select
    transfer_id,
    version,
    min(record_key) as record_key
from repeated_records
group by all
having min(record_key) >= getvariable('first_new_key')::bigint;

create or replace temp table counted_records as
select *
from records
where
    record_key >= getvariable('first_new_key')::bigint
    and (
        record_key not in (select record_key from repeated_records)
        or record_key in (select record_key from new_versions)
    );

create or replace table verdict_classes as
select * from judged_classes()
order by disclosure_id;

create or replace table tallies as
select
    disclosure_id,
    regime_then,
    span_id,
    timed,
    in_scope,
    unattributed,
    attempt,
    sum(transfers)::bigint as transfers,
    sum(people) as people,
    sum(counted)::bigint as counted,
    max(most_people) as most_people
from (
    select * from tallies
    union all
    select * from tallied('counted_records')
) united
group by all
order by all;

create or replace table week_tallies as
select
    class_id,
    week,
    regime_then,
    span_id,
    in_scope,
    unattributed,
    attempt,
    sum(transfers)::bigint as transfers
from (
    select * from week_tallies
    union all
    select * from tallied_by_week('counted_records')
) united
group by all
order by all;

drop table new_versions;
drop table counted_records;
