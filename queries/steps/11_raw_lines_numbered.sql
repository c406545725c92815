/*
title = "Add JSON records that were checked one by one"
description = "To the `raw_lines` of a block; every record brings its number in it."
*/
insert into raw_lines
select
    (json ->> '$.record_no')::bigint as record_no,
    json -> '$.record' as envelope
from read_ndjson_objects(
    getvariable('block_path'),
    format = 'newline_delimited',
    compression = 'none',
    maximum_object_size = getvariable('block_object_size')
);
