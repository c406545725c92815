/*
title = "Box report of user activity"
description = """
The table that an administrator exports: who did what to which item. Whoever was invited stands, if at all, as a mail
address in the details.
"""
reader = "table"
fields = ["Date", "User Name", "User Email", "IP Address", "Action", "Item", "Item Name", "Size (Bytes)", "Path",
    "Details", "Owner", "Owner Email", "Affected Email", "Collaborator Email"]
needs = ["Date", "User Email", "Action", "IP Address", "Item|Item Name", "Path|Details"]
*/
with events as ( -- noqa: ST03
    select
        record_no,
        null::varchar as id,
        case when logged(action) is not null then box_report_event(action) end as event,
        coalesce(logged_time(date), date) as occurred_at,
        coalesce(logged(user_email), logged(user_name)) as actor,
        coalesce(logged(owner_email), logged(owner)) as owner,
        [logged(affected_email), logged(collaborator_email)] || mail_addresses_in(details) as invited,
        regexp_replace(logged(path), '/[^/]*$', '') as folder,
        coalesce(logged(item), logged(item_name)) as item,
        whole_number(replace(size_bytes, ',', '')) as bytes,
        logged(ip_address) as peer
    from incoming
)

select * from box_transfers('events')
