/*
title = "Open a block of JSON records that were checked one by one"
description = "As `raw_lines`; every record brings its number in the block."
*/
create or replace temp table raw_lines as
select
    (json ->> '$.record_no')::bigint as record_no,
    json -> '$.record' as envelope
from read_ndjson_objects(
    getvariable('block_path'),
    format = 'newline_delimited',
    compression = 'none',
    maximum_object_size = getvariable('block_object_size')
);
