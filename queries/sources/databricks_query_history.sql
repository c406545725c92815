/*
title = "Databricks query history"
description = """
Rows of `system.query.history`: one statement each, with its text. What only changes tables, loads them or describes
them is set aside; a statement that writes its result to files is a push.
"""
reader = "records"
fields = [
    "statement_id", "executed_by", "executed_by_user_id", "statement_text", "statement_type", "execution_status",
    "start_time", "end_time", "produced_rows", "client_application", "error_message",
]
needs = ["statement_id", "statement_text", "execution_status|statement_type", "executed_by|executed_by_user_id"]
wrapped = ["message", "_raw"]
*/
with statements as (
    select
        *,
        upper(coalesce(unless_blank(trim(statement_type)), regexp_extract(statement_text, '^\s*(\w+)', 1))) as kind,
        regexp_matches(
            statement_text, '(?is)^\s*(?:(?:--[^\n]*\n|/\*.*?\*/)\s*)*insert\s+overwrite\s+(?:local\s+)?directory\b'
        ) as to_files,
        regexp_matches(statement_text, '(?is)\bgrant\b.*\bon\s+share\b|\balter\s+share\b.*\badd\b') as shares,
        -- Data that one table gets from others: who may read the new one is not said here.
        regexp_matches(statement_text, '(?is)\b(insert|create|merge|replace)\b.*\bselect\b') as copies
    from incoming
)

select
    record_no,
    case when statement_id is null and statement_text is null then 'it holds no statement' end as unreadable,
    case
        when to_files or shares then null
        when copies and kind in ('INSERT', 'CREATE', 'MERGE', 'REPLACE') then null
        when kind in ('COPY', 'LOAD') then 'a load into a table'
        when
            kind in (
                'INSERT', 'MERGE', 'UPDATE', 'DELETE', 'TRUNCATE', 'REPLACE', 'CREATE', 'ALTER', 'DROP', 'OPTIMIZE',
                'VACUUM', 'REFRESH', 'RESTORE', 'ANALYZE', 'COMMENT'
            )
            then 'a change of tables'
        when kind in ('GRANT', 'REVOKE') then 'a change of permissions'
        when kind in ('SHOW', 'DESCRIBE', 'EXPLAIN', 'USE', 'SET', 'RESET', 'LIST') then 'a look at tables or settings'
    end as set_aside,
    statement_id as transfer_id,
    coalesce(instant_of_epoch(start_time), start_time) as occurred_at,
    coalesce(instant_of_epoch(end_time), end_time) as occurred_until,
    coalesce(logged(executed_by), logged(executed_by_user_id)) as recipient,
    coalesce(logged(executed_by), logged(executed_by_user_id)) as actor,
    case
        when to_files then 'push'
        when shares then 'share'
        when copies and kind in ('INSERT', 'CREATE', 'MERGE', 'REPLACE') then 'use'
        else 'query'
    end as action,
    'Databricks' as system,
    case
        when upper(execution_status) = 'FINISHED' then 'success'
        when upper(execution_status) in ('FAILED', 'CANCELED', 'CANCELLED') then 'failure'
        else 'unknown'
    end as outcome,
    -- What other statements report as their result is not the rows that went out.
    case when kind = 'SELECT' then produced_rows end as record_count,
    'unknown' as element_basis,
    'statement:' || logged(statement_id) as link_key,
    case
        when to_files
            then regexp_extract(statement_text, '(?is)directory\s+[''"]([^''"]+)[''"]', 1)
    end as file_name,
    statement_text as query_text
from statements
