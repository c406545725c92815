/*
title = "MOVEit Transfer log"
description = """
Rows of the `log` table as CSV. What accounts fetched is a transfer; uploads, log-ins and what administrators do are
not. An action that is not known stays a transfer.
"""
reader = "table"
needs = ["LogTime", "Action", "Username", "XferSize"]
fields = [
    "ID", "LogTime", "Action", "Username", "TargetName", "FileID", "FileName", "FolderPath", "IPAddress", "Error",
    "XferSize", "Message",
]
*/
with named as (
    select
        *,
        lower(trim(action)) as event,
        logged(username) as account,
        case
            when logged(filename) is not null
                then coalesce(rtrim(logged(folderpath), '/') || '/', '') || filename
        end as file_path
    from incoming
),

worded as (
    select
        *,
        eft_words(file_path) as eft_words
    from named
),

meant as (
    select
        *,
        eft_parts(eft_words) as eft
    from worded
)

select
    record_no,
    case when event is null or event = '' then 'a row without an action' end as unreadable,
    case
        when contains(event, 'upload') then 'an upload to the server'
        when starts_with(event, 'sec_') then 'a login'
        when
            event in ('file_delete', 'file_undelete', 'file_move', 'file_rename', 'file_copy', 'file_checksum')
            then 'a file or folder was changed on the server'
        when regexp_matches(event, '^(folder|user|group|inst|sys|perm|sched|report|log|addressbook|host)_')
            then 'an administrative event'
        when is_own_submission(eft, account) then 'a state''s own submission'
    end as set_aside,
    -- With its action an id is no number: the ids of rows that are set aside would look like holes.
    'moveit:' || logged(id) || ':' || event as transfer_id,
    logged(logtime) as occurred_at,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), account) as recipient,
    account as actor,
    case
        when contains(event, 'download') then 'download'
        when contains(event, 'view') then 'view'
        when event like 'msg%' then 'share'
        else event
    end as action,
    'MOVEit' as system,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    case
        when try_cast(error as integer) = 0
            then unless_empty('success', case when contains(event, 'download') then xfersize end)
        when logged(error) is null then 'unknown'
        else 'failure'
    end as outcome,
    file_path as file_name,
    try_cast(xfersize as bigint) as bytes,
    logged(ipaddress) as peer,
    eft_note(eft) as note
from meant
