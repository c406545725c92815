/*
title = "Google Drive audit, as a table"
description = "What an administrator exports from the console of Google Workspace: one event of Drive a row."
reader = "table"
fields = ["Title", "Event description", "Description", "User", "Actor", "Date", "Event name", "Event", "Document ID",
    "Visibility", "IP address", "Owner", "Target", "Target user", "Recipients", "New value"]
needs = ["Title", "User|Actor", "Date", "Event name|Event", "Document ID", "Owner"]
*/
with events as ( -- noqa: ST03
    select
        record_no,
        'drive' as application,
        null::varchar as qualifier,
        coalesce(logged_time(date), date) as occurred_at,
        coalesce(logged(user), logged(actor)) as actor,
        logged(ip_address) as peer,
        case when coalesce(logged(event_name), logged(event)) is not null
            then drive_event_of(coalesce(logged(event_name), logged(event))) end as event,
        1 as events,
        logged(owner) as owner,
        drive_names(logged(target)) || drive_names(logged(target_user)) || drive_names(logged(recipients)) as targets,
        new_value as granted,
        logged(title) as title
    from incoming
)

select * from drive_transfers('events')
