/*
title = "Salesforce exports, reports and queries"
description = """
Events of Salesforce's monitoring: the result of a bulk query, an exported report, a report that was run, a file that
was fetched goes to whoever did it. Loads and logins are set aside. Times are in UTC.
"""
reader = "records"
by_record = true
fields = ["EVENT_TYPE", "TIMESTAMP", "TIMESTAMP_DERIVED", "USER_NAME", "USER_ID", "USER_ID_DERIVED", "SOURCE_IP",
    "CLIENT_IP", "REQUEST_ID", "OPERATION_TYPE", "ENTITY_NAME", "RECORDS_PROCESSED", "ROWS_PROCESSED", "ROW_COUNT",
    "NUMBER_OF_RECORDS", "ORGANIZATION_ID", "JOB_ID", "SUCCESS", "REQUEST_STATUS", "METHOD_NAME", "TRANSACTION_TYPE",
    "REPORT_DESCRIPTION", "REPORT_ID", "FILE_NAME", "FILE_TYPE", "SIZE_BYTES", "QUERY", "SHARED_WITH_ENTITY_ID"]
needs = ["EVENT_TYPE", "USER_ID", "ORGANIZATION_ID"]
wrapped = ["message", "_raw"]
counts = "rows"
*/
with events as (
    select
        record_no,
        logged(event_type) as event,
        lower(regexp_replace(logged(event_type), '(EventStore|EventStream|Event|Store)$', '')) as kind,
        lower(coalesce(logged(operation_type), logged(method_name), logged(transaction_type))) as operation,
        coalesce(timestamp_derived, timestamp) as occurred_at,
        coalesce(logged(user_name), logged(user_id)) as actor,
        logged(organization_id) as organization,
        logged(request_id) as request,
        logged(job_id) as job,
        logged(entity_name) as entity,
        coalesce(
            logged(records_processed), logged(rows_processed), logged(row_count), logged(number_of_records)
        ) as record_count,
        coalesce(logged(source_ip), logged(client_ip)) as peer,
        coalesce(logged(success), logged(request_status)) as success,
        coalesce(logged(file_name), logged(report_description), logged(report_id)) as file,
        whole_number(size_bytes) as bytes,
        logged(shared_with_entity_id) as shared_with,
        logged(query) as query_text
    from incoming
),

told as (
    select
        *,
        coalesce(regexp_matches(
            operation,
            '^(insert|update|upsert|delete|harddelete|undelete|create|merge|upload)'), false)
            as loads,
        case
            when regexp_matches(kind, 'report.*export|^reportexport|^dataexport|^documentattachmentdownloads')
                then 'download'
            when regexp_matches(kind, 'bulkapi') then 'download'
            when regexp_matches(
                kind,
                '^(report|asynchronousreportrun|multiblockreport|dashboard|waveinteraction|listview)$')
                then 'view'
            when regexp_matches(kind, '^(api|restapi|apitotalusage|soapapi|knowledgearticleview|search)$') then 'query'
            when kind = 'contenttransfer' then 'download'
            when kind in ('contentdistribution', 'contentdocumentlink') then 'share'
        end as listed
    from events
),

weighed as (
    select
        *,
        case
            when event is null then null
            when regexp_matches(kind, 'login|logout|sessionhijack|credentialstuffing') then 'a login'
            when listed is not null and loads then 'a load into Salesforce'
            when listed = 'query' and regexp_matches(
                operation,
                '^(describe|get(server|user)|login|logout|setpassword|resetpassword)')
                then 'a change or a look that reads no record'
            when listed is not null then null
            when regexp_full_match(
                kind,
                'uri|lightning(pageview|interaction|error|performance|logger)|visualforcerequest|apex(execution|callout'
                || '|trigger|soap|restapi|unexpectedexception)|sites|packageinstall|changesetoperation|sandbox|console'
                || '|queuedexecution|externalcrossorgcallout|transactionsecurity|insecureexternalassets|corsviolation'
                || '|cspviolation|hostnameredirects|flowexecution|onecommerceusage|timebasedworkflow|aurarequest'
                || '|platformencryption|concurrentlongrunningapexlimit|searchclick|permissionset|permissionupdate'
                || '|groupmembership|apianomaly|reportanomaly|metadataapioperation|continuationcallout\w*'
                || '|blockedredirect|namedcredential'
            )
                then 'an event of pages, programs or settings'
            else unknown_operation(event)
        end as set_aside
    from told
)

select
    record_no,
    set_aside,
    case when event is null then 'names no event' end as unreadable,
    request as transfer_id,
    in_utc(occurred_at) as occurred_at,
    case when listed = 'share' then actor end as sender,
    named_places([organization]) as places,
    case when listed = 'share' then shared_with else actor end as recipient,
    loads as arrives,
    actor,
    case when loads then 'push' else listed end as action,
    'Salesforce' as system,
    record_count,
    -- The event that fetches a result tells no rows of its own.
    case
        when lower(success) in ('0', 'false', 'f', 'n') then 'failure'
        else file_outcome('success', case when not regexp_matches(event, '(?i)result') then record_count end)
    end as outcome,
    'unknown' as element_basis,
    'job:' || job as link_key,
    file as file_name,
    bytes,
    case when entity is not null then [entity] end as open_tables,
    peer,
    query_text
from weighed
