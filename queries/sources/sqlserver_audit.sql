/*
title = "Microsoft SQL Server audit"
description = """
Rows of fn_get_audit_file, and Azure SQL's audit records as Azure Monitor's tables hold them. Times are in UTC. A
statement that touched several objects has a row for each: one transfer.
"""
reader = "records"
fields = [
    "event_time", "event_time_t", "timegenerated", "sequence_number", "action_id", "action_id_s", "action_name",
    "action_name_s", "succeeded", "succeeded_s", "session_id", "session_id_d", "session_server_principal_name",
    "server_principal_name", "server_principal_name_s", "database_principal_name", "database_name", "database_name_s",
    "schema_name", "object_name", "statement", "statement_s", "client_ip", "client_ip_s", "affected_rows",
    "response_rows", "response_rows_d", "envelope",
]
needs = [
    "action_id|action_id_s|action_name|action_name_s", "statement|statement_s",
    "server_principal_name|server_principal_name_s|session_server_principal_name",
    "succeeded|succeeded_s|event_time|event_time_t",
]
wrapped = ["message", "_raw", "properties"]
parses = {field = "statement|statement_s", dialect = "tsql"}
pieces = {order = "sequence_number", first = 1, sizes = [4000], by = [
    "event_time", "event_time_t", "action_id", "action_id_s", "session_id", "server_principal_name", "schema_name",
    "object_name",
]}
counts = "rows"
*/
with named as (
    select
        *,
        coalesce(unless_blank(statement), unless_blank(statement_s)) as text,
        upper(trim(coalesce(action_id, action_id_s, action_name, action_name_s))) as called,
        lower(trim(coalesce(succeeded, succeeded_s))) as ended,
        in_utc(regexp_replace(
            trim(coalesce(event_time, event_time_t, timegenerated, inside(envelope, '$.time'))),
            '(\.\d{6})\d+', '\1'
        )) as began,
        coalesce(
            logged(session_server_principal_name), logged(server_principal_name), logged(server_principal_name_s),
            logged(database_principal_name)
        ) as account,
        coalesce(database_name, database_name_s) as base
    from incoming
),

queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when text is null and called is null then 'names no action' end as unreadable,
        case
            when try_cast(sequence_number as integer) > 1 and text is null then 'a further piece of a text'
            when called in ('LGIS', 'LGIF', 'LGO', 'DBAS', 'DBAF', 'DAGS', 'DAGF')
                or regexp_matches(called, 'LOGIN|LOGOUT|AUTHENTICATION')
                then 'a login'
            when
                called in (
                    'AUSC', 'AUSF', 'SVCN', 'SVSD', 'SVPD', 'SVSR', 'TRBC', 'TRCC', 'TRBS', 'TRCS', 'TXBG', 'TXCM',
                    'TXRB'
                )
                then 'a statement that moves no data'
            when text is null and coalesce(called, '') not in ('SL', 'SELECT', 'EX', 'BCM', 'RCM')
                then unknown_operation(called)
        end as aside,
        text as query_text,
        began as occurred_at,
        base as database_name,
        coalesce(session_id, session_id_d) as session,
        account as recipient,
        account as actor,
        'Microsoft SQL Server' as system,
        case when ended in ('1', 'true') then 'success' when ended in ('0', 'false') then 'failure' end as status,
        coalesce(nullif(response_rows, ''), nullif(response_rows_d, ''), nullif(affected_rows, '')) as row_count,
        logged(coalesce(client_ip, client_ip_s)) as peer,
        'sqlserver:' || began || ':' || account || ':' || left(sha256(text), 16) as link_key,
        one_accessed(case
            when logged(object_name) is not null then concat_ws('.', logged(base), logged(schema_name), object_name)
        end) as base_objects
    from named
)

select * from query_transfers('queries', 'tsql')
