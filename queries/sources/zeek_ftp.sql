/*
title = "Zeek ftp.log"
description = """
FTP commands that Zeek saw on the wire, JSON lines or tab-separated: corroboration of what servers logged. A file that
a client fetched (RETR) is a transfer to it, one that it stored (STOR) a transfer to the server: both ends of the
connection stand in the record. The size is the one that was announced, and not what passed.
"""
reader = "json"
prepare = "zeek"
pattern = '(?m)\A#separator [^\n]*\n(?:#[^\n]*\n)*?#path\tftp\s*$'
needs = ["ts", "uid", "id.orig_h", "id.resp_h", "command", "arg|reply_code|password|data_channel.passive"]
fields = [
    "ts", "uid", "id.orig_h", "id.resp_h", "user", "command", "arg", "file_size", "reply_code", "reply_msg", "fuid",
    "unread",
]
wrapped = ["message", "_raw"]
*/
with named as ( -- noqa: ST03
    select
        *,
        upper(command) as verb,
        upper(command) in ('STOR', 'STOU', 'APPE') as stored,
        -- How Zeek writes that it saw none.
        nullif(logged(user), '<unknown>') as account,
        ftp_set_aside(upper(command), logged(arg)) as aside,
        status_of_ftp_reply(reply_code) as status
    from incoming
)

select
    record_no,
    coalesce(unread, case when verb is null then 'a record without a command' end) as unreadable,
    coalesce(
        case when not stored then aside end, own_submission(eft, case when not stored then account end)
    ) as set_aside,
    -- One connection carries many commands.
    concat_ws(':', uid, ts) as transfer_id,
    coalesce(instant_of_epoch(ts), ts) as occurred_at,
    coalesce(
        eft_sender(eft),
        case when not stored then id_resp_h when account <> 'anonymous' then account end,
        id_orig_h
    ) as sender,
    coalesce(
        eft_recipient(eft),
        case when stored then id_resp_h when account <> 'anonymous' then account end,
        id_orig_h
    ) as recipient,
    stored as arrives,
    account as actor,
    case when stored then 'push' when verb = 'RETR' then 'download' else lower(verb) end as action,
    'Zeek' as system,
    unnest(eft_content(eft)),
    case when status = 'success' then file_outcome(status, file_size) else coalesce(status, 'unknown') end as outcome,
    'zeek_file:' || fuid as link_key,
    logged(arg) as file_name,
    case when status = 'success' then whole_number(file_size) end as bytes,
    case when stored then id_resp_h else id_orig_h end as peer,
    eft_note(eft) as note
from with_eft('named', arg)
