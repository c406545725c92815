/*
title = "Macro for the sessions of AWS Transfer Family"
description = """
What the steps of a session mean, in whichever form the server wrote them: `rows` is the name of a table or `with` that
holds their fields, `moment` the time of a step as logged.
"""
*/
create or replace macro transfer_sessions(rows, moment) as table
with steps as (
    select
        record_no,
        logged(activity_type) as activity,
        logged(session_id) as session_id,
        logged(path) as path,
        upper(coalesce(logged(mode), part_of(session, 'mode'))) as mode,
        logged(operation) as operation,
        logged(message) as message,
        coalesce(logged(i.user), part_of(i.session, 'user')) as who,
        coalesce(logged(source_ip), part_of(session, 'source-ip')) as peer,
        part_of(session, 'resource-arn') as server,
        part_of(session, 'file') as file_is,
        whole_number(bytes_out) as logged_sent,
        coalesce(whole_number(bytes_out), 0) as sent,
        coalesce(whole_number(bytes_in), 0) as received,
        bytes_out is null and bytes_in is null as uncounted,
        moment as logged_at
    from query_table(rows) i
),

told as (
    select
        *,
        case
            when activity in ('CLOSE', 'PARTIAL_CLOSE')
                then sent > 0 or mode like 'READ%' or (received = 0 and mode is null)
            when activity = 'OPEN' then file_is = 'never closed' and coalesce(mode, 'READ') like 'READ%'
            when activity = 'ERROR'
                then path is not null and operation in ('OPEN', 'READ', 'GET') and coalesce(mode, 'READ') like 'READ%'
                    and coalesce(file_is, '') <> 'open'
            else false
        end as is_transfer
    from steps
),

directed as ( -- noqa: ST03
    select
        *,
        not coalesce(is_transfer, false)
        and (
            activity in ('CLOSE', 'PARTIAL_CLOSE')
            or (activity = 'OPEN' and coalesce(file_is, '') = 'never closed')
        ) as arrives
    from told
)

select
    record_no,
    case
        when is_transfer then own_submission(eft, who)
        when arrives then 'an upload to the server'
        when activity in (
            'CONNECTED', 'DISCONNECTED', 'AUTH_FAILURE', 'EXIT_REASON', 'KEX_FAILURE', 'CONNECTION_FAILURE'
        )
            then 'part of a session: login'
        when activity = 'OPEN' then 'part of a session: open'
        when activity = 'ERROR' then 'part of a session: error'
        when activity in (
            'DELETE', 'RENAME', 'MKDIR', 'RMDIR', 'SETSTAT', 'CREATE_SYMLINK', 'CREATE_LINK', 'SYMLINK', 'STAT', 'LIST',
            'REALPATH', 'TRUNCATE', 'REMOVE'
        )
            then 'part of a session: other'
        else unknown_operation(activity)
    end as set_aside,
    case when activity is null then 'names no activity of a session' end as unreadable,
    coalesce(instant_of_epoch(logged_at), in_utc(logged_at)) as occurred_at,
    eft_sender(eft) as sender,
    case
        when server is not null then list_filter([account_of_arn(server), server], lambda x: x is not null)
    end as places,
    coalesce(eft_recipient(eft), case when not arrives then who end) as recipient,
    arrives,
    who as actor,
    case when arrives then 'push' else 'download' end as action,
    'AWS Transfer Family' as system,
    case
        when activity = 'CLOSE'
            then file_outcome(
                case when file_is = 'failed' then 'partial' else 'success' end,
                case when arrives then received else logged_sent end
            )
        when activity = 'PARTIAL_CLOSE'
            then file_outcome('partial', case when arrives then received else logged_sent end)
        when activity = 'ERROR' then 'failure'
        else 'unknown'
    end as outcome,
    unnest(eft_content(eft)),
    'session:' || session_id || ' ' || path as link_key,
    path as file_name,
    case when arrives then received when sent > 0 or not uncounted then sent end as bytes,
    peer,
    nullif(concat_ws(
        '; ',
        case
            when activity = 'OPEN' and arrives then 'opened to be written, and never closed in this log'
            when activity = 'OPEN' then 'opened to be read, and never closed in this log'
            when activity = 'ERROR' then message
            when who is null then 'its session began before this log: who read is not told'
            when mode is null and sent = 0 then 'the log does not say whether it was read or written'
        end,
        eft_note(eft)
    ), '') as note
from with_eft('directed', path);
