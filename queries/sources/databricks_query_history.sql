/*
title = "Databricks query history"
description = """
Rows of `system.query.history`: one statement each. What left is read from the text: the columns that it put out, where
to, and about whom. Where it cannot be read, the type of the statement decides, and what is of no known type stays among
the transfers.
"""
reader = "records"
fields = [
    "statement_id", "executed_by", "executed_by_user_id", "statement_text", "statement_type", "execution_status",
    "start_time", "end_time", "produced_rows", "client_application", "error_message",
]
needs = ["statement_id", "statement_text", "execution_status|statement_type", "executed_by|executed_by_user_id"]
wrapped = ["message", "_raw"]
parses = {field = "statement_text", dialect = "databricks"}
counts = "rows"
*/
with read as (
    select
        i.*,
        p.* exclude (text, dialect, problem),
        -- A text too long to be taken apart has no row.
        coalesce(p.problem, case when p.text is null then 'the text is missing' end) as trouble,
        upper(coalesce(
            unless_blank(trim(i.statement_type)), regexp_extract(i.statement_text, '^\s*(\w+)', 1)
        )) as logged_kind
    from incoming i
    left join memory.parsed_texts p on p.dialect = 'databricks' and i.statement_text = p.text
),

told as (
    select
        *,
        case when trouble is null then put_out(outputs, open_tables) end as told_elements
    from read
)

select
    record_no,
    case when statement_id is null and statement_text is null then 'it holds no statement' end as unreadable,
    case
        when trouble is null then stays_inside(kind, direction)
        when logged_kind in ('COPY', 'LOAD') then 'a load into the database'
        when
            logged_kind in (
                'UPDATE', 'DELETE', 'TRUNCATE', 'ALTER', 'DROP', 'OPTIMIZE', 'VACUUM', 'REFRESH', 'RESTORE', 'ANALYZE',
                'COMMENT', 'GRANT', 'REVOKE', 'SHOW', 'DESCRIBE', 'EXPLAIN', 'USE', 'SET', 'RESET', 'LIST'
            )
            and not regexp_matches(coalesce(statement_text, ''), '(?i)\b(directory|share)\b')
            then 'a statement that moves no data'
    end as set_aside,
    statement_id as transfer_id,
    coalesce(instant_of_epoch(start_time), start_time) as occurred_at,
    coalesce(instant_of_epoch(end_time), end_time) as occurred_until,
    coalesce(logged(executed_by), logged(executed_by_user_id)) as recipient,
    coalesce(logged(executed_by), logged(executed_by_user_id)) as actor,
    query_action(kind, direction, file) as action,
    'Databricks' as system,
    nullif(list_filter(programs, lambda x: x <> 'unknown'), []) as programs,
    states,
    nullif(told_elements, []) as elements,
    case
        when aggregate then 'aggregate'
        when len(coalesce(told_elements, [])) = 0 then 'unknown'
        else 'disclosed'
    end as element_basis,
    nullif(populations, []) as populations,
    -- What other statements report as their result is not the rows that went out.
    case when logged_kind = 'SELECT' then produced_rows end as record_count,
    case
        when upper(execution_status) = 'FINISHED'
            then unless_empty('success', case when logged_kind = 'SELECT' then produced_rows end)
        when upper(execution_status) in ('FAILED', 'CANCELED', 'CANCELLED') then 'failure'
        else 'unknown'
    end as outcome,
    'statement:' || lower(logged(statement_id)) as link_key,
    file as file_name,
    deduced,
    population_filter,
    used as used_elements,
    open_tables,
    excluded,
    statement_text as query_text,
    trouble as note
from told
