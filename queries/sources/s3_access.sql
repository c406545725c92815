/*
title = "Amazon S3 server access log"
description = """
One request to a bucket a line, the fields parted by blanks; over the years fields came to stand at the end. Reading an
object is a download by the requester.
"""
reader = "lines"
by_record = true
# A requester may have blanks in its name: arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E2...
pattern = '^\S+ \S+ \[\d\d/[A-Z][a-z]{2}/\d{4}[:\d]+ [+-]\d{4}\] \S+ (?:\S+|arn:aws[^"]*?) \S+ [A-Z0-9]+\.[A-Z0-9._]+ '
*/
with parted as (
    select
        record_no,
        line,
        regexp_extract(
            line,
            '^(\S+) (\S+) \[([^\]]+)\] (\S+) (\S+) (\S+) ([A-Z0-9]+\.[A-Z0-9._]+) (\S+) (?:"(?:.*?)"|-) '
            || '(\d{3}|-) (\S+) (\d+|-) (\d+|-)(?: |$)',
            ['owner', 'bucket', 'requested_at', 'peer', 'requester', 'request_id', 'operation', 'key', 'status',
             'error', 'sent', 'size']
        ) as part
    from incoming
),

-- Of a requester with blanks in its name there are few lines, and looking for one costs much.
whole as (
    select
        record_no,
        case
            when part.operation <> '' then part
            else regexp_extract(
                line,
                '^(\S+) (\S+) \[([^\]]+)\] (\S+) (arn:aws[^"]*?) (\S+) ([A-Z0-9]+\.[A-Z0-9._]+) (\S+) (?:"(?:.*?)"|-) '
                || '(\d{3}|-) (\S+) (\d+|-) (\d+|-)(?: |$)',
                ['owner', 'bucket', 'requested_at', 'peer', 'requester', 'request_id', 'operation', 'key', 'status',
                 'error', 'sent', 'size']
            )
        end as part
    from parted
),

requests as ( -- noqa: ST03
    select
        record_no,
        unnest(part)
    from whole
)

select * from s3_transfers('requests', 'not a line of an S3 access log')
