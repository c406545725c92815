/*
title = "ProFTPD extended log"
description = """
The ExtendedLog of ProFTPD in its default form: a command a line, with its reply and the bytes that passed. A file that
a client fetched (RETR) is a transfer, and so is what a command did to a file that no list knows; what came in is one
where a part of DHS held the server. Its xferlog is read as xferlog.
"""
reader = "lines"
by_record = true
pattern = '''(?x)^
    \S+\ \S+\ .+\ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\ [+-]\d{4}\][ ]
    "(?!(?:GET|PUT|POST|HEAD)\ )(?!.*\ HTTP/\d)[A-Z]{3,4}(?:\ .*)?"\ (?:\d{3}|-)\ (?:\d+|-)\s*$'''
*/
with parted as (
    select
        record_no,
        line,
        regexp_extract(
            line,
            '^(\S+) \S+ (.+) \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] '
            || '"([A-Za-z]+)(?: (.*))?" (\d{3}|-) (\d+|-)\s*$',
            ['peer', 'account', 'time', 'command', 'argument', 'code', 'bytes']
        ) as part
    from incoming
),

named as (
    select
        record_no,
        part,
        part.peer,
        upper(part.command) as command,
        upper(part.command) in ('STOR', 'STOU', 'APPE') as arrives,
        logged(nullif(part.account, '')) as actor,
        unless_blank(part.argument) as file_name,
        try_cast(part.bytes as bigint) as bytes,
        strftime(timezone('UTC', try_strptime(part.time, '%d/%b/%Y:%H:%M:%S %z')), '%Y-%m-%dT%H:%M:%SZ') as occurred_at,
        -- Two processes that write at once: the second line begins within the first.
        regexp_matches(part.argument, '\] "[A-Z]{3,4}( |")') or contains(part.account, '] "') as torn
    from parted
),

aside as ( -- noqa: ST03
    select
        *,
        ftp_set_aside(command, file_name) as aside
    from named
)

select
    record_no,
    case
        when part.command = '' or occurred_at is null then 'not a line of an extended log'
        when torn then 'two lines in one: where the first ends is not known'
    end as unreadable,
    coalesce(aside, own_submission(eft, actor)) as set_aside,
    occurred_at,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), case when not arrives then actor end) as recipient,
    arrives,
    actor,
    case when arrives then 'push' when command = 'RETR' then 'download' else lower(command) end as action,
    'ProFTPD' as system,
    unnest(eft_content(eft)),
    file_outcome(status_of_ftp_reply(part.code), bytes) as outcome,
    file_name,
    bytes,
    peer,
    eft_note(eft) as note
from with_eft('aside', file_name)
