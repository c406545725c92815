/*
title = "Amazon S3 server access log, parsed"
description = "The fields of the server access log as JSON or rows, as collectors and queries in Athena give them."
reader = "records"
fields = ["bucketowner", "bucket", "bucket_name", "time", "requestdatetime", "remoteip", "requester", "requestid",
    "operation", "key", "httpstatus", "bytessent", "objectsize"]
needs = ["remoteip", "operation", "requestid"]
values = {operation = '^[A-Z0-9]+\.[A-Z0-9._]+$'}
wrapped = ["message", "_raw"]
*/
with requests as (
    select
        record_no,
        logged(operation) as operation,
        s3_request_action(operation) as action,
        logged(requestid) as request_id,
        in_utc(coalesce(
            strftime(try_strptime(requestdatetime, '%d/%b/%Y:%H:%M:%S %z') at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'),
            requestdatetime,
            time
        )) as occurred_at,
        logged(bucketowner) as owner,
        logged(coalesce(bucket, bucket_name)) as bucket,
        logged(remoteip) as peer,
        logged(requester) as requester,
        coalesce(try(url_decode(logged(key))), logged(key)) as key,
        logged(httpstatus) as status,
        try_cast(bytessent as bigint) as sent,
        try_cast(objectsize as bigint) as size
    from incoming
),

named as (
    select
        *,
        eft_words(key) as eft_words
    from requests
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
    case when operation is null then 'names no operation' end as unreadable,
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
from meant
