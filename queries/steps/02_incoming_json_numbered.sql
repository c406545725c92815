/*
title = "Open a block of repaired JSON lines"
description = """
The records of a block that was read line by line: canonical names, and each record's number in the block.
"""
*/
create or replace temp view incoming as
select
    * replace (bad_id::varchar as bad_id, bad_time::varchar as bad_time, bad_count::varchar as bad_count),
    null::varchar as others
from read_json(
    getvariable('block_path'),
    columns = {
        record_no: 'BIGINT', bad_id: 'JSON', bad_time: 'JSON', bad_count: 'JSON', unread: 'JSON',
        transfer_id: 'VARCHAR', occurred_at: 'VARCHAR', sender: 'JSON', recipient: 'JSON',
        actor: 'JSON', action: 'JSON', system: 'JSON', authority: 'JSON', programs: 'JSON', states: 'JSON',
        elements: 'JSON', populations: 'JSON', record_count: 'VARCHAR', purpose: 'JSON', outcome: 'JSON'
    },
    format = 'newline_delimited',
    compression = 'none',
    maximum_object_size = getvariable('block_object_size')
);
