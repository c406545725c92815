/*
title = "Google Cloud Storage audit log"
description = """
Calls to Cloud Storage in the audit logs of Google Cloud. Reading an object is a download by whoever called; a change of
who may read is a share with those who were added.
"""
reader = "json"
by_record = true
fields = ["insertId", "logName", "timestamp", "protoPayload", "resource"]
needs = ["protoPayload", "logName"]
values = {protoPayload = 'storage\.googleapis\.com'}
inside = ["entries"]
wrapped = ["_raw", "message", "jsonPayload"]
*/
with calls as (
    select
        record_no,
        logged(insertid) as id,
        timestamp as occurred_at,
        part_of(protopayload, 'methodName') as operation,
        value_at(protopayload, '$.authenticationInfo.principalEmail') as who,
        value_at(protopayload, '$.requestMetadata.callerIp') as peer,
        value_at(protopayload, '$.status.code') as status,
        part_of(protopayload, 'resourceName') as named,
        coalesce(
            value_at(resource, '$.labels.bucket_name'),
            nullif(regexp_extract(part_of(protopayload, 'resourceName'), 'buckets/([^/]+)', 1), '')
        ) as bucket,
        value_at(resource, '$.labels.project_id') as project,
        coalesce(
            try(from_json(value_at(protopayload, '$.serviceData.policyDelta.bindingDeltas'),
                '[{"action": "VARCHAR", "role": "VARCHAR", "member": "VARCHAR"}]')),
            try(from_json(value_at(protopayload, '$.metadata.policyDelta.bindingDeltas'),
                '[{"action": "VARCHAR", "role": "VARCHAR", "member": "VARCHAR"}]'))
        ) as changes
    from incoming
),

added as (
    select
        *,
        list_transform(
            list_filter(
                changes,
                lambda c: upper(c.action) = 'ADD'
                    and not regexp_matches(
                        lower(c.role),
                        'objectcreator|legacybucketwriter$|insightscollector|bucketviewer')
            ),
            lambda c: regexp_replace(c.member, '^(user|group|serviceAccount|domain|principal\w*):', '')
        ) as members
    from calls
),

requests as ( -- noqa: ST03
    select
        record_no,
        id,
        operation,
        gcs_action(operation) as listed,
        gcs_harmless(operation) as harmless,
        occurred_at,
        who,
        'read without a name' as how,
        project as account,
        bucket,
        bucket as container,
        null::varchar as copied_from,
        case
            when contains(named, '/objects/')
                then 'gs://' || bucket || '/' || regexp_extract(named, '/objects/(.*)$', 1)
            else 'gs://' || bucket
        end as file,
        coalesce(status, '200') as status,
        null::varchar as sent,
        peer,
        case
            when members is not null
                then coalesce(named_parties(list_filter(
                    members, lambda m: m not in ('allUsers', 'allAuthenticatedUsers')
                )), '')
        end as let_in,
        coalesce(list_has_any(members, ['allUsers', 'allAuthenticatedUsers']), false) as to_all,
        'Google Cloud Storage' as system
    from added
)

select * from storage_transfers('requests')
