/*
title = "Amazon S3 server access log, parsed"
description = "The fields of the server access log as JSON or rows, as collectors and queries in Athena give them."
reader = "records"
by_record = true
fields = ["bucketowner", "bucket", "bucket_name", "time", "requestdatetime", "remoteip", "requester", "requestid",
    "operation", "key", "httpstatus", "bytessent", "objectsize"]
needs = ["remoteip", "operation", "requestid"]
values = {operation = '^[A-Z0-9]+\.[A-Z0-9._]+$'}
wrapped = ["message", "_raw"]
*/
with requests as ( -- noqa: ST03
    select
        record_no,
        operation,
        requestid as request_id,
        coalesce(requestdatetime, time) as requested_at,
        bucketowner as owner,
        coalesce(bucket, bucket_name) as bucket,
        remoteip as peer,
        requester,
        key,
        httpstatus as status,
        bytessent as sent,
        objectsize as size
    from incoming
)

select * from s3_transfers('requests', 'names no operation')
