/*
title = "Open a block of text lines that were looked at one by one"
description = "As `text_lines`; every line brings its number in the block."
*/
create or replace temp table incoming as
select
    record_no,
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
