/*
title = "Where records are"
description = """
Of the records named in `record_keys`: file and place as a person says it, with the hash that the file had when it was
scanned. The order is that of `record_keys`.
"""

[params.record_keys]
type = "integer[]"
required = true
description = "The records to find: `record_key` of transfers or of most_serious."
*/
with asked as (
    select
        unnest(getvariable('record_keys')::bigint[]) as record_key,
        generate_subscripts(getvariable('record_keys')::bigint[], 1) as place_in_list
)

select
    a.record_key,
    cited(s.path, s.places, s.sheets, a.record_key % 68719476736) as cited,
    a.record_key % 68719476736 as source_record,
    s.path,
    s.sha256,
    s.bytes,
    s.read_as
from asked a
inner join sources s on s.source_id = a.record_key // 68719476736
order by a.place_in_list;
