/*
title = "vsftpd.log"
description = """
The own log of vsftpd, from its file or through a system log: one event a line, in the server's local time. Files that
clients fetched are transfers; log-ins and what happens to files on the server are not; what came in is one where a
part of DHS held the server. A line of which a part is not understood is set aside as nothing: the end of another may
stand in it.
"""
reader = "lines"
by_record = true
pattern = '''(?x)^(?:
    [A-Z][a-z]{2}\ [A-Z][a-z]{2}\ [ \d]\d\ \d\d:\d\d:\d\d\ \d{4}\ \[pid\ \d+\]\ |
    (?:<\d{1,3}>)?(?:1\ )?(?:[A-Z][a-z]{2}\ [ \d]\d\ (?:\d{4}\ )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+)[ ]
    (?:\S+\ )?vsftpd[\[: ]
)'''
*/
with headed as (
    select
        record_no,
        line,
        regexp_matches(line, '^.{24} \[pid \d+\] ') as own,
        case when not regexp_matches(line, '^.{24} \[pid \d+\] ') then syslog_parts(line) end as system
    from incoming
),

parted as (
    select
        record_no,
        case
            when own then strftime(try_strptime(line[1:24], '%a %b %d %H:%M:%S %Y'), '%Y-%m-%d %H:%M:%S')
            else nullif(syslog_time(system.time), '')
        end as logged_at,
        system.time as system_time,
        system.program,
        not own and starts_with(system.message, 'pam_') as of_pam,
        not own and system.program not in ('vsftpd', '') as of_another,
        regexp_extract(
            case when own then substring(line, 25) else ' ' || system.message end,
            '^(?: \[pid \d+\])? (?:\[(.*?)\] )?(?:(OK|FAIL) )?(FTP command|FTP response|[A-Z]+)'
            || '(?:: Client "([^"]*)"(.*))?',
            ['account', 'result', 'event', 'peer', 'rest']
        ) as part,
        -- Two processes that write at once: the second line begins within the first.
        regexp_matches(line, '.\[pid \d+\] .*\[pid \d+\] .*: Client "|.vsftpd\[\d+\]: .*vsftpd\[\d+\]: ') as torn
    from headed
),

-- Behind the client: the file in quotes, its bytes and the speed, each if there is one.
cut as (
    select
        * exclude (logged_at, part),
        logged_at,
        part,
        regexp_extract(
            part.rest, '^((?:, (?:anon password )?"(.*)")?(?:, (\d+) bytes)?(?:, [\d.]+Kbyte/sec)?\s*)$',
            ['all', 'file', 'bytes']
        ) as tail
    from parted
),

named as ( -- noqa: ST03
    select
        *,
        unless_blank(part.account) as actor,
        part.event = 'UPLOAD' as arrives,
        unless_blank(tail.file) as file_name
    from cut
)

select
    record_no,
    case
        when logged_at is null then 'not a line of a vsftpd.log'
        when of_another or of_pam then null
        when part.event = '' then 'not a line of a vsftpd.log'
        when torn then 'two lines in one: where the first ends is not known'
        when part.event = 'DOWNLOAD' and file_name is null then 'a download without a file'
        when
            part.event not in (
                'DOWNLOAD', 'UPLOAD', 'CONNECT', 'LOGIN', 'MKDIR', 'RMDIR', 'DELETE', 'RENAME', 'CHMOD', 'DEBUG',
                'FTP command', 'FTP response'
            ) then 'an event that vsftpd is not known to log'
        when part.peer = '' or part.rest <> tail.all then 'a line that breaks off'
    end as unreadable,
    case
        when of_another then line_of_another(program)
        when of_pam then 'a login'
        when arrives then 'an upload to the server'
        when part.event in ('CONNECT', 'LOGIN') then 'a login'
        when part.event in ('DEBUG', 'FTP command', 'FTP response') then 'a line of the protocol'
        when part.event <> 'DOWNLOAD' then 'a file or folder was changed on the server'
        else own_submission(eft, actor)
    end as set_aside,
    logged_at as occurred_at,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), case when not arrives then actor end) as recipient,
    arrives,
    actor,
    case when arrives then 'push' else 'download' end as action,
    'vsftpd' as system,
    unnest(eft_content(eft)),
    file_outcome(case part.result when 'OK' then 'success' when 'FAIL' then 'failure' end, tail.bytes) as outcome,
    file_name,
    try_cast(tail.bytes as bigint) as bytes,
    unless_blank(part.peer) as peer,
    nullif(concat_ws('; ', year_note(system_time), eft_note(eft)), '') as note
from with_eft('named', tail.file)
