/*
title = "Box events"
description = """
One event a record, as the administrator's event stream gives them. Downloads and previews go to whoever did them,
shares to whoever was let in, uploads into a folder of another organization to its owner.
"""
reader = "json"
by_record = true
fields = ["type", "event_id", "created_at", "recorded_at", "event_type", "created_by", "source", "ip_address",
    "additional_details", "accessible_by"]
needs = ["type", "event_type"]
values = {type = '^event$'}
inside = ["entries"]
wrapped = ["message", "_raw"]
*/
with events as ( -- noqa: ST03
    select
        record_no,
        logged(event_id) as id,
        upper(logged(event_type)) as event,
        coalesce(created_at, recorded_at) as occurred_at,
        coalesce(part_of(created_by, 'login'), part_of(created_by, 'name'), part_of(created_by, 'id')) as actor,
        coalesce(value_at(source, '$.owned_by.login'), value_at(source, '$.parent.owned_by.login')) as owner,
        [
            coalesce(part_of(accessible_by, 'login'), part_of(accessible_by, 'name')),
            case
                when part_of(source, 'type') = 'user' then coalesce(part_of(source, 'login'), part_of(source, 'name'))
            end,
            value_at(additional_details, '$.new_owner.login'), value_at(additional_details, '$.collaborator.login')
        ] || mail_addresses_in(concat_ws(
            ' ', part_of(additional_details, 'recipients'), part_of(additional_details, 'shared_with'),
            part_of(additional_details, 'invited_email'), part_of(additional_details, 'emails'),
            part_of(additional_details, 'email')
        )) as invited,
        value_at(source, '$.parent.name') as folder,
        coalesce(
            part_of(source, 'item_name'), part_of(source, 'file_name'), part_of(source, 'folder_name'),
            case when part_of(source, 'type') in ('file', 'folder') then part_of(source, 'name') end
        ) as item,
        whole_number(coalesce(part_of(additional_details, 'size'), part_of(source, 'size'))) as bytes,
        logged(ip_address) as peer
    from incoming
)

select * from box_transfers('events')
