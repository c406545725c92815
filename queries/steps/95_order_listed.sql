/*
title = "Put the listed transfers in order"
description = """
The order of `listed_transfers` in the place of that of answer files, for the transfers of the selection alone.
"""
*/
create or replace temp table all_disclosure_bits as
select * from auditscan.disclosure_bits;

-- By itself, for it runs every rule: beside the rest of the order it would take twice the memory.
create or replace temp table event_bits as
select * from auditscan.event_bits;

create or replace temp table answer_order as
select
    r.record_key,
    r.transfer_id,
    r.occurred_at,
    r.moment_id,
    r.disclosure_id,
    r.context_id,
    r.record_count,
    e.bits
from selected_verdicts v
inner join kept_records r on v.record_key = r.record_key
left join event_bits e on v.record_key = e.record_key
where
    ('enjoined' in (v.verdict_now, v.verdict_then) or not coalesce(getvariable('listed_barred')::boolean, false))
    and (
        (v.verdict_now = 'review' and not v.attempt)
        or not coalesce(getvariable('listed_reviewed')::boolean, false)
    )
order by
    v.attempt asc,
    seriousness_of(v.verdict_now, v.verdict_then) desc,
    less_asked_about(v.verdict_now) asc,
    v.record_count desc nulls last,
    v.occurred_at asc nulls last,
    v.transfer_id asc,
    v.record_key asc;

drop table temp.event_bits;
