/*
title = "IIS FTP log (W3C)"
description = """
The W3C log of the FTP service of IIS: times in UTC, the columns named by its `#Fields:` line. A file that was sent to
a client is a transfer.
"""
reader = "json"
prepare = "w3c"
pattern = '(?s)\A#(.*?\n#)?Fields: [^\n]*\bcs-method\b.*?\n([^#\n][^\n]* )?(\[\d+\])?(RETR|STOR|sent|created|USER) '
fields = [
    "date", "time", "c-ip", "cs-username", "cs-method", "cs-uri-stem", "sc-status", "sc-bytes", "x-session",
    "x-fullpath", "unread",
]
*/
with named as (
    select
        *,
        -- `[144]sent`: the number is that of the session.
        upper(regexp_replace(cs_method, '^\[\d+\]', '')) as command,
        logged(cs_username) as account,
        coalesce(logged(x_fullpath), logged(cs_uri_stem)) as file_path
    from incoming
),

worded as (
    select
        *,
        eft_words(file_path) as eft_words
    from named
),

meant as (
    select
        *,
        eft_parts(eft_words) as eft
    from worded
)

select
    record_no,
    coalesce(unread, case when command is null then 'a line without a command' end) as unreadable,
    case
        when command in ('STOR', 'STOU', 'APPE', 'CREATED', 'APPENDED') then 'an upload to the server'
        when command in ('USER', 'PASS', 'QUIT', 'CONTROLCHANNELOPENED', 'CONTROLCHANNELCLOSED', 'CLOSED')
            then 'a login'
        when command in ('DELE', 'RNFR', 'RNTO', 'MKD', 'XMKD', 'RMD', 'XRMD', 'DELETED', 'RENAMED', 'MKDIR', 'RMDIR')
            then 'a file or folder was changed on the server'
        when command not in ('RETR', 'SENT') then 'a command that moves no file'
        when is_own_submission(eft, account) then 'a state''s own submission'
    end as set_aside,
    concat_ws('T', logged(date), logged(time) || 'Z') as occurred_at,
    eft_sender(eft) as sender,
    coalesce(eft_recipient(eft), account) as recipient,
    account as actor,
    'download' as action,
    'IIS FTP' as system,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    outcome_of_reply(sc_status) as outcome,
    file_path as file_name,
    try_cast(sc_bytes as bigint) as bytes,
    logged(c_ip) as peer,
    eft_note(eft) as note
from meant
