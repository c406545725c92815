/*
title = "AWS CloudTrail, data events of S3"
description = """
One call a record. Reading an object is a download by whoever called; writing one into the bucket of another account is
a push to that account; opening a bucket or object to others is a share. Calls to other services, lists and looks at
headers move no object and are set aside.
"""
reader = "json"
fields = ["eventID", "eventTime", "eventSource", "eventName", "userIdentity", "requestParameters", "responseElements",
    "additionalEventData", "resources", "errorCode", "errorMessage", "sourceIPAddress", "recipientAccountId",
    "sharedEventID", "requestID", "@timestamp"]
needs = ["eventSource", "eventName", "userIdentity"]
inside = ["Records", "Events"]
wrapped = ["CloudTrailEvent", "message", "@message", "_raw", "event", "detail"]
*/
with calls as (
    select
        record_no,
        logged(eventid) as transfer_id,
        coalesce(eventtime, timestamp) as occurred_at,
        eventsource as service,
        eventname as call,
        logged(recipientaccountid) as log_account,
        logged(sourceipaddress) as peer,
        logged(coalesce(errorcode, errormessage)) as error,
        useridentity as identity,
        requestparameters as request,
        additionaleventdata as additional,
        coalesce('request:' || logged(requestid), 'shared:' || logged(sharedeventid)) as link_key,
        aws_account(useridentity) as caller_account,
        first_part_of(resources, 'accountId') as owner_account
    from incoming
)

select
    record_no,
    s3_call_aside(service, call, caller_account, owner_account, log_account) as set_aside,
    case when call is null or service is null then 'names no call of a service' end as unreadable,
    transfer_id,
    occurred_at,
    case
        when s3_call_action(call) = 'push' then caller_account
        else coalesce(owner_account, log_account)
    end as sender,
    case s3_call_action(call)
        when 'push' then coalesce(owner_account, log_account)
        when 'share' then s3_grantee(request)
        else aws_caller(identity)
    end as recipient,
    coalesce(aws_identity(identity), caller_account) as actor,
    s3_call_action(call) as action,
    case when service = 's3.amazonaws.com' then 'Amazon S3' else service end as system,
    case when error is null then 'success' else 'failure' end as outcome,
    'unknown' as element_basis,
    link_key,
    s3_path(part_of(request, 'bucketName'), coalesce(part_of(request, 'key'), part_of(request, 'Key'))) as file_name,
    whole_number(part_of(additional, case s3_call_action(call)
        when 'push' then 'bytesTransferredIn' else 'bytesTransferredOut'
    end)) as bytes,
    peer,
    case
        when coalesce(part_of(request, 'Range'), part_of(request, 'range'), part_of(request, 'partNumber')) is not null
            then 'a part of the object'
        when s3_call_action(call) = 'share' and s3_grantee(request) is null
            then 'the log does not say who was let in'
    end as note
from calls
