/*
title = "Macros for Amazon S3"
description = """
What a call or a request does to an object, the path of an object, which parts belong to one download. `s3_transfers`
maps the server access log, in whichever form it came.
"""
*/
create or replace macro s3_path(bucket, key) as
    case when bucket is null or bucket = '' then key else 's3://' || bucket || coalesce('/' || key, '') end;

create or replace macro bucket_of(path) as nullif(regexp_extract(trim(path), '^s3[an]?://([^/]+)', 1), '');

create or replace macro s3_call_action(call) as
    case
        when call in ('GetObject', 'SelectObjectContent', 'GetObjectTorrent', 'GetDataAccess') then 'download'
        when call in (
            'PutObject', 'CopyObject', 'UploadPart', 'UploadPartCopy', 'CompleteMultipartUpload', 'PostObject',
            'CreateJob'
        )
            then 'push'
        -- Notifications of a bucket: ObjectCreated:Put.
        when starts_with(call, 'ObjectCreated:') then 'push'
        when call in (
            'PutBucketPolicy', 'PutBucketAcl', 'PutObjectAcl', 'CreateAccessPoint', 'PutAccessPointPolicy',
            'PutBucketReplication', 'CreateMultiRegionAccessPoint', 'PutMultiRegionAccessPointPolicy',
            'PutAccessPointPolicyForObjectLambda', 'CreateAccessGrant', 'DeletePublicAccessBlock',
            'DeleteBucketPublicAccessBlock', 'DeleteAccountPublicAccessBlock', 'PutBucketPublicAccessBlock',
            'PutAccountPublicAccessBlock', 'PutPublicAccessBlock', 'PutBucketWebsite'
        )
            then 'share'
    end;

-- What stays of a call to S3 that no list of transfers has.
create or replace macro s3_call_harmless(call) as
    case
        when starts_with(call, 'List') or starts_with(call, 'Head') then 'a list or a look at headers'
        when regexp_matches(call, '^(Delete|Abort|ObjectRemoved:|LifecycleExpiration:)') then 'a deletion'
        when regexp_matches(
            call,
            '^Get(Bucket|Object(Acl|Attributes|LegalHold|LockConfiguration|Retention|Tagging|VersionAcl|VersionTagging)'
            || '|AccessPoint|AccessGrant|Account|PublicAccessBlock|Storage|MultiRegion|Job)|^Describe|^GetBucket'
        )
            then 'a call that reads no object'
        when regexp_matches(
            call,
            '^(CreateBucket|PutBucket(Encryption|Lifecycle\w*|Logging|Notification\w*|Versioning|Tagging|CORS|Cors'
            || '|RequestPayment|AccelerateConfiguration|OwnershipControls|Analytics\w*|Metrics\w*|Inventory\w*'
            || '|IntelligentTiering\w*|ObjectLock\w*)|PutObject(Tagging|Retention|LegalHold|LockConfiguration)'
            || '|CreateMultipartUpload|InitiateMultipartUpload|RestoreObject|PutStorageLens\w*|UpdateJob\w*'
            || '|CreateSession)$'
            || '|^(ObjectRestore|ObjectTagging|ObjectAcl|LifecycleTransition|IntelligentTiering|Replication):'
        )
            then 'a call that reads no object'
    end;

-- What a request means for an object, by the names of the server access log.
create or replace macro s3_request_action(operation) as
    case
        when operation in (
            'REST.GET.OBJECT', 'SOAP.GET.OBJECT', 'WEBSITE.GET.OBJECT', 'REST.COPY.OBJECT_GET', 'REST.COPY.PART_GET',
            'REST.SELECT.OBJECT', 'REST.POST.SELECT', 'REST.GET.OBJECT_TORRENT', 'REST.POST.SELECT_OBJECT_CONTENT'
        )
            then 'download'
        when operation in (
            'REST.PUT.BUCKETPOLICY', 'REST.PUT.ACL', 'REST.PUT.ACCESSPOINT', 'REST.PUT.ACCESSPOINTPOLICY',
            'REST.DELETE.PUBLIC_ACCESS_BLOCK', 'REST.PUT.PUBLIC_ACCESS_BLOCK', 'REST.PUT.REPLICATION',
            'REST.PUT.OBJECT_ACL'
        )
            then 'share'
    end;

create or replace macro s3_writes(operation) as regexp_matches(operation, '\.(PUT|POST|COPY)\.(OBJECT|PART|UPLOADS?)$');

create or replace macro s3_request_aside(operation, action, status) as
    case
        when action = 'download' and status = '304' then 'not changed since it was last read'
        when action is not null then null
        when s3_writes(operation) then 'an upload to the server'
        when regexp_matches(operation, '\.HEAD\.') or operation in ('REST.GET.BUCKET', 'REST.GET.BUCKETVERSIONS')
            then 'a list or a look at headers'
        when regexp_matches(operation, 'DELETE|EXPIRE|\.ABORT') then 'a deletion'
        when regexp_matches(
            operation,
            '\.(GET|PUT|POST|OPTIONS)\.(ACL|OBJECT_ACL|LOCATION|VERSIONING|LOGGING_STATUS|NOTIFICATION|LIFECYCLE'
            || '|BUCKETPOLICY|BUCKETPOLICYSTATUS|POLICY_STATUS|TAGGING|OBJECT_TAGGING|CORS|WEBSITE|ENCRYPTION|INVENTORY'
            || '|METRICS|ANALYTICS|ACCELERATE|REQUESTPAYMENT|REQUEST_PAYMENT|REPLICATION|PUBLIC_ACCESS_BLOCK'
            || '|OWNERSHIP_CONTROLS|OBJECT_LOCK\w*|OBJECTLOCK\w*|UPLOAD|UPLOADS|SERVICE|LEGAL_HOLD|RETENTION'
            || '|INTELLIGENT_TIERING|PREFLIGHT|BUCKETVERSIONS|BUCKET|RESTORE|OBJECT_ATTRIBUTES|ACCESSPOINT\w*)$'
            || '|^S3\.(TRANSITION|CREATE|RESTORE)\w*'
        )
            then 'a request that reads no object'
        else unknown_operation(operation)
    end;

create or replace macro http_status_of(status, sent, size) as
    case
        when status = '200' and sent < size then 'partial'
        when regexp_full_match(status, '2\d\d') then 'success'
        when regexp_full_match(status, '[45]\d\d') then 'failure'
        else 'unknown'
    end;

-- What was sent of an object; of an answer that tells an error it is the text of the error.
create or replace macro http_outcome(status, sent, size) as
    case
        when http_status_of(status, sent, size) = 'failure' then 'failure'
        else file_outcome(http_status_of(status, sent, size), sent)
    end;

-- Which download a part belongs to: the parts of one object that one requester fetched with no longer pause between
-- them are one. The name of the first is theirs where all were seen, else that of the hour, so that the parts in other
-- files find each other.
create or replace macro s3_part_key(path, who, began, first_request, whole) as
    case
        when whole then 'parts:' || first_request
        else 'parts:' || path || ' ' || coalesce(who, '') || ' ' || strftime(began, '%Y-%m-%dT%H')
    end;

-- The parts in which objects were fetched, by the downloads that they make up. `fetched` is the name of a table or
-- `with` that holds the parts: when, by whom, what was sent, and from which byte to which where the log tells it.
create or replace macro s3_parts(fetched) as table
with pauses as (
    select
        *,
        lag(moment) over (partition by bucket, key, who order by moment, request_id) as moment_before
    from query_table(fetched)
),

sittings as (
    select
        *,
        sum(case when try(moment - moment_before) <= interval 15 minutes then 0 else 1 end) over (
            partition by bucket, key, who
            order by moment, request_id
            rows between unbounded preceding and current row
        ) as sitting
    from pauses
)

select
    record_no,
    who,
    row_number() over (partition by bucket, key, who, sitting order by moment, request_id) = 1 as is_first,
    sum(sent) over (partition by bucket, key, who, sitting) as all_sent,
    min(moment) over (partition by bucket, key, who, sitting) as began,
    max(moment) over (partition by bucket, key, who, sitting) as ended,
    first_value(request_id) over (partition by bucket, key, who, sitting order by moment, request_id) as first_request,
    -- From the first byte on without a gap.
    coalesce(
        min(first_byte) over (partition by bucket, key, who, sitting) = 0
        and sum(sent) over (partition by bucket, key, who, sitting) - 1
        = max(last_byte) over (partition by bucket, key, who, sitting),
        false
    ) as is_whole
from sittings;

-- The transfers of a server access log. `requests` is the name of a table or `with` that holds its fields as texts,
-- `otherwise` what a row without an operation is called.
create or replace macro s3_transfers(requests, otherwise) as table
with told as materialized (
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
        try_cast(size as bigint) as size,
        s3_request_action(operation) as action,
        s3_request_action(operation) = 'download' and status = '206' as is_part,
        case when s3_request_action(operation) is null then coalesce(s3_writes(operation), false) else false end
            as writes
    from query_table(requests)
),

-- What is no part needs none of this.
fetched as ( -- noqa: ST03
    select
        record_no,
        bucket,
        key,
        coalesce(requester, peer) as who,
        request_id,
        sent,
        null::bigint as first_byte,
        null::bigint as last_byte,
        try_cast(occurred_at as timestamp) as moment
    from told
    where is_part
),

named as ( -- noqa: ST03
    select
        t.*,
        p.* exclude (record_no)
    from told t
    left join s3_parts('fetched') p on t.record_no = p.record_no
)

select
    record_no,
    s3_request_aside(operation, action, status) as set_aside,
    case when operation is null then otherwise end as unreadable,
    request_id as transfer_id,
    occurred_at,
    case when is_first and ended > began then strftime(ended, '%Y-%m-%dT%H:%M:%SZ') end as occurred_until,
    case when writes then requester end as sender,
    named_places([owner, bucket]) as places,
    -- Whoever gives no name is told by an address alone.
    case when action = 'download' then coalesce(case when not is_nobody(requester) then requester end, peer) end
        as recipient,
    writes as arrives,
    requester as actor,
    coalesce(action, case when writes then 'push' end) as action,
    'Amazon S3' as system,
    http_outcome(status, sent, size) as outcome,
    unnest(eft_content(eft)),
    case
        when is_part
            then s3_part_key(s3_path(bucket, key), who, began, first_request, all_sent >= size)
        else 'request:' || request_id
    end as link_key,
    s3_path(bucket, key) as file_name,
    -- The first of the parts stands for all of them.
    try_cast(case when is_first then all_sent else sent end as bigint) as bytes,
    peer,
    nullif(concat_ws(
        '; ',
        case
            when action = 'share' then 'the log does not say who was let in'
            when is_part then 'a part of the object'
            when requester is null then 'read without a name'
        end,
        eft_note(eft)
    ), '') as note
from with_eft('named', key);
