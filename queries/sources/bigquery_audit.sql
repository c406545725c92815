/*
title = "Google BigQuery in Cloud Audit Logs"
description = """
What Cloud Audit Logs keep of BigQuery: jobs with their text, which columns of a table were read, and to whom access was
given. Records that name one job are one transfer.
"""
reader = "records"
by_record = true
fields = ["insertId", "timestamp", "protoPayload", "resource", "severity"]
needs = ["protoPayload", "insertId|logName|resource", "timestamp|receiveTimestamp"]
values = {protoPayload = 'bigquery(\w+)?\.googleapis\.com|BigQueryAuditMetadata'}
wrapped = ["message", "_raw", "jsonPayload"]
parses = {field = "protoPayload", path = "$.metadata.jobChange.job.jobConfig.queryConfig.query", dialect = "bigquery"}
counts = "rows"
*/
with named as (
    select
        *,
        coalesce(
            inside(protopayload, '$.metadata.jobChange.job.jobName'),
            inside(protopayload, '$.metadata.jobInsertion.job.jobName'),
            inside(protopayload, '$.metadata.tableDataRead.jobName')
        ) as job,
        inside(protopayload, '$.methodName') as method,
        inside(protopayload, '$.authenticationInfo.principalEmail') as account,
        inside(protopayload, '$.metadata.tableDataRead') as table_read,
        regexp_extract(
            inside(protopayload, '$.resourceName'), 'projects/([^/]+)/datasets/([^/]+)/tables/([^/]+)',
            ['project', 'dataset', 'name']
        ) as named_table,
        coalesce(inside(resource, '$.labels.project_id'), '') as project,
        each_inside(protopayload, '$..bindings[*].members[*]')
        || each_inside(protopayload, '$..bindingDeltas[*].member') as members
    from incoming
),

queries as not materialized ( -- noqa: ST03
    select
        record_no,
        case when method is null and account is null then 'names no operation' end as unreadable,
        case
            when table_read is not null or job is not null or len(members) > 0 then null
            when regexp_matches(
                method,
                '(?i)(get|list|insert|patch|update|delete|undelete|create)(dataset|table|model|routine|job|row\w*)?s?$'
            ) and not regexp_matches(method, '(?i)jobservice|tabledata\.?list|readrows')
                then 'a change or a look at the description of a table'
            else unknown_operation(method)
        end as aside,
        inside(protopayload, '$.metadata.jobChange.job.jobConfig.queryConfig.query') as query_text,
        insertid as query_id,
        timestamp as occurred_at,
        project as database_name,
        account as recipient,
        account as actor,
        'Google BigQuery' as system,
        inside(protopayload, '$.metadata.jobChange.job.jobConfig.queryConfig.statementType') as logged_type,
        case
            when coalesce(try_cast(inside(protopayload, '$.status.code') as integer), 0) <> 0
                or inside(protopayload, '$.metadata.jobChange.job.jobStatus.errorResult') is not null
                then 'failure'
            when table_read is not null then 'success'
            when upper(inside(protopayload, '$.metadata.jobChange.after')) = 'DONE'
                or upper(inside(protopayload, '$.metadata.jobChange.job.jobStatus.jobState')) = 'DONE'
                then 'success'
        end as status,
        inside(protopayload, '$.metadata.jobChange.job.jobStats.queryStats.outputRowCount') as row_count,
        inside(protopayload, '$.requestMetadata.callerIp') as peer,
        'bigquery:' || regexp_extract(job, '[^/:.]+$') as link_key,
        each_inside(protopayload, '$..extractConfig.destinationUris[*]')[1] as result_file,
        joined(list_sort(list_distinct(list_transform(
            members, lambda m: regexp_replace(m, '^(user|group|serviceAccount|domain|projectViewer):', '')
        ))), '; ') as shared_with,
        case
            when table_read is not null then to_json([{
                'objectName': concat_ws('.', named_table.project, named_table.dataset, named_table.name),
                'columns': list_transform(each_inside(table_read, '$.fields[*]'), lambda c: {'columnName': c})
            }])::varchar
        end as base_objects
    from named
)

select * from query_transfers('queries', 'bigquery')
