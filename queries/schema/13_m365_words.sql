/*
title = "Macros for the audit log of Microsoft 365"
description = """
What an operation of the unified audit log does with data, why it does nothing with them, and who was let in.
`m365_transfers` maps the log, whichever form it came in. An operation that stands in no list is never called harmless:
with somebody let in beside something it is a share, else it is counted as not known.
"""
*/
-- What an operation does with data; null where no list says that it opens or moves them.
create or replace macro m365_action(operation) as
    case
        when operation in (
            'FileDownloaded', 'FileSyncDownloadedFull', 'FileSyncDownloadedPartial', 'FileDownloadedFromBrowser',
            'FolderDownloaded', 'ExportReport', 'ExportArtifact', 'ExportTile', 'ExportDataflow',
            'ExportActivityEvents',
            'DownloadReport', 'DownloadDataset', 'ExportedToExcel', 'ExportToExcel', 'ListDownloaded', 'ListExported',
            'SearchExportDownloaded', 'ExportDownloaded', 'SearchExported', 'ExportForm', 'DownloadForm',
            'AnalyzedByExternalApplication', 'AnalyzeInExcel', 'GenerateDataflowSasToken', 'GetRefreshHistoryData',
            'CaseExportDownloaded', 'PreviewItemDownloaded', 'ExportVisualData'
        )
            then 'download'
        when operation in (
            'FileAccessed', 'FileAccessedExtended', 'FilePreviewed', 'AnonymousLinkUsed', 'SecureLinkUsed',
            'CompanyLinkUsed', 'FileVisited', 'ViewReport', 'ViewDashboard', 'ViewTile', 'ViewDataflow',
            'ListItemViewed', 'ListViewed', 'MailItemsAccessed', 'FolderBind', 'MessageBind', 'SearchViewed',
            'SearchPreviewed', 'ViewedSearchPreviewed', 'PreviewItemListed', 'PreviewItemRendered', 'ViewForm',
            'ViewResponses', 'ViewResponse', 'Retrieve', 'RetrieveMultiple', 'MessageRead', 'MessagesListed',
            'ChatRetrieved', 'RecordingAccessed', 'TranscriptAccessed', 'FileTranscriptRequest'
        )
            then 'view'
        when operation in (
            'SharingSet', 'AddedToSecureLink', 'AnonymousLinkCreated', 'AnonymousLinkUpdated', 'SecureLinkCreated',
            'SecureLinkUpdated', 'CompanyLinkCreated', 'SharingInvitationCreated', 'SharingInvitationUpdated',
            'SharingInvitationAccepted', 'SharingLinkCreated', 'SharingLinkUpdated', 'AddedToSharingLink',
            'AccessRequestApproved', 'AccessRequestUpdated', 'AccessInvitationCreated', 'AccessInvitationAccepted',
            'AddedToGroup', 'SiteCollectionAdminAdded', 'MemberAdded', 'MemberAddedToChannel',
            'SharedChannelInvitation', 'AddedToChannel', 'Add member to group.', 'Add owner to group.',
            'Add-UnifiedGroupLinks', 'Add-DistributionGroupMember', 'Add-MailboxPermission', 'AddFolderPermissions',
            'ModifyFolderPermissions', 'Add-MailboxFolderPermission', 'Set-MailboxFolderPermission',
            'Add-RecipientPermission', 'UpdateCalendarDelegation', 'ShareReport', 'ShareDashboard', 'ShareDataset',
            'ShareSemanticModel', 'ShareArtifact', 'AddGroupMembers', 'AddFolderAccess', 'UpdateFolderAccess',
            'PublishToWebReport', 'CreateEmailSubscription', 'UpdateEmailSubscription', 'RunEmailSubscription',
            'CreateOrgApp', 'UpdateAppAccess', 'ShareForm', 'AddFormCoauthor', 'SendToConnection', 'MessageSent',
            'MessageUpdated', 'ChatCreated', 'MessageCreatedHasLink', 'MessageEditedHasLink',
            'MessageCreatedNotification', 'Send', 'SendAs', 'SendOnBehalf', 'MipLabel', 'TIMailData',
            'FileSent', 'RecordingShared', 'PutPermissions', 'FileShared'
        )
            then 'share'
        when operation in (
            'FileCopiedToRemovableMedia', 'FileUploadedToCloud', 'FileCopiedToNetworkShare', 'FileCopiedToClipboard',
            'FileCopiedToRemoteDesktopSession', 'FileTransferredByBluetooth', 'FilePrinted'
        )
            then 'push'
    end;

create or replace macro m365_uploads(operation) as
    regexp_matches(operation, '^(File|Folder)(Uploaded|SyncUploaded|UploadedPartial)|^FileUploadedPartial');

create or replace macro m365_copies(operation) as
    regexp_matches(operation, '^(File|Folder)(Copied|Moved)$');

-- Rules and settings that send mail on: shares where they name somebody.
create or replace macro m365_forwards(operation) as
    regexp_matches(
        operation,
        '^(Set-Mailbox|(New|Set|Update|Enable)-?InboxRules?|(New|Set|Enable)-(TransportRule|JournalRule)'
        || '|Set-RemoteDomain|New-RemoteDomain|UpdateInboxRules)$');

-- Why an operation moves no data, by lists of those that are known to move none; null where no list knows it.
create or replace macro m365_harmless(operation) as
    case
        when regexp_matches(operation, '^(UserLog|SignIn|MailboxLogin|TeamsSessionStarted|SignOut|UserSignedOut)')
            then 'a login'
        when m365_uploads(operation) or operation in ('FileModified', 'FileModifiedExtended', 'FileCheckedIn',
            'FileCheckedOut', 'FileCheckOutDiscarded')
            then 'an upload to the server'
        when m365_copies(operation) then 'a file copied or moved within its tenant'
        when m365_forwards(operation) then 'a rule for mail that names nobody else'
        when operation in ('MailItemsAccessed', 'FolderBind', 'MessageBind') then 'mail read in its own mailbox'
        when operation in ('PageViewed', 'PageViewedExtended', 'PagePrefetched', 'ClientViewSignaled')
            then 'a page of the site that was looked at'
        when regexp_matches(
            operation,
            '(?i)(deleted|recycled|restored|purged|disposed|removed|revoked|unshared|expired|declined|denied|disabled'
            || '|removedfromgroup|removedfromsecurelink|(first|second)stagerecyclebin|versionsalldeleted)\.?$'
            || '|^(remove-?|delete|disable-?|unshare|softdelete|harddelete|movetodeleteditems)[a-z ]*\.?$'
        )
            then 'a deletion, a restoring or access that was taken away'
        when regexp_matches(
            operation,
            '^(Alert(Triggered|EntityGenerated|Updated)|Air(InvestigationData|AdminActionInvestigationData)'
            || '|TIUrlClickData|AtpDetection|(?i:dlprule(match|undo))|InformationWorkerProtection'
            || '|DocumentSensitivityMismatchDetected)$'
        )
            then 'an alert about other events'
        when regexp_matches(
            operation,
            '^(File|Folder|List|ListItem|ListColumn|ListView|ListContentType|Site|SiteColumn|SiteContentType|Group|Page'
            || '|Team|Channel|Web|Tab)(Created|Renamed|Updated|Modified|ModifiedExtended|CollectionCreated'
            || '|SettingChanged)$'
            || '|^(TabAdded|BotAddedToTeam|AppInstalled|ChatUpdated|Meeting(Participant)?Detail|ReactedToMessage'
            || '|PerformedCardAction|SharingPolicyChanged|SharingInheritance(Broken|Reset)|PermissionLevel(Added'
            || '|Modified)|PermissionLevelsInheritanceBroken|ComplianceSettingChanged|(File)?SensitivityLabel(Applied'
            || '|Changed|Updated)|SearchQueryPerformed|SearchQueryInitiated(SharePoint|Exchange|Teams)|SearchCreated'
            || '|SearchStarted|SearchUpdated|CaseAdded|CaseUpdated|HoldCreated|HoldUpdated|ManagedSyncClientAllowed'
            || '|Create|Update|UpdateFolder|Move|Copy|WorkflowCreated|Validate|TaskRead|TaskListRead|PlanRead'
            || '|LockRecord|UnlockRecord|RecordStatusChanged|CommentCreated|AccessRequestCreated'
            || '|SharingInvitationBlocked|GroupAdded|FileSyncAdminDisabled)$'
            || '|^(Create|Edit|Update|Refresh|Set|Get|Discover|Schedule|Rename)(Report|Dashboard|Dataset|Dataflow'
            || '|Gateway|Workspace|Tile|Capacity|Folder|ScheduledRefresh|Datasources?|DatasetParameters|Snapshots|Form'
            || '|Plan|Task|Tag|Comment)$'
        )
            then 'a change that opens and moves no data'
        -- Not among them: cmdlets that export or move mailboxes, and consent that lets an application read.
        when regexp_matches(
            operation,
            '(?i)^(add|update|change|set|create|reset|verify|hard delete|enable|invite) (external |strong |company '
            || '|user''s |registered |self-service )*(user|device|policy|domain|license|user license|password'
            || '|user password|role|member to role|company information|group|administrative unit|contact'
            || '|stsrefreshtoken valid from timestamp|authentication|registered (owner|users) to device'
            || '|device configuration|domain authentication|force change user password|password \(self-service\)'
            || '|app role assignment grant to user)\.?$'
            || '|^(New|Set|Get|Enable|Update)-(Mailbox(AutoReplyConfiguration|MessageConfiguration'
            || '|RegionalConfiguration|Plan|Calendar\w*|JunkEmailConfiguration|AuditBypassAssociation)?|CASMailbox'
            || '|MailUser|User|Group|DistributionGroup|UnifiedGroup|MailContact|Contact|TransportConfig'
            || '|OrganizationConfig|OwaMailboxPolicy|RetentionPolicy\w*|RetentionCompliance\w*|SharingPolicy'
            || '|AcceptedDomain|AntiPhish\w*|SafeLinks\w*|SafeAttachment\w*|Malware\w*|HostedContent\w*'
            || '|HostedOutbound\w*|DlpCompliance\w*|Label|LabelPolicy|Place|AdminAuditLogConfig'
            || '|UnifiedAuditLogRetentionPolicy|Theme|ActiveSync\w*|MobileDevice\w*|RoleGroup)$'
        )
            then 'an administration of accounts and settings'
    end;

-- Keys are written with capitals by Microsoft, without by some collectors. What was cut off, or became the text of an
-- object of PowerShell (@{Id=...; Operation=...}), still holds the values that stand whole in it.
create or replace macro m365_part(audit, name) as
    coalesce(
        part_of(audit, name), part_of(audit, lower(name)),
        case
            when not coalesce(json_valid(audit), true)
                -- In a list, so that it is written out once.
                then list_transform([coalesce(
                    nullif(regexp_extract(audit, '(?i)[{,]\s*"' || name || '"\s*:\s*"([^"\\]*)"', 1), ''),
                    nullif(regexp_extract(audit, '(?i)[{,]\s*"' || name || '"\s*:\s*(-?\d+)\s*[,}]', 1), ''),
                    nullif(trim(regexp_extract(audit, '(?i)[{;]\s*' || name || '=([^;{}]*)[;}]', 1)), '')
                )], lambda x: logged(x))[1]
        end
    );

-- The values of settings that name somebody who gets mail or a mailbox: [{"Name": "ForwardTo", "Value": "..."}].
create or replace macro m365_granted(parameters) as
    flatten(list_transform(
        list_filter(
            coalesce(try(from_json(parameters, '[{"Name": "VARCHAR", "Value": "VARCHAR"}]')), []),
            lambda p: regexp_full_match(
                lower(p.name),
                'user|trustee|delegate|forwardto|forwardasattachmentto|redirectto|redirectmessageto|blindcopyto|copyto'
                || '|addtorecipients|forwardingsmtpaddress|forwardingaddress|journalemailaddress|members?|links'
                || '|grantsendonbehalfto|recipients|mailboxname|targetuser'
            )
        ),
        lambda p: string_split_regex(regexp_replace(p.value, '(?i)^smtp:', ''), '\s*[;,]\s*(?i:smtp:)?')
    ));

-- Addresses of a text or of a list of them, parted as mail parts them.
create or replace macro m365_addresses(raw) as
    flatten(list_transform(
        case when looks_nested(raw) then texts_at(raw, '$') else list_filter([raw], lambda x: x is not null) end,
        lambda x: string_split_regex(x, '\s*[;,]\s*')
    ));

create or replace macro m365_outcome(status) as
    case
        when status is null or regexp_matches(status, '(?i)^(succe|true|completed|delivered|partiallysucc)')
            then 'success'
        when regexp_matches(status, '(?i)^partial') then 'partial'
        when regexp_matches(status, '(?i)^(fail|false|error|denied|blocked|replaced|junked?block)') then 'failure'
        else status
    end;

create or replace macro m365_note(operation, action, target, urls) as
    case
        when action is null or action <> 'share' then null
        when regexp_matches(operation, '^Send') and target is null then 'a mail: the log does not say to whom'
        when regexp_matches(operation, '^(Message|Chat)') and len(texts_at(urls, '$')) > 0
            then 'a chat with a link: the log does not say what else was in it'
        when regexp_matches(operation, '^(Message|Chat)') then 'a chat: the log does not say what was in it'
        when target is null then 'a link: the log does not say who got it'
    end;

-- The transfers of the unified audit log. `events` is the name of a table or `with` that holds the parts of records as
-- texts, `whole` whether a record was not cut off.
create or replace macro m365_transfers(events) as table
with given as materialized (
    select * from query_table(events)
),

-- Few operations make up a log: what each means is looked up once.
meanings as (
    select
        operation,
        m365_action(operation) as listed,
        m365_harmless(operation) as harmless,
        m365_uploads(operation) as uploads,
        m365_copies(operation) as copies,
        m365_forwards(operation) as forwards
    from (
        select distinct g.operation
        from given g
    ) called
),

told as (
    select
        g.*,
        m.* exclude (operation),
        coalesce(host_of(g.site), host_of(g.object), host_of(texts_at(g.urls, '$')[1])) as host,
        lower(coalesce(g.user_id, '')) as lower_user,
        is_service_account(g.user_id) as by_service,
        is_nobody(g.user_id) as by_nobody,
        case
            when
                coalesce(
                    g.target, g.sharing, g.members, g.participants, g.receivers, g.recipients, g.parameters, g.metadata
                ) is not null
                then
                    list_filter([g.target], lambda x: x is not null)
                    || each_inside(g.sharing, '$[*].RecipientEmail')
                    || each_inside(g.members, '$[*].UPN')
                    || texts_at(g.participants, '$.ParticipatingDomains')
                    || m365_addresses(g.receivers)
                    || m365_addresses(g.recipients)
                    || m365_granted(g.parameters)
                    || texts_at(g.metadata, '$.To') || texts_at(g.metadata, '$.CC') || texts_at(g.metadata, '$.BCC')
        end as let_in
    from given g
    left join meanings m on g.operation = m.operation
),

homes as (
    select
        *,
        case
            when uploads or copies or let_in is not null or listed in ('download', 'view') then domain_of(user_id)
        end as user_domain,
        tenant_of(host) as own_tenant,
        -- Only of files and lists the site is where they came from: a report or a mail may name any.
        mailbox is null and regexp_matches(operation, '^(File|Folder|List|Sharing|AccessRequest)|Link') as lies_on_site
    from told
),

-- Whoever shares is no recipient, nor is a domain that is the sender's own or that of a member who is named.
sorted as (
    select
        *,
        named_parties(list_filter(
            let_in,
            lambda x: lower(x) <> lower_user and lower(x) <> coalesce(user_domain, '')
                and (contains(x, '@') or not contains(array_to_string(let_in, ' '), '@' || x))
        )) as others
    from homes
),

acted as (
    select
        *,
        lies_on_site and is_at_home(user_domain, own_tenant) as at_home,
        coalesce(
            others,
            case
                when operation in ('SharingInvitationAccepted', 'AccessInvitationAccepted') then user_id
                -- Of a group the object is whoever joined it.
                when operation in ('Add member to group.', 'Add owner to group.') then object
            end
        ) as guest,
        case
            when forwards then case when others is not null then 'share' end
            when operation in ('MailItemsAccessed', 'FolderBind', 'MessageBind')
                then case when not coalesce(logon = '0' or lower(mailbox) = lower_user, false) then 'view' end
            -- An account of another organization takes what it copies, and brings what it uploads.
            when copies and is_foreign_to(user_domain, own_tenant) then 'download'
            when copies and is_foreign_to(domain_of('x@' || host_of(destination)), own_tenant) then 'share'
            when uploads and is_foreign_to(user_domain, own_tenant) then 'push'
            when listed is not null then listed
            -- What a rule about mail found was a mail, whatever became of it.
            when metadata is not null and others is not null then 'share'
            when harmless is null and others is not null and coalesce(object, site, file, item) is not null then 'share'
        end as action
    from sorted
)

select
    record_no,
    case when action is null then coalesce(harmless, unknown_operation(operation)) end as set_aside,
    case when operation is null then 'names no operation' end as unreadable,
    id as transfer_id,
    in_utc(occurred_at) as occurred_at,
    -- Mail, chat and what is let in come from a person; files lie on a site.
    case
        when by_service or by_nobody then sent_from
        -- What a guest shares of the site of another was that other's.
        when action = 'share' and lies_on_site and is_foreign_to(user_domain, own_tenant) then sent_from
        when action in ('share', 'push') and coalesce(guest, '') <> coalesce(user_id, '')
            then coalesce(sent_from, user_id)
        when action is null and uploads then user_id
        -- Who opens a file on the site of his own organization had it from there.
        when at_home and action in ('download', 'view') then user_domain
    end as sender,
    named_places([
        host, drive_owner_of(coalesce(object, site)), mailbox,
        case when forwards or contains(operation, 'MailboxPermission') then object end
    ]) as places,
    case
        when action = 'share' then coalesce(guest, host_of(destination))
        when uploads then host
        when action = 'push' then host_of(destination)
        when by_service then null
        -- Whoever gives no name is told by an address alone.
        when by_nobody then client
        else user_id
    end as recipient,
    coalesce(uploads, false) as arrives,
    user_id as actor,
    coalesce(action, case when uploads then 'push' end) as action,
    coalesce(workload, 'Microsoft 365') as system,
    m365_outcome(status) as outcome,
    'unknown' as element_basis,
    coalesce(
        nullif(regexp_replace(attachment, '\s*\(\d+b\).*$', ''), ''),
        texts_at(urls, '$')[1],
        case when not (forwards or regexp_matches(operation, 'Permission|to group')) then object end,
        site || coalesce(folder, '') || '/' || file,
        file,
        item
    ) as file_name,
    whole_number(bytes) as bytes,
    client as peer,
    nullif(concat_ws(
        '; ',
        case when not whole then 'AuditData was cut off' end,
        case when whole then m365_note(operation, action, coalesce(guest, host_of(destination)), urls) end,
        case
            when forwards then 'a rule that sends mail on: the log does not say which'
            when at_home and action in ('download', 'view')
                then 'on the site of the own organization'
            when by_nobody then 'done without a name'
            when by_service then 'done by an app: the log does not say for whom'
        end
    ), '') as note
from acted;
