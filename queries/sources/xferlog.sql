/*
title = "xferlog (wu-ftpd, ProFTPD, vsftpd)"
description = """
One file transfer a line, written when it ended, in the server's local time. The file's name may hold blanks: what
stands before it is counted from the left, what stands behind it from the right.
"""
reader = "lines"
pattern = '^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4} +\d+ \S+ +\d+ '
*/
with parted as (
    select
        record_no,
        line,
        regexp_extract(
            line,
            '^\w{3} (\w{3} [ \d]\d [\d:]{8} \d{4}) +(\d+) (\S+) +(\d+) (.*) ([ab]) (\S+) ([oid]) ([agr]) '
            || '(\S+) (\S+) (\d) (\S+)(?: ([ci])(?: \S+)?)?\s*$',
            ['ended', 'seconds', 'host', 'bytes', 'file', 'kind', 'special', 'direction', 'access', 'user', 'service',
             'method', 'auth', 'completion']
        ) as part
    from incoming
)

select
    record_no,
    case when part.ended = '' then 'not a line of an xferlog' end as unreadable,
    case part.direction
        when 'i' then 'an upload to the server'
        when 'd' then 'a file was deleted'
    end as set_aside,
    strftime(try_strptime(part.ended, '%b %d %H:%M:%S %Y'), '%Y-%m-%d %H:%M:%S') as occurred_at,
    part.user as recipient,
    part.user as actor,
    'download' as action,
    'xferlog' as system,
    case part.completion when 'c' then 'success' when 'i' then 'partial' else 'unknown' end as outcome,
    'unknown' as element_basis,
    part.file as file_name,
    try_cast(part.bytes as bigint) as bytes,
    part.host as peer
from parted
