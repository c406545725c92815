/*
title = "Tables whose rows every scan may change"
description = """
The tables of a ledger but those that `receipt_parts` and `receipt_record_blocks` hash and the receipts themselves, and
whether their rows are about single records.
"""
*/
select
    t.table_name as name,
    bool_or(c.column_name = 'record_key') as of_records
from duckdb_tables() t
inner join duckdb_columns() c on t.database_name = c.database_name and t.table_oid = c.table_oid
where
    t.database_name = current_database()
    and not t.internal
    and t.table_name not in (
        'records', 'scans', 'sources', 'quarantine', 'scan_rules', 'verdict_moves', 'finding_spans',
        'suppression_spans', 'receipts'
    )
group by t.table_name
order by t.table_name;
