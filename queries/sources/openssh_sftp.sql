/*
title = "OpenSSH SFTP server"
description = """
Lines of OpenSSH's SFTP server in a system log, an entry of systemd's journal a line, or its own file, the newest line
first or last: it is the message that tells them, whatever the program is called. Reading a file is told by its close,
with the account and address that open or close the session. A file that the server refused to open is a failed
attempt. Most system logs write no year: it is unknown but for a rotated file, whose name has its day.
"""
reader = "json"
prepare = "sftp_server"
pattern = '''(?xm)^(?:
    (?:<\d{1,3}>)?(?:1\ )?(?:[A-Z][a-z]{2}\ [ \d]\d\ (?:\d{4}\ )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+)[ ]
    (?:[^\s:\[\]]+\ )?(?:
        (?:internal-sftp|sftp-server)(?:(?:\[\d+\])?:\ |\ \d+\ \S+\ )|
        [^\s:\[]+(?:\[\d+\])?:\ (?:user:\ \S+:\ )?
        (?:open\ "[^\n]*"\ flags\ [A-Z]|(?:forced\ )?close\ "[^\n]*"\ bytes\ read\ )
    )|
    \d+\ \d{4}-\d\d-\d\d\ \d\d:\d\d:\d\d(?:\.\d+)?\ (?:user:\ \S+:\ )?(?:(?:open|close)\ "|session\ opened\ )|
    \{[^\n]*"MESSAGE"\s*:\s*"(?:user:\ \S+:\ )?(?:open|close|forced\ close)\ \\"
)'''
fields = ["time", "host", "event", "file", "program", "flags", "read", "written", "opened_at", "user", "peer",
    "refused", "unread"]
*/
with named as ( -- noqa: ST03
    select
        *,
        logged(user) as account,
        event in ('unclosed', 'refused') as opened,
        case
            when event in ('unclosed', 'refused') then not contains(flags, 'READ')
            else coalesce(event in ('close', 'forced close') and read = '0' and written <> '0', false)
        end as arrives
    from incoming
)

select
    record_no,
    unread as unreadable,
    case
        when event = 'other program' then line_of_another(program)
        when event = 'session' then 'a login'
        when event = 'open' then 'a file was opened: its close tells what was read'
        when event = 'other' then 'a command that moves no file'
        when arrives then 'an upload to the server'
        when not opened and read = '0' then 'a file of which nothing was read'
        else own_submission(eft, account)
    end as set_aside,
    syslog_time(coalesce(opened_at, time)) as occurred_at,
    case
        when opened_at is not null
            then coalesce(
                strftime(instant_of(syslog_time(time), getvariable('source_zone')), '%Y-%m-%dT%H:%M:%S.%gZ'), time
            )
    end as occurred_until,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), case when not arrives then account end) as recipient,
    arrives,
    account as actor,
    -- Where a log ends between the open and the close, the next one's close is another trace of the same.
    case when arrives then 'push' when event = 'unclosed' then 'open' else 'download' end as action,
    'OpenSSH SFTP' as system,
    unnest(eft_content(eft)),
    file_outcome(
        case event when 'close' then 'success' when 'forced close' then 'partial' when 'refused' then 'failure' end,
        case when arrives then written else read end
    ) as outcome,
    file as file_name,
    try_cast(case when arrives then written else read end as bigint) as bytes,
    logged(peer) as peer,
    nullif(concat_ws(
        '; ',
        case
            when event = 'unclosed' then 'opened, and neither its close nor the end of its session is in the log'
            when event = 'refused' then 'the server did not open it: ' || refused
        end,
        year_note(coalesce(opened_at, time)),
        case when account is null then 'the log does not show the beginning of the session' end,
        eft_note(eft)
    ), '') as note
from with_eft('named', file)
