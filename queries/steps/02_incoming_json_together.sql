/*
title = "Open a block of whole JSON logs"
description = """
As a block of JSON lines, of the logs `together`. The records are numbered as `records` has them, by log and line.
"""
*/
create or replace temp view incoming as
select
    t.source_id * 68719476736 + b.row_no - t.rows_before as record_no,
    null::varchar as bad_id,
    null::varchar as bad_time,
    null::varchar as bad_count,
    null::json as unread,
    null::varchar as others,
    b.* exclude (row_no)
from (
    select
        row_number() over () as row_no,
        *
    from read_json(
        getvariable('block_path'),
        columns = getvariable('block_columns'),
        format = 'newline_delimited',
        compression = 'none',
        maximum_object_size = getvariable('block_object_size')
    )
) b
asof inner join together t on b.row_no > t.rows_before;
