/*
title = "Zeek ftp.log"
description = """
FTP commands that Zeek saw on the wire, JSON lines or tab-separated: corroboration of what servers logged. A file that
a client fetched (RETR) is a transfer.
"""
reader = "json"
prepare = "zeek"
pattern = '(?m)\A#separator [^\n]*\n(?:#[^\n]*\n)*?#path\tftp\s*$'
needs = ["ts", "uid", "id.orig_h", "command", "arg"]
fields = [
    "ts", "uid", "id.orig_h", "id.resp_h", "user", "command", "arg", "file_size", "reply_code", "reply_msg", "fuid",
    "unread",
]
wrapped = ["message", "_raw"]
*/
with named as (
    select
        *,
        upper(command) as verb,
        logged(user) as account,
        eft_words(arg) as eft_words
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
    coalesce(unread, case when verb is null then 'a record without a command' end) as unreadable,
    case
        when verb in ('STOR', 'STOU', 'APPE') then 'an upload to the server'
        when verb in ('DELE', 'RNFR', 'RNTO', 'MKD', 'RMD') then 'a file or folder was changed on the server'
        when verb <> 'RETR' then 'a command that moves no file'
        when is_own_submission(eft, account) then 'a state''s own submission'
    end as set_aside,
    -- One connection carries many commands.
    concat_ws(':', uid, ts) as transfer_id,
    coalesce(instant_of_epoch(ts), ts) as occurred_at,
    coalesce(eft_sender(eft), id_resp_h) as sender,
    coalesce(eft_recipient(eft), case when account <> 'anonymous' then account end, id_orig_h) as recipient,
    account as actor,
    'download' as action,
    'Zeek' as system,
    eft.states,
    eft.elements,
    coalesce(eft.element_basis, 'unknown') as element_basis,
    eft_deduced(eft) as deduced,
    unless_empty(outcome_of_reply(reply_code), logged(file_size)) as outcome,
    'zeek_file:' || fuid as link_key,
    logged(arg) as file_name,
    try_cast(file_size as bigint) as bytes,
    id_orig_h as peer,
    eft_note(eft) as note
from meant
