/*
title = "Open a block of repaired JSON lines"
description = """
The records of a block that was read line by line: canonical names, and each record's number in the block.
"""
*/
create or replace temp view incoming as
select *
from read_json(
    getvariable('block_path'),
    columns = {
        record_no: 'BIGINT', bad_id: 'VARCHAR', bad_time: 'VARCHAR', bad_count: 'VARCHAR',
        transfer_id: 'VARCHAR', occurred_at: 'VARCHAR', sender: 'JSON', recipient: 'JSON',
        actor: 'JSON', action: 'JSON', system: 'JSON', authority: 'JSON', programs: 'JSON', states: 'JSON',
        elements: 'JSON', populations: 'JSON', record_count: 'VARCHAR', purpose: 'JSON', outcome: 'JSON'
    },
    format = 'newline_delimited',
    compression = 'none',
    maximum_object_size = getvariable('block_object_size')
);
