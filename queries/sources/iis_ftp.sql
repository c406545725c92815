/*
title = "IIS FTP log (W3C)"
description = """
The W3C log of the FTP service of IIS, and of Globalscape EFT and Pure-FTPd, which write the same form: times in UTC,
the columns named by its `#Fields:` line. A file that was sent to a client is a transfer, and so is what a command did
to a file that no list knows; what came in is one where a part of DHS held the server.
"""
reader = "json"
prepare = "w3c"
pattern = '''(?xs)
    \A\#(.*?\n\#)?Fields:[ ][^\n]*\bcs-method\b.*?\n
    ([^#\n][^\n]*[ ])?(\[\d*\])?(RETR|STOR|sent|created|USER|user)[ ]'''
fields = [
    "date", "time", "c-ip", "cs-username", "cs-method", "cs-uri-stem", "sc-status", "sc-bytes", "cs-bytes", "x-session",
    "x-fullpath", "software", "session_user", "uncertain", "unread",
]
*/
with named as (
    select
        *,
        -- `[144]sent`: the number is that of the session; some write none.
        upper(regexp_replace(cs_method, '^\[\d*\]', '')) as word,
        coalesce(logged(cs_username), session_user) as account,
        coalesce(logged(x_fullpath), logged(cs_uri_stem)) as file_path,
        case
            when starts_with(software, 'Pure-FTPd') then 'Pure-FTPd'
            when regexp_matches(software, '(?i)cutelogger|globalscape|\beft\b') then 'Globalscape EFT'
            else 'IIS FTP'
        end as server
    from incoming
),

commanded as (
    select
        *,
        case word
            when 'SENT' then 'RETR'
            when 'CREATED' then 'STOR'
            when 'APPENDED' then 'APPE'
            else word
        end as command,
        -- Globalscape writes the one size that it knows into either column.
        case
            when server = 'Globalscape EFT'
                then greatest(whole_number(sc_bytes), whole_number(cs_bytes))
            when word in ('STOR', 'STOU', 'APPE', 'CREATED', 'APPENDED')
                then coalesce(whole_number(cs_bytes), whole_number(sc_bytes))
            else whole_number(sc_bytes)
        end as size
    from named
),

weighed as ( -- noqa: ST03
    select
        *,
        ftp_set_aside(command, file_path) as aside
    from commanded
)

select
    record_no,
    coalesce(unread, case when command is null then 'a line without a command' end) as unreadable,
    coalesce(aside, own_submission(eft, account)) as set_aside,
    concat_ws('T', logged(date), logged(time) || 'Z') as occurred_at,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), case when aside is null then account end) as recipient,
    command in ('STOR', 'STOU', 'APPE') as arrives,
    account as actor,
    case
        when command = 'RETR' then 'download'
        when command in ('STOR', 'STOU', 'APPE') then 'push'
        else lower(command)
    end as action,
    server as system,
    unnest(eft_content(eft)),
    file_outcome(status_of_ftp_reply(sc_status), size) as outcome,
    file_path as file_name,
    size as bytes,
    logged(c_ip) as peer,
    nullif(concat_ws('; ', uncertain, eft_note(eft)), '') as note
from with_eft('weighed', file_path)
