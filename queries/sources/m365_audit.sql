/*
title = "Microsoft 365 unified audit log"
description = """
One operation a record, as Purview, its interface, Defender and Graph give them, or spread over the columns of a table.
What was downloaded, opened or shared left the site it lies on. Times are in UTC, though they do not say so.
"""
reader = "records"
by_record = true
fields = ["CreationTime", "Id", "Operation", "RecordType", "UserId", "ClientIP", "ActorIpAddress", "ObjectId",
    "SiteUrl", "SourceRelativeUrl", "SourceFileName", "FileSizeBytes", "TargetUserOrGroupName", "ResultStatus",
    "Workload", "Item", "SharingInformation", "Members", "ParticipantInfo", "Receivers", "Recipients", "RecipientEmail",
    "Parameters", "ExchangeMetaData", "MessageURLs", "MailboxOwnerUPN", "LogonType", "Sender", "P2Sender", "P1Sender",
    "AttachmentData", "DestinationRelativeUrl", "DestinationSiteUrl", "TargetUrl", "TargetFilePath", "DeliveryAction",
    "ReportName", "ItemName", "TeamName"]
needs = ["CreationTime", "Operation", "RecordType", "UserId"]
inside = ["value", "results"]
wrapped = ["AuditData", "RawEventData", "_raw", "message", "result"]
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
        logged(coalesce(itemname, reportname, teamname)) as item,
        coalesce(part_of(item, 'Attachments'), first_part_of(attachmentdata, 'FileName')) as attachment,
        coalesce(logged(filesizebytes), part_of(item, 'SizeInBytes')) as bytes,
        logged(targetuserorgroupname) as target,
        sharinginformation as sharing,
        members,
        participantinfo as participants,
        coalesce(receivers, recipientemail) as receivers,
        recipients,
        parameters,
        exchangemetadata as metadata,
        messageurls as urls,
        logged(mailboxownerupn) as mailbox,
        logontype as logon,
        coalesce(logged(sender), logged(p2sender), logged(p1sender), part_of(exchangemetadata, 'From')) as sent_from,
        coalesce(destinationsiteurl, targeturl, targetfilepath, destinationrelativeurl) as destination,
        logged(coalesce(resultstatus, deliveryaction)) as status,
        logged(workload) as workload,
        true as whole
    from incoming
)

select * from m365_transfers('events')
