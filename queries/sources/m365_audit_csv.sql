/*
title = "Microsoft 365 unified audit log, as a table"
description = """
What Purview and Search-UnifiedAuditLog export: one operation a row, the record itself as JSON in the cell AuditData.
Where that was cut off, the other cells tell who did what and when, and nothing else.
"""
reader = "table"
fields = ["RecordId", "Identity", "CreationDate", "UserIds", "UserId", "Operations", "Operation", "AuditData"]
needs = ["CreationDate", "AuditData"]
*/
with events as (
    select
        record_no,
        coalesce(m365_part(auditdata, 'Id'), logged(recordid), logged(identity)) as id,
        coalesce(m365_part(auditdata, 'Operation'), logged(operations), logged(operation)) as operation,
        coalesce(m365_part(auditdata, 'CreationTime'), creationdate) as occurred_at,
        coalesce(m365_part(auditdata, 'UserId'), logged(userids), logged(userid)) as user_id,
        coalesce(m365_part(auditdata, 'ClientIP'), m365_part(auditdata, 'ActorIpAddress')) as client,
        m365_part(auditdata, 'ObjectId') as object,
        m365_part(auditdata, 'SiteUrl') as site,
        coalesce(m365_part(auditdata, 'SourceRelativeUrl'), '') as folder,
        m365_part(auditdata, 'SourceFileName') as file,
        coalesce(m365_part(auditdata, 'FileSizeBytes'), value_at(auditdata, '$.Item.SizeInBytes')) as bytes,
        m365_part(auditdata, 'TargetUserOrGroupName') as target,
        m365_part(auditdata, 'ResultStatus') as status,
        m365_part(auditdata, 'Workload') as workload,
        coalesce(json_valid(auditdata), false) as whole
    from incoming
),

acted as (
    select
        *,
        m365_action(operation) as action
    from events
)

select
    record_no,
    m365_aside(operation, action) as set_aside,
    case when operation is null then 'names no operation' end as unreadable,
    id as transfer_id,
    in_utc(occurred_at) as occurred_at,
    -- Mail and chat come from a person, files from the site they lie on.
    coalesce(host_of(site), host_of(object), case when action = 'share' then user_id end) as sender,
    case when action = 'share' then target else user_id end as recipient,
    user_id as actor,
    action,
    coalesce(workload, 'Microsoft 365') as system,
    m365_outcome(status) as outcome,
    'unknown' as element_basis,
    coalesce(object, site || folder || '/' || file, file) as file_name,
    whole_number(bytes) as bytes,
    client as peer,
    case when whole then m365_note(operation, action, target) else 'AuditData was cut off' end as note
from acted
