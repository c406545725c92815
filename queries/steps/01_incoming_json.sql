/*
title = "Open a block of JSON lines"
description = """
The records of one block as JSON texts under the canonical names. `block_columns` maps the log's own
spelling of each field to its place; a spelling is bound as a value, never written into this text.
"""
*/
create or replace temp view incoming as
select
    -- Numbered while the order is still that of the file: the joins that follow do not keep it.
    row_number() over () as record_no,
    null::varchar as bad_id,
    null::varchar as bad_time,
    null::varchar as bad_count,
    -- Where a record without an id has other fields, its block is read record by record.
    null::json as unread,
    b.*
from read_json(
    getvariable('block_path'),
    columns = getvariable('block_columns'),
    format = 'newline_delimited',
    compression = 'none',
    maximum_object_size = getvariable('block_object_size')
) b (
    transfer_id, occurred_at, sender, recipient, actor, action, system, authority,
    programs, states, elements, populations, record_count, purpose, outcome
);
