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
with events as ( -- noqa: ST03
    select
        record_no,
        logged(id) as id,
        logged(operation) as operation,
        creationtime as occurred_at,
        logged(userid) as user_id,
        logged(coalesce(clientip, actoripaddress)) as client,
        logged(objectid) as object,
        logged(siteurl) as site,
        sourcerelativeurl as folder,
        logged(sourcefilename) as file,
        coalesce(logged(filesizebytes), part_of(item, 'SizeInBytes')) as bytes,
        logged(targetuserorgroupname) as target,
        logged(resultstatus) as status,
        logged(workload) as workload,
        true as whole
    from incoming
)

select *
from m365_transfers('events')
