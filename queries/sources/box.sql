/*
title = "Box events"
description = """
One event a record, as the administrator's event stream gives them. Downloads and previews go to whoever did them,
shares to whoever was let in.
"""
reader = "json"
fields = ["type", "event_id", "created_at", "recorded_at", "event_type", "created_by", "source", "ip_address",
    "additional_details", "accessible_by"]
needs = ["type", "event_type"]
values = {type = '^event$'}
inside = ["entries"]
wrapped = ["message", "_raw"]
*/
with events as (
    select
        record_no,
        logged(event_id) as id,
        upper(logged(event_type)) as event,
        box_action(upper(event_type)) as action,
        coalesce(created_at, recorded_at) as occurred_at,
        coalesce(part_of(created_by, 'login'), part_of(created_by, 'name'), part_of(created_by, 'id')) as actor,
        value_at(source, '$.owned_by.login') as owner,
        coalesce(
            part_of(accessible_by, 'login'), part_of(accessible_by, 'name'),
            case when part_of(source, 'type') = 'user' then part_of(source, 'login') end
        ) as invited,
        value_at(source, '$.parent.name') as folder,
        coalesce(
            part_of(source, 'item_name'), part_of(source, 'file_name'), part_of(source, 'folder_name'),
            case when part_of(source, 'type') in ('file', 'folder') then part_of(source, 'name') end
        ) as item,
        whole_number(coalesce(part_of(additional_details, 'size'), part_of(source, 'size'))) as bytes,
        logged(ip_address) as peer
    from incoming
)

select
    record_no,
    box_aside(event, action) as set_aside,
    case when event is null then 'names no event' end as unreadable,
    id as transfer_id,
    occurred_at,
    coalesce(owner, case when action = 'share' then actor end) as sender,
    case
        when event = 'ACCESS_GRANTED' then null
        when action = 'share' then invited
        else actor
    end as recipient,
    actor,
    action,
    'Box' as system,
    'success' as outcome,
    'unknown' as element_basis,
    coalesce(folder || '/', '') || item as file_name,
    bytes,
    peer,
    case
        when event = 'ACCESS_GRANTED' then 'the support of Box was let in'
        when action = 'share' and invited is null then 'a link: the log does not say who got it'
    end as note
from events
