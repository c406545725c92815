/*
title = "Take JSON records out of what a collector put around them"
description = """
`wrapper_paths` are the fields in which a record may stand, as an object or as its text; a record without one stands
by itself.
"""
*/
create or replace temp view raw_records as
with opened as (
    select
        record_no,
        envelope,
        list_filter(
            json_extract(envelope, getvariable('wrapper_paths')::varchar[]),
            lambda x: json_type(x) = 'OBJECT'
                or (json_type(x) = 'VARCHAR' and looks_nested(x ->> '$') and json_valid(x ->> '$'))
        )[1] as held
    from raw_lines
)

select
    record_no,
    envelope,
    case
        when held is null then envelope
        when json_type(held) = 'VARCHAR' then (held ->> '$')::json
        else held
    end as record
from opened;
