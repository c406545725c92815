/*
title = "Open a block of text lines"
description = """
The lines of one block, numbered in the order of the file. Where lines were left out, each brings its number in the
block behind it.
"""
*/
create or replace temp table incoming as
select
    coalesce(record_no, row_number() over ()) as record_no,
    line
from read_csv(
    getvariable('block_path'),
    columns = {line: 'VARCHAR', record_no: 'BIGINT'},
    null_padding = true,
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
