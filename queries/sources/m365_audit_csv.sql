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
with events as ( -- noqa: ST03
    select
        record_no,
        coalesce(m365_part(auditdata, 'Id'), logged(recordid), logged(identity)) as id,
        coalesce(m365_part(auditdata, 'Operation'), logged(operations), logged(operation)) as operation,
        coalesce(m365_part(auditdata, 'CreationTime'), creationdate) as occurred_at,
        coalesce(m365_part(auditdata, 'UserId'), logged(userids), logged(userid)) as user_id,
        coalesce(m365_part(auditdata, 'ClientIP'), m365_part(auditdata, 'ActorIpAddress')) as client,
        m365_part(auditdata, 'ObjectId') as object,
        m365_part(auditdata, 'SiteUrl') as site,
        m365_part(auditdata, 'SourceRelativeUrl') as folder,
        m365_part(auditdata, 'SourceFileName') as file,
        coalesce(m365_part(auditdata, 'FileSizeBytes'), value_at(auditdata, '$.Item.SizeInBytes')) as bytes,
        m365_part(auditdata, 'TargetUserOrGroupName') as target,
        m365_part(auditdata, 'ResultStatus') as status,
        m365_part(auditdata, 'Workload') as workload,
        coalesce(json_valid(auditdata), false) as whole
    from incoming
)

select *
from m365_transfers('events')
