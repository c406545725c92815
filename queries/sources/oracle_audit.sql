/*
title = "Oracle unified audit trail"
description = """
Rows of UNIFIED_AUDIT_TRAIL and of DBA_AUDIT_TRAIL before it. A statement that touched several objects has a row for
each: one transfer. How many rows came out is not in it. An export by Data Pump names neither columns nor people.
"""
reader = "records"
by_record = true
fields = [
    "event_timestamp_utc", "event_timestamp", "extended_timestamp", "timestamp", "dbusername", "username",
    "os_username", "userhost", "action_name", "object_schema", "owner", "object_name", "obj_name", "sql_text",
    "return_code", "returncode", "sessionid", "entry_id", "entryid", "statement_id", "statementid", "dbid",
    "dp_text_parameters1", "client_program_name",
]
needs = [
    "action_name", "dbusername|username", "object_schema|owner|sql_text",
    "return_code|returncode|unified_audit_policies",
]
wrapped = ["message", "_raw"]
parses = {field = "sql_text", dialect = "oracle"}
*/
with named as (
    select
        *,
        upper(trim(action_name)) as called,
        coalesce(logged(dbusername), logged(username)) as account,
        coalesce(logged(object_schema), logged(owner)) as lies_in,
        coalesce(logged(object_name), logged(obj_name)) as object,
        coalesce(statement_id, statementid) as statement_no
    from incoming
),

queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when called is null and sql_text is null then 'names no action' end as unreadable,
        case
            when called in ('LOGON', 'LOGOFF', 'LOGOFF BY CLEANUP') then 'a login'
            when unless_blank(sql_text) is null
                and not regexp_matches(called, 'SELECT|EXPORT|EXECUTE|CALL|READ|FETCH')
                then case
                    when harmless_type(called) or regexp_matches(called, '^(INSERT|CREATE|AUDIT|NOAUDIT|LOCK)\b')
                        then 'a statement that moves no data'
                    else unknown_operation(called)
                end
        end as aside,
        sql_text as query_text,
        coalesce(
            regexp_replace(event_timestamp_utc, '^(\S+ \S+)$', '\1Z'), event_timestamp, extended_timestamp, timestamp
        ) as occurred_at,
        lies_in as database_name,
        sessionid as session,
        joined([account, logged(os_username)], '; ') as recipient,
        account as actor,
        'Oracle' as system,
        called as logged_type,
        case
            when trim(coalesce(return_code, returncode)) = '0' then 'success'
            when coalesce(logged(return_code), logged(returncode)) is not null then 'failure'
        end as status,
        userhost as peer,
        'oracle:' || coalesce(dbid || ':', '') || sessionid || ':' || statement_no as link_key,
        one_accessed(case when object is not null then concat_ws('.', lies_in, object) end) as base_objects,
        case
            when called like '%EXPORT%' then 'exported by Data Pump' || coalesce(': ' || dp_text_parameters1, '')
        end as remark
    from named
)

select * from query_transfers('queries', 'oracle')
