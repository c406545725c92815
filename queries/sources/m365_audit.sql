/*
title = "Microsoft 365 unified audit log"
description = """
One operation a record, as Purview and its interface give them. What was downloaded, opened or shared left the site it
lies on. Times are in UTC, though they do not say so.
"""
reader = "json"
fields = ["CreationTime", "Id", "Operation", "RecordType", "UserId", "ClientIP", "ActorIpAddress", "ObjectId",
    "SiteUrl", "SourceRelativeUrl", "SourceFileName", "FileSizeBytes", "TargetUserOrGroupName", "ResultStatus",
    "Workload", "Item"]
needs = ["CreationTime", "Operation", "RecordType", "UserId"]
inside = ["value", "results"]
wrapped = ["AuditData", "_raw", "message", "result"]
*/
with events as (
    select
        record_no,
        logged(id) as id,
        logged(operation) as operation,
        in_utc(creationtime) as occurred_at,
        logged(userid) as user_id,
        logged(coalesce(clientip, actoripaddress)) as client,
        logged(objectid) as object,
        logged(siteurl) as site,
        coalesce(sourcerelativeurl, '') as folder,
        logged(sourcefilename) as file,
        coalesce(whole_number(filesizebytes), whole_number(part_of(item, 'SizeInBytes'))) as bytes,
        logged(targetuserorgroupname) as target,
        logged(resultstatus) as status,
        logged(workload) as workload
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
    occurred_at,
    -- Mail and chat come from a person, files from the site they lie on.
    coalesce(host_of(site), host_of(object), case when action = 'share' then user_id end) as sender,
    case when action = 'share' then target else user_id end as recipient,
    user_id as actor,
    action,
    coalesce(workload, 'Microsoft 365') as system,
    m365_outcome(status) as outcome,
    'unknown' as element_basis,
    coalesce(object, site || folder || '/' || file, file) as file_name,
    bytes,
    client as peer,
    m365_note(operation, action, target) as note
from acted
