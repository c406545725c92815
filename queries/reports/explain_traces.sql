/*
title = "The traces of one transfer"
description = "What each log tells of the transfers named in `record_keys`: the strongest evidence of each first."

[params.record_keys]
type = "integer[]"
required = true
description = "The records to explain: `record_key` of transfers or of most_serious."
*/
select
    v.transfer_key,
    v.record_key,
    v.how,
    v.record_key = v.transfer_key as is_counted,
    v.log,
    time_text(m.precision, v.occurred_at) as occurred_at,
    v.occurred_until,
    v.event_count,
    v.file_name,
    v.bytes,
    v.peer,
    v.element_basis,
    v.population_filter,
    t.used_elements,
    left(v.query_text, 300) as query_text,
    replace(v.note, chr(10), '; ') as note,
    v.source_file,
    v.source_record,
    v.place
from transfer_traces v
inner join traces t on v.record_key = t.record_key
inner join records r on v.record_key = r.record_key
inner join moments m on r.moment_id = m.moment_id
where list_contains(getvariable('record_keys')::bigint[], v.transfer_key)
order by
    v.transfer_key,
    v.record_key <> v.transfer_key,
    v.occurred_at nulls last,
    v.source_file,
    v.record_key
