/*
title = "Answers that a second scan gives otherwise"
description = """
Holds two files of answers against each other: `answers_kept` of the ledger, `answers_again` of the same logs scanned
again. One row a transfer that differs, at most `most`, with both answers as JSON; null where one has none. Rows
that only stand in another order do not differ. `total` is how many differ in all.
"""
*/
with kept as (
    select
        json ->> 'transfer_id' as transfer_id,
        json ->> 'source_file' as source_file,
        (json ->> 'source_record')::bigint as source_record,
        json::varchar as answer
    from read_ndjson_objects(getvariable('answers_kept')::varchar)
),

again as (
    select
        json ->> 'transfer_id' as transfer_id,
        json ->> 'source_file' as source_file,
        (json ->> 'source_record')::bigint as source_record,
        json::varchar as answer
    from read_ndjson_objects(getvariable('answers_again')::varchar)
)

select
    coalesce(k.transfer_id, a.transfer_id) as transfer_id,
    coalesce(k.source_file, a.source_file) as source_file,
    coalesce(k.source_record, a.source_record) as source_record,
    coalesce(k.answer ->> 'place', a.answer ->> 'place') as place,
    k.answer as kept,
    a.answer as again,
    count(*) over () as total
from kept k
full outer join again a
    on
        k.transfer_id = a.transfer_id
        and k.source_file = a.source_file
        and k.source_record = a.source_record
        and k.answer ->> 'place' = a.answer ->> 'place'
where k.answer is distinct from a.answer
order by 1, 2, 3
limit getvariable('most')::bigint;
