/*
title = "One transfer, many traces"
description = """
Transfers of which several records tell, most often those of several logs: counted once, under the strongest evidence.
"""
rests_on = "links"

[params.linked_transfers_limit]
type = "integer"
unit = "transfers"
description = "How many to list, those with the most traces first; all where it is not set."
*/
with linked as (
    select
        l.kept_key,
        count(*) as traces,
        list_sort(list(distinct t.log)) as logs,
        list_sort(list(distinct base_name(t.file_name)) filter (where t.file_name is not null)) as files,
        list_sort(list(distinct l.how)) as how
    from traces t
    inner join links l on t.record_key = l.record_key
    group by l.kept_key
)

select
    r.transfer_id,
    case when r.moment_id < 2000000000 then replace(r.occurred_at::varchar, ' ', 'T') || 'Z' end as occurred_at,
    l.traces,
    l.logs,
    l.files,
    l.how,
    d.element_basis,
    coalesce(d.sender_agency, d.sender) as sender,
    coalesce(d.recipient_agency, d.recipient) as recipient,
    r.record_count,
    s.path as source_file,
    number_found(s.places, r.record_key) as source_record,
    place_text(s.places, s.sheets, r.record_key % 68719476736) as place,
    count(*) over () as in_all
from kept_records r
inner join linked l on r.record_key = l.kept_key
inner join disclosure_parties d on r.disclosure_id = d.disclosure_id
inner join sources s on s.source_id = r.record_key // 68719476736
order by l.traces desc, r.occurred_at asc nulls last, r.transfer_id asc, s.path asc, r.record_key asc
limit coalesce(getvariable('linked_transfers_limit')::bigint, 9000000000000000000)
