/*
title = "vsftpd.log"
description = """
The own log of vsftpd: one event a line, in the server's local time. Files that clients fetched are transfers; log-ins,
uploads and what happens to files on the server are not.
"""
reader = "lines"
pattern = '^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} \[pid \d+\] '
*/
with parted as (
    select
        record_no,
        try_strptime(line[1:24], '%a %b %d %H:%M:%S %Y') as logged_at,
        regexp_extract(
            line,
            '^.{24} \[pid \d+\] (?:\[(.*?)\] )?(?:(OK|FAIL) )?(FTP command|FTP response|[A-Z]+)'
            || '(?:: Client "([^"]*)"(.*))?',
            ['account', 'result', 'event', 'peer', 'rest']
        ) as part
    from incoming
),

-- Behind the client: the file in quotes, its bytes and the speed, each if there is one.
cut as (
    select
        record_no,
        logged_at,
        part,
        regexp_extract(part.rest, '^, "(.*)"(?:, (\d+) bytes)?(?:, [\d.]+Kbyte/sec)?\s*$', ['file', 'bytes']) as tail
    from parted
),

named as (
    select
        *,
        unless_blank(part.account) as actor,
        unless_blank(tail.file) as file_name,
        eft_words(tail.file) as eft_words
    from cut
),

meant as (
    select
        *,
        eft_parts(eft_words) as eft
    from named
)

select
    record_no,
    case
        when logged_at is null or part.event = '' then 'not a line of a vsftpd.log'
        when part.event = 'DOWNLOAD' and file_name is null then 'a download without a file'
        when
            part.event not in (
                'DOWNLOAD', 'UPLOAD', 'CONNECT', 'LOGIN', 'MKDIR', 'RMDIR', 'DELETE', 'RENAME', 'CHMOD', 'DEBUG',
                'FTP command', 'FTP response'
            ) then 'an event that vsftpd is not known to log'
    end as unreadable,
    case
        when part.event = 'UPLOAD' then 'an upload to the server'
        when part.event in ('CONNECT', 'LOGIN') then 'a login'
        when part.event in ('DEBUG', 'FTP command', 'FTP response') then 'a line of the protocol'
        when part.event <> 'DOWNLOAD' then 'a file or folder was changed on the server'
        when is_own_submission(eft, actor) then 'a state''s own submission'
    end as set_aside,
    strftime(logged_at, '%Y-%m-%d %H:%M:%S') as occurred_at,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), actor) as recipient,
    actor,
    'download' as action,
    'vsftpd' as system,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    case part.result
        when 'OK' then unless_empty('success', nullif(tail.bytes, ''))
        when 'FAIL' then 'failure'
        else 'unknown'
    end as outcome,
    file_name,
    try_cast(tail.bytes as bigint) as bytes,
    unless_blank(part.peer) as peer,
    eft_note(eft) as note
from meant
