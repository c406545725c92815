/*
title = "Tables whose rows every scan may change"
description = """
The tables of a ledger but those that `receipt_parts` and `receipt_record_blocks` hash and the receipts themselves, with
their schemas, and whether only the rows on a scan's own records are hashed: `verify` finds the others again, or has
them hashed with the records.
"""
*/
select
    schema_name,
    table_name,
    table_name in ('duplicates', 'conflicts', 'trace_rows', 'trace_sayings', 'calls', 'ran_calls') as of_records
from duckdb_tables()
where
    database_name = current_database()
    and not internal
    and not (
        schema_name = 'main'
        and table_name in (
            'records', 'scans', 'sources', 'quarantine', 'scan_rules', 'verdict_moves', 'finding_spans',
            'suppression_spans', 'receipts'
        )
    )
order by schema_name <> 'main', schema_name, table_name;
