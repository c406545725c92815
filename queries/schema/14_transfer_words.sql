/*
title = "Macro for the sessions of AWS Transfer Family"
description = """
What the steps of a session mean, in whichever form the server wrote them: `steps` is the name of a table or `with` that
holds their parts.
"""
*/
create or replace macro transfer_sessions(steps) as table
with told as (
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
    from query_table(steps)
),

directed as (
    select
        *,
        not coalesce(is_transfer, false)
        and (
            activity in ('CLOSE', 'PARTIAL_CLOSE')
            or (activity = 'OPEN' and coalesce(file_is, '') = 'never closed')
        ) as arrives
    from told
),

named as (
    select
        *,
        eft_words(path) as eft_words
    from directed
),

meant as (
    select
        * exclude (eft_words),
        eft_parts(eft_words) as eft
    from named
)

select
    record_no,
    case
        when is_transfer and is_own_submission(eft, who) then 'a state''s own submission'
        when is_transfer then null
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
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
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
from meant;
