/*
title = "MOVEit Transfer log"
description = """
Rows of the `log` table as CSV or JSON, or the same columns by their names in a system log. What accounts fetched is a
transfer, and so is a message that one sent to others: they are its recipients. Log-ins and what administrators do are
none; what came in is one where a part of DHS held the server. An action that is not known stays a transfer where it
names a file, and is shown as unknown where it does not.
"""
reader = "records"
prepare = "moveit_lines"
pattern = '''(?mi)^(?!\{)(?=[^\n]*moveit)(?=[^\n]*\bAction\s*[=:])(?=[^\n]*\b(?:LogTime|Username)\s*[=:])[^\n]+'''
needs = ["LogTime", "Action", "Username", "XferSize"]
fields = [
    "ID", "LogTime", "Action", "Username", "TargetName", "FileID", "FileName", "FolderPath", "IPAddress", "Error",
    "XferSize", "Message", "Parm1", "Parm2", "Parm3",
]
*/
with named as (
    select
        *,
        regexp_replace(lower(trim(action)), '[ -]+', '_', 'g') as event,
        logged(username) as account,
        -- Those to whom a message was sent.
        joined(list_sort(list_distinct(list_filter(
            list_transform(string_split_regex(concat_ws(';', targetname, parm2), '[;,]'), lambda x: trim(x)),
            lambda x: logged(x) is not null
        ))), '; ') as targets,
        case
            when logged(filename) is not null
                then coalesce(rtrim(logged(folderpath), '/') || '/', '') || filename
        end as file_path
    from incoming
),

kinds as ( -- noqa: ST03
    select
        *,
        -- Reading a package is a fetch like any other; sending one is not.
        case
            when regexp_matches(event, 'upload') then 'in'
            when
                regexp_matches(
                    event, '^(msg|message|package|pkg)s?_(post|send|sent|forward|reply|new|share)|^(send|share)'
                )
                then 'share'
            when regexp_matches(event, 'download|view|(^|_)read$') and not starts_with(event, 'sec_') then 'out'
        end as way
    from named
)

select
    record_no,
    case when event is null or event = '' then 'a row without an action' end as unreadable,
    case
        when way = 'in' then 'an upload to the server'
        when regexp_matches(event, '^sec_|^(sign|log)_?(on|off|in|out)(_|$)') then 'a login'
        when
            regexp_matches(
                event,
                '^(file|msg|message|package|pkg)s?_(un)?'
                || '(delete|move|rename|copy|checksum|purge|archive|expire|lock|integrity)'
            )
            then 'a file or folder was changed on the server'
        when regexp_matches(event, '^(folder|user|group|inst|sys|perm|sched|report|log|addressbook|host)_')
            then 'an administrative event'
        when way is null and file_path is null and targets is null then unknown_operation(event)
        else own_submission(eft, account)
    end as set_aside,
    -- With its action an id is no number: the ids of rows that are set aside would look like holes.
    'moveit:' || logged(id) || ':' || event as transfer_id,
    syslog_time(logged(logtime)) as occurred_at,
    coalesce(case when way = 'share' then account end, eft_sender(eft)) as sender,
    case
        when way = 'share' then nullif(concat_ws('; ', eft_recipient(eft), targets), '')
        else coalesce(eft_recipient(eft), case when coalesce(way, '') <> 'in' then account end)
    end as recipient,
    coalesce(way = 'in', false) as arrives,
    account as actor,
    case
        when way = 'in' then 'push'
        when way = 'share' then 'share'
        when contains(event, 'download') then 'download'
        when way = 'out' then 'view'
        else event
    end as action,
    'MOVEit' as system,
    unnest(eft_content(eft)),
    file_outcome(
        case when try_cast(error as integer) = 0 then 'success' when logged(error) is not null then 'failure' end,
        -- What was only looked at, or sent on, has no size of its own.
        case when way = 'in' or contains(event, 'download') then xfersize end
    ) as outcome,
    file_path as file_name,
    case when try_cast(xfersize as bigint) >= 0 then try_cast(xfersize as bigint) end as bytes,
    logged(ipaddress) as peer,
    eft_note(eft) as note
from with_eft('kinds', file_path)
