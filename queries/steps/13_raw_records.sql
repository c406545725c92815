/*
title = "Take JSON records out of what a collector put around them"
description = """
`wrapper_paths` are the fields in which a record may stand, as an object or as its text; a record without one stands
by itself, and so does one with something else in them: a list, a text, an object without keys.
"""
*/
create or replace temp view raw_records as
with opened as (
    select
        record_no,
        envelope,
        list_filter(
            list_transform(
                json_extract(envelope, getvariable('wrapper_paths')::varchar[]),
                lambda x: case when json_type(x) = 'VARCHAR' then try((x ->> '$')::json) else x end
            ),
            lambda x: json_type(x) = 'OBJECT' and len(json_keys(x)) > 0
        )[1] as held
    from raw_lines
)

select
    record_no,
    envelope,
    coalesce(held, envelope) as record
from opened;
