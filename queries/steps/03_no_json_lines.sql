/*
title = "Lines of a block that are no JSON"
description = "How many rows a block has, and which of them the engine cannot read."
*/
select
    count(*) as row_count,
    coalesce(list(row_no) filter (json is null), []) as odd_rows
from (
    select
        row_number() over () as row_no,
        json
    from read_ndjson_objects(
        getvariable('block_path'),
        format = 'newline_delimited',
        compression = 'none',
        ignore_errors = true,
        maximum_object_size = getvariable('block_object_size')
    )
) numbered;
