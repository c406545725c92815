/*
title = "AWS Transfer Family, events"
description = """
What Transfer Family tells EventBridge: a file that a server, a connector or an AS2 partner sent or got, a file a
record. A download that failed may have sent a part of the file. What came in is a transfer where a part of DHS held
the system.
"""
reader = "json"
by_record = true
fields = ["id", "detail-type", "source", "account", "time", "detail"]
needs = ["detail-type", "source", "detail"]
values = {source = '^aws\.transfer$'}
inside = ["Events"]
wrapped = ["message", "_raw"]
*/
with told as ( -- noqa: ST03
    select
        record_no,
        logged(id) as id,
        logged(account) as account,
        detail_type as event,
        time,
        detail,
        case
            when detail_type like '%Server File Download%' then 'download'
            when detail_type like '%Connector File Send%' or detail_type like 'AS2 Payload Send%' then 'push'
        end as action,
        regexp_matches(detail_type, 'File (Upload|Retrieve)|^AS2 Payload Receive') as arrives,
        coalesce(
            host_of(part_of(detail, 'url')), part_of(detail, 'url'),
            account_of_arn(part_of(detail, 'vpc-lattice-resource-configuration-arn')),
            part_of(detail, 'vpc-lattice-resource-configuration-arn')
        ) as other_end
    from incoming
)

select
    record_no,
    case
        when action is not null then null
        when event like '%File Upload%' then 'an upload to the server'
        when arrives then 'fetched from another server'
        when regexp_matches(event, 'AS2 MDN|Directory Listing|Remote (Move|Delete)') then 'an event that sends no file'
        else unknown_operation(event)
    end as set_aside,
    case when event is null then 'names no event' end as unreadable,
    id as transfer_id,
    in_utc(coalesce(part_of(detail, 'start-timestamp'), time)) as occurred_at,
    coalesce(
        part_of(detail, 'as2-from'), eft_sender(eft),
        case when arrives then coalesce(part_of(detail, 'username'), other_end) end
    ) as sender,
    case when account is not null then [account] end as places,
    case
        when eft_recipient(eft) is not null then eft_recipient(eft)
        when action = 'download' then part_of(detail, 'username')
        else coalesce(part_of(detail, 'as2-to'), case when not arrives then other_end end)
    end as recipient,
    arrives,
    coalesce(part_of(detail, 'username'), part_of(detail, 'connector-id')) as actor,
    coalesce(action, 'push') as action,
    'AWS Transfer Family' as system,
    transfer_outcome(part_of(detail, 'status-code'), part_of(detail, 'failure-code'), part_of(detail, 'bytes'))
        as outcome,
    unnest(eft_content(eft)),
    coalesce(
        'transfer:' || part_of(detail, 'file-transfer-id'),
        'transfer:' || part_of(detail, 'transfer-id'),
        'session:' || part_of(detail, 'session-id') || ' ' || part_of(detail, 'file-path')
    ) as link_key,
    part_of(detail, 'file-path') as file_name,
    whole_number(part_of(detail, 'bytes')) as bytes,
    coalesce(part_of(detail, 'client-ip'), other_end) as peer,
    nullif(concat_ws('; ', part_of(detail, 'failure-code'), eft_note(eft)), '') as note
from with_eft('told', part_of(detail, 'file-path'))
