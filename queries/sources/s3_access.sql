/*
title = "Amazon S3 server access log"
description = """
One request to a bucket a line, the fields parted by blanks; over the years fields came to stand at the end. Reading an
object is a download by the requester.
"""
reader = "lines"
pattern = '^\S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}(:\d\d){3} [+-]\d{4}\] \S+ \S+ \S+ [A-Z0-9]+\.[A-Z0-9._]+ '
*/
with parted as (
    select
        record_no,
        regexp_extract(
            line,
            '^(\S+) (\S+) \[([^\]]+)\] (\S+) (\S+) (\S+) ([A-Z0-9]+\.[A-Z0-9._]+) (\S+) (?:"(?:.*?)"|-) '
            || '(\d{3}|-) (\S+) (\d+|-) (\d+|-)(?: |$)',
            ['owner', 'bucket', 'time', 'peer', 'requester', 'request_id', 'operation', 'key', 'status', 'error',
             'sent', 'size']
        ) as part
    from incoming
),

requests as (
    select
        record_no,
        nullif(part.operation, '') as operation,
        s3_request_action(part.operation) as action,
        logged(part.request_id) as request_id,
        coalesce(
            strftime(try_strptime(part.time, '%d/%b/%Y:%H:%M:%S %z') at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ'),
            part.time
        ) as occurred_at,
        logged(part.owner) as owner,
        logged(part.bucket) as bucket,
        logged(part.peer) as peer,
        logged(part.requester) as requester,
        -- Keys stand in the log as they stand in an address.
        coalesce(try(url_decode(logged(part.key))), logged(part.key)) as key,
        logged(part.status) as status,
        try_cast(part.sent as bigint) as sent,
        try_cast(part.size as bigint) as size
    from parted
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
    case when operation is null then 'not a line of an S3 access log' end as unreadable,
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
