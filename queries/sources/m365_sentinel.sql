/*
title = "Microsoft 365 activity in Sentinel"
description = """
The table OfficeActivity of Microsoft Sentinel: an operation of the unified audit log a row, its parts under other
names.
"""
reader = "records"
by_record = true
fields = ["TimeGenerated", "OfficeId", "Operation", "RecordType", "UserId", "ClientIP", "Client_IPAddress",
    "OfficeObjectId", "Site_Url", "SourceRelativeUrl", "SourceFileName", "FileSizeBytes", "TargetUserOrGroupName",
    "ResultStatus", "OfficeWorkload", "Item", "Members", "ParticipantInfo", "Parameters", "MailboxOwnerUPN",
    "Logon_Type", "DestinationRelativeUrl", "SharingInformation", "TeamName", "MessageURLs"]
needs = ["TimeGenerated", "Operation", "UserId", "OfficeWorkload"]
inside = ["value", "results"]
wrapped = ["_raw", "message", "result"]
*/
with events as ( -- noqa: ST03
    select
        record_no,
        logged(officeid) as id,
        logged(operation) as operation,
        timegenerated as occurred_at,
        logged(userid) as user_id,
        logged(coalesce(clientip, client_ipaddress)) as client,
        logged(officeobjectid) as object,
        logged(site_url) as site,
        sourcerelativeurl as folder,
        logged(sourcefilename) as file,
        logged(teamname) as item,
        part_of(item, 'Attachments') as attachment,
        coalesce(logged(filesizebytes), part_of(item, 'SizeInBytes')) as bytes,
        logged(targetuserorgroupname) as target,
        sharinginformation as sharing,
        logged(members) as members,
        participantinfo as participants,
        null::varchar as receivers,
        null::varchar as recipients,
        logged(parameters) as parameters,
        null::varchar as metadata,
        logged(messageurls) as urls,
        logged(mailboxownerupn) as mailbox,
        case logon_type when 'Owner' then '0' else logon_type end as logon,
        null::varchar as sent_from,
        destinationrelativeurl as destination,
        logged(resultstatus) as status,
        logged(officeworkload) as workload,
        true as whole
    from incoming
)

select * from m365_transfers('events')
