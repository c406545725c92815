/*
title = "Salesforce bulk results and exports"
description = """
Events of Salesforce's monitoring: the result of a bulk query, or an exported report, goes to whoever ran it. Loads and
logins are set aside. Times are in UTC.
"""
reader = "records"
fields = ["EVENT_TYPE", "TIMESTAMP", "TIMESTAMP_DERIVED", "USER_NAME", "USER_ID", "SOURCE_IP", "CLIENT_IP",
    "REQUEST_ID", "OPERATION_TYPE", "ENTITY_NAME", "RECORDS_PROCESSED",
    "ROWS_PROCESSED", "ORGANIZATION_ID", "JOB_ID", "SUCCESS"]
needs = ["EVENT_TYPE", "USER_ID", "ORGANIZATION_ID"]
wrapped = ["message", "_raw"]
counts = "rows"
*/
with events as (
    select
        record_no,
        logged(event_type) as event,
        lower(logged(operation_type)) as operation,
        coalesce(timestamp_derived, timestamp) as occurred_at,
        coalesce(logged(user_name), logged(user_id)) as actor,
        logged(organization_id) as organization,
        logged(request_id) as request,
        logged(job_id) as job,
        logged(entity_name) as entity,
        coalesce(logged(records_processed), logged(rows_processed)) as record_count,
        coalesce(logged(source_ip), logged(client_ip)) as peer,
        logged(success) as success
    from incoming
),

told as (
    select
        *,
        case
            when event is null then null
            when regexp_matches(event, '(?i)^report.*export|^reportexport') then null
            when regexp_matches(event, '(?i)login|logout') then 'a login'
            when not regexp_matches(event, '(?i)bulkapi') then 'an event that exports nothing'
            when operation in ('insert', 'update', 'upsert', 'delete', 'harddelete') then 'a load into Salesforce'
        end as set_aside
    from events
)

select
    record_no,
    set_aside,
    case when event is null then 'names no event' end as unreadable,
    request as transfer_id,
    in_utc(occurred_at) as occurred_at,
    organization as sender,
    actor as recipient,
    actor,
    'download' as action,
    'Salesforce' as system,
    record_count,
    -- The event that fetches a result tells no rows of its own.
    case
        when success in ('0', 'false') then 'failure'
        else unless_empty('success', case when not regexp_matches(event, '(?i)result') then record_count end)
    end as outcome,
    'unknown' as element_basis,
    'job:' || job as link_key,
    case when entity is not null then [entity] end as open_tables,
    peer
from told
