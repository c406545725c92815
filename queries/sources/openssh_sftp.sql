/*
title = "OpenSSH SFTP server"
description = """
Lines of `internal-sftp` or `sftp-server` in a system log. Reading a file is told by its close, with the account and
address of the session's first line. Most system logs write no year: such a time stays unknown.
"""
reader = "json"
prepare = "sftp_server"
pattern = '(?m)^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+) \S+ (?:internal-sftp|sftp-server)\[\d+\]: '
fields = ["time", "host", "event", "file", "flags", "read", "written", "opened_at", "user", "peer", "unread"]
*/
with named as (
    select
        *,
        logged(user) as account,
        eft_words(file) as eft_words
    from incoming
),

meant as (
    select
        *,
        eft_parts(eft_words) as eft
    from named
)

select
    record_no,
    unread as unreadable,
    case
        when event = 'other program' then 'a line of another program'
        when event = 'session' then 'a login'
        when event = 'open' then 'a file was opened: its close tells what was read'
        when event = 'other' then 'a command that moves no file'
        when event <> 'unclosed' and read = '0' and written <> '0' then 'an upload to the server'
        when event <> 'unclosed' and read = '0' then 'a file of which nothing was read'
        when is_own_submission(eft, account) then 'a state''s own submission'
    end as set_aside,
    coalesce(opened_at, time) as occurred_at,
    case when opened_at is not null then time end as occurred_until,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), account) as recipient,
    account as actor,
    'download' as action,
    'OpenSSH SFTP' as system,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    case event when 'close' then 'success' when 'forced close' then 'partial' else 'unknown' end as outcome,
    file as file_name,
    try_cast(read as bigint) as bytes,
    logged(peer) as peer,
    nullif(concat_ws(
        '; ',
        case when event = 'unclosed' then 'opened for reading and not closed where the log ends' end,
        case when account is null then 'the log does not show the beginning of the session' end,
        eft_note(eft)
    ), '') as note
from meant
