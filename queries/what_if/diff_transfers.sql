/*
title = "Transfers whose verdict differs"
description = """
One row a transfer whose verdict differs between two policies, failed attempts among them: its verdicts now and
then under both, and the lines of policy that did it. In the order of answer files.
"""

[params.diff_limit]
type = "integer"
default = 100
unit = "transfers"
description = "How many transfers to list; a negative number lists them all."
*/
with lines as (
    select
        disclosure_id,
        pair_id,
        list_sort(list(distinct what || coalesce(' [' || origin || ']', ''))) as causes
    from causes
    group by all
)

select
    r.transfer_id,
    time_text(m.precision, r.occurred_at) as occurred_at,
    d.recipient_agency,
    d.states,
    d.categories,
    d.populations,
    r.record_count,
    c.outcome,
    v.now_before,
    v.now_after,
    v.then_before,
    v.then_after,
    coalesce(l.causes, []) as causes,
    f.path as source_file,
    number_found(f.places, r.record_key) as source_record,
    place_text(f.places, f.sheets, r.record_key % 68719476736) as place
from kept_records r
inner join moment_pairs p on r.moment_id = p.moment_id
inner join verdict_changes v on r.disclosure_id = v.disclosure_id and p.pair_id = v.pair_id
inner join after.moments m on r.moment_id = m.moment_id
inner join after.disclosures d on r.disclosure_id = d.disclosure_id
inner join context_meanings c on r.context_id = c.context_id
inner join sources f on f.source_id = r.record_key // 68719476736
left join lines l on r.disclosure_id = l.disclosure_id and p.pair_id = l.pair_id
where v.now_before <> v.now_after or v.then_before <> v.then_after
order by r.occurred_at nulls last, is_instant_moment(r.moment_id), r.transfer_id, f.path, r.record_key
limit case
    when coalesce(getvariable('diff_limit')::bigint, 100) < 0 then null
    else coalesce(getvariable('diff_limit')::bigint, 100)
end;
