/*
title = "AWS CloudTrail, data events of S3"
description = """
One call a record. Reading an object is a download by whoever called; writing one into the bucket of another account is
a push to that account; opening a bucket or object to others is a share. Calls to other services, lists and looks at
headers move no object and are set aside. Records as JSON, or rows as Athena exports them, what is nested as text.
"""
reader = "records"
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
        logged(eventsource) as service,
        logged(eventname) as call,
        s3_call_action(eventname) as action,
        logged(recipientaccountid) as log_account,
        logged(sourceipaddress) as peer,
        logged(coalesce(errorcode, errormessage)) as error,
        row_part_of(useridentity, 'arn') as arn,
        row_part_of(useridentity, 'accountId') as caller,
        coalesce(
            row_part_of(useridentity, 'arn'), row_part_of(useridentity, 'principalId'),
            row_part_of(useridentity, 'userName'), row_part_of(useridentity, 'invokedBy')
        ) as identity,
        coalesce(first_part_of(resources, 'accountId'), row_part_of(resources, 'accountId')) as owner,
        requestparameters as request,
        part_of(requestparameters, 'bucketName') as bucket,
        coalesce(part_of(requestparameters, 'key'), part_of(requestparameters, 'Key')) as key,
        coalesce(
            part_of(requestparameters, 'Range'), part_of(requestparameters, 'range'),
            part_of(requestparameters, 'partNumber')
        ) as piece,
        part_of(additionaleventdata, 'bytesTransferredIn') as received,
        part_of(additionaleventdata, 'bytesTransferredOut') as sent,
        coalesce('request:' || logged(requestid), 'shared:' || logged(sharedeventid)) as link_key
    from incoming
),

parties as (
    select
        *,
        coalesce(caller, account_of_arn(arn)) as caller_account,
        -- The log is that of the owner, or of the caller.
        coalesce(owner, log_account) as owner_account,
        case when action = 'share' then s3_grantee(request) end as grantee
    from calls
),

named as (
    select
        *,
        eft_words(key) as eft_words
    from parties
),

meant as (
    select
        * exclude (eft_words),
        eft_parts(eft_words) as eft
    from named
)

select
    record_no,
    s3_call_aside(service, call, action, caller_account, owner_account) as set_aside,
    case when call is null or service is null then 'names no call of a service' end as unreadable,
    transfer_id,
    occurred_at,
    case when action = 'push' then caller_account else owner_account end as sender,
    case action
        when 'push' then owner_account
        when 'share' then grantee
        else aws_caller(arn, caller, identity)
    end as recipient,
    coalesce(identity, caller) as actor,
    action,
    case when service = 's3.amazonaws.com' then 'Amazon S3' else service end as system,
    -- What is copied within S3 passes without a byte through the call that copies it.
    case
        when error is null then unless_empty('success', case when action = 'download' then sent end)
        else 'failure'
    end as outcome,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    link_key,
    s3_path(bucket, key) as file_name,
    whole_number(case when action = 'push' then received else sent end) as bytes,
    peer,
    nullif(concat_ws(
        '; ',
        case
            when piece is not null then 'a part of the object'
            when action = 'share' and grantee is null then 'the log does not say who was let in'
        end,
        eft_note(eft)
    ), '') as note
from meant
