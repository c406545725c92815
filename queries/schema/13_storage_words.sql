/*
title = "Macros for the storage of Azure and Google"
description = """
What a request to Azure Storage or Google Cloud Storage does to an object, and why it does nothing.
`storage_transfers` maps their logs, each in its two forms. An operation that stands in no list is never called
harmless.
"""
*/
create or replace macro azure_action(operation) as
    case
        when operation in (
            'GetBlob', 'QueryBlobContents', 'ReadFile', 'GetFile', 'QueryEntities', 'QueryEntity', 'GetMessages',
            'PeekMessages', 'GetBlobRange', 'GetUserDelegationKey', 'IncrementalCopyBlob', 'SftpRead', 'NfsRead', 'Read'
        )
            then 'download'
        when operation in ('SetContainerACL', 'SetShareACL', 'SetTableACL', 'SetQueueACL', 'SetPathAccessControl')
            then 'share'
        when operation in (
            'CopyBlob', 'CopyBlobFromURL', 'CopyBlobSource', 'CopyFile', 'CopyFileSource', 'PutBlockFromURL',
            'PutBlobFromURL',
            'CopyBlobDestination', 'UploadPagesFromURL', 'AppendBlockFromURL'
        )
            then 'copy'
        when operation in (
            'PutBlob', 'PutBlock', 'PutBlockList', 'PutPage', 'AppendBlock', 'AppendFile', 'FlushFile',
            'CreatePathFile',
            'CreateFile', 'PutRange', 'PutFile', 'InsertEntity', 'InsertOrMergeEntity', 'InsertOrReplaceEntity',
            'PutMessage',
            'SftpWrite', 'SftpCommit', 'SftpCreate', 'NfsWrite', 'Write'
        )
            then 'upload'
    end;

create or replace macro azure_harmless(operation) as
    case
        when regexp_matches(
            operation,
            '^(List|Get(Blob|File|Container|Path|Share|Table|Queue|Directory|Account|Service|Message|FileSystem'
            || '|BlobService|BlockList|PageRegions|PageRanges)\w*(Propert|Metadata|ACL|AccessControl|Stats|Status|Tags'
            || '|Ranges|Regions|List|Policy|Information))'
            || '|^(BlobPreflightRequest|GetBlobTags|GetBlockList|GetPageRanges|FindBlobsByTags|GetAccountInformation'
            || '|ListHandles|SftpConnect|SftpDisconnect|SftpListPath|GetPathStatus)')
            then 'a list or a look at headers'
        when regexp_matches(operation, '^(Delete|Undelete|Remove|Abort|SftpDelete|SftpRemove|Clear|Purge)')
            then 'a deletion'
        when regexp_matches(
            operation,
            '^(Set|Create|Lease|Acquire|Renew|Release|Break|Change|Rename|Snapshot|Resize|Batch'
            || '|Merge|Update|SubmitBatch|Restore|SftpMkdir|SftpRename)')
            then 'a change that reads no object'
    end;

-- How somebody read whom the log does not name, by the kind of the authorization.
create or replace macro azure_how(kind) as
    'read with ' || case lower(kind)
        when 'anonymous' then 'no name'
        when 'sas' then 'a link of shared access: the log does not say by whom'
        else 'a key of the account: the log does not say by whom'
    end;

create or replace macro gcs_action(operation) as
    case
        when operation in ('storage.objects.get', 'GET_Object', 'storage.multipartUploads.get') then 'download'
        when operation in (
            'storage.setIamPermissions', 'storage.objects.setIamPolicy', 'storage.buckets.setIamPolicy', 'PUT_ACL',
            'storage.objectAccessControls.insert', 'storage.objectAccessControls.update',
            'storage.bucketAccessControls.insert', 'storage.managedFolders.setIamPolicy', 'PUT_Object_ACL',
            'PUT_Bucket_ACL'
        )
            then 'share'
        when operation in ('storage.objects.copy', 'storage.objects.rewrite', 'storage.objects.compose') then 'copy'
        when operation in ('storage.objects.create', 'storage.objects.insert', 'PUT_Object', 'POST_Object')
            then 'upload'
    end;

create or replace macro gcs_harmless(operation) as
    case
        when regexp_matches(
            operation,
            '(?i)\.list$|\.getIamPolicy$|^GET_Bucket|^HEAD_|^GET_Service|buckets\.get$|^OPTIONS'
            || '|^storage\.(hmacKeys|notifications|serviceAccount|folders|anywhereCaches)\.get|ACL$|^GET_ACL'
            || '|testIamPermissions$')
            then 'a list or a look at headers'
        when regexp_matches(operation, '(?i)delete|\.restore$') then 'a deletion'
        when regexp_matches(
            operation,
            '(?i)^storage\.(buckets|objects|hmacKeys|notifications|folders)\.(create|insert|update|patch'
            || '|lockRetentionPolicy|relocate|bulkRestore|move)$|^PUT_Bucket|^POST_Bucket')
            then 'a change that reads no object'
    end;

-- The transfers of these logs. `requests` is the name of a table or `with` that holds their parts as texts: what was
-- done, by whom, to which object, how it ended, `let_in` and `to_all` for what was opened.
create or replace macro storage_transfers(requests) as table
with told as materialized (
    select
        *,
        case when not is_nobody(who) then who end as caller,
        try_cast(sent as bigint) as sent_bytes,
        listed = 'download' and status = '206' as is_part,
        concat_ws(' ', coalesce(file, ''), coalesce(who, peer, ''), left(in_utc(occurred_at), 13)) as part_of_what
    from query_table(requests)
),

-- Objects are fetched in parts: those of one hour by one caller are one download.
parts as (
    select
        record_no,
        row_number() over (partition by part_of_what order by in_utc(occurred_at), record_no) = 1 as is_first,
        sum(sent_bytes) over (partition by part_of_what) as all_sent
    from told
    where is_part
),

joined as (
    select
        t.*,
        p.is_first,
        p.all_sent
    from told t
    left join parts p on t.record_no = p.record_no
)

select
    record_no,
    case
        when operation is null then null
        when listed = 'upload' then 'an upload to the server'
        when listed = 'copy' then 'an object copied by its own account'
        when listed = 'share' and let_in is not null and let_in = '' and not to_all then 'a rule that lets nobody read'
        when listed is null then coalesce(harmless, unknown_operation(operation))
        when status = '304' then 'not changed since it was last read'
    end as set_aside,
    case when operation is null then 'names no operation' end as unreadable,
    case when id is not null then id || ' ' || operation end as transfer_id,
    in_utc(occurred_at) as occurred_at,
    case when listed in ('share', 'upload', 'copy') then caller end as sender,
    named_places([account, container, copied_from]) as places,
    case when listed = 'share' then nullif(let_in, '') when listed = 'download' then coalesce(caller, peer) end
        as recipient,
    listed in ('upload', 'copy') as arrives,
    who as actor,
    case when listed in ('upload', 'copy') then 'push' else listed end as action,
    system,
    case
        when regexp_full_match(status, '2\d\d|0') then file_outcome('success', case when listed = 'download'
            then sent_bytes end)
        when regexp_full_match(status, '[45]\d\d|[1-9]\d?') then 'failure'
        else 'unknown'
    end as outcome,
    'unknown' as element_basis,
    case when is_part then 'parts:' || part_of_what else 'request:' || id end as link_key,
    file as file_name,
    try_cast(case when is_first then all_sent else sent_bytes end as bigint) as bytes,
    peer,
    nullif(concat_ws(
        '; ',
        case
            when to_all then 'opened to everybody'
            when listed = 'share' and let_in is null then 'the log does not say who was let in'
            when operation = 'GetUserDelegationKey' then 'a key with which links can be made that let anybody read'
            when is_part then 'a part of the object'
        end,
        case when listed = 'download' and caller is null then how end
    ), '') as note
from joined;
