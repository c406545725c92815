/*
title = "Pure-FTPd (CLF, stats, system log)"
description = """
The transfer log of Pure-FTPd in the form of web servers or in that of its statistics, and its lines in a system log;
its W3C form is read as that of IIS, its xferlog as xferlog. The offset from UTC in the form of web servers has the
wrong sign: `+0500` stands for five hours behind. Only transfers are written there, broken ones among them, and all are
called 200. What came in is one where a part of DHS held the server.
"""
reader = "lines"
by_record = true
pattern = '''(?x)^(?:
    \S+\ -\ .*\ \[\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d\ [+-]\d{4}\]\ "(?:GET|PUT)[ ]
    (?!.*\ HTTP/\d).*"\ \d{3}\ \d+\s*$|
    \d{9,11}\ [0-9a-f]{7,}\.[0-9a-f]+\ \S+\ \S+\ [UD]\ \d+\ \d+\ \S|
    (?:<\d{1,3}>)?(?:1\ )?(?:[A-Z][a-z]{2}\ [ \d]\d\ (?:\d{4}\ )?\d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S+)[ ]
    (?:\S+\ )?pure-ftpd(?:\[\d+\])?:
)'''
*/
with parted as (
    select
        record_no,
        regexp_extract(
            line,
            '^(\S+) - (.*) \[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d:\d\d:\d\d) ([+-])(\d\d)(\d\d)\] '
            || '"(GET|PUT) (.*)" \d{3} (\d+)\s*$',
            ['peer', 'account', 'day', 'month', 'year', 'clock', 'sign', 'hours', 'minutes', 'verb', 'file', 'bytes']
        ) as web,
        regexp_extract(
            line, '^(\d{9,11}) [0-9a-f]+\.[0-9a-f]+ (\S+) (\S+) ([UD]) (\d+) (\d+) (.*\S)\s*$',
            ['ended', 'account', 'peer', 'verb', 'bytes', 'seconds', 'file']
        ) as stats,
        syslog_parts(line) as system
    from incoming
),

told as (
    select
        *,
        regexp_extract(
            system.message, '^\((.*?)@([^)]*)\) \[([A-Z]+)\] (.*)$', ['account', 'peer', 'level', 'text']
        ) as note
    from parted
),

moved as (
    select
        *,
        regexp_extract(
            note.text, '^(.*) (downloaded|uploaded)  ?\((\d+) bytes, [\d.]+KB/sec\)\s*$', ['file', 'verb', 'bytes']
        ) as done
    from told
),

named as ( -- noqa: ST03
    select
        record_no,
        case
            when web.verb <> '' then 'web'
            when stats.verb <> '' then 'stats'
            when system.program = 'pure-ftpd' and note.level <> '' then 'system'
            when system.program <> '' and system.program <> 'pure-ftpd' then 'another'
        end as form,
        case
            when web.verb <> '' then web.verb
            when stats.verb <> '' then stats.verb
            else done.verb
        end in ('PUT', 'U', 'uploaded') as arrives,
        coalesce(nullif(web.file, ''), nullif(stats.file, ''), nullif(done.file, '')) as file_name,
        logged(coalesce(nullif(web.account, ''), nullif(stats.account, ''), nullif(nullif(note.account, '?'), '')))
            as actor,
        logged(coalesce(nullif(web.peer, ''), nullif(stats.peer, ''), nullif(note.peer, ''))) as peer,
        try_cast(coalesce(nullif(web.bytes, ''), nullif(stats.bytes, ''), nullif(done.bytes, '')) as bigint) as bytes,
        case
            when web.verb <> '' then coalesce(strftime(
                try_strptime(concat_ws(' ', web.day, web.month, web.year, web.clock), '%d %b %Y %H:%M:%S'),
                '%Y-%m-%dT%H:%M:%S'
            ) || case when web.sign = '+' then '-' else '+' end || web.hours || ':' || web.minutes, web.clock)
            when stats.verb <> ''
                then coalesce(
                    instant_of_epoch(try(
                        try_cast(stats.ended as bigint) - seconds_taken(try_cast(stats.seconds as bigint))
                    )::varchar),
                    stats.ended || ' - ' || stats.seconds
                )
            else syslog_time(system.time)
        end as occurred_at,
        case when stats.verb <> '' then instant_of_epoch(stats.ended) end as occurred_until,
        system.time as logged_time,
        system.program,
        note.level,
        note.text,
        -- Two processes that write at once: the second line begins within the first.
        regexp_matches(concat(web.file, stats.file), '\] "(GET|PUT) | \d{9,11} [0-9a-f]{7,}\.[0-9a-f]+ ')
        or contains(web.account, '] "')
        or regexp_matches(note.text, 'pure-ftpd(\[\d+\])?: \(') as torn
    from moved
)

select
    record_no,
    case
        when form is null then 'not a line of Pure-FTPd'
        when torn then 'two lines in one: where the first ends is not known'
    end as unreadable,
    case
        when form = 'another' then line_of_another(program)
        when arrives then 'an upload to the server'
        when file_name is not null then own_submission(eft, actor)
        when level in ('INFO', 'DEBUG', 'WARNING', 'ERROR') then 'a note of the server'
        when regexp_matches(text, '^(Deleted|Renamed|Created|Removed|File renamed|Directory|Chmod)')
            then 'a file or folder was changed on the server'
        else unknown_operation(left(text, 40))
    end as set_aside,
    occurred_at,
    occurred_until,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), case when not arrives then actor end) as recipient,
    arrives,
    actor,
    case when arrives then 'push' else 'download' end as action,
    'Pure-FTPd' as system,
    unnest(eft_content(eft)),
    file_outcome('success', bytes) as outcome,
    file_name,
    bytes,
    peer,
    nullif(concat_ws('; ', case when form = 'system' then year_note(logged_time) end, eft_note(eft)), '') as note
from with_eft('named', file_name)
