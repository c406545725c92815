/*
title = "Macros for the logs of cloud services"
description = """
What several sources read alike: who called and for which account, what a call to S3 does to an object, the path of an
object, the host of an address, a time in UTC that lacks its mark. Where a log comes in two forms, `s3_transfers` and
`m365_transfers` map what each form names alike.
"""
*/
-- A value of a JSON text by its path or its name; null where there is none, and where the text is no JSON at all.
-- The text stands once in each: these macros are nested, and what stands twice doubles with every level.
create or replace macro value_at(t, path) as nullif(try(json_extract_string(t, path)), '');

create or replace macro part_of(t, name) as value_at(t, '$."' || name || '"');

-- Of a list of records the first that has such a part.
create or replace macro first_part_of(t, name) as
    list_filter(try(json_extract_string(t, '$[*]."' || name || '"')), lambda x: x is not null)[1];

-- The same of JSON, or of the text that Athena makes of a row: {type=AssumedRole, arn=arn:...}.
create or replace macro row_part_of(t, name) as
    coalesce(part_of(t, name), nullif(nullif(regexp_extract(t, '(?i)[{, ]' || name || '=([^,}\]]*)', 1), ''), 'null'));

create or replace macro host_of(url) as
    nullif(regexp_extract(lower(url), '^[a-z][a-z0-9+.-]*://(?:[^/@]*@)?([^/:?#]+)', 1), '');

-- A time that is in UTC without saying so. Month first is how the export of Purview writes for Americans.
create or replace macro in_utc(t) as
    case
        when regexp_full_match(t, '\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?') then t || 'Z'
        when regexp_full_match(t, '\d{14}(\.\d+)?')
            then regexp_replace(t, '(....)(..)(..)(..)(..)(..)(.*)', '\1-\2-\3T\4:\5:\6\7Z')
        when try_strptime(t, '%m/%d/%Y %I:%M:%S %p') is not null
            then strftime(try_strptime(t, '%m/%d/%Y %I:%M:%S %p'), '%Y-%m-%dT%H:%M:%SZ')
        else t
    end;

create or replace macro whole_number(t) as
    case
        when try_cast(t as double) >= 0 then coalesce(try_cast(t as bigint), try_cast(try_cast(t as double) as bigint))
    end;

create or replace macro account_of_arn(arn) as
    nullif(regexp_extract(arn, '^arn:[a-z-]*:[^:]*:[^:]*:([0-9]{12}):', 1), '');

-- Where the account is another than that of the name, it is the account that got the data.
create or replace macro aws_caller(arn, account, identity) as
    case when arn is not null and account_of_arn(arn) = account then arn else coalesce(account, identity) end;

create or replace macro s3_path(bucket, key) as
    case when bucket is null or bucket = '' then key else 's3://' || bucket || coalesce('/' || key, '') end;

create or replace macro s3_call_action(call) as
    case
        when call in ('GetObject', 'SelectObjectContent', 'GetObjectTorrent') then 'download'
        when call in (
            'PutObject', 'CopyObject', 'UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload', 'PostObject'
        )
            then 'push'
        when call in (
            'PutBucketPolicy', 'PutBucketAcl', 'PutObjectAcl', 'CreateAccessPoint', 'PutAccessPointPolicy',
            'PutBucketReplication', 'CreateMultiRegionAccessPoint', 'PutMultiRegionAccessPointPolicy',
            'PutAccessPointPolicyForObjectLambda', 'CreateAccessGrant', 'DeletePublicAccessBlock',
            'DeleteBucketPublicAccessBlock', 'DeleteAccountPublicAccessBlock'
        )
            then 'share'
    end;

-- Why a call is no transfer; null where it is one.
create or replace macro s3_call_aside(service, call, action, caller, owner) as
    case
        when service not in ('s3.amazonaws.com', 's3-outposts.amazonaws.com', 's3express.amazonaws.com')
            then 'a call to another service than S3'
        when action is null then
            case
                when starts_with(call, 'List') or starts_with(call, 'Head') then 'a list or a look at headers'
                when starts_with(call, 'Delete') then 'a deletion'
                else 'a call that reads no object'
            end
        -- Without the owner of the bucket nobody can say that it was another's.
        when action = 'push' and caller = owner then 'written, not read'
    end;

-- Whom a policy, an ACL or a grant lets in, as far as the call itself says it.
create or replace macro s3_grantee(request) as
    coalesce(
        nullif(array_to_string(list_sort(list_distinct(
            each_inside(request, '$.bucketPolicy.Statement[*].Principal.AWS')
            || each_inside(request, '$.bucketPolicy.Statement[*].Principal.AWS[*]')
            || each_inside(request, '$.AccessControlPolicy.AccessControlList.Grant[*].Grantee.ID')
            || each_inside(request, '$.AccessControlPolicy.AccessControlList.Grant[*].Grantee.URI')
        )), '; '), ''),
        inside(request, '$.AccessControlPolicy.AccessControlList.Grant.Grantee.ID'),
        inside(request, '$.AccessControlPolicy.AccessControlList.Grant.Grantee.URI'),
        inside(request, '$.bucketPolicy.Statement.Principal.AWS'),
        inside(request, '$.Grantee.GranteeIdentifier'),
        inside(request, '$.x-amz-grant-read'),
        inside(request, '$.x-amz-grant-full-control'),
        inside(request, '$.x-amz-acl'),
        inside(request, '$.bucketPolicy.Statement[0].Principal')
    );

-- What a request means for an object, by the names of the server access log.
create or replace macro s3_request_action(operation) as
    case
        when operation in (
            'REST.GET.OBJECT', 'SOAP.GET.OBJECT', 'WEBSITE.GET.OBJECT', 'REST.COPY.OBJECT_GET', 'REST.COPY.PART_GET',
            'REST.SELECT.OBJECT', 'REST.POST.SELECT', 'REST.GET.OBJECT_TORRENT'
        )
            then 'download'
        when operation in (
            'REST.PUT.BUCKETPOLICY', 'REST.PUT.ACL', 'REST.PUT.ACCESSPOINT', 'REST.PUT.ACCESSPOINTPOLICY',
            'REST.DELETE.PUBLIC_ACCESS_BLOCK', 'REST.PUT.REPLICATION'
        )
            then 'share'
    end;

create or replace macro s3_request_aside(operation, action, status) as
    case
        when action = 'download' and status = '304' then 'not changed since it was last read'
        when action is not null then null
        when regexp_matches(operation, '\.(PUT|POST|COPY)\.(OBJECT|PART|UPLOADS?)$') then 'written, not read'
        when regexp_matches(operation, '\.HEAD\.') or operation in ('REST.GET.BUCKET', 'REST.GET.BUCKETVERSIONS')
            then 'a list or a look at headers'
        when regexp_matches(operation, 'DELETE|EXPIRE') then 'a deletion'
        else 'a request that reads no object'
    end;

create or replace macro http_outcome(status, sent, size) as
    case
        when status in ('200', '206') and sent = 0 then 'empty'
        when status in ('200', '206') then case when status = '200' and sent < size then 'partial' else 'success' end
        when regexp_full_match(status, '[45]\d\d') then 'failure'
        when regexp_full_match(status, '2\d\d') then 'success'
        else 'unknown'
    end;

-- The transfers of a server access log. `requests` is the name of a table or `with` that holds its fields as texts,
-- `otherwise` what a row without an operation is called.
create or replace macro s3_transfers(requests, otherwise) as table
with told as (
    select
        record_no,
        logged(operation) as operation,
        logged(request_id) as request_id,
        coalesce(
            strftime(try_strptime(requested_at, '%d/%b/%Y:%H:%M:%S %z') at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'),
            in_utc(requested_at)
        ) as occurred_at,
        logged(owner) as owner,
        logged(bucket) as bucket,
        logged(peer) as peer,
        logged(requester) as requester,
        -- Keys stand in the log as they stand in an address.
        coalesce(try(url_decode(logged(key))), logged(key)) as key,
        logged(status) as status,
        try_cast(sent as bigint) as sent,
        try_cast(size as bigint) as size
    from query_table(requests)
),

named as (
    select
        *,
        s3_request_action(operation) as action,
        eft_words(key) as eft_words
    from told
),

meant as (
    select
        * exclude (eft_words),
        eft_parts(eft_words) as eft
    from named
)

select
    record_no,
    s3_request_aside(operation, action, status) as set_aside,
    case when operation is null then otherwise end as unreadable,
    request_id as transfer_id,
    occurred_at,
    owner as sender,
    case when action = 'download' then requester end as recipient,
    requester as actor,
    action,
    'Amazon S3' as system,
    http_outcome(status, sent, size) as outcome,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    'request:' || request_id as link_key,
    s3_path(bucket, key) as file_name,
    sent as bytes,
    peer,
    nullif(concat_ws(
        '; ',
        case
            when action = 'share' then 'the log does not say who was let in'
            when status = '206' then 'a part of the object'
            when requester is null then 'read without a name'
        end,
        eft_note(eft)
    ), '') as note
from meant;

create or replace macro bucket_of(path) as nullif(regexp_extract(trim(path), '^s3[an]?://([^/]+)', 1), '');

-- What an operation of the unified audit log does with data; null where it moves and opens nothing.
create or replace macro m365_action(operation) as
    case
        when operation in (
            'FileDownloaded', 'FileSyncDownloadedFull', 'FileSyncDownloadedPartial', 'FileDownloadedFromBrowser'
        )
            then 'download'
        when operation in (
            'FileAccessed', 'FileAccessedExtended', 'FilePreviewed', 'AnonymousLinkUsed', 'SecureLinkUsed',
            'CompanyLinkUsed', 'FileVisited'
        )
            then 'view'
        when operation in (
            'SharingSet', 'AddedToSecureLink', 'AnonymousLinkCreated', 'AnonymousLinkUpdated', 'SecureLinkCreated',
            'CompanyLinkCreated', 'SharingInvitationCreated', 'SharingLinkCreated', 'AddedToSharingLink',
            'SendToConnection', 'MessageSent', 'ChatCreated', 'MessageCreatedHasLink', 'Send', 'SendAs', 'SendOnBehalf'
        )
            then 'share'
        when operation in (
            'FileCopiedToRemovableMedia', 'FileUploadedToCloud', 'FileCopiedToNetworkShare',
            'FileCopiedToRemoteDesktopSession', 'FileTransferredByBluetooth', 'FilePrinted'
        )
            then 'push'
    end;

create or replace macro m365_aside(operation, action) as
    case
        when action is not null then null
        when regexp_matches(operation, '^(UserLog|SignIn|MailboxLogin)') then 'a login'
        when regexp_matches(operation, '^File(Uploaded|SyncUploaded|Modified|CheckedIn|CheckedOut)')
            then 'an upload to the server'
        when regexp_matches(operation, '^(Set-Mailbox|(New|Set|Update)-?InboxRules?|New-TransportRule)')
            then 'a rule for mail'
        when operation = 'MailItemsAccessed' then 'mail read in its mailbox'
        else 'an operation that opens and moves no data'
    end;

create or replace macro m365_note(operation, action, target) as
    case
        when action is null or action <> 'share' then null
        when operation in ('Send', 'SendAs', 'SendOnBehalf') then 'a mail: the log does not say to whom'
        when operation in ('MessageSent', 'ChatCreated', 'MessageCreatedHasLink')
            then 'a chat: the log does not say what was in it'
        when target is null then 'a link: the log does not say who got it'
    end;

create or replace macro m365_outcome(status) as
    case
        when status is null or regexp_matches(status, '(?i)^(succe|true|completed)') then 'success'
        when regexp_matches(status, '(?i)^partial') then 'partial'
        when regexp_matches(status, '(?i)^(fail|false|error|denied)') then 'failure'
        else 'unknown'
    end;

-- Keys are written with capitals by Microsoft, without by some collectors.
create or replace macro m365_part(audit, name) as coalesce(part_of(audit, name), part_of(audit, lower(name)));

-- The transfers of the unified audit log. `events` is the name of a table or `with` that holds the parts of records,
-- `whole` whether a record was not cut off.
create or replace macro m365_transfers(events) as table
with acted as (
    select
        *,
        m365_action(operation) as action
    from query_table(events)
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
    coalesce(object, site || coalesce(folder, '') || '/' || file, file) as file_name,
    whole_number(bytes) as bytes,
    client as peer,
    case when whole then m365_note(operation, action, target) else 'AuditData was cut off' end as note
from acted;

-- What an event of Box does with data; null where it moves and opens nothing.
create or replace macro box_action(event) as
    case
        when event in ('DOWNLOAD', 'ITEM_DOWNLOAD', 'ITEM_SYNC') then 'download'
        when event in ('PREVIEW', 'ITEM_PREVIEW', 'ITEM_OPEN', 'CONTENT_ACCESS') then 'view'
        when event in (
            'ITEM_SHARED_CREATE', 'ITEM_SHARED', 'ITEM_SHARED_UPDATE', 'SHARE', 'COLLABORATION_INVITE',
            'COLLABORATION_ACCEPT', 'COLLAB_ADD_COLLABORATOR', 'COLLAB_INVITE_COLLABORATOR',
            'COLLABORATION_ROLE_CHANGE', 'COLLAB_ROLE_CHANGE', 'CHANGE_FOLDER_PERMISSION', 'ACCESS_GRANTED'
        )
            then 'share'
    end;

create or replace macro box_aside(event, action) as
    case
        when action is not null then null
        when regexp_matches(event, 'LOGIN|DEVICE') then 'a login'
        when regexp_matches(event, '^(ITEM_)?UPLOAD|ITEM_CREATE') then 'an upload to the server'
        when regexp_matches(event, 'SHIELD|POLICY_VIOLATION|MALICIOUS') then 'an alert about other events'
        else 'an event that opens and moves no data'
    end;

create or replace macro drive_action(event) as
    case
        when event in ('download', 'source_copy', 'print') then 'download'
        when event in ('view', 'preview', 'sheets_import_range', 'access_item_content') then 'view'
        when event in (
            'change_user_access', 'change_acl_editors', 'change_document_visibility', 'change_document_access_scope',
            'change_user_access_hierarchy_reconciled', 'shared_drive_membership_change', 'team_drive_membership_change',
            'email_as_attachment', 'publish_change', 'change_document_access_scope_hierarchy_reconciled'
        )
            then 'share'
    end;

-- A parameter of an event, in a list of names and values as Google gives it, or in an object as collectors do.
create or replace macro drive_parameter(parameters, wanted) as
    coalesce(
        part_of(parameters, wanted),
        list_transform(
            list_filter(
                try(from_json(parameters, '[{"name": "VARCHAR", "value": "VARCHAR", "multiValue": "JSON"}]')),
                lambda x: x.name = wanted
            ),
            lambda x: coalesce(x.value, x.multivalue::varchar)
        )[1]
    );

-- A transfer that failed may have sent a part.
create or replace macro transfer_outcome(status, failure, bytes) as
    case
        when regexp_matches(failure, '^PARTIAL') or (status = 'FAILED' and whole_number(bytes) > 0) then 'partial'
        when status = 'COMPLETED' then unless_empty('success', bytes)
        when status = 'FAILED' or logged(failure) is not null then 'failure'
        else 'unknown'
    end;

-- What an event of OCSF does with data, by its class and activity; null where it moves and opens nothing.
create or replace macro ocsf_action(class_uid, activity_id, operation) as
    case class_uid
        when '6001' then
            case activity_id
                when '2' then 'view'
                when '5' then 'query'
                when '7' then 'download'
                when '8' then 'share'
            end
        when '6003' then
            case
                when s3_call_action(operation) is not null then s3_call_action(operation)
                when regexp_matches(operation, '(?i)^(list|describe|head|get.*(status|policy))') then null
                when activity_id = '2' then 'view'
            end
        when '6005' then case when activity_id in ('1', '4') then 'query' end
        when '4008' then case activity_id when '1' then 'push' when '2' then 'download' end
        when '4009' then case when activity_id in ('1', '2') then 'share' end
        when '6006' then
            case
                when activity_id in ('2', '15') then 'download'
                when activity_id in ('9', '14') then 'view'
                when activity_id = '12' then 'share'
            end
        when '4010' then
            case
                when activity_id = '2' then 'download'
                when activity_id in ('9', '14') then 'view'
                when activity_id = '12' then 'share'
            end
    end;
