/*
title = "Microsoft 365 unified audit log, as a table"
description = """
What Purview, Search-UnifiedAuditLog and Defender export: one operation a row, the record itself as JSON in the cell
AuditData. Where that was cut off, or became the text of an object of PowerShell, what stands whole in it still counts.
"""
reader = "table"
fields = ["RecordId", "Identity", "CreationDate", "CreationTime", "Timestamp", "createdDateTime", "TimeGenerated",
    "UserIds", "UserId", "userPrincipalName", "AccountUpn", "Operations", "Operation", "ActionType", "AuditData",
    "RawEventData"]
# A table with the whole record in a cell is read by that cell, whatever parts of it stand beside: the more a format
# needs, the sooner it is chosen.
needs = ["CreationDate|CreationTime|Timestamp|createdDateTime|TimeGenerated", "AuditData|RawEventData",
    "UserIds|UserId|AuditData|RawEventData", "Operations|Operation|AuditData|RawEventData",
    "RecordId|Identity|AuditData|RawEventData"]
*/
with audits as (
    select
        *,
        coalesce(auditdata, raweventdata) as audit
    from incoming
),

events as ( -- noqa: ST03
    select
        record_no,
        coalesce(m365_part(audit, 'Id'), logged(recordid), logged(identity)) as id,
        coalesce(m365_part(audit, 'Operation'), logged(operations), logged(operation), logged(actiontype)) as operation,
        coalesce(
            m365_part(audit, 'CreationTime'), creationdate, creationtime, createddatetime, timegenerated, timestamp
        ) as occurred_at,
        coalesce(
            m365_part(audit, 'UserId'), logged(userids), logged(userid), logged(userprincipalname), logged(accountupn)
        ) as user_id,
        coalesce(m365_part(audit, 'ClientIP'), m365_part(audit, 'ActorIpAddress')) as client,
        m365_part(audit, 'ObjectId') as object,
        m365_part(audit, 'SiteUrl') as site,
        m365_part(audit, 'SourceRelativeUrl') as folder,
        m365_part(audit, 'SourceFileName') as file,
        coalesce(part_of(audit, 'ItemName'), part_of(audit, 'ReportName'), part_of(audit, 'TeamName')) as item,
        coalesce(value_at(audit, '$.Item.Attachments'), value_at(audit, '$.AttachmentData[0].FileName')) as attachment,
        coalesce(m365_part(audit, 'FileSizeBytes'), value_at(audit, '$.Item.SizeInBytes')) as bytes,
        m365_part(audit, 'TargetUserOrGroupName') as target,
        part_of(audit, 'SharingInformation') as sharing,
        m365_part(audit, 'Members') as members,
        part_of(audit, 'ParticipantInfo') as participants,
        coalesce(part_of(audit, 'Receivers'), part_of(audit, 'RecipientEmail')) as receivers,
        part_of(audit, 'Recipients') as recipients,
        m365_part(audit, 'Parameters') as parameters,
        part_of(audit, 'ExchangeMetaData') as metadata,
        part_of(audit, 'MessageURLs') as urls,
        m365_part(audit, 'MailboxOwnerUPN') as mailbox,
        m365_part(audit, 'LogonType') as logon,
        coalesce(
            part_of(audit, 'Sender'), part_of(audit, 'P2Sender'), part_of(audit, 'P1Sender'),
            value_at(audit, '$.ExchangeMetaData.From')
        ) as sent_from,
        coalesce(
            part_of(audit, 'DestinationSiteUrl'), part_of(audit, 'TargetUrl'), part_of(audit, 'TargetFilePath'),
            m365_part(audit, 'DestinationRelativeUrl')
        ) as destination,
        coalesce(m365_part(audit, 'ResultStatus'), part_of(audit, 'DeliveryAction')) as status,
        m365_part(audit, 'Workload') as workload,
        coalesce(json_valid(audit), false) as whole
    from audits
)

select * from m365_transfers('events')
