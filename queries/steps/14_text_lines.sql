/*
title = "Open a block of text lines"
description = "The lines of one block, numbered in the order of the file."
*/
create or replace temp table incoming as
select
    row_number() over () as record_no,
    line
from read_csv(
    getvariable('block_path'),
    columns = getvariable('block_columns'),
    delim = chr(1),
    quote = '',
    escape = '',
    header = false,
    auto_detect = false,
    strict_mode = false,
    compression = 'none',
    new_line = '\n',
    max_line_size = getvariable('block_line_size')
);
