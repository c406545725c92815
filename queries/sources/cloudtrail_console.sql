/*
title = "AWS CloudTrail, table of the console"
description = """
What the page of CloudTrail exports: one call a row, without its parameters. Who called is told by a user's or a role's
name, what by the names of resources; whose account it was is not.
"""
reader = "table"
fields = ["Event name", "Event time", "User name", "Event source", "Resource type", "Resource name", "Error code",
    "Source IP address", "Event ID", "Request ID", "Read-only"]
needs = ["Event name", "Event time", "User name", "Event source", "Event ID"]
*/
with calls as (
    select
        record_no,
        logged(event_id) as id,
        logged(event_name) as call,
        regexp_replace(logged(event_source), '\.amazonaws\.com$', '') as service,
        event_time as occurred_at,
        logged(user_name) as who,
        logged(resource_name) as resource,
        logged(error_code) as error,
        logged(source_ip_address) as peer,
        logged(request_id) as request_id
    from incoming
),

listed as (
    select
        *,
        service like 's3%' as is_s3,
        case when is_s3 then s3_call_action(call) else aws_call_action(service, call) end as action,
        case when is_s3 then s3_call_harmless(call) else aws_call_harmless(service, call) end as harmless
    from calls
)

select
    record_no,
    case
        when call is null then null
        when action is null then coalesce(harmless, unknown_operation(case when is_s3
            then call else service || ' ' || call end))
        when action = 'push' then 'an upload to the server'
    end as set_aside,
    case when call is null or service is null then 'names no call of a service' end as unreadable,
    id as transfer_id,
    in_utc(occurred_at) as occurred_at,
    case when action in ('share', 'push') then who end as sender,
    named_places([regexp_extract(resource, '^([^/,]+)', 1)]) as places,
    case when action in ('download', 'query') then who end as recipient,
    coalesce(action = 'push', false) as arrives,
    who as actor,
    action,
    case when is_s3 then 'Amazon S3' else service end as system,
    case when error is null then 'success' else 'failure' end as outcome,
    'unknown' as element_basis,
    'request:' || request_id as link_key,
    case
        when is_s3 then 's3://' || regexp_replace(resource, '^arn:aws[a-z-]*:s3:::', '')
        else resource
    end as file_name,
    peer,
    case
        when action = 'share' then 'the log does not say who was let in'
        when action = 'query' then 'the log does not show the query'
    end as note
from listed
